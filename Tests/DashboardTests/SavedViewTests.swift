// SPDX-License-Identifier: MIT
import Canvas
import Locks
import Testing

@testable import Dashboard

@Suite("Views that the configuration saves")
struct SavedViewTests {
    private static func scene(_ size: Size = Size(columns: 120, rows: 30)) -> Scene {
        var scene = Scene.usual(size)
        scene.model.setViews([
            ("legal", "server:files path:/legal"), ("bobs", "holder:bob"), ("old", "older:2h"), ("news", "path:/news"),
        ])
        return scene
    }

    @Test("7, 8 and 9 show the first three over all items, from a page too; Esc leads back to all")
    func keys() {
        var scene = Self.scene()
        scene.press("3 s 7")
        #expect(scene.model.layers.isEmpty && scene.model.view == .all)
        #expect(scene.model.queryText == "server:files path:/legal" && scene.model.list.rowCount == 2)
        scene.press("8")
        #expect(scene.model.list.rowCount == 1)
        scene.press("9")
        #expect(scene.model.queryText == "older:2h")
        scene.press("Esc")
        #expect(scene.model.queryText.isEmpty && scene.model.list.rowCount == 8)
    }

    @Test("Each of them has its name behind :view, which Tab completes and a slip finds")
    func command() {
        var scene = Self.scene()
        scene.press(":")
        scene.type("view ne")
        scene.press("Tab Enter")
        #expect(scene.model.queryText == "path:/news")
        scene.press(":")
        scene.type("view held")
        scene.press("Enter")
        #expect(scene.model.view == .held)
        scene.press(":")
        scene.type("view leagl")
        scene.press("Enter")
        #expect(scene.text.contains("Did you mean legal?"))
    }

    @Test("Where there is room they are tabs, which a click shows and which say that they are shown")
    func tabs() throws {
        var scene = Self.scene()
        let column = try #require(scene.screen[1].firstRange(of: "[8 bobs]")).lowerBound
        let place = scene.screen[1].distance(from: scene.screen[1].startIndex, to: column)
        scene.send(.key(.mouse(Mouse(position: Position(column: place + 2, row: 1), kind: .press))))
        #expect(scene.model.queryText == "holder:bob")
        #expect(scene.model.tabs().filter { scene.model.isActive($0.tab) }.map(\.text) == ["[8 bobs]"])
        #expect(scene.screen[1].contains("filter: …der:bob"))
        #expect(!Self.scene(Size(columns: 80, rows: 24)).screen[1].contains("[7"))
    }

    @Test("A key without a view says where views are saved")
    func none() {
        var scene = Scene.usual()
        scene.press("8")
        #expect(scene.text.contains("No view is saved under 8: `views` in the configuration gives filters names."))
    }
}
