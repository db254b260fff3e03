// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@Suite("The shelf of rows")
struct ShelfTests {
    private func random(_ id: Int, _ dice: inout Dice) -> Row {
        let item = Item(id: "id\(id)", path: "/\(id)", title: "T\(Int.random(in: 0..<9, using: &dice))")
        let states: [Reading] = [.never, .known([], at: noon), .known([lock(of: "bob")], at: noon)]
        return Row(item: item, reading: states.randomElement(using: &dice) ?? .never)
    }

    private func check(_ shelf: Shelf, _ model: [String: Row], _ slots: [String: Shelf.Slot]) {
        #expect(shelf.count == model.count)
        #expect(shelf.unknownCount == model.values.filter { $0.reading.state == .unknown }.count)
        #expect(
            Set(shelf.held.compactMap { shelf[$0]?.item.id })
                == Set(model.values.filter { $0.reading.state == .held }.map(\.item.id)))
        #expect(shelf.held.count == model.values.filter { $0.reading.state == .held }.count)
        var seen: [String: Row] = [:]
        var last: Shelf.Slot = -1
        shelf.forEach { slot, row in
            #expect(slot > last && shelf.slot(of: row.item.id) == slot && Int(slot) < shelf.capacity)
            last = slot
            seen[row.item.id] = row
        }
        #expect(seen == model)
        #expect(Dictionary(uniqueKeysWithValues: shelf.rows.map { ($0.item.id, $0) }) == model)
        for (id, slot) in slots { #expect(shelf.slot(of: id) == slot && shelf[slot]?.item.id == id) }
    }

    @Test("It does what a dictionary does, keeps slots, and snapshots stay as they were", arguments: 0..<8)
    func likeADictionary(_ seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        var shelf = Shelf()
        var model: [String: Row] = [:]
        var slots: [String: Shelf.Slot] = [:]
        var snapshots: [(Shelf, [String: Row], [String: Shelf.Slot])] = []
        for step in 0..<3_000 {
            let number = Int.random(in: 0..<700, using: &dice)
            if Int.random(in: 0..<10, using: &dice) < 7 {
                let row = random(number, &dice)
                let (slot, before) = shelf.put(row)
                #expect(before == model[row.item.id])
                if let known = slots[row.item.id] { #expect(known == slot) }
                model[row.item.id] = row
                slots[row.item.id] = slot
            } else {
                let id = "id\(number)"
                let removed = shelf.remove(id)
                #expect(removed?.before == model[id] && removed?.slot == slots[id])
                if let slot = removed?.slot { #expect(shelf[slot] == nil) }
                model[id] = nil
                slots[id] = nil
            }
            if step % 600 == 0 { snapshots.append((shelf, model, slots)) }
        }
        check(shelf, model, slots)
        for (shelf, model, slots) in snapshots { check(shelf, model, slots) }
    }

    @Test("A vacant slot is used again before the shelf grows")
    func reuse() {
        var shelf = Shelf()
        for number in 0..<600 { shelf.put(Row(item: Item(id: "\(number)", path: "/", title: ""))) }
        #expect(shelf.capacity == 600 && shelf.unknownCount == 600)
        let slot = shelf.remove("300")?.slot
        #expect(shelf.remove("300") == nil)
        #expect(shelf.put(Row(item: Item(id: "new", path: "/", title: ""))).slot == slot)
        #expect(shelf.capacity == 600 && shelf["300"] == nil && shelf["new"] != nil)
    }

    @Test("What is not there is nothing, and no slot reaches outside")
    func outside() {
        var shelf = Shelf()
        #expect(shelf.capacity == 0 && shelf[0] == nil && shelf[-1] == nil && shelf["x"] == nil)
        shelf.put(row())
        #expect(shelf[0] != nil && shelf[1] == nil && shelf[256] == nil && shelf[.max] == nil && shelf[.min] == nil)
    }

    @Test("A copy and its original change apart")
    func copies() {
        var one = Shelf()
        for number in 0..<300 { one.put(Row(item: Item(id: "\(number)", path: "/", title: "old"))) }
        var other = one
        other.put(Row(item: Item(id: "7", path: "/", title: "new"), reading: .known([lock(of: "bob")], at: noon)))
        other.remove("8")
        #expect(one["7"]?.item.title == "old" && one["8"] != nil && one.held.isEmpty)
        #expect(other["7"]?.item.title == "new" && other["8"] == nil && other.held.count == 1)
    }
}
