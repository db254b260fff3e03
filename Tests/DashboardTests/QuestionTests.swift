// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// Nothing of another's falls unasked, and nothing is asked for that nobody can see.
@Suite struct QuestionTests {
    private let launch = ItemRef(server: "intranet", id: "/news/launch")
    private let autumn = ItemRef(server: "intranet", id: "/news/autumn")
    private let contract = ItemRef(server: "files", id: "/legal/contract.docx")

    @Test(
        "No slip with keys that browse ends another's lock",
        arguments: [
            "F Down Enter", "F Down Down Enter", "F Up Down Enter Enter", "F PgDn Enter", "F End Enter", "F j Enter",
            "F Enter Enter Enter", "F y Enter", "F Space Enter", "D Down Enter", "D Down Down Down Enter",
        ])
    func noSlip(_ keys: String) {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        scene.press(keys)
        #expect(scene.changes.isEmpty)
        scene = Scene.usual()
        scene.select("files", contract.id)
        scene.press(keys)
        #expect(scene.changes.isEmpty)
    }

    @Test("A box takes no key in its first third of a second")
    func boxesArm() {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        for key in [Key.character("F"), .tab, .tab, .enter, .enter] {
            scene.time += 0.05
            scene.send(.key(key))
        }
        #expect(scene.changes.isEmpty)
        #expect(!scene.text.contains("[Cancel]"), "it shows that it takes no keys yet")
        scene.time += 0.3
        scene.send(.tick)
        #expect(scene.text.contains("[Cancel]"))
    }

    @Test("A box that opens by itself takes no key until the keyboard has been still for a second")
    func unaskedBoxesWait() {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        scene.press("l Down")
        scene.end(Scene.conflict(launch))
        #expect(scene.text.contains("Conflict") && !scene.text.contains("[Leave]"))
        scene.effects = []
        scene.press("Down Tab Enter")
        #expect(scene.changes.isEmpty && scene.text.contains("Leave") && !scene.text.contains("[Leave]"))
        scene.press("... Tab Enter")
        #expect(scene.wanted() == [.wait(launch, Wish(.lock, expecting: .free))])
    }

    @Test("No box opens over what is typed, and none replaces another: each waits for its turn")
    func boxesWaitForTheirTurn() {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        scene.press("l /")
        scene.type("bo")
        scene.end(Scene.conflict(launch))
        #expect(!scene.text.contains("Wait and take") && scene.text.contains("bob has it"))
        scene.type("b")
        #expect(scene.model.queryText == "bob")
        scene.press("Enter")
        #expect(scene.text.contains("Wait and take"))

        scene = Scene.usual()
        scene.press("4 a F Up Up")
        scene.type("on leave")
        scene.end(Scene.conflict(launch))
        #expect(scene.model.dialog?.text("Reason") == "on leave")
        scene.press("Esc")
        #expect(scene.text.contains("Wait and take"))
    }

    @Test("The list at the end of a bulk does not replace a question that is being answered")
    func bulkNoteWaits() {
        var scene = Scene()
        scene.show("intranet", (0..<3).map { Scene.row("/d/\($0)", "Doc", $0 == 2 ? Scene.held(by: "bob") : nil) })
        scene.select("intranet", "/d/0")
        scene.press("Space Space l")
        let running = scene.wanted()
        scene.press("A")
        scene.select("intranet", "/d/2")
        scene.press("F Up")
        scene.type("why")
        for case .perform(let wish, let ref, _) in running {
            scene.end(OperationResult(ref: ref, path: ref.id, operation: wish.operation, outcome: .done))
        }
        #expect(scene.model.dialog?.text("Reason") == "why")
        scene.press("Esc")
        #expect(scene.text.contains("lock: 2 of 2 done"))
    }

    @Test("What is not known to be held by somebody can't be forced: there is nothing to show")
    func unknownIsNotForced() {
        for operation in ["F", "D"] {
            var scene = Scene.usual()
            scene.select("intranet", "/docs/broken")
            scene.press(operation)
            #expect(scene.text.contains("can't be asked about"))
            scene.press("Tab Enter")
            #expect(scene.changes.isEmpty)
        }
    }

    @Test("Force on what is shown free is sent with that expectation, so that whoever has it by then keeps it")
    func freeIsBound() {
        var scene = Scene.usual()
        scene.select("intranet", autumn.id)
        scene.press("F")
        #expect(scene.wanted() == [.perform(Wish(.forceUnlock, expecting: .free), autumn)])
    }

    @Test("F on another's check-out asks as D does: the name typed, and bound to what was shown")
    func forceOnCheckOut() {
        var scene = Scene.usual()
        scene.select("files", contract.id)
        scene.press("F Tab Enter")
        #expect(scene.changes.isEmpty && scene.text.contains("Type contract.docx exactly."))
        scene.type("contract.docx")
        scene.press("Tab Tab Enter")
        let lock = Scene.held(by: "carol").identity
        #expect(
            scene.wanted() == [
                .perform(Wish(.forceUnlock, expecting: .lock(lock), mayTakeFromOthers: true), contract)
            ])
    }

    @Test("On a working copy the question names who holds the original, and only that hold may fall")
    func workingCopy() {
        let hold = Scene.held(by: "alice", kind: .workingCopy, age: 7_200, left: nil)
        let rows = [
            Scene.row("/news/copy_of_autumn", "Autumn", copyOf: "/news/autumn"),
            Scene.row("/news/autumn", "Autumn", hold),
        ]
        for key in ["D", "F"] {
            var scene = Scene(servers: [Scene.intranet])
            scene.show("intranet", rows)
            scene.select("intranet", "/news/copy_of_autumn")
            scene.press(key)
            #expect(scene.text.contains("ALICE (alice)'s check-out of /news/autumn, held 2h"), "\(key)")
            scene.press("Up")
            scene.type("autumn")
            scene.press("Tab Tab Enter")
            let wanted = scene.wanted()
            guard case .perform(let wish, let ref, _)? = wanted.first, wanted.count == 1 else {
                Issue.record("\(key): \(wanted)")
                continue
            }
            #expect(wish.expectation == .lock(hold.identity) && ref.id == "/news/copy_of_autumn")
        }
        // Where the original is not known, nobody can say whose work it is.
        var scene = Scene.one(rows[0])
        scene.press("D")
        #expect(scene.text.contains("is not known here"))
        scene.press("Tab Enter")
        #expect(scene.changes.isEmpty)
    }
}
