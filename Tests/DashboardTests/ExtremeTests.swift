// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import TestSupport
import Testing

@testable import Dashboard

@Suite("What is too small, too long or too many")
struct ExtremeTests {
    private static let sizes = [(1, 1), (2, 1), (1, 9), (3, 3), (9, 2), (20, 6), (40, 10), (300, 100)].map {
        Size(columns: $0.0, rows: $0.1)
    }

    @Test(
        "Every page and box is drawn at every size down to one cell, and is as it was when there is room again",
        arguments: FrameTests.scenes.map(\.name))
    func sizes(_ name: String) throws {
        let made = try #require(FrameTests.scenes.first { $0.name == name })
        let size = Size(columns: 80, rows: 24)
        var scene = made.make(size)
        let before = scene.text
        for other in Self.sizes {
            scene.send(.resized(other))
            let frame = view(scene.model)
            #expect(frame.size == other && frame.lines.count == other.rows, "\(other)")
        }
        scene.send(.resized(size))
        #expect(view(scene.model).size == size)
        // What was scrolled out of sight by the cursor may stay so: the first and the last line tell the page.
        #expect(scene.screen.first == before.split(separator: "\n").first.map(String.init))
    }

    @Test(
        "A terminal in which nothing can be shown is told to be too small, in as many words as fit",
        arguments: [
            (80, 2, "The terminal is too small for locktop."), (20, 1, "locktop: too small"), (9, 9, "too small"),
            (5, 1, "small"), (1, 1, "…"),
        ])
    func tooSmall(columns: Int, rows: Int, words: String) {
        var scene = Scene.usual()
        scene.send(.resized(Size(columns: columns, rows: rows)))
        #expect(scene.screen[0] == words)
    }

    /// The keys that open each page and box from the table, and what closes them.
    private static let ways = [
        "Enter", "?", "s", "s Enter", "E", "E Enter", "p", "p Enter", "p F", "M", "W", "|", "b", "b b", "b b b", ":",
        "/",
        "l", "F", "u", "i", "D", "L", "K", "a F", "x", "Y", "y",
    ]

    /// Most servers keep titles shorter than this; none has to.
    private static let title = "T" + String(repeating: "長い\u{1b}[2J\u{202e}a/", count: 4_400)

    /// Everything else a server says, long enough to fill any screen.
    private static func long(_ first: String) -> String {
        first + String(repeating: "長い\u{1b}[2J\u{202e}a/", count: 60)
    }

    @Test("In a question about several items a path of 64 KB hides nobody's name")
    func longPathInList() {
        var scene = Scene(Size(columns: 80, rows: 24), servers: [Scene.intranet])
        scene.show(
            "intranet",
            [
                Scene.row("/a/" + String(repeating: "p", count: 65_000), "A", Scene.held(by: "bob", age: 40_000)),
                Scene.row("/b", "B", Scene.held(by: "carol", age: 50_000)),
            ])
        scene.press("g Space Down Space F")
        scene.send(.resized(Size(columns: 200, rows: 50)))
        // The table says only “bob”.
        #expect(scene.text.contains("BOB") && scene.text.contains("CAROL"))
    }

    @Test("A title of 64 KB, and control characters in every text, leave every page and box as it is", arguments: ways)
    func longTexts(_ way: String) {
        var scene = Scene(Size(columns: 80, rows: 24), servers: [Scene.intranet, Scene.files])
        var lock = Scene.held(by: Self.long("bob"), age: 40_000)
        lock.comment = Self.long("why")
        lock.notes = [Self.long("note")]
        let rows = [
            Scene.row("/a/" + Self.long("p"), Self.title, lock), Scene.row("/b", "B"),
            Scene.row("/c", "C", reading: .never.failed(Self.long("no"))),
        ]
        scene.show("intranet", rows)
        scene.model.events = [
            LockEvent(
                at: Scene.now - 5, ref: ItemRef(server: "intranet", id: rows[0].item.id), path: rows[0].item.path,
                title: Self.title, kind: .locked, text: Self.long("said"))
        ]
        scene.press("g " + way)
        for size in [Size(columns: 80, rows: 24), Size(columns: 40, rows: 10)] {
            scene.send(.resized(size))
            let screen = scene.screen
            #expect(screen.count == size.rows)
            // A box may need the whole screen.
            #expect(scene.model.dialog != nil || screen[0].hasPrefix(" locktop"), "\(screen[0])")
            let odd = screen.joined().unicodeScalars.first { $0.value < 0x20 || $0.value == 0x202e }
            #expect(odd == nil, "\(way)")
        }
    }

    @Test(
        "A thousand people who share a lock, and a thousand who have one each, are all there in every page",
        arguments: ["Enter", "p", "p Enter", "p F", "b", "F"])
    func manyHolders(_ way: String) {
        var scene = Scene(Size(columns: 80, rows: 24), servers: [Scene.intranet, Scene.files])
        var shared = Scene.row("/a", "Shared")
        shared.reading = .known((0..<1_000).map { Scene.held(by: "p\($0)", kind: .shared, age: 40_000) }, at: Scene.now)
        scene.show(
            "intranet",
            [shared] + (0..<1_000).map { Scene.row("/b/\($0)", "One", Scene.held(by: "p\($0)", age: 60)) })
        #expect(scene.model.people.count == 1_000 && scene.model.person("p7")?.held == 2)
        scene.press("g " + way)
        for size in [Size(columns: 80, rows: 24), Size(columns: 40, rows: 10)] {
            scene.send(.resized(size))
            let screen = scene.screen
            #expect(screen.count == size.rows)
            #expect(scene.model.dialog != nil || screen[0].hasPrefix(" locktop"))
        }
    }
}
