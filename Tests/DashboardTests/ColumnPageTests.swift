// SPDX-License-Identifier: MIT
import Canvas
import Locks
import Testing

@testable import Dashboard

@Suite("The page on which columns are chosen")
struct ColumnPageTests {
    private static func shown(_ scene: Scene) -> [String] { scene.model.tableColumns.map(\.field.name) }

    @Test("| shows what the table has from left to right, then what it could have")
    func opened() throws {
        var scene = Scene.usual()
        let before = Self.shown(scene)
        scene.press("|")
        let lines = scene.screen.filter { $0.contains(" yes ") || $0.contains(" - ") }
        let names = lines.compactMap { $0.split(separator: " ").dropFirst($0.hasPrefix(" ▸") ? 2 : 1).first }
        #expect(names.map(String.init).starts(with: before + ["state", "title"]))
        #expect(!scene.text.contains(" url "))
    }

    @Test("Space hides and shows, < and > move, and Enter keeps it")
    func chosen() {
        var scene = Scene.usual()
        // item holder kind held left server: kind goes, held comes before holder.
        scene.press("| Down Down Space Down < < Enter")
        #expect(Self.shown(scene) == ["item", "held", "holder", "left", "server"])
        #expect(scene.wanted() == [.keepColumns(["item", "held", "holder", "left", "server"])])
        #expect(scene.model.layers.isEmpty)
        // kind is the first of those that are hidden.
        scene.press("| Down Down Down Down Down Down Space Enter")
        #expect(scene.wanted().count == 1 && Self.shown(scene).count == 6)
    }

    @Test("Until Enter the table stays as it is, and Esc leaves it so")
    func left() {
        var scene = Scene.usual()
        let before = Self.shown(scene)
        scene.press("| Space > Esc")
        #expect(Self.shown(scene) == before && scene.wanted().isEmpty)
        scene.press("| Enter")
        #expect(scene.model.columns == nil && scene.wanted().isEmpty, "nothing was chosen")
    }

    @Test("A table without columns can't be kept")
    func none() {
        var scene = Scene(servers: [Scene.intranet])
        scene.model.setColumns(configured: ["item"], chosen: nil)
        scene.press("| Space Enter")
        #expect(scene.text.contains("Show at least one column."))
        #expect(scene.model.layers.count == 1 && scene.wanted().isEmpty)
    }

    @Test("What was chosen goes before what is configured, and :columns alone or d goes back to that")
    func configured() {
        var scene = Scene.usual()
        scene.model.setColumns(configured: ["item", "type"], chosen: ["held", "gone", "item"])
        #expect(Self.shown(scene) == ["held", "item"], "a column that is none by now is left out")
        scene.press(":")
        scene.type("columns")
        scene.press("Enter")
        #expect(Self.shown(scene) == ["item", "type"])
        #expect(scene.wanted() == [.keepColumns(nil)])
        scene.press("| > Enter")
        #expect(Self.shown(scene) == ["type", "item"])
        scene.press("| d")
        #expect(Self.shown(scene) == ["item", "type"])
    }

    @Test("What :columns says is kept as well, and each column is named once")
    func command() {
        var scene = Scene.usual()
        scene.press(":")
        scene.type("columns held,item")
        scene.press("Enter")
        #expect(scene.wanted() == [.keepColumns(["held", "item"])])
        scene.press(":")
        scene.type("columns item,item")
        scene.press("Enter")
        #expect(scene.text.contains("Name each column once."))
    }
}
