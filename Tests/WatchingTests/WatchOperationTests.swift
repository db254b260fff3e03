// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

@Suite("Operations while watching", .timeLimit(.minutes(1)))
struct WatchOperationTests {
    @Test("An operation shows at once, as one event of ours, and the next reading adds none")
    func shown() async {
        let desk = Desk(2)
        await desk.start()
        let result = await desk.watch.perform(Wish(.lock), on: "0")
        #expect(result.outcome == .done && desk.holder("0") == "me")
        #expect(desk.events.map(\.isOurs) == [true] && desk.kinds == [.locked])
        #expect(desk.events.first?.title == "Item 0" && desk.events.first?.by?.isMe == true)
        await desk.pass(5)
        #expect(desk.events.count == 1)
        await desk.stop()
    }

    @Test(
        "A reading that was asked for before an operation ended is not believed", arguments: [Book.Call.read, .items])
    func staleAnswer(_ call: Book.Call) async {
        let desk = Desk(60)
        desk.book.set { $0.pageSize = 10 }
        await desk.start()
        await desk.watch.show(["0"])
        let gate = Gate()
        if call == .items { await desk.watch.readAll() }
        await desk.time.quiet(after: call == .items ? 1 : 0)
        desk.book.set { $0.gates[call] = gate }
        if call == .read { desk.time.advance(by: 5) } else { await desk.watch.readAll() }
        await gate.arrived()
        // The server has answered "free", the answer is on its way; only the looks of the operation pass.
        desk.book.set { $0.gates = [:] }
        let naps = desk.time.naps.count
        #expect(await desk.watch.perform(Wish(.lock), on: "0").outcome == .done)
        gate.open()
        await desk.time.quiet(after: naps)
        #expect(desk.holder("0") == "me" && desk.kinds == [.locked])
        let since = desk.all.drop { $0.catalog["0"]?.lock == nil }
        #expect(since.allSatisfy { $0.catalog["0"]?.lock?.holder.isMe == true })
        await desk.pass(5)
        #expect(desk.holder("0") == "me" && desk.kinds == [.locked])
        await desk.stop()
    }

    @Test("A reading that ends while an operation is under way shows no half of it")
    func half() async {
        let desk = Desk(1)
        await desk.start()
        let gate = Gate()
        desk.book.set { $0.gates[.lock] = gate }
        async let result = desk.watch.perform(Wish(.lock), on: "0")
        await gate.arrived()
        await desk.pass(5)
        #expect(desk.events.isEmpty && desk.state("0") == .free)
        gate.open()
        #expect(await result.outcome == .done)
        #expect(desk.events.map(\.isOurs) == [true] && desk.holder("0") == "me")
        await desk.stop()
    }

    @Test("A refused operation shows who was met, as a conflict and as their taking it")
    func conflict() async {
        let desk = Desk(1)
        await desk.start()
        desk.book.give("0", to: "bob")
        #expect(await desk.watch.perform(Wish(.lock), on: "0").reason == .conflict)
        #expect(desk.holder("0") == "bob" && desk.kinds == [.locked, .conflict])
        await desk.stop()
    }

    @Test("An item that an operation finds gone has vanished")
    func gone() async {
        let desk = Desk(2)
        await desk.start()
        desk.book.remove("0")
        #expect(await desk.watch.perform(Wish(.lock), on: "0").reason == .gone)
        #expect(desk.kinds == [.vanished, .failed] && desk.last?.catalog["0"] == nil)
        #expect(desk.events.map(\.title) == ["Item 0", "Item 0"])
        await desk.stop()
    }

    // MARK: Waiting

    @Test("What is waited for is taken as soon as it is free, and reported once")
    func taken() async {
        let desk = Desk(2)
        desk.book.give("0", to: "bob")
        await desk.start()
        await desk.ask { await $0.wait(for: "0", with: Wish(.lock)) }
        #expect(desk.last?.status.waits == ["0"] && desk.results.isEmpty)
        await desk.pass(5)
        desk.book.free("0")
        await desk.pass(5)
        #expect(desk.holder("0") == "me" && desk.results.map(\.outcome) == [.done])
        #expect(desk.last?.status.waits == [])
        await desk.pass(5)
        #expect(desk.results.count == 1 && desk.book.count(.lock) == 1)
        await desk.stop()
    }

    @Test("Whoever is quicker makes the wait go on")
    func quicker() async {
        let desk = Desk(1)
        desk.book.give("0", to: "bob")
        await desk.start()
        await desk.ask { await $0.wait(for: "0", with: Wish(.lock)) }
        desk.book.free("0")
        desk.book.set { $0.others[.before(.lock)] = [{ $0.give("0", to: "carol") }] }
        await desk.pass(5)
        #expect(desk.holder("0") == "carol" && desk.last?.status.waits == ["0"] && desk.results.isEmpty)
        desk.book.free("0")
        await desk.pass(5)
        #expect(desk.holder("0") == "me" && desk.results.count == 1)
        await desk.stop()
    }

