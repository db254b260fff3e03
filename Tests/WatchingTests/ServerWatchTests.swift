// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

@Suite("Watching a server", .timeLimit(.minutes(1)))
struct ServerWatchTests {
    @Test("The first reading is the base line and makes no events, and what follows does")
    func baseLine() async {
        let desk = Desk(3)
        desk.book.give("1", to: "bob")
        await desk.start()
        #expect(desk.events.isEmpty && desk.last?.catalog.count == 3 && desk.holder("1") == "bob")
        #expect(desk.last?.status.phase == .watching && desk.last?.status.account?.id == "me")
        desk.book.give("0", to: "carol")
        desk.book.free("1")
        desk.book.add(3)
        await desk.pass(5)
        #expect(Set(desk.kinds) == [.locked, .released, .appeared])
        #expect(desk.events.map(\.seq) == [1, 2, 3])
        await desk.pass(5)
        #expect(desk.events.count == 3)
        await desk.stop()
    }

    @Test("Rows of the last run are shown at once, and what differs by now is base line and no event")
    func cached() async {
        let desk = Desk(2)
        desk.journal.preset([
            Row(item: Item(id: "0", path: "/0", title: "Item 0"), reading: .known([], at: noon)),
            Row(item: Item(id: "9", path: "/9", title: "Long gone"), reading: .known([], at: noon)),
        ])
        desk.book.give("0", to: "bob")
        await desk.start()
        #expect(desk.all.first?.catalog.count == 2 && desk.all.first?.status.phase == .connecting)
        #expect(desk.last?.catalog.rows.map(\.item.id).sorted() == ["0", "1"])
        #expect(desk.holder("0") == "bob" && desk.events.isEmpty)
        await desk.stop()
    }

    @Test("What a complete listing lacks is read once more, and only what is gone then has vanished")
    func vanished() async {
        let desk = Desk(4)
        desk.book.set { $0.pageSize = 2 }
        await desk.start()
        desk.book.remove("3")
        desk.book.give("2", to: "bob")
        let reads = desk.book.count(.read)
        for _ in 0..<3 { await desk.pass(5) }
        #expect(desk.kinds.contains(.vanished) && desk.last?.catalog["3"] == nil)
        #expect(desk.kinds.count { $0 == .vanished } == 1)
        #expect(desk.book.count(.read) > reads)
        #expect(desk.book.log.contains("read 3"))
        await desk.stop()
    }

    @Test("An item that a shifting page left out does not vanish")
    func shifted() async {
        let desk = Desk(2)
        await desk.start()
        let hidden = desk.book.get { $0.items[1] }
        desk.book.remove("1")
        desk.book.set { $0.others[.after(.items)] = [{ $0.set { $0.items.append(hidden) } }] }
        await desk.pass(5)
        #expect(desk.book.log.contains("read 1"))
        #expect(desk.last?.catalog["1"] != nil && desk.events.isEmpty)
        await desk.stop()
    }

    @Test("A listing that fails half-way keeps the old rows and makes nothing vanish, and goes on where it failed")
    func halfWay() async {
        let desk = Desk(30)
        desk.book.set { $0.pageSize = 10 }
        await desk.start()
        for number in 0..<15 { desk.book.remove("\(number)") }
        desk.book.set { $0.others[.after(.items)] = [{ $0.set { $0.lasting[.items] = LockError(.nonsense, "500.") } }] }
        await desk.ask { await $0.readAll() }
        #expect(desk.last?.catalog.count == 30 && desk.events.isEmpty)
        desk.book.set { $0.lasting = [:] }
        let lists = desk.book.log.count { $0 == "items 0" }
        await desk.pass(6)
        #expect(desk.book.log.count { $0 == "items 0" } == lists)
        #expect(desk.last?.catalog.count == 15 && desk.kinds.count { $0 == .vanished } == 15)
        await desk.stop()
    }

    @Test("What a page of a poll tells is shown before the next page has come")
    func pageByPage() async {
        let desk = Desk(12)
        desk.book.set { $0.pageSize = 1 }
        await desk.start()
        let gate = Gate()
        desk.book.set { $0.gatedPages["1"] = gate }
        desk.book.give("0", to: "bob")
        let naps = desk.time.naps.count
        desk.time.advance(by: 5)
        await gate.arrived()
        #expect(desk.holder("0") == "bob")
        gate.open()
        await desk.time.quiet(after: naps)
        await desk.stop()
    }

