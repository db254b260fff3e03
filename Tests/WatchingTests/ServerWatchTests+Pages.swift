// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

/// Pages that lack, fail, or are told in another order each time.
extension ServerWatchTests {
    @Test("A page that can't be read costs itself: the others are watched, and the status says that something lacks")
    func brokenPage() async {
        let desk = Desk(40)
        desk.book.set { state in
            state.pageSize = 10
            state.brokenPages = ["20": LockError(.nonsense, "Page 20 is broken.")]
        }
        await desk.start()
        #expect(desk.last?.status.phase == .watching && desk.last?.catalog.count == 30)
        #expect(desk.last?.status.lacks?.message == "Page 20 is broken.")
        desk.book.set { $0.brokenPages = [:] }
        await desk.ask { await $0.readAll() }
        #expect(desk.last?.catalog.count == 40 && desk.last?.status.lacks == nil)
        await desk.stop()
    }

    @Test("Two pages that are always too much for the server are given up in the end, and the others are watched")
    func twoHopelessPages() async {
        let desk = Desk(40)
        let failure = LockError(.unreachable, "It took too long.")
        desk.book.set { state in
            state.pageSize = 10
            state.brokenPages = ["10": failure, "30": failure]
        }
        await desk.start()
        for _ in 0..<20 { await desk.pass(70) }
        #expect(desk.last?.status.phase == .watching && desk.last?.catalog.count == 20)
        #expect(desk.last?.status.lacks?.message == "It took too long.")
        await desk.stop()
    }

    @Test("Rows that two complete listings lack are no rows any more, though they are there")
    func outside() async {
        let desk = Desk(2)
        let stray = Item(id: "9", path: "/9", title: "Outside")
        desk.journal.preset([Row(item: stray, reading: .known([], at: noon))])
        desk.book.set { $0.unlisted = [stray] }
        await desk.start()
        #expect(desk.last?.catalog["9"] != nil)
        await desk.pass(5)
        #expect(desk.last?.catalog["9"] == nil && desk.last?.catalog.count == 2)
        #expect(desk.book.log.count { $0 == "read 9" } == 1)
        #expect(desk.events.map(\.text) == ["it is no longer listed"])
        await desk.stop()
    }

    @Test(
        "Whatever came, went, moved, was refused or operated on: left alone, the table is what the server has",
        arguments: 0..<12)
    func inTheEnd(_ seed: Int) async {
        var dice = Dice(seed: UInt64(seed))
        let desk = Desk(Int.random(in: 0..<40, using: &dice))
        let (hasCursors, tellsLocks) = (Bool.random(using: &dice), Int.random(in: 0..<4, using: &dice) > 0)
        let pageSize = Int.random(in: 3...30, using: &dice)
        desk.book.set { state in
            (state.hasCursors, state.tellsLocks, state.pageSize) = (hasCursors, tellsLocks, pageSize)
        }
        await desk.start()
        for step in 0..<60 {
            let count = desk.book.get { $0.items.count }
            let id = desk.book.get { $0.items }.randomElement(using: &dice)?.id ?? "0"
            switch Int.random(in: 0..<12, using: &dice) {
            case 0, 1: desk.book.add(1_000 + step)
            case 2 where count > 0: desk.book.remove(id)
            case 3:
                // What went comes again, elsewhere.
                desk.book.set { state in
                    guard let place = state.items.firstIndex(where: { $0.id == id }) else { return }
                    let item = state.items.remove(at: place)
                    state.items.insert(item, at: state.items.count / 2)
                }
            case 4, 5: desk.book.give(id, to: ["ann", "bob", "me"].randomElement(using: &dice) ?? "ann")
            case 6: desk.book.free(id)
            case 7:
                let codes: [LockError.Code] = [.nonsense, .unreachable, .gone]
                let error = LockError(codes.randomElement(using: &dice) ?? .nonsense, "No.")
                let page = "\(pageSize * Int.random(in: 0..<3, using: &dice))"
                desk.book.set { $0.brokenPages = [page: error] }
            case 8:
                desk.book.set { $0.unreadable = [id: LockError(.unreachable, "No.")] }
            case 9:
                desk.book.set { $0.unreadable = [:] }
                _ = await desk.watch.perform(Wish(.lock), on: id)
            case 10: await desk.watch.show([id])
            default: break
            }
            if step.isMultiple(of: 3) {
                desk.book.set { state in (state.brokenPages, state.unreadable) = ([:], [:]) }
            }
            await desk.pass(70)
        }
        desk.book.set { state in (state.brokenPages, state.unreadable) = ([:], [:]) }
        for _ in 0..<40 { await desk.pass(70) }
        let (items, locks) = desk.book.get { ($0.items, $0.locks) }
        let catalog = desk.last?.catalog ?? Catalog()
        #expect(Set(catalog.rows.map(\.item.id)) == Set(items.map(\.id)))
        for item in items {
            #expect(catalog[item.id]?.lock?.holder.id == locks[item.id]?.first?.holder.id, "\(item.id)")
        }
        #expect(desk.last?.status.phase == .watching && desk.last?.status.lacks == nil)
        await desk.stop()
    }
}
