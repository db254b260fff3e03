// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// What a box must show, however long the names, many the fields and small the screen.
@Suite struct BoxTests {
    private static let small = Size(columns: 40, rows: 10)
    private static let longPath =
        "/archive/2026/contracts/" + String(repeating: "very-long-folder/", count: 6) + "final.docx"

    private static func scene(_ path: String, _ size: Size = small, facts: ServerFacts = Scene.files) -> Scene {
        var scene = Scene(size, servers: [facts])
        scene.show(facts.name, [Scene.row(path, "T", Scene.held(by: "carol", kind: .checkout, age: 172_800))])
        scene.select(facts.name, path)
        return scene
    }

    /// Opens the box of a key and waits until it takes keys.
    private static func open(_ key: String, _ scene: inout Scene) {
        scene.press(key + " ...")
        scene.send(.tick)
    }

    private static func words(_ scene: Scene) -> String {
        scene.screen.map { $0.filter { !"│┌┐└┘─".contains($0) } }.joined(separator: " ")
            .split(separator: " ").joined(separator: " ")
    }

    @Test("Whose it is, since when and what is lost show at 40x10, however long the path", arguments: ["F", "D"])
    func longPath(_ key: String) {
        var scene = Self.scene(Self.longPath)
        Self.open(key, &scene)
        let words = Self.words(scene)
        #expect(words.contains("CAROL (carol)") && words.contains("held 2d"))
        #expect(words.contains("Unpublished changes are destroyed."))
    }

    @Test("A path that the question shortens stands whole below it")
    func wholePath() {
        var scene = Self.scene(Self.longPath, Size(columns: 80, rows: 24))
        Self.open("F", &scene)
        let letters = scene.text.filter { !" │\n".contains($0) }
        #expect(letters.contains("Item" + Self.longPath))
    }

    @Test("Three names to type leave room for the question, and the one being typed is on screen")
    func manyFields() {
        var facts = Scene.files
        facts.isProtected = true
        var scene = Self.scene("/legal/contract.docx", facts: facts)
        Self.open("F", &scene)
        #expect(Self.words(scene).contains("held 2d"))
        scene.press("Tab")
        for label in ["Reason:", "Type files:", "Type contract.docx:"] {
            scene.press("Tab")
            #expect(scene.text.contains(label))
            #expect(view(scene.model).cursor != nil, "what is typed into is marked")
        }
        scene = Self.scene("/legal/contract.docx", Size(columns: 40, rows: 8), facts: facts)
        Self.open("F", &scene)
        #expect(Self.words(scene).contains("Discard CAROL"))
        scene.press("Up")
        #expect(scene.text.contains("Type contract.docx:"))
        scene.press("Up Up")
        #expect(scene.text.contains("Reason:"))
    }

    @Test("What is typed shows, however long the name that is wanted")
    func longName() {
        let name = String(repeating: "long-", count: 20) + "name.docx"
        var scene = Self.scene("/d/" + name)
        Self.open("F", &scene)
        scene.press("Up")
        scene.type("typed!")
        #expect(scene.text.contains("typed!"))
    }

    @Test(
        "A name that can't be typed as it is shown is not asked for",
        arguments: ["a\u{202e}b.docx", "a\u{200b}.docx", "a\u{1b}[2J", "a ", "\u{e000}"])
    func oddNames(_ name: String) {
        var scene = Self.scene("/d/" + name)
        Self.open("F", &scene)
        #expect(scene.text.contains("Type discard:"))
    }

    @Test("Items of several servers are named with their server wherever they are listed")
    func severalServers() {
        var scene = Scene(servers: [Scene.intranet, Scene.files])
        for server in ["intranet", "files"] {
            scene.show(server, [Scene.row("/news/agm", "AGM", Scene.held(by: "bob"))])
        }
        scene.press("a")
        Self.open("F", &scene)
        #expect(scene.text.contains("  files:/news/agm  BOB (bob)"))
        #expect(scene.text.contains("  intranet:/news/agm  BOB (bob)"))
        scene.press("Tab Enter")
        for case .perform(let wish, let ref, _) in scene.effects.reversed() {
            scene.end(OperationResult(ref: ref, path: ref.id, operation: wish.operation, outcome: .done))
        }
        #expect(scene.model.dialog?.lines == ["Done: 2", "  files:/news/agm", "  intranet:/news/agm"])
    }

    @Test("The list at the end of a bulk names items as it named them before, in the same order")
    func bulkList() {
        var scene = Scene()
        let rows = (1...3).map { n in
            Row(
                item: Item(id: "\(n)", path: "/Document/\(n)", title: "T", type: "Document"),
                reading: .known([Scene.held(by: "admin", isMe: true)], at: Scene.now))
        }
        scene.show("intranet", rows)
        scene.press("a u")
        for case .perform(let wish, let ref, _) in scene.effects.reversed() {
            scene.end(OperationResult(ref: ref, path: "/Document/\(ref.id)", operation: wish.operation, outcome: .done))
        }
        #expect(scene.model.dialog?.lines == ["Done: 3", "  /Document/1", "  /Document/2", "  /Document/3"])
    }

