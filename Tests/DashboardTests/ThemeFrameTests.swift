// SPDX-License-Identifier: MIT
import Canvas
import Locks
import TestSupport
import Testing

@testable import Dashboard

/// What the themes make of a screen: its words are the same in all.
@Suite struct ThemeFrameTests {
    private static let palettes: [(name: String, palette: Palette)] = [
        ("light", Palette(.light, .full)), ("light-8", Palette(.light, .eight)), ("no-color", Palette(.light, .none)),
        ("high-contrast", Palette(.highContrast, .sixteen)),
    ]

    @Test(
        "Each theme looks as it was approved, and says the same words", arguments: palettes.map(\.name),
        [
            "table", "details", "servers", "force", "conflict", "bad-filter", "server-down", "protected", "groups",
            "columns",
        ])
    func themes(_ name: String, _ scene: String) throws {
        let palette = try #require(Self.palettes.first { $0.name == name }).palette
        let make = try #require(FrameTests.scenes.first { $0.name == scene }).make
        var model = make(Size(columns: 80, rows: 24)).model
        let plain = view(model).lines
        model.look.palette = palette
        let frame = view(model)
        #expect(frame.lines == plain)
        try Golden.check(frame.snapshot, named: "themes/\(name)/\(scene)")
    }

    @Test("A server's name stands in the colour that its configuration gives it")
    func serverColour() throws {
        var scene = Scene.usual()
        scene.model.servers[1].facts.color = "blue"
        let model = scene.model
        let frame = view(model)
        let column = try #require(model.tableColumns.first { $0.field == .server })
        let styles = (0..<24).compactMap { row in
            frame.lines[row].hasSuffix(" files")
                ? frame.runs(row: row).first { $0.text.hasPrefix("files") && $0.column == column.start }?.style : nil
        }
        #expect(styles == [Style(.blue), Style(.blue)])
        scene.model.look.palette = Palette(.dark, .none)
        #expect(!view(scene.model).snapshot.contains("blue"))
    }
}
