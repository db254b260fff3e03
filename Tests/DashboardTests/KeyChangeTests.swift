// SPDX-License-Identifier: MIT
import Canvas
import Locks
import Testing

@testable import Dashboard

@Suite("Other keys for actions")
struct KeyChangeTests {
    private let launch = ItemRef(server: "intranet", id: "/news/launch")

    private func scene(_ changes: [(action: String, key: String)]) -> Scene {
        var scene = Scene.usual()
        scene.model.setKeys(changes)
        scene.select("intranet", launch.id)
        return scene
    }

    @Test("Every action has one name, and operations have that of their commands")
    func names() {
        let names = Keymap.actions.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Set(Operation.allCases.map(\.word)).isSubset(of: names))
        #expect(Set(["people", "servers", "messages", "help", "wait", "keep", "filter", "quit"]).isSubset(of: names))
        #expect(names.allSatisfy { $0.allSatisfy { $0.isLetter || $0 == "-" } })
    }

    @Test("The new key does it, the old one nothing, and footer, help, details and sentences say the new one")
    func changed() {
        var scene = scene([("force-unlock", "X"), ("unlock", "F5"), ("wait", "t")])
        #expect(scene.text.contains("X force") && !scene.text.contains("F force"))
        scene.press("F")
        #expect(scene.model.dialog == nil && scene.changes.isEmpty)
        scene.press("X")
        #expect(scene.model.dialog?.title == "Force-unlock")
        scene.press("... Esc ?")
        #expect(scene.pageLines.contains { $0.hasPrefix("  X ") && $0.contains("End another's lock") })
        scene.press("Esc Enter")
        #expect(scene.text.contains("X force-unlock"))
        scene.press("Esc W")
        #expect(scene.text.contains("Press t on an item"))
    }

    @Test("A key that is free then can be another's, so that two can change places")
    func swapped() {
        var scene = scene([("force-unlock", "D"), ("discard", "F")])
        scene.press("D")
        #expect(scene.model.dialog?.title == "Force-unlock")
        #expect(scene.model.keymap.binding(for: .character("F"))?.action == .perform(.discard))
    }

    @Test("Keys with a name stay beside a letter, and Esc is always Esc")
    func staying() {
        let keymap = scene([("down", "v"), ("quit", "Q"), ("clear", "c"), ("read-all", "F6")]).model.keymap
        #expect(keymap.binding(for: .down)?.action == .move(.down) && keymap.binding(for: .character("j")) == nil)
        #expect(keymap.binding(for: .control("c"))?.action == .quit && keymap.binding(for: .character("q")) == nil)
        #expect(keymap.binding(for: .escape)?.action == .clear)
        #expect(keymap.binding(for: .control("r")) == nil && keymap.binding(for: .function(6))?.action == .readAll)
    }

    @Test("What a line takes is typed, also where the key now suspends")
    func typed() {
        var scene = scene([("suspend", "z")])
        scene.press("/")
        scene.type("z")
        #expect(scene.model.queryText == "z" && scene.wanted().isEmpty)
        scene.press("Enter ^z z")
        #expect(scene.wanted() == [.suspend], "^z is free, z suspends")
    }

    @Test("Keys that no terminal can tell from others have no name", arguments: ["^i", "^m", "^j", "^h", "^[", "Esc"])
    func nameless(_ word: String) {
        #expect(Keymap.name(ofKey: word) == nil)
    }

    @Test("The bell is rung when a wait has ended, if that is wanted")
    func bell() {
        let taken = OperationResult(ref: launch, path: launch.id, operation: .lock, outcome: .done)
        var scene = scene([])
        scene.send(.waited(taken))
        #expect(scene.wanted().isEmpty)
        scene.model.ringsBell = true
        scene.send(.waited(taken))
        #expect(scene.wanted() == [.ring])
    }
}