    @Test("What a stopped bulk did not try is named by its path")
    func notTried() {
        var scene = Scene()
        let rows = (1...6).map { n in
            Row(
                item: Item(id: "\(n)", path: "/Document/\(n)", title: "T", type: "Document"),
                reading: .known([Scene.held(by: "admin", isMe: true)], at: Scene.now))
        }
        scene.show("intranet", rows)
        scene.press("a u Esc")
        for case .perform(let wish, let ref, _) in scene.effects {
            scene.end(OperationResult(ref: ref, path: "/Document/\(ref.id)", operation: wish.operation, outcome: .done))
        }
        #expect(scene.model.dialog?.lines.prefix(3) == ["Not tried: 2", "  /Document/5", "  /Document/6"])
    }

    @Test("The details and the servers page cut nothing", arguments: [40, 80, 130])
    func detailsWhole(_ columns: Int) {
        let title = "Minutes " + String(repeating: "of the very long meeting ", count: 6) + "END"
        var scene = Scene(
            Size(columns: columns, rows: 50),
            servers: [
                ServerFacts(
                    name: "intranet", kind: "plone",
                    url: "https://intranet.example.org/" + String(repeating: "deep/", count: 30) + "END")
            ])
        let path = "/" + String(repeating: "long-folder/", count: 14) + "FILE"
        scene.show("intranet", [Scene.row(path, title, Scene.held(by: "bob"))])
        scene.press("Enter")
        let room = columns >= 120 ? scene.model.sidePaneColumns - 3 : columns - 2
        var lines = scene.pageLines
        #expect(lines.allSatisfy { Text.width($0) <= room })
        #expect(lines.joined().filter { $0 != " " }.contains("meetingEND") && lines.joined().contains("FILE"))
        #expect(scene.screen.contains { $0.contains("FILE") })
        scene.press("Esc s Enter")
        lines = scene.pageLines
        #expect(lines.allSatisfy { Text.width($0) <= columns - 2 })
        #expect(lines.joined().filter { $0 != " " }.contains("END"))
    }

    @Test("A lock whose start is not known is never said to be younger than it may be")
    func leastAge() {
        var lock = Scene.held(by: "bob", age: 20)
        lock.sinceIs = .firstSeen
        var scene = Scene()
        scene.show("intranet", [Scene.row("/news/agm", "AGM", lock)])
        #expect(scene.screen[3].contains(" ≥0m "))
        scene.time += 60
        scene.send(.tick)
        #expect(scene.screen.contains { $0.contains("≥1m ") })
    }

    @Test(
        "i on what is not checked out says so, and asks for no remark",
        arguments: ["/news/agm", "/news/launch", "/news/autumn"])
    func nothingToCheckIn(_ id: String) {
        var scene = Scene.usual()
        scene.select("intranet", id)
        scene.press("i")
        #expect(scene.model.dialog == nil && scene.changes.isEmpty)
        #expect(scene.text.contains("check-in: \(id) is not checked out."))
        scene.select("intranet", "/news/copy_of_autumn")
        scene.press("i")
        #expect(scene.model.dialog != nil)
    }

    @Test("w where nothing may be changed tells why of what it would have waited for")
    func noWait() {
        var scene = Scene(isReadOnly: true)
        scene.show("intranet", [Scene.row("/news/agm", "AGM", Scene.held(by: "bob"))])
        scene.select("intranet", "/news/agm")
        scene.press("w")
        #expect(scene.text.contains("lock: locktop runs read-only.") && scene.changes.isEmpty)
    }

    @Test("Alerts that have no row are counted on the last one that has")
    func moreAlerts() {
        let facts = ["a", "b", "c", "d"].map { name in
            var facts = ServerFacts(name: name, kind: "plone", url: "https://\(name).example.org")
            facts.isProtected = name == "d"
            return facts
        }
        var scene = Scene(servers: facts)
        let error = LockError(.unreachable, "Nothing listens at \(String(repeating: "x", count: 90)).", advice: "")
        for name in ["a", "b", "c"] { scene.show(name, [], phase: .failing(error, nextTry: scene.time + 40)) }
        #expect(scene.screen[3].hasSuffix("+2 more: s"))
        scene.send(.resized(Size(columns: 40, rows: 10)))
        #expect(scene.screen[2].hasSuffix("+3 more: s"))
        #expect(!scene.screen[3].contains("more"))
    }

    @Test("A reason that is longer than the screen can be read whole on the page of events")
    func longEvents() {
        var scene = Scene(Self.small)
        scene.show("intranet", [Scene.row("/news/agm", "AGM")])
        scene.model.events = [
            LockEvent(
                at: Scene.now, ref: ItemRef(server: "intranet", id: "/news/agm"), path: "/news/agm", title: "AGM",
                kind: .failed, isOurs: true, text: "lock failed: the server gave no whole answer in time: try again")
        ]
        scene.press("E")
        #expect(scene.screen.joined().filter { $0 != " " }.contains("again"))
    }

    @Test("The lines of a box over many items are folded when it opens and for another size, not with every key")
    func foldedOnce() throws {
        var scene = Scene()
        scene.show("intranet", (0..<900).map { Scene.row("/docs/a-rather-long-name-\($0)", "T") })
        scene.press("a l")
        let opened = try #require(scene.model.dialog?.folding)
        #expect(opened.lines.count > 900 && opened.screenColumns == 80)
        scene.press("Down PgDn")
        #expect(scene.model.dialog?.folding == opened && scene.model.dialog?.top ?? 0 > 1)
        scene.send(.resized(Size(columns: 40, rows: 12)))
        let narrow = try #require(scene.model.dialog?.folding)
        #expect(narrow.screenColumns == 40 && narrow.columns == 40 && narrow.lines.count > opened.lines.count)
    }
}
