// SPDX-License-Identifier: MIT
import FoundationEssentials
import Testing

@testable import Locks

@Suite("The catalog of rows")
struct CatalogTests {
    private static let texts = ["", "Budget", "BUDGET", "Überblick", "u\u{308}berblick", "契約", "a\u{FF}b", "🙂\n"]

    private func text(_ dice: inout Dice) -> String {
        (Self.texts.randomElement(using: &dice) ?? "") + (Self.texts.randomElement(using: &dice) ?? "")
    }

    private func time(_ dice: inout Dice) -> Date? {
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: nil
        case 1: noon + Double.random(in: -1e6...1e6, using: &dice)
        case 2: noon + Double.random(in: -1e6...1e6, using: &dice).rounded()
        default: noon
        }
    }

    private func randomLock(_ dice: inout Dice) -> Lock {
        func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &dice) ? value : nil }
        let (expires, timeout) = (time(&dice), maybe(Int.random(in: -5...1_000_000, using: &dice)))
        // As most servers tell it, or anything else.
        let refreshed = expires.flatMap { end in timeout.map { end.timeIntervalSince1970 - Double($0) } }
        return Lock(
            kind: Lock.Kind.allCases.randomElement(using: &dice) ?? .lock,
            holder: Holder(
                id: maybe(text(&dice)), name: maybe(text(&dice)),
                ownership: Ownership.allCases.randomElement(using: &dice) ?? .other),
            since: time(&dice), sinceIs: [.acquired, .refreshed, .firstSeen].randomElement(using: &dice) ?? .acquired,
            expires: expires, timeout: timeout,
            stealable: maybe(Bool.random(using: &dice)), comment: maybe(text(&dice)),
            identity: LockIdentity(of: text(&dice)), serverID: maybe(text(&dice)),
            scope: [.item, .tree, .through(text(&dice))].randomElement(using: &dice) ?? .item,
            origin: Lock.Origin.allCases.randomElement(using: &dice) ?? .usual,
            token: maybe(Token(["0.25-7e-05-00105A:16.5", "1", text(&dice)].randomElement(using: &dice) ?? "")),
            notes: Bool.random(using: &dice) ? [] : [text(&dice), text(&dice)],
            stamp: Bool.random(using: &dice) ? refreshed : maybe(Double.random(in: 0...1e12, using: &dice)))
    }

    /// A row with anything in any of its fields.
    private func random(_ number: Int, _ dice: inout Dice) -> Row {
        let path = Bool.random(using: &dice) ? "id\(number)" : "/Docs/\(text(&dice))/\(number)"
        let item = Item(
            id: "id\(number)", path: path, title: text(&dice), type: text(&dice), modified: time(&dice),
            link: Bool.random(using: &dice) ? nil : text(&dice), isLockable: Bool.random(using: &dice),
            workingCopyOf: Bool.random(using: &dice) ? nil : text(&dice))
        let locks = (0..<Int.random(in: 1...3, using: &dice)).map { _ in randomLock(&dice) }
        let readings: [Reading] = [
            .never, .known([], at: noon), .known(locks, at: noon + 1), .known(locks, at: noon).failed(text(&dice)),
        ]
        return Row(item: item, reading: readings.randomElement(using: &dice) ?? .never)
    }

    private func check(_ catalog: Catalog, _ model: [String: Row], _ ids: [String: Catalog.ID]) {
        let held = model.values.filter { $0.reading.state == .held }
        #expect(catalog.count == model.count && catalog.tally.held == held.count)
        #expect(catalog.tally.unknown == model.values.count { $0.reading.state == .unknown })
        #expect(catalog.tally.mine == held.count { $0.reading.locks.contains(where: \.holder.isMe) })
        #expect(Set(catalog.ids(.held).compactMap { catalog[$0]?.item.id }) == Set(held.map(\.item.id)))
        #expect(Array(catalog.ids()) == catalog.ids().sorted() && catalog.ids().allSatisfy { $0 < catalog.capacity })
        #expect(Dictionary(uniqueKeysWithValues: catalog.rows.map { ($0.item.id, $0) }) == model)
        for (item, id) in ids { #expect(catalog.id(of: item) == id && catalog[id]?.item.id == item) }
    }

    @Test(
        "A column of times gives back each as it was put in, whole or not, few or many", arguments: [1, 200, 100_000])
    func times(kinds: Int) {
        for isWhole in [true, false] {
            var dice = Dice(seed: 4)
            var (column, model) = (TimeColumn(), [Double]())
            for step in 0..<6_000 {
                if model.count < 1_000 {
                    column.append()
                    model.append(.nan)
                }
                let number = Double(Int.random(in: 0..<kinds, using: &dice))
                // Late there comes what is no whole second, and what no column of seconds can hold.
                let odd = step > 5_000 ? [-1, 0.5, -0.0, 1e300, .nan, 4_294_967_295].randomElement(using: &dice) : nil
                let row = Int.random(in: 0..<model.count, using: &dice)
                model[row] = odd ?? (isWhole ? number : number / 8 + 0.1)
                column.put(model[row], at: row)
                if step % 500 == 0 { column.shrink() }
                if step % 100 == 0 || step > 5_900 {
                    #expect(model.indices.allSatisfy { column[$0].bitPattern == model[$0].bitPattern })
                }
            }
        }
    }

    @Test("Byte strings of a chunk stay what they are when others grow beyond what two bytes can count")
    func packedBytes() {
        var dice = Dice(seed: 5)
        var (packed, model) = (PackedBytes(), [[UInt8]]())
        for step in 0..<4_000 {
            let length = Int.random(in: 0...(step > 3_000 && step % 50 == 0 ? 70_000 : 300), using: &dice)
            let new = [UInt8](repeating: UInt8(step & 255), count: length)
            if model.count < 200 {
                packed.append(new)
                model.append(new)
            } else {
                let row = Int.random(in: 0..<model.count, using: &dice)
                packed.replace(row, with: new)
                model[row] = new
            }
            guard step % 200 == 0 || step > 3_900 else { continue }
            #expect(model.indices.allSatisfy { packed.bytes[packed.range($0)].elementsEqual(model[$0]) })
            #expect(packed.bytes.count == model.reduce(0) { $0 + $1.count })
        }
    }

    @Test("What comes after as many types as can be told apart has no type rather than that of another")
    func manyTypes() {
        var catalog = Catalog()
        for number in 0..<65_600 {
            catalog.put(
                Row(
                    item: Item(id: "i", path: "/i", title: "", type: "type \(number)"),
                    reading: .known([], at: noon)))
            let type = catalog["i"]?.item.type
            if type != "type \(number)", type != "" { Issue.record("\(type ?? "") for type \(number)") }
        }
        catalog.put(Row(item: Item(id: "j", path: "/j", title: "", type: "type 7"), reading: .known([], at: noon)))
        #expect(catalog["j"]?.item.type == "type 7" && catalog["i"]?.item.type == "")
    }

    @Test("Each of more holders than are known once each is told as it was, and one with a long name too")
    func manyHolders() {
        var catalog = Catalog()
        var model: [Catalog.ID: Holder] = [:]
        for number in 0..<5_000 {
            let name = number % 1_000 == 7 ? String(repeating: "n", count: 70_000) : "name \(number % 3)"
            let holder = Holder(id: "h\(number)", name: name, ownership: number % 2 == 0 ? .mine : .unknown)
            let item = Item(id: "\(number)", path: "/\(number)", title: "", type: "")
            let lock = Lock(kind: .lock, holder: holder, identity: LockIdentity(of: "\(number)"))
            model[catalog.put(Row(item: item, reading: .known([lock], at: noon)))] = holder
        }
        #expect(model.allSatisfy { id, holder in catalog.locks(id).map(\.holder) == [holder] })
    }

    @Test("Items that come and go for ever leave nothing behind but numbers, and what stays is found")
    func comingAndGoing() {
        var catalog = Catalog()
        func row(_ number: Int) -> Row {
            Row(item: Item(id: "i\(number)", path: "/\(number)", title: "T"), reading: .known([], at: noon))
        }
        catalog.put(row(-1))
        for number in 0..<12_000 {
            catalog.mark(catalog.put(row(number)), generation: 7)
            if number >= 10 { catalog.remove("i\(number - 10)") }
        }
        #expect(catalog.count == 11 && catalog.capacity == 12_001)
        #expect(
            catalog.chunks.count { $0.generation(0) == 0 } == 11,
            "ten deserted ones, and the first, whose first row never came in a listing")
        #expect(catalog["i-1"] == row(-1) && catalog["i11999"] == row(11_999) && catalog["i5"] == nil)
        let id = catalog.put(row(5))
        #expect(id == 12_001 && catalog[id] == row(5) && catalog.count == 12)
        #expect((0..<catalog.capacity).count { catalog.isThere($0) } == 12)
    }

    @Test("It does what a dictionary does, keeps ids, and snapshots stay as they were", arguments: 0..<8)
    func likeADictionary(_ seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        var catalog = Catalog()
        var model: [String: Row] = [:]
        var ids: [String: Catalog.ID] = [:]
        var snapshots: [(Catalog, [String: Row], [String: Catalog.ID])] = []
        for step in 0..<3_000 {
            let number = Int.random(in: 0..<700, using: &dice)
            if Int.random(in: 0..<10, using: &dice) < 7 {
                let row = random(number, &dice)
                #expect(catalog[row.item.id] == model[row.item.id])
                let id = catalog.put(row)
                if let known = ids[row.item.id] { #expect(known == id) }
                model[row.item.id] = row
                ids[row.item.id] = id
            } else {
                let id = "id\(number)"
                let removed = catalog.remove(id)
                #expect(removed?.before == model[id] && removed?.id == ids[id])
                if let id = removed?.id { #expect(catalog[id] == nil) }
                model[id] = nil
                ids[id] = nil
            }
            if step % 600 == 0 { snapshots.append((catalog, model, ids)) }
        }
        check(catalog, model, ids)
        for (catalog, model, ids) in snapshots { check(catalog, model, ids) }
    }

    @Test("An id belongs to one row for ever")
    func idsAreNotUsedAgain() {
        var catalog = Catalog()
        for number in 0..<600 { catalog.put(Row(item: Item(id: "\(number)", path: "/", title: ""))) }
        let gone = catalog.remove("300")?.id
        #expect(gone == 300 && catalog.remove("300") == nil && catalog[300] == nil)
        #expect(catalog.put(Row(item: Item(id: "300", path: "/", title: ""))) == 600)
        #expect(catalog.count == 600 && catalog[300] == nil && catalog["300"] != nil)
    }

    @Test("What is not there is nothing")
    func outside() {
        var catalog = Catalog()
        #expect(
            catalog.capacity == 0 && catalog[0] == nil && catalog["x"] == nil && catalog.first(.all, from: 0) == nil)
        catalog.put(row())
        #expect(catalog[0] != nil && catalog[1] == nil && catalog[1_024] == nil && catalog[.max] == nil)
    }

    @Test("Another time of reading is noted without making another row of it")
    func observing() {
        var catalog = Catalog()
        let id = catalog.put(row())
        catalog.observe(id, at: noon + 99)
        #expect(catalog[id]?.reading.observedAt == noon + 99 && catalog.observedAt(id) == noon + 99)
    }

    @Test("A copy and its original change apart")
    func copies() {
        var one = Catalog()
        for number in 0..<300 { one.put(Row(item: Item(id: "\(number)", path: "/", title: "old"))) }
        var other = one
        other.put(Row(item: Item(id: "7", path: "/", title: "new"), reading: .known([lock(of: "bob")], at: noon)))
        other.remove("8")
        #expect(one["7"]?.item.title == "old" && one["8"] != nil && one.tally.held == 0)
        #expect(other["7"]?.item.title == "new" && other["8"] == nil && other.tally.held == 1)
    }
}
