// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// Waiting for what a server has, and taking again what was given up.
@Suite struct NeighbourTests {
    private static func checkOutOnly(_ lock: Lock?) -> Scene {
        var scene = Scene.one(Scene.row("/d/offer", "Offer", lock))
        scene.model.servers[0].status.operations[.lock] = .no("This server has no edit locks.")
        return scene
    }

    @Test("l where only check-out exists offers it, one more key away")
    func neighbour() {
        var scene = Self.checkOutOnly(nil)
        scene.press("l")
        #expect(scene.changes.isEmpty && scene.text.contains("Check-out") && scene.text.contains("no edit locks"))
        scene.press("Enter")
        #expect(scene.wanted() == [.perform(Wish(.checkOut), ItemRef(server: "intranet", id: "/d/offer"))])
        scene = Self.checkOutOnly(nil)
        scene.press("l Esc")
        #expect(scene.changes.isEmpty)
    }

    @Test("w waits for what the server has, and the conflict box for what was refused")
    func waitsForWhatIsThere() {
        let ref = ItemRef(server: "intranet", id: "/d/offer")
        var scene = Self.checkOutOnly(Scene.held(by: "carol", kind: .checkout, left: nil))
        scene.press("w")
        #expect(scene.wanted() == [.wait(ref, Wish(.checkOut, expecting: .free))])
        scene = Scene.one(Scene.row("/d/offer", "Offer", Scene.held(by: "carol", kind: .checkout, left: nil)))
        scene.end(
            OperationResult(
                ref: ref, path: "/d/offer", operation: .checkOut, outcome: .refused, reason: .conflict,
                why: "carol has it."))
        scene.press("... Tab Enter")
        #expect(scene.wanted() == [.wait(ref, Wish(.checkOut, expecting: .free))])
    }

    @Test("Z locks again all that the last bulk gave up and that is still free")
    func undoOfBulk() {
        let rows = (0..<3).map { Scene.row("/d/\($0)", "D", Scene.held(by: "admin", isMe: true)) }
        var scene = Scene()
        scene.show("intranet", rows)
        scene.press("a u")
        for case .perform(let wish, let ref, _) in scene.wanted() {
            scene.end(OperationResult(ref: ref, path: ref.id, operation: wish.operation, outcome: .done))
        }
        scene.show(
            "intranet", (0..<3).map { Scene.row("/d/\($0)", "D", $0 == 1 ? Scene.held(by: "bob") : nil) })
        scene.press("... Enter Z")
        let refs = scene.wanted().compactMap { if case .perform(_, let ref, _) = $0 { ref.id } else { nil } }
        #expect(refs.sorted() == ["/d/0", "/d/2"])
    }
}
