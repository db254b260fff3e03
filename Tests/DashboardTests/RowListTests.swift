// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

@Suite("The rows in their order")
struct RowListTests {
    /// What is shown as sorting and looking through all rows, one by one, would have it.
    private func obvious(_ model: Model) throws -> [String] {
        let isBefore = Collation(model.servers, by: model.sort.field, model.wording).comesBefore
        var keys: [RowKey] = []
        for (index, server) in model.servers.enumerated() {
            for id in server.catalog.ids() {
                let row = try #require(server.catalog[id])
                let isShown = model.query.matches(row, in: model.context(index)) && isIn(model.view, row, model, index)
                if isShown { keys.append(RowKey(server: index, id: id)) }
            }
        }
        keys.sort(by: isBefore)
        if model.sort.isBackwards { keys.reverse() }
        return keys.compactMap { model.ref($0)?.description }
    }

    private func isIn(_ view: View, _ row: Row, _ model: Model, _ server: Int) -> Bool {
        let context = model.context(server)
        return switch view {
        case .all: true
        case .held: row.reading.state == .held
        case .mine: Query.Condition.mine.holds(for: row, context)
        case .others: Query.Condition.others.holds(for: row, context)
        case .stale: Query.Condition.stale.holds(for: row, context)
        case .conflicts: model.conflicted.contains(ItemRef(server: context.server, id: row.item.id))
        }
    }

    private func shown(_ model: Model) -> [String] {
        model.list[0..<model.list.count].compactMap { model.ref($0)?.description }
    }

    private static func row(_ number: Int, _ random: inout SeededRandom) -> Row {
        let name = ["Ä", "b", "C", "契"][Int(random.next() % 4)]
        return Scene.row(
            "/d/\(number % 7)/\(name)\(number)", "T\(random.next() % 9)",
            random.next() % 3 == 0
                ? Scene.held(
                    by: "p\(random.next() % 5)", isMe: random.next() % 4 == 0, age: Double(random.next() % 90_000),
                    left: random.next() % 2 == 0 ? nil : 300)
                : nil, reading: random.next() % 11 == 0 ? .never.failed("no") : nil)
    }