    @Test("A wait outlives a server that does not answer for a moment, and ends with a refusal")
    func hiccup() async {
        let desk = Desk(1)
        await desk.start()
        desk.book.set { $0.faults[.find] = [LockError(.unreachable, "Nobody answers.")] }
        await desk.ask { await $0.wait(for: "0", with: Wish(.lock)) }
        #expect(desk.last?.status.waits == [] && desk.holder("0") == "me")
        desk.book.free("0")
        await desk.pass(5)
        desk.book.set { $0.lasting[.lock] = LockError(.forbidden, "You may not.") }
        await desk.ask { await $0.wait(for: "0", with: Wish(.lock)) }
        #expect(desk.results.last?.reason == .forbidden && desk.last?.status.waits == [])
        await desk.stop()
    }

    @Test("A wait that was called off takes nothing, also while another wait is carried out")
    func calledOff() async {
        let desk = Desk(2)
        desk.book.give("0", to: "bob")
        desk.book.give("1", to: "bob")
        await desk.start()
        await desk.ask { await $0.wait(for: "0", with: Wish(.lock)) }
        await desk.ask { await $0.wait(for: "1", with: Wish(.lock)) }
        desk.book.free("0")
        desk.book.free("1")
        let gate = Gate()
        desk.book.set { $0.gates[.lock] = gate }
        let naps = desk.time.naps.count
        desk.time.advance(by: 5)
        await gate.arrived()
        await desk.watch.cancelWait(for: "1")
        gate.open()
        await desk.time.quiet(after: naps)
        #expect(desk.holder("0") == "me" && desk.book.lock(of: "1") == nil && desk.results.count == 1)
        await desk.stop()
    }

    @Test("A wait for what vanishes ends and says so, once")
    func vanished() async {
        let desk = Desk(2)
        desk.book.give("0", to: "bob")
        await desk.start()
        await desk.ask { await $0.wait(for: "0", with: Wish(.lock)) }
        desk.book.remove("0")
        await desk.pass(5)
        #expect(desk.results.map(\.reason) == [.gone] && desk.last?.status.waits == [])
        await desk.ask { await $0.wait(for: "nowhere", with: Wish(.lock)) }
        #expect(desk.results.map(\.reason) == [.gone, .gone] && desk.last?.status.waits == [])
        await desk.stop()
    }

    @Test("A wait for what I have by now ends as unchanged")
    func mineAlready() async {
        let desk = Desk(1)
        desk.book.give("0", to: "me")
        await desk.start()
        await desk.ask { await $0.wait(for: "0", with: Wish(.lock)) }
        #expect(desk.results.map(\.outcome) == [.unchanged] && desk.last?.status.waits == [])
        await desk.stop()
    }
}

@Suite("Keeping locks alive", .timeLimit(.minutes(1)))
struct KeepAliveTests {
    /// A desk whose item 0 was locked through it, and whose item 1 was locked elsewhere by the same account.
    private func desk(_ count: Int = 2, poll: Double = 5, keepsAlive: Bool = true, timeout: Int = 60) async -> Desk {
        let desk = Desk(count, poll: poll, keepsAlive: keepsAlive)
        desk.book.set { $0.timeout = timeout }
        desk.book.give("1", to: "me", timeout: timeout)
        await desk.start()
        _ = await desk.watch.perform(Wish(.lock), on: "0")
        await desk.ask { await $0.readNow() }
        return desk
    }

    private func refreshed(_ desk: Desk) -> [String] { desk.book.log.filter { $0.hasPrefix("refresh") } }

    @Test("Only what was taken through this program is refreshed, at half of its time")
    func half() async {
        let desk = await desk()
        #expect(desk.last?.status.kept == ["0"])
        for _ in 0..<5 { await desk.pass(5) }
        #expect(refreshed(desk) == [])
        await desk.pass(5)
        #expect(refreshed(desk) == ["refresh 0"])
        for _ in 0..<24 { await desk.pass(5) }
        #expect(refreshed(desk).count == 5 && Set(refreshed(desk)) == ["refresh 0"])
        #expect(desk.holder("0") == "me")
        #expect(desk.journal.entries.filter { $0.operation == .refresh }.allSatisfy { $0.reason == "kept alive" })
        await desk.stop()
    }

    @Test("A lock is refreshed in time also where the listing tells nothing of locks")
    func silentListing() async {
        let desk = await desk()
        desk.book.set { $0.tellsLocks = false }
        for _ in 0..<24 { await desk.pass(5) }
        #expect(refreshed(desk).count == 4 && Set(refreshed(desk)) == ["refresh 0"])
        #expect(desk.holder("0") == "me")
        await desk.stop()
    }

