// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// Keys belong to what is on top, and to rows that can be seen.
@Suite struct OnTopTests {
    private let autumn = ItemRef(server: "intranet", id: "/news/autumn")

    private static let pages = ["?", "s", "E", "p", "M", "W"]

    @Test("A page takes no key for rows that it hides", arguments: Self.pages)
    func pagesTakeNoKeysOfRows(_ page: String) {
        let opening = Keymap.bindings.first { $0.keys.map(\.description).contains(page) }
        guard case .open(let layer) = opening?.action else { return #expect(Bool(false), "no page") }
        let own = type(of: layer.page).lines.flatMap(\.keys)
        let others = Keymap.bindings.filter { !$0.scope.contains(.page) }.flatMap(\.keys)
        for key in others.filter({ !own.contains($0) }) + [.paste("l\n")] {
            var scene = Scene.usual()
            scene.select("intranet", autumn.id)
            scene.press(page)
            let before = scene.model
            scene.effects = []
            scene.send(.key(key))
            #expect(scene.changes.isEmpty && scene.wanted().isEmpty, "\(key)")
            #expect(scene.model.dialog == nil && scene.model.line == nil && scene.model.marks == before.marks, "\(key)")
            #expect(scene.model.selected == before.selected && scene.model.sort == before.sort, "\(key)")
        }
    }

    @Test("The wheel and clicks on a page move nothing beneath it")
    func pagesTakeNoMouse() {
        for page in Self.pages {
            var scene = Scene.usual()
            scene.select("intranet", autumn.id)
            scene.press(page)
            for row in 2..<22 {
                for kind in [Mouse.Kind.press, .wheelDown, .wheelUp] {
                    scene.send(.key(.mouse(Mouse(position: Position(column: 20, row: row), kind: kind))))
                }
            }
            #expect(scene.cursorPath == autumn.id && scene.model.sort == Sort() && !scene.model.showsDetails)
        }
    }

    @Test("Marks are counted in the header, and those out of sight are named before they are acted on")
    func marksOutOfSight() {
        var scene = Scene.usual()
        scene.select("intranet", autumn.id)
        scene.press("Space")
        #expect(scene.screen[0].contains(" 1 marked "))
        scene.select("files", "/legal/offer.docx")
        scene.press("Space /")
        scene.type("offer")
        scene.press("Enter l")
        #expect(scene.changes.isEmpty)
        #expect(scene.text.contains("1 of them are out of sight") && scene.text.contains("/news/autumn (out of sight)"))
        scene.press("Enter")
        #expect(scene.changes.count == 2)
    }

    @Test("When all marked items are gone, nothing is done to the row under the cursor")
    func marksGone() {
        var scene = Scene()
        scene.show("intranet", [Scene.row("/a", "A"), Scene.row("/b", "B")])
        scene.select("intranet", "/a")
        scene.press("Space")
        scene.show("intranet", [Scene.row("/b", "B")])
        scene.press("l")
        #expect(scene.changes.isEmpty && scene.text.contains("The marked items are gone"))
        scene.press("l")
        #expect(scene.changes.count == 1)
    }

    @Test("The cursor never moves to a stranger that came when its item went")
    func strangerComes() {
        var scene = Scene()
        scene.show("intranet", [Scene.row("/a", "A"), Scene.row("/b", "B"), Scene.row("/c", "C")])
        scene.select("intranet", "/b")
        var catalog = scene.model.servers[0].catalog
        let gone = catalog.remove("/b")
        let came = catalog.put(Scene.row("/z", "Z"))
        #expect(gone != nil && gone?.id != came)
        scene.send(
            .update(
                ServerUpdate(
                    server: "intranet", catalog: catalog, changed: [came, gone?.id ?? came], events: [],
                    status: scene.model.servers[0].status)))
        #expect(scene.cursorPath == "/c" || scene.cursorPath == "/a")
    }
}
