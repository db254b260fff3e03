// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

@Suite("The columns of the table")
struct ColumnTests {
    private static func scene(_ columns: [Field]? = nil, columns width: Int = 80) -> Scene {
        var scene = Scene(Size(columns: width, rows: 24))
        scene.model.columns = columns
        scene.show(
            "intranet",
            [
                Scene.row("/a", "Alpha", Scene.held(by: "bob", age: 7_200, left: 300)),
                Scene.row("/b", "Beta", Scene.held(by: "ann", age: 60, left: nil)),
                Scene.row("/c", "Gamma"),
            ])
        return scene
    }

    @Test("Any column can be shown, with its heading and what it says of a row", arguments: Field.all)
    func shown(_ field: Field) throws {
        let scene = Self.scene([field])
        let model = scene.model
        let lines = view(model).lines
        let heading = try #require(lines.firstIndex { $0.hasPrefix("   S ") })
        #expect(lines[heading].contains(field.heading))
        let row = try #require(model.row(model.list[0]))
        let cell = field.cell(of: row, from: model.origin(0), model.wording)
        #expect(lines[heading + 1].contains(cell.text + cell.tail), "\(lines[heading + 1])")
    }

    @Test("A click on any heading sorts by it, a second one turns the order round", arguments: Field.all)
    func clicked(_ field: Field) throws {
        var scene = Self.scene([field])
        let heading = try #require(scene.screen.firstIndex { $0.hasPrefix("   S ") })
        let click = Key.mouse(
            Mouse(position: Position(column: TableColumn.indent + 1, row: heading), kind: .press))
        if field != .state { scene.send(.key(click)) }
        #expect(scene.model.sort.field == field)
        let order = scene.model.list[0..<3]
        #expect(scene.model.sort.isDescending == field.isGreatestFirst)
        scene.send(.key(click))
        #expect(scene.model.sort.isDescending != field.isGreatestFirst)
        #expect(scene.model.list[0..<3] == order.reversed())
    }

    @Test("The longest hold comes first, and the arrow says that it does")
    func longestFirst() throws {
        var scene = Self.scene()
        while scene.model.sort.field != .held { scene.press("o") }
        #expect(scene.model.list[0..<3].compactMap { scene.model.row($0)?.item.path } == ["/a", "/b", "/c"])
        #expect(scene.screen.contains { $0.contains("HELD▼") })
    }
}
