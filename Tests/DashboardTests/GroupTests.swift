// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import TestSupport
import Testing

@testable import Dashboard

@Suite("Rows under headings")
struct GroupTests {
    // MARK: What is right, worked out the long way

    private static func name(_ row: Row, _ server: String, _ grouping: Grouping) -> String {
        switch grouping {
        case .server: return server
        case .folder:
            return server + ":" + (row.item.path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" })
        case .holder:
            if let lock = row.lock { return lock.holder.isMe ? "you" : lock.holder.label }
            return row.reading.state == .free ? "free" : "not known"
        }
    }

    /// The lines as sorting all rows and counting each group would have them.
    private static func obvious(_ model: Model) throws -> [String] {
        let grouping = try #require(model.grouping)
        let isBefore = Collation(model.servers, by: model.sort.field, in: grouping, model.wording).comesBefore
        var keys: [RowKey] = []
        for (index, server) in model.servers.enumerated() {
            for id in server.catalog.ids() {
                let row = try #require(server.catalog[id])
                let isShown =
                    model.query.matches(row, in: model.context(index))
                    && (model.view == .all || row.reading.state == .held)
                if isShown { keys.append(RowKey(server: index, id: id)) }
            }
        }
        keys.sort(by: isBefore)
        if model.sort.isBackwards { keys.reverse() }
        var groups: [(name: String, rows: [RowKey])] = []
        for key in keys {
            let row = try #require(model.row(key))
            let name = name(row, model.servers[key.server].facts.name, grouping)
            if groups.last?.name != name { groups.append((name, [])) }
            groups[groups.count - 1].rows.append(key)
        }
        #expect(Set(groups.map(\.name)).count == groups.count, "each group stands together")
        return groups.flatMap { group -> [String] in
            let rows = group.rows.compactMap(model.row)
            let held = rows.filter { $0.reading.state == .held }
            let stale = rows.count { row in row.reading.locks.contains { model.staleness.isStale($0, at: model.now) } }
            let oldest = held.compactMap { $0.lock?.since }.min()
            let heading = Self.heading(group.name, rows.count, held.count, stale, oldest)
            let isFolded = model.list.folded.contains { key in
                model.list.groups?.all.contains { $0.key == key && $0.name == group.name } ?? false
            }
            return [heading] + (isFolded ? [] : group.rows.compactMap { model.ref($0)?.description })
        }
    }

    private static func heading(_ name: String, _ rows: Int, _ held: Int, _ stale: Int, _ oldest: Date?) -> String {
        "\(name): \(rows) \(held) \(stale) \(oldest.map { Int($0.timeIntervalSince(Scene.now)) } ?? 0)"
    }

    private static func shown(_ model: Model) -> [String] {
        (0..<model.list.count).compactMap { place in
            let key = model.list[place]
            #expect(model.list.place(of: key) == place)
            guard let group = model.list.group(key) else { return model.ref(key)?.description }
            let oldest = group.oldest.flatMap(model.row)?.lock?.since
            return heading(group.name, group.count, group.held, group.stale, oldest)
        }
    }

    private static func row(_ number: Int, _ random: inout SeededRandom) -> Row {
        Scene.row(
            "/d/\(number % 5)/\(number)", "T\(random.next() % 9)",
            random.next() % 2 == 0
                ? Scene.held(
                    by: "p\(random.next() % 5)", isMe: random.next() % 5 == 0, age: Double(random.next() % 60_000),
                    left: random.next() % 2 == 0 ? nil : 300)
                : nil, reading: random.next() % 9 == 0 ? .never.failed("no") : nil)
    }

    @Test(
        "Whatever changes, headings and rows are as if all had been sorted and counted anew", arguments: 0..<3,
        Grouping.allCases)
    func moving(_ seed: UInt64, _ grouping: Grouping) throws {
        var random = SeededRandom(seed)
        var scene = Scene(Size(columns: 80, rows: 24), servers: [Scene.intranet, Scene.files])
        var rows: [[String: Row]] = [[:], [:]]
        scene.model.group(by: grouping)
        for _ in 0..<60 {
            let server = Int(random.next() % 2)
            for _ in 0..<(random.next() % 30) {
                let row = Self.row(Int(random.next() % 80), &random)
                rows[server][row.item.id] = random.next() % 8 == 0 ? nil : row
            }
            switch random.next() % 7 {
            case 0:
                let fields = Field.all
                scene.model.sort.field = fields[Int(random.next() % UInt64(fields.count))]
                scene.model.resort()
            case 1: scene.press("O")
            case 2: scene.press("\(1 + random.next() % 2)")
            case 3: scene.model.setQuery(["", "t1", "d/3", "-holder:p1", "holder:p"][Int(random.next() % 5)])
            case 4: scene.time += Double(random.next() % 5_000)
            case 5:
                let headings = scene.model.list.groups?.all.map(\.heading) ?? []
                if let heading = headings.first { scene.model.fold(heading, random.next() % 2 == 0) }
            default: break
            }
            scene.show(["intranet", "files"][server], rows[server].values.sorted { $0.item.id < $1.item.id })
            scene.send(.tick)
            #expect(try Self.shown(scene.model) == Self.obvious(scene.model), "\(scene.model.sort) \(scene.model.view)")
            if let cursor = scene.model.cursor { #expect(scene.model.list[cursor] == scene.model.selected) }
        }
    }

    // MARK: Keys

    @Test("b goes through holder, server, folder and none; the cursor stays on its item")
    func key() {
        var scene = Scene.usual()
        scene.select("files", "/legal/offer.docx")
        for grouping in [Grouping.holder, .server, .folder, nil] {
            scene.press("b")
            #expect(scene.model.grouping == grouping)
            #expect(scene.cursorPath == "/legal/offer.docx")
        }
        #expect(scene.text.contains("Not grouped."))
    }

    @Test("A heading says how many it has, how old the oldest is and how many are stale, at 40 columns too")
    func heading() {
        var scene = Scene.usual()
        scene.press("b b")
        #expect(scene.text.contains("▼ files  2 items · 1 held · oldest 2d · 1 stale"), "\(scene.text)")
        var narrow = Scene.usual(Size(columns: 40, rows: 10))
        narrow.press("b b g")
        #expect(narrow.text.contains("▼ files  2 · oldest 2d · 1 stale\n"), "\(narrow.text)")
    }

    @Test("Left folds the group of the cursor away, Right and Enter bring its rows back")
    func folding() {
        var scene = Scene.usual()
        scene.press("b b")
        scene.select("files", "/legal/offer.docx")
        scene.press("Left")
        #expect(!scene.text.contains("offer.docx ") && scene.text.contains("► files"))
        #expect(scene.model.selected?.isHeading ?? false)
        scene.press("Right")
        #expect(scene.text.contains("/legal/offer.docx "))
        scene.press("Enter")
        #expect(!scene.text.contains("/legal/offer.docx "))
        #expect(scene.model.layers.isEmpty, "a heading has no details")
        scene.press("Down")
        #expect(scene.cursorPath == nil && scene.model.selected?.isHeading ?? false, "on to the next heading")
    }

    @Test("Space on a heading marks its rows, again: takes the marks away; a folded group's are asked about")
    func marking() {
        var scene = Scene.usual()
        scene.press("b b g Space")
        #expect(scene.model.marks.count == 2 && scene.text.contains(" 2 marked "))
        scene.press("Space")
        #expect(scene.model.marks.isEmpty)
        scene.press("Left Space l")
        #expect(scene.changes.isEmpty && scene.model.dialog != nil, "what is out of sight is asked about")
        #expect(scene.text.contains("out of sight"))
    }

    @Test("No operation acts on a heading, and the message says what does", arguments: ["l", "u", "F", "w", "K", "D"])
    func noTarget(_ key: String) {
        var scene = Scene.usual()
        scene.press("b g \(key)")
        #expect(scene.changes.isEmpty && scene.model.dialog == nil)
        #expect(scene.text.contains("That is a heading: Space marks its rows."))
    }

    @Test("An item that changes its holder moves to the other group, with its mark and the cursor")
    func moves() {
        var scene = Scene.usual()
        scene.press("b")
        scene.select("intranet", "/news/launch")
        scene.press("Space k")
        scene.show(
            "intranet",
            scene.model.servers[0].catalog.rows.map { row in
                row.item.id == "/news/launch" ? Scene.row("/news/launch", "Launch", Scene.held(by: "zoe")) : row
            })
        #expect(scene.cursorPath == "/news/launch")
        #expect(scene.model.targets.map(\.id) == ["/news/launch"])
        let heading = scene.model.selected.flatMap(scene.model.list.heading(over:))
        #expect(heading.flatMap(scene.model.list.group)?.name == "zoe")
        #expect(!scene.text.contains("bob  1"))
    }

    @Test("Going to an item from a page unfolds its group")
    func goTo() {
        var scene = Scene.usual()
        scene.press("b b")
        scene.select("intranet", "/news/launch")
        scene.press("Left E Enter")
        #expect(scene.cursorPath == "/news/launch" && scene.model.cursor != nil)
    }

    @Test(":group takes its words, completes them, and answers another with the nearest")
    func command() {
        var scene = Scene.usual()
        scene.press(":")
        scene.type("group fo")
        scene.press("Tab Enter")
        #expect(scene.model.grouping == .folder)
        #expect(scene.text.contains("▼ intranet:/news") && scene.text.contains("▼ files:/legal"))
        scene.press(":")
        scene.type("group hodler")
        scene.press("Enter")
        #expect(scene.text.contains("Did you mean holder?"))
        scene.press(":")
        scene.type("group none")
        scene.press("Enter")
        #expect(scene.model.grouping == nil)
    }

    @Test("What is written to a file are the rows, also those that are folded away, and no headings")
    func export() {
        var scene = Scene.usual()
        scene.press("b b Left x")
        #expect(scene.text.contains("Write the 8 rows"))
        scene.press("... Enter")
        let snapshot = scene.effects.compactMap { if case .export(let snapshot, _, _) = $0 { snapshot } else { nil } }
        var count = 0
        snapshot.first?.forEach { _ in
            count += 1
            return true
        }
        #expect(count == 8 && snapshot.first?.count == 8)
    }

    @Test("Many rows are grouped beside the screen, and news that come meanwhile are not lost")
    func beside() throws {
        var random = SeededRandom(5)
        var scene = Scene(Size(columns: 80, rows: 24))
        scene.model.keeping.quick.sort = 50
        var rows = (0..<200).map { Self.row($0, &random) }
        func arrange() {
            while let index = scene.effects.firstIndex(where: { if case .arrange = $0 { true } else { false } }),
                case .arrange(let arrangement) = scene.effects.remove(at: index)
            { scene.send(.arranged(arrangement.carriedOut())) }
        }
        scene.show("intranet", rows)
        arrange()
        scene.press("b")
        for number in 0..<5 { rows[number] = Scene.row(rows[number].item.path, "new", Scene.held(by: "zoe")) }
        scene.show("intranet", rows)
        #expect(scene.model.list.groups == nil, "it is still the list that it was")
        arrange()
        let groups = try #require(scene.model.list.groups)
        #expect(groups.all.first { $0.name == "zoe" }?.count == 5)
        #expect(groups.all.reduce(0) { $0 + $1.count } == 200)
        scene.press("/")
        scene.type("new")
        arrange()
        #expect(scene.model.list.groups?.all.map(\.name) == ["zoe"])
    }

    @Test("The first row of a group stands under its heading, however one came to it")
    func headingInView() {
        var scene = Scene.usual()
        let rows = (0..<40).map { Scene.row("/d\($0 / 20)/\(10 + $0)", "", nil) }
        scene.show("intranet", rows)
        scene.press("b b b")
        #expect(scene.model.grouping == .folder)
        let first = scene.model.list.place(where: { scene.model.row($0)?.item.id == "/d1/30" })
        for key in ["g", "G"] {
            scene.press(key)
            for _ in 0..<100 where scene.model.cursor != first {
                scene.press(key == "g" ? "j" : "k")
            }
            #expect(scene.model.cursor == first)
            #expect(scene.model.visible.contains { scene.model.list.group($0)?.name == "intranet:/d1" }, "\(key)")
        }
    }
}

extension RowList {
    fileprivate func place(where isMeant: (RowKey) -> Bool) -> Int? { (0..<count).first { isMeant(self[$0]) } }
}