    @Test("Changed rows move alone: the list is as if all had been sorted and looked through anew", arguments: 0..<4)
    func moving(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        var scene = Scene(Size(columns: 80, rows: 24), servers: [Scene.intranet, Scene.files])
        var rows: [[String: Row]] = [[:], [:]]
        for _ in 0..<80 {
            let server = Int(random.next() % 2)
            for _ in 0..<(random.next() % 40) {
                let row = Self.row(Int(random.next() % 150), &random)
                rows[server][row.item.id] = random.next() % 8 == 0 ? nil : row
            }
            switch random.next() % 6 {
            case 0:
                let fields = Field.all
                scene.model.sort.field = fields[Int(random.next() % UInt64(fields.count))]
                scene.model.resort()
            case 1: scene.press("O")
            case 2: scene.press("\(1 + random.next() % 6)")
            case 3:
                let filters = ["", "t1", "t", "d/3", "ä", "-holder:p1", "holder:p", "older:2h", "state:stale"]
                scene.model.setQuery(filters[Int(random.next() % UInt64(filters.count))])
            case 4: scene.time += Double(random.next() % 5_000)
            default: break
            }
            scene.show(["intranet", "files"][server], rows[server].values.sorted { $0.item.id < $1.item.id })
            scene.send(.tick)
            #expect(try shown(scene.model) == obvious(scene.model), "\(scene.model.sort) \(scene.model.view)")
            #expect(scene.model.counts()[.stale] == rows.joined().count { Self.isStale($0.value, scene.model) })
            if let cursor = scene.model.cursor { #expect(scene.model.list[cursor] == scene.model.selected) }
        }
    }

    private static func isStale(_ row: Row, _ model: Model) -> Bool {
        row.reading.locks.contains { model.staleness.isStale($0, at: model.now) }
    }

    /// Sends what an effect brings, as the loop does.
    private func arrange(_ scene: inout Scene) -> Int {
        var count = 0
        while let index = scene.effects.firstIndex(where: { if case .arrange = $0 { true } else { false } }),
            case .arrange(let arrangement) = scene.effects.remove(at: index)
        {
            count += 1
            scene.send(.arranged(arrangement.carriedOut()))
        }
        return count
    }

    @Test("Many rows are put in order beside the screen: keys and news that come meanwhile are not lost")
    func beside() throws {
        var random = SeededRandom(3)
        var scene = Scene(Size(columns: 80, rows: 24))
        scene.model.keeping.quick.sort = 500
        var rows = (0..<600).map { Self.row($0, &random) }
        scene.show("intranet", rows)
        let arranged = arrange(&scene)
        #expect(arranged == 1)
        #expect(try shown(scene.model) == obvious(scene.model))
        scene.press("Down Down o")
        let (place, item) = (scene.model.cursor, scene.cursorPath)
        #expect(place == 2)
        rows[5] = Scene.row(rows[5].item.path, "Changed", Scene.held(by: "zoe"))
        rows.removeLast()
        scene.show("intranet", rows)
        scene.press("Down")
        #expect(scene.model.cursor == 3 && scene.cursorPath != item, "keys go on while it is sorted")
        let moved = scene.cursorPath
        let again = arrange(&scene)
        #expect(again == 1)
        #expect(try shown(scene.model) == obvious(scene.model) && scene.cursorPath == moved)
    }

    @Test("A sort that another one has overtaken changes nothing")
    func overtaken() throws {
        var random = SeededRandom(4)
        var scene = Scene(Size(columns: 80, rows: 24))
        scene.model.keeping.quick.sort = 500
        scene.show("intranet", (0..<600).map { Self.row($0, &random) })
        _ = arrange(&scene)
        scene.press("o o o")
        let arrangements = scene.effects.compactMap {
            if case .arrange(let arrangement) = $0 { arrangement } else { nil }
        }
        #expect(arrangements.count == 3)
        for arrangement in arrangements.reversed() { scene.send(.arranged(arrangement.carriedOut())) }
        #expect(scene.model.list.collation.field == scene.model.sort.field)
        #expect(try shown(scene.model) == obvious(scene.model))
    }

    /// Arrangements that are under way, of which one comes back now and then.
    private func begun(_ scene: inout Scene) -> [Arrangement] {
        defer { scene.effects = [] }
        return scene.effects.compactMap { if case .arrange(let arrangement) = $0 { arrangement } else { nil } }
    }

    @Test(
        "Whatever is pressed and comes while rows are put in order beside the screen, in the end all is in its place",
        arguments: 0..<6)
    func besideAtRandom(_ seed: UInt64) throws {
        var random = SeededRandom(seed + 40)
        var scene = Scene(Size(columns: 80, rows: 24), servers: [Scene.intranet, Scene.files])
        scene.model.keeping.quick = (sort: 0, move: Int(random.next() % 2) * 4, narrow: 0)
        var rows: [[String: Row]] = [[:], [:]]
        var underWay: [Arrangement] = []
        for _ in 0..<200 {
            let server = Int(random.next() % 2)
            switch random.next() % 12 {
            case 0: scene.press("o")
            case 1: scene.press("O")
            case 2: scene.press("\(1 + random.next() % 6)")
            case 3: scene.model.setQuery(["", "t1", "t", "ä", "holder:p", "older:2h"][Int(random.next() % 6)])
            case 4: scene.press(random.next() % 2 == 0 ? "Down" : "Up")
            case 5: scene.press("Space")
            case 6:
                // What went may have come again before the screen hears of either.
                let path = rows[server].keys.sorted().first ?? ""
                if let row = rows[server][path] {
                    let index = server
                    var catalog = scene.model.servers[index].catalog
                    var changed: Set<Catalog.ID> = []
                    if let (id, _) = catalog.remove(path) { changed.insert(id) }
                    changed.insert(catalog.put(row))
                    let event = LockEvent(
                        at: scene.time, ref: ItemRef(server: ["intranet", "files"][server], id: path), path: path,
                        title: "", kind: .conflict, text: "")
                    scene.select(["intranet", "files"][server], path)
                    scene.send(
                        .update(
                            ServerUpdate(
                                server: ["intranet", "files"][server], catalog: catalog, changed: changed,
                                events: [event], status: scene.model.servers[index].status)))
                }
            case 7, 8, 9:
                for _ in 0..<(random.next() % 12) {
                    let row = Self.row(Int(random.next() % 60), &random)
                    rows[server][row.item.id] = random.next() % 3 == 0 ? nil : row
                }
                scene.show(["intranet", "files"][server], rows[server].values.sorted { $0.item.id < $1.item.id })
            default:
                if !underWay.isEmpty {
                    let arrangement = underWay.remove(at: Int(random.next() % UInt64(underWay.count)))
                    scene.send(.arranged(arrangement.carriedOut()))
                }
            }
            underWay += begun(&scene)
            _ = scene.text
            if let selected = scene.model.selected, scene.model.keeping.underWay == nil {
                #expect(scene.model.row(selected) != nil, "The cursor is on a row that is gone.")
            }
        }
        while !underWay.isEmpty {
            scene.send(.arranged(underWay.removeFirst().carriedOut()))
            underWay += begun(&scene)
        }
        #expect(scene.model.keeping.underWay == nil && scene.model.keeping.behind.isEmpty)
        #expect(try shown(scene.model) == obvious(scene.model), "\(scene.model.sort) \(scene.model.view)")
        #expect(scene.model.list.isEmpty == (scene.model.cursor == nil))
    }

    @Test("The cursor stays on an item that went and came again while rows were being put in order")
    func cameAgain() throws {
        var scene = Scene(Size(columns: 80, rows: 24))
        let rows = (0..<5).map { Scene.row("/\($0)", "") }
        scene.show("intranet", rows)
        scene.select("intranet", "/2")
        scene.model.keeping.quick.sort = 0
        scene.press("o")
        let arrangement = try #require(begun(&scene).first)
        scene.show("intranet", rows.filter { $0.item.id != "/2" })
        scene.show("intranet", rows)
        scene.send(.arranged(arrangement.carriedOut()))
        #expect(scene.cursorPath == "/2" && scene.model.cursor == 2)
    }

    @Test("The cursor that was moved onto a row that is gone goes to another once the rows are in order")
    func movedOntoGone() throws {
        var scene = Scene(Size(columns: 80, rows: 24))
        let rows = (0..<5).map { Scene.row("/É\($0)", "") }
        scene.show("intranet", rows)
        scene.model.keeping.quick.sort = 0
        scene.press("o")
        scene.show("intranet", Array(rows.dropFirst(2)))
        scene.press("Down")
        scene.send(.arranged(try #require(begun(&scene).first).carriedOut()))
        #expect(scene.model.list.count == 3)
        #expect(scene.cursorPath == "/É3")
    }

    @Test("Texts that hold signs of zero are in one order, however the rows came there")
    func zeros() throws {
        var scene = Scene(Size(columns: 80, rows: 24))
        let titles = ["ab", "ab\0", "ab\0\0c", "abcdefghijklmno", "abcdefghijklmno\0", "abcdefghijklmno\0z", "ab\0"]
        let rows = titles.enumerated().map { Scene.row("/\(9 - $0.offset)", $0.element) }
        scene.model.sort.field = .title
        scene.show("intranet", rows)
        scene.model.resort()
        for place in 0..<scene.model.list.count {
            #expect(scene.model.list.place(of: scene.model.list[place]) == place)
        }
        scene.show("intranet", rows.map { Scene.row($0.item.path, "z" + $0.item.title) })
        #expect(scene.model.list.count == rows.count)
        #expect(try shown(scene.model) == obvious(scene.model))
    }

    @Test(
        "A filter that asks for ages does not begin a sort anew with each tick, and is right when the sort is through")
    func ticksWhileSorting() throws {
        var random = SeededRandom(5)
        var scene = Scene(Size(columns: 80, rows: 24))
        scene.show("intranet", (0..<60).map { Self.row($0, &random) })
        scene.model.setQuery("older:2h")
        scene.model.keeping.quick = (sort: 0, move: 300, narrow: 0)
        scene.press("o")
        let first = begun(&scene)
        #expect(first.count == 1)
        for _ in 0..<5 {
            scene.time += 7_000
            scene.send(.tick)
        }
        #expect(begun(&scene).isEmpty, "the sort that is under way is not thrown away")
        scene.send(.arranged(try #require(first.first).carriedOut()))
        for arrangement in begun(&scene) { scene.send(.arranged(arrangement.carriedOut())) }
        #expect(scene.model.list.collation.field == scene.model.sort.field)
        #expect(try shown(scene.model) == obvious(scene.model))
    }

    @Test("While rows are being looked through, an empty table does not say that there is nothing")
    func emptyMeanwhile() throws {
        var scene = Scene(Size(columns: 80, rows: 24))
        scene.show("intranet", [Scene.row("/a", "")])
        scene.model.setQuery("xyz")
        scene.model.keeping.quick.narrow = 0
        scene.press("Esc")
        #expect(!scene.text.contains("No items") && scene.text.contains("Looking through the rows"))
        for arrangement in begun(&scene) { scene.send(.arranged(arrangement.carriedOut())) }
        #expect(scene.text.contains("/a"))
    }

    @Test("Only marked rows that are still there are counted, and what is gone never becomes the row under the cursor")
    func lostMarks() {
        var scene = Scene(Size(columns: 80, rows: 24))
        let rows = (0..<6).map { Scene.row("/\($0)", "") }
        scene.show("intranet", rows)
        scene.press("Space Space Space")
        #expect(scene.text.contains(" 3 marked "))
        scene.show("intranet", Array(rows.dropFirst(2)))
        #expect(scene.text.contains(" 1 marked "))
        scene.show("intranet", rows)
        #expect(scene.text.contains(" 1 marked ") && scene.model.targets.map(\.id) == ["/2"])
        scene.show("intranet", [rows[5]])
        #expect(scene.text.contains(" 0 marked "))
        scene.press("l")
        #expect(scene.changes.isEmpty && scene.text.contains("The marked items are gone: nothing was done."))
        scene.press("a")
        #expect(scene.text.contains(" 1 marked "))
    }

    @Test("Which rows are stale is as asking each lock has it, whatever changes and wherever the clock is set")
    func staleRows() {
        var random = SeededRandom(9)
        let rule = Staleness(after: 8 * 3_600, departed: ["p3"])
        var stale = StaleRows()
        var catalog = Catalog()
        var now = Scene.now
        for _ in 0..<2_000 {
            var changed: Set<Catalog.ID> = []
            for _ in 0..<(random.next() % 4) {
                let number = Int(random.next() % 40)
                if random.next() % 4 == 0 {
                    if let (id, _) = catalog.remove("/\(number)") { changed.insert(id) }
                } else {
                    let left = random.next() % 3 == 0 ? nil : Double(random.next() % 20_000)
                    let lock = Scene.held(
                        by: "p\(random.next() % 6)",
                        age: Double(random.next() % 40_000) - now.timeIntervalSince(Scene.now),
                        left: left.map { $0 + now.timeIntervalSince(Scene.now) })
                    changed.insert(catalog.put(Scene.row("/\(number)", "", random.next() % 4 == 0 ? nil : lock)))
                }
            }
            now += random.next() % 9 == 0 ? -Double(random.next() % 30_000) : Double(random.next() % 1_500)
            stale.take(changed, catalog, rule, at: now)
            let before = stale.rows
            let turned = stale.advance(to: now, catalog, rule)
            let expected = catalog.ids().filter { id in catalog.locks(id).contains { rule.isStale($0, at: now) } }
            #expect(stale.count == expected.count && expected.allSatisfy { stale.rows[$0] })
            let others = Set(catalog.ids().filter { stale.rows[$0] != before[$0] })
            #expect(others.isSubset(of: turned), "what turned is told")
        }
    }

    @Test("What a file says of a shared lock's staleness is what the table's view says")
    func staleShared() {
        var scene = Scene()
        let reading = Reading.known([Scene.held(by: "ann"), Scene.held(by: "gone")], at: Scene.now)
        scene.show("intranet", [Scene.row("/a", "A", reading: reading)])
        scene.press("5")
        #expect(scene.model.list.rowCount == 1)
        var told: [Bool] = []
        Snapshot(of: scene.model, number: 1).forEach {
            told.append($0.isStale)
            return true
        }
        #expect(told == [true])
    }

    @Test("A file has the rows that were shown when it was asked for, tells how far it is, and can be stopped")
    func export() throws {
        var scene = Scene.usual()
        scene.press("2 x Enter")
        let snapshots = scene.effects.compactMap {
            if case .export(let snapshot, false, _) = $0 { snapshot } else { nil }
        }
        let snapshot = try #require(snapshots.first)
        let shown = shown(scene.model)
        #expect(!scene.model.isIdle && shown.count == 4 && snapshot.count == 4)
        scene.show("intranet", [])
        var written: [String] = []
        snapshot.forEach { line in
            written.append("\(line.facts.name):\(line.row.item.id)")
            return true
        }
        #expect(written == shown)
        scene.send(.exporting(rows: 2))
        #expect(scene.text.contains("writing rows: 2 of 4  Esc stops"))
        scene.press("x")
        #expect(scene.model.dialog == nil && scene.text.contains("Another file is still being written."))
        scene.effects = []
        scene.press("Esc")
        #expect(scene.effects == [.stopExport] && scene.model.export != nil)
        scene.send(.exported("Stopped: no file was written.", isError: true))
        #expect(scene.model.isIdle && scene.text.contains("Stopped: no file was written."))
    }
}
