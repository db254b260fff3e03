// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

@Suite("Watching a listing that tells of holds alone", .timeLimit(.minutes(1)))
struct HoldsOnlyTests {
    /// A watch over ten items, of which the listing names those that somebody has.
    private func desk() -> Desk {
        let desk = Desk(10)
        desk.book.set { $0.listsHoldsOnly = true }
        return desk
    }

    private func listed(_ desk: Desk) -> [String] { desk.last.map { $0.catalog.rows.map(\.item.id).sorted() } ?? [] }

    @Test("What leaves the listing is released, and what joins it is locked: nothing appears and nothing vanishes")
    func comesAndGoes() async {
        let desk = desk()
        desk.book.give("1", to: "bob")
        desk.book.give("2", to: "carol")
        await desk.start()
        #expect(listed(desk) == ["1", "2"] && desk.events.isEmpty)
        desk.book.free("1")
        desk.book.give("3", to: "dave")
        await desk.pass(5)
        #expect(listed(desk) == ["2", "3"])
        #expect(desk.events.map { "\($0.ref.id) \($0.kind)" }.sorted() == ["1 released", "3 locked"])
        #expect(desk.events.first { $0.kind == .released }?.before?.holder.id == "bob")
        #expect(desk.events.first { $0.kind == .locked }?.after?.holder.id == "dave")
        #expect(desk.book.count(.read) == 0 && desk.book.count(.find) == 0)
        await desk.pass(5)
        #expect(desk.events.count == 2)
        await desk.stop()
    }

    @Test(
        "Many pages: what a complete listing lacks is released, and one with a broken page proves nothing"
    )
    func pages() async {
        let desk = desk()
        desk.book.set { $0.pageSize = 2 }
        for number in 0..<6 { desk.book.give("\(number)", to: "bob") }
        await desk.start()
        #expect(listed(desk).count == 6)
        desk.book.set { $0.brokenPages = ["4": LockError(.nonsense, "Page 4 is broken.")] }
        for _ in 0..<8 { await desk.pass(5) }
        #expect(listed(desk).count == 6 && desk.events.isEmpty)
        desk.book.set { $0.brokenPages = [:] }
        desk.book.free("5")
        for _ in 0..<8 { await desk.pass(5) }
        #expect(listed(desk).count == 5 && desk.kinds == [.released])
        await desk.stop()
    }

    @Test(
        "A hold that is missing where the listing has some that can't be read is looked at: gone is released, else unknown"
    )
    func unreadable() async {
        let desk = desk()
        for number in 0..<3 { desk.book.give("\(number)", to: "bob") }
        await desk.start()
        desk.book.free("1")
        desk.book.set { state in
            state.unreadable["2"] = LockError(.nonsense, "Its lock can't be read.")
            var page = ItemPage(rows: [desk.book.row(state.items[0], state)])
            page.covers = .holdsOnly
            page.lacks = LockError(.nonsense, "A lock can't be read.")
            state.written["0"] = page
        }
        await desk.pass(5)
        #expect(listed(desk) == ["0", "2"] && desk.kinds == [.released])
        #expect(desk.state("2") == .unknown && desk.state("0") == .held)
        await desk.stop()
    }

    @Test("What I lock by its name becomes a row, what I give back is none any more, and each is one event of mine")
    func own() async {
        let desk = desk()
        desk.book.give("1", to: "bob")
        await desk.start()
        #expect(await desk.watch.perform(Wish(.lock), on: "7").outcome == .done)
        #expect(listed(desk) == ["1", "7"])
        await desk.pass(5)
        #expect(listed(desk) == ["1", "7"])
        #expect(await desk.watch.perform(Wish(.unlock), on: "7").outcome == .done)
        #expect(listed(desk) == ["1"])
        await desk.pass(5)
        #expect(desk.kinds == [.locked, .released] && desk.events.allSatisfy(\.isOurs))
        await desk.stop()
    }

    @Test("What is waited for is taken when it leaves the listing")
    func waiting() async {
        let desk = desk()
        desk.book.give("1", to: "bob")
        await desk.start()
        await desk.ask { await $0.wait(for: "1", with: Wish(.lock, expecting: .free)) }
        #expect(desk.results.isEmpty)
        desk.book.free("1")
        for _ in 0..<2 { await desk.pass(5) }
        #expect(desk.results.map(\.outcome) == [.done] && desk.holder("1") == "me")
        await desk.stop()
    }
}
