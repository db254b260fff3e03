// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// Every way to an operation passes the gate.
@Suite struct GateTests {
    private static let protectedFacts = ServerFacts(
        name: "intranet", kind: "plone", url: "https://intranet.example.org", isProtected: true)

    private static let ways = [
        ("l", 0), ("r", 1), ("u", 1), ("F", 2), ("c", 0), ("i", 3), ("D", 3), ("L", 0), ("w", 2), ("K", 1), ("Z", 0),
    ]

    private static func scene(_ state: Int, _ facts: ServerFacts, isReadOnly: Bool = false) -> Scene {
        let locks = [
            nil, Scene.held(by: "admin", isMe: true), Scene.held(by: "bob"),
            Scene.held(by: "admin", isMe: true, kind: .checkout, left: nil),
        ]
        var scene = Scene(servers: [facts], isReadOnly: isReadOnly)
        scene.show("intranet", [Scene.row("/news/agm", "AGM", locks[state])])
        scene.select("intranet", "/news/agm")
        scene.model.lastReleased = [ItemRef(server: "intranet", id: "/news/agm")]
        return scene
    }

    @Test("On a protected server no way to an operation passes without the server's name typed", arguments: ways)
    func protected(_ key: String, _ state: Int) {
        var scene = Self.scene(state, Self.protectedFacts)
        scene.press("\(key) Enter Enter Tab Enter Enter Tab Enter Enter Tab Enter Enter")
        #expect(scene.changes.isEmpty, "\(key)")
        scene.send(.key(.paste("intranet")))
        scene.press("Enter Tab Enter")
        #expect(scene.changes.isEmpty, "\(key)")
        // And with it, it does.
        scene = Self.scene(state, Self.protectedFacts)
        scene.press(key)
        if ["L", "i"].contains(key) { scene.press("Enter") }
        guard let box = scene.model.dialog, let name = box.fields.firstIndex(where: { $0.mustBe == "intranet" }) else {
            Issue.record("\(key): nothing was asked")
            return
        }
        scene.model.dialog?.focus = 0
        scene.type("because")
        scene.model.dialog?.focus = name
        scene.type("intranet")
        scene.model.dialog?.focus = box.fields.count + 1
        scene.press("Enter")
        #expect(scene.changes.count == 1, "\(key)")
    }

    @Test("The conflict box's wait passes the gate too")
    func protectedWait() {
        var scene = Self.scene(2, Self.protectedFacts)
        scene.end(Scene.conflict(ItemRef(server: "intranet", id: "/news/agm")))
        scene.press("... Tab Enter")
        #expect(scene.changes.isEmpty && scene.text.contains("Type intranet:"))
    }

    @Test("Read-only, of the program or of the server, holds for every way in", arguments: ways)
    func readOnly(_ key: String, _ state: Int) {
        var facts = Scene.intranet
        for isProgram in [true, false] {
            facts.isReadOnly = !isProgram
            var scene = Self.scene(state, facts, isReadOnly: isProgram)
            scene.end(Scene.conflict(ItemRef(server: "intranet", id: "/news/agm")))
            scene.press("... Tab Enter Esc \(key) Tab Enter Enter Tab Enter Esc Space \(key) Tab Enter Esc")
            #expect(scene.changes.isEmpty, "\(key)")
        }
    }
}
