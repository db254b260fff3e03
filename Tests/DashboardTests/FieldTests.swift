// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// What is typed into boxes, and what of them is seen where there is little room.
@Suite struct FieldTests {
    private static let protected = ServerFacts(
        name: "intranet", kind: "plone", url: "https://intranet.example.org", isProtected: true)

    /// The boxes with fields, by the key that opens them.
    private static func scene(_ key: String) -> Scene {
        switch key {
        case "F": .one(Scene.row("/d/offer", "Offer", Scene.held(by: "bob")))
        case "D": .one(Scene.row("/d/offer", "Offer", Scene.held(by: "bob", kind: .checkout, left: nil)))
        case "i":
            .one(Scene.row("/d/offer", "Offer", Scene.held(by: "admin", isMe: true, kind: .checkout, left: nil)))
        case "l": .one(Scene.row("/d/offer", "Offer"), facts: protected)
        default: .one(Scene.row("/d/offer", "Offer"))
        }
    }

    @Test(
        "Each field of each box is a line that can be edited where its cursor is", arguments: ["F", "D", "L", "i", "l"])
    func edited(_ key: String) throws {
        let count = try #require(
            {
                var scene = Self.scene(key); scene.press(key); return scene.model.dialog?.fields.count
            }())
        #expect(count >= 1)
        for field in 0..<count {
            var scene = Self.scene(key)
            scene.press(key + " ...")
            while scene.model.dialog?.focus != field { scene.press("Tab") }
            scene.press("^u")
            scene.type("one two")
            scene.press("Left Left Del Home x Right Del End y Back ^w Home")
            scene.type("q")
            #expect(scene.model.dialog?.fields[field].line.text == "qxoe ", "\(key) \(field)")
            let label = try #require(scene.model.dialog?.fields[field].label)
            let row = try #require(view(scene.model).cursor?.row)
            #expect(scene.screen[row].contains(label + ": qxoe"), "\(scene.text)")
        }
    }

    @Test(
        "A box that is taller than the screen is scrolled by arrows, by pages and by the wheel, and its question stays one"
    )
    func scrolled() {
        var scene = Scene(Size(columns: 40, rows: 10))
        scene.show("intranet", (0..<30).map { Scene.row("/d/\($0)", "D", Scene.held(by: "bob")) })
        scene.press("a F ...")
        func top() -> Int { scene.model.dialog?.top ?? -1 }
        #expect(top() == 0 && scene.text.contains("End these 30 locks?"))
        scene.press("Tab Down")
        #expect(top() == 1)
        scene.press("PgDn")
        #expect(top() == 6)
        scene.send(.key(.mouse(Mouse(position: Position(column: 9, row: 4), kind: .wheelDown))))
        #expect(top() == 9)
        scene.press("PgUp Up")
        #expect(top() == 3)
        for _ in 0..<30 { scene.press("PgDn") }
        #expect(scene.text.contains("milliseconds"), "the last of its lines")
        #expect(scene.text.contains("Cancel") && scene.text.contains("Reason:"))
        #expect(scene.changes.isEmpty)
    }

    @Test("K keeps all marked locks of mine alive, and lets all of them run out once they are kept")
    func keepsSeveral() {
        var scene = Scene()
        let mine = (0..<3).map { Scene.row("/d/\($0)", "D", Scene.held(by: "admin", isMe: true)) }
        scene.show("intranet", mine + [Scene.row("/d/9", "D", Scene.held(by: "bob"))])
        let refs = (0..<3).map { ItemRef(server: "intranet", id: "/d/\($0)") }
        scene.press("a K")
        #expect(scene.wanted() == refs.map { .setKept($0, true) })
        scene.model.servers[0].status.kept = Set(refs.map(\.id))
        scene.press("K")
        #expect(scene.wanted() == refs.map { .setKept($0, false) })
        #expect(scene.text.contains("No longer kept alive, so it will run out: 3 locks of yours."))
    }

    @Test("L where only check-out exists offers it as l does")
    func neighbourOfOptions() {
        var scene = Scene.one(Scene.row("/d/offer", "Offer"))
        scene.model.servers[0].status.operations[.lock] = .no("This server has no edit locks.")
        scene.press("L ... Enter")
        #expect(scene.wanted() == [.perform(Wish(.checkOut), ItemRef(server: "intranet", id: "/d/offer"))])
    }

    @Test("What is known by its number has its title on every page, and in a list of what is lost")
    func numbers() {
        var scene = Scene()
        let lock = Scene.held(by: "bob")
        let rows = [("16", "Offer for Acme"), ("17", "Contract")].map { id, title in
            Row(
                item: Item(id: id, path: "/Document/\(id)", title: title), reading: .known([lock], at: Scene.now))
        }
        scene.show("intranet", rows)
        scene.model.events = [
            LockEvent(
                at: Scene.now - 5, ref: ItemRef(server: "intranet", id: "16"), path: "/Document/16",
                title: "Offer for Acme", kind: .locked, text: "bob took it")
        ]
        scene.waits(for: "16")
        for (page, keys) in [("table", "g"), ("events", "E"), ("waits", "W"), ("person", "p Enter")] {
            scene.press(keys)
            let isThere = scene.screen.contains { $0.contains("Offer for Acme 16") }
            #expect(isThere, "\(page)\n\(scene.text)")
            scene.press("Esc Esc")
        }
        scene.press("a F ...")
        #expect(scene.text.contains("/Document/16  Offer for Acme  BOB (bob)"))
    }

    @Test("The smallest screen says whole what can't be understood in a filter, and how the line is left")
    func shortHints() {
        var scene = Scene.usual(Size(columns: 40, rows: 10))
        scene.press("/")
        #expect(scene.screen.last == " Enter keep  Esc take back  ^u clear")
        scene.type("nobody:there")
        #expect(
            scene.screen.joined(separator: " ").split(separator: " ").joined(separator: " ").contains(
                "title: older: newer:"))
        scene.press("Esc s Enter")
        #expect(scene.screen[2].hasPrefix(" SERVER") && !scene.screen[2].hasSuffix("E"))
    }
}