    @Test("A listing over the limit is cut and says so, and what is beyond it does not vanish")
    func cut() async {
        let desk = Desk(25, limit: 20)
        desk.book.set { $0.pageSize = 10 }
        await desk.start()
        #expect(desk.last?.status.isCut == true && desk.last?.catalog.count == 20)
        for number in 20..<25 { desk.book.remove("\(number)") }
        for _ in 0..<4 { await desk.pass(5) }
        #expect(desk.last?.status.isCut == false && desk.last?.catalog.count == 20 && desk.events.isEmpty)
        for number in 30..<40 { desk.book.add(number) }
        for _ in 0..<4 { await desk.pass(5) }
        #expect(desk.last?.status.isCut == true && !desk.kinds.contains(.vanished))
        await desk.stop()
    }

    @Test("What is on screen is read first, then what is waited for, then what is held, at every poll")
    func order() async {
        let desk = Desk(60)
        desk.book.set { $0.pageSize = 10 }
        desk.book.give("50", to: "bob")
        desk.book.give("51", to: "bob")
        await desk.start()
        await desk.watch.show(["40", "41"])
        await desk.ask { await $0.wait(for: "51", with: Wish(.lock)) }
        let reads = desk.book.log.filter { $0.hasPrefix("read") }
        #expect(reads.suffix(2) == ["read 40,41,51", "read 50"])
        desk.book.give("40", to: "carol")
        await desk.pass(5)
        #expect(desk.holder("40") == "carol" && desk.kinds == [.locked])
        await desk.stop()
    }

    @Test("Many held items do not keep the screen waiting: they are read by turns")
    func turns() async {
        let desk = Desk(200)
        for number in 0..<150 { desk.book.give("\(number)", to: "bob") }
        desk.book.set { $0.pageSize = 50 }
        await desk.start()
        await desk.watch.show(["199"])
        // Each request takes three seconds here, as on a small budget.
        desk.book.set { [time = desk.time] state in state.slowly[.read] = { time.advance(by: 3) } }
        await desk.pass(5)
        let reads = desk.book.log.filter { $0.hasPrefix("read") }
        #expect(reads.first == "read 199")
        var seen: Set<Substring> = []
        for _ in 0..<20 { await desk.pass(5) }
        for line in desk.book.log where line.hasPrefix("read") {
            seen.formUnion(line.dropFirst(5).split(separator: ","))
        }
        #expect(seen.count == 151)
        await desk.stop()
    }

    @Test("Where the listing tells nothing of locks, it takes nothing away, and every item is read in its turn")
    func silentListing() async {
        let desk = Desk(35)
        desk.book.set { $0.tellsLocks = false }
        desk.book.give("34", to: "bob")
        await desk.start()
        #expect(desk.all.contains { $0.catalog.tally.unknown == 35 }, "the listing is on screen as it comes")
        #expect(desk.last?.catalog.tally.unknown == 0 && desk.holder("34") == "bob")
        desk.book.free("34")
        await desk.pass(5)
        #expect(desk.state("34") == .free && desk.kinds == [.released])
        await desk.stop()
    }

    @Test(
        "An item that can't be read ages with its reason, and what changed meanwhile is an event when it is read again")
    func unreadable() async {
        let desk = Desk(60)
        desk.book.set { $0.pageSize = 10 }
        desk.book.give("50", to: "bob")
        await desk.start()
        await desk.watch.show(["50"])
        desk.book.set { $0.unreadable["50"] = LockError(.forbidden, "You may not.") }
        await desk.pass(5)
        #expect(desk.state("50") == .unknown && desk.last?.catalog["50"]?.reading.error == "You may not.")
        #expect(desk.last?.catalog["50"]?.reading.observedAt == noon && desk.events.isEmpty)
        desk.book.set { $0.unreadable = [:] }
        desk.book.free("50")
        await desk.pass(5)
        #expect(desk.state("50") == .free && desk.kinds == [.released])
        await desk.stop()
    }

    @Test("Two readings never overlap, whatever is asked for in between")
    func overlap() async {
        let desk = Desk(60)
        desk.book.set { $0.pageSize = 10 }
        await desk.start()
        await desk.watch.show(["1", "2"])
        let gate = Gate()
        desk.book.set { $0.gates[.read] = gate }
        desk.time.advance(by: 5)
        await gate.arrived()
        let naps = desk.time.naps.count
        await desk.watch.readNow()
        await desk.watch.readAll()
        await desk.watch.setPoll(1)
        await desk.watch.setPaused(true)
        await desk.watch.setPaused(false)
        async let second: Void = desk.watch.run()
        await second
        desk.book.set { $0.gates = [:] }
        gate.open()
        await desk.time.quiet(after: naps)
        #expect(desk.book.get(\.overlaps) == 0)
        #expect(desk.book.log.count { $0 == "items 0" } >= 2)
        await desk.stop()
    }