    @Test("A lock is refreshed before it runs out also when the poll is longer than the lock lives, or paused")
    func between() async {
        for isPaused in [false, true] {
            let desk = await desk(poll: 600)
            if isPaused { await desk.watch.setPaused(true) }
            let listings = desk.book.count(.items)
            #expect(desk.time.naps.last == 30)
            await desk.pass(30)
            #expect(refreshed(desk) == ["refresh 0"] && desk.time.naps.last == 30)
            await desk.pass(30)
            #expect(refreshed(desk).count == 2 && desk.book.count(.items) == listings)
            await desk.stop()
        }
    }

    @Test(
        "A lock is refreshed in time also when the clock is set meanwhile, back or on, watched or paused",
        arguments: [-28_800.0, 28_800], [false, true])
    func clockSet(by seconds: Double, isPaused: Bool) async {
        let desk = await desk(poll: isPaused ? 600 : 5)
        if isPaused { await desk.watch.setPaused(true) }
        desk.time.setClock(by: seconds)
        if isPaused {
            await desk.pass(30)
        } else {
            for _ in 0..<5 { await desk.pass(5) }
            #expect(refreshed(desk) == [])
            await desk.pass(5)
        }
        #expect(refreshed(desk) == ["refresh 0"])
        await desk.stop()
    }

    @Test(
        "A refresh that failed is tried again in time also when the clock is set meanwhile",
        arguments: [-28_800.0, 28_800])
    func clockSetAfterFailure(by seconds: Double) async {
        let desk = await desk(poll: 3_600, timeout: 600)
        desk.book.set { $0.faults[.refresh] = [LockError(.forbidden, "Not now.")] }
        await desk.pass(300)
        #expect(refreshed(desk).count == 1)
        desk.time.setClock(by: seconds)
        await desk.pass(60)
        #expect(refreshed(desk).count == 2 && desk.journal.results.last?.outcome == .done)
        await desk.stop()
    }

    @Test("A lock is refreshed also while the listing fails, but not while the server asks to be left alone")
    func whileFailing() async {
        let desk = await desk()
        desk.book.set { $0.lasting[.items] = LockError(.nonsense, "Error 500.") }
        await desk.pass(30)
        #expect(refreshed(desk) == ["refresh 0"])
        desk.book.set { $0.lasting[.items] = LockError(.slowDown, "Wait.", retryAfter: 600) }
        await desk.ask { await $0.readNow() }
        desk.time.advance(by: 45)
        #expect(refreshed(desk).count == 1)
        await desk.stop()
    }

    @Test("A lock that is not to be kept is left to run out, and is kept again when it is wished")
    func setKept() async {
        let desk = await desk()
        await desk.ask { await $0.setKept("0", false) }
        #expect(desk.last?.status.kept == [])
        await desk.pass(40)
        #expect(refreshed(desk) == [])
        await desk.ask { await $0.setKept("0", true) }
        #expect(desk.last?.status.kept == ["0"] && refreshed(desk) == ["refresh 0"])
        await desk.ask { await $0.setKept("0", false) }
        _ = await desk.watch.perform(Wish(.unlock), on: "0")
        _ = await desk.watch.perform(Wish(.lock), on: "0")
        await desk.ask { await $0.readNow() }
        #expect(desk.last?.status.kept == ["0"])
        await desk.stop()
    }

    @Test("Nothing is kept where it is not wished, or where nothing can be refreshed")
    func notAtAll() async {
        let unwished = await desk(keepsAlive: false)
        await unwished.pass(40)
        #expect(refreshed(unwished) == [] && unwished.last?.status.kept == [])
        await unwished.stop()
        let desk = await desk()
        desk.book.set { $0.withdrawn = [.refresh: "Not here."] }
        await desk.pass(5)
        await desk.pass(40)
        #expect(refreshed(desk) == [] && desk.last?.status.kept == [] && !desk.kinds.contains(.failed))
        await desk.stop()
    }

    @Test("A refresh that fails is tried again before the lock runs out, and not at every turn")
    func retried() async {
        let desk = await desk(timeout: 600)
        desk.book.set { $0.lasting[.refresh] = LockError(.forbidden, "Not now.") }
        await desk.pass(300)
        for _ in 0..<12 { await desk.pass(5) }
        #expect(refreshed(desk).count == 2)
        desk.book.set { $0.lasting = [:] }
        await desk.pass(60)
        #expect(refreshed(desk).count == 3 && desk.holder("0") == "me")
        await desk.stop()
    }

    @Test("A lock that is lost is no longer kept")
    func lost() async {
        let desk = await desk()
        desk.book.give("0", to: "bob")
        await desk.pass(5)
        #expect(desk.last?.status.kept == [] && desk.kinds.last == .stolen)
        await desk.pass(60)
        #expect(refreshed(desk) == [])
        await desk.stop()
    }
}