    @Test("The first listing goes on where it failed; what came before is kept, read and waited for meanwhile")
    func resumed() async {
        let desk = Desk(40)
        desk.book.set { state in
            state.pageSize = 10
            state.hasCursors = true
            state.faults[.items] = []
            state.brokenPages = ["20": LockError(.unreachable, "Nobody answers.")]
        }
        desk.book.give("5", to: "bob")
        await desk.watch.show(["5"])
        await desk.watch.wait(for: "5", with: Wish(.lock))
        await desk.start()
        #expect(desk.last?.catalog.count == 20 && desk.events.isEmpty && desk.book.count(.lock) == 0)
        desk.book.free("5")
        await desk.pass(60)
        #expect(desk.holder("5") == "me" && desk.results.map(\.outcome) == [.done])
        #expect(desk.kinds == [.released, .locked])
        desk.book.set { $0.brokenPages = [:] }
        await desk.ask { await $0.readAll() }
        #expect(desk.last?.status.phase == .watching && desk.last?.catalog.count == 40)
        #expect(desk.book.log.count { $0 == "items 0" } == 1 && desk.book.log.count { $0 == "items 10" } == 1)
        #expect(desk.kinds == [.released, .locked])
        await desk.stop()
    }

    @Test("While a long listing goes on, what is on screen is read again with each poll")
    func longListing() async {
        let desk = Desk(60)
        let time = desk.time
        desk.book.set { state in
            state.pageSize = 10
            state.hasCursors = true
            state.slowly[.items] = { time.advance(by: 3) }
        }
        await desk.watch.show(["5"])
        await desk.start()
        let reads = desk.book.log.filter { $0.hasPrefix("read") || $0.hasPrefix("items") }
        #expect(
            reads == [
                "items 0", "items 10", "read 5", "items 20", "items 30", "read 5", "items 40", "items 50",
            ])
        #expect(desk.last?.catalog.count == 60 && desk.events.isEmpty)
        await desk.stop()
    }

    @Test("A clock that is set, back or on, stops no polling and invents no events", arguments: [-28_800.0, 28_800])
    func clockSet(by seconds: Double) async {
        let desk = Desk(2, poll: 5)
        desk.book.set { state in
            state.locks["0"] = [
                Lock(kind: .checkout, holder: Holder(id: "bob"), identity: LockIdentity(of: "checkout bob"))
            ]
        }
        desk.book.give("1", to: "ann", timeout: 600)
        await desk.start()
        desk.time.setClock(by: seconds)
        for _ in 0..<4 { await desk.pass(5) }
        #expect(desk.book.count(.items) == 5 && desk.events.isEmpty && desk.last?.status.phase == .watching)
        let since = desk.last?.catalog["0"]?.lock?.since
        #expect(since.map { $0 <= desk.time.wall } ?? false)
        await desk.stop()
    }

    @Test("Out, in, out: the check-out that is watched is as old as itself, not as its holder's first one")
    func outInOut() async {
        let desk = Desk(1)
        func checkOut() {
            desk.book.set { state in
                state.locks["0"] = [
                    Lock(kind: .checkout, holder: Holder(id: "bob"), identity: LockIdentity(of: "checkout bob"))
                ]
            }
        }
        checkOut()
        await desk.start()
        for _ in 0..<5 { await desk.pass(5) }
        #expect(desk.last?.catalog["0"]?.lock?.since == noon)
        desk.book.free("0")
        await desk.pass(5)
        checkOut()
        await desk.pass(5)
        #expect(desk.last?.catalog["0"]?.lock?.since == noon.addingTimeInterval(35))
        #expect(desk.last?.catalog["0"]?.lock?.sinceIs == .firstSeen)
        await desk.stop()
    }

    @Test("The end of a watch is prompt, tells the last events and keeps the rows", arguments: [true, false])
    func end(_ isReading: Bool) async {
        let desk = Desk(60)
        desk.book.set { $0.pageSize = 10 }
        await desk.start()
        await desk.watch.show(["1"])
        desk.book.give("1", to: "bob")
        let gate = Gate()
        if isReading {
            desk.book.set { $0.gates[.items] = gate }
            desk.time.advance(by: 5)
            await gate.arrived()
        }
        gate.open()
        await desk.stop()
        #expect(desk.journal.keptRows.count == 60)
        #expect(desk.kinds == (isReading ? [.locked] : []))
    }
}
