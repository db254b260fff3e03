// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Synchronization
import Testing

@testable import Watching

@Suite("One item, one queue", .timeLimit(.minutes(1)))
struct QueueTests {
    private let desk = Desk(1)
    private var book: Book { desk.book }

    /// A lock of ours on item 0, and a refresh of it whose change has reached the server but not come back.
    private func refreshUnderWay() async -> (gate: Gate, task: Task<OperationResult, Never>) {
        let lock = book.give("0", to: "me", timeout: 600)
        let gate = Gate()
        book.set { $0.gates[.refresh] = gate }
        let wish = Wish(.refresh, expecting: .lock(lock.identity), reason: "kept alive")
        let task = Task { [desk] in await desk.performer.perform(wish, on: "0").result }
        await gate.arrived()
        return (gate, task)
    }

    @Test("A release begins with a reading of its own, after the refresh that was under way has ended")
    func releaseAfterRefresh() async {
        let (gate, refresh) = await refreshUnderWay()
        let release = desk.performer.take(Wish(.unlock), on: "0")
        let task = Task { [desk] in await desk.performer.perform(release).result }
        // Also by another name the item is the same one.
        let byPath = Task { [desk] in await desk.performer.perform(Wish(.lock), on: "/0").result }
        #expect(book.count(.unlock) == 0)
        gate.open()
        #expect(await refresh.value.outcome == .done)
        #expect(await task.value.outcome == .done)
        let again = await byPath.value
        #expect(again.outcome == .done || again.reason == .already)
        let log = book.log
        let refreshed = log.firstIndex(of: "refresh 0") ?? 0
        let released = log.firstIndex(of: "unlock 0") ?? 0
        #expect(refreshed < released && log[refreshed..<released].contains("find 0"))
    }

    @Test("A release takes waiting refreshes out: they send nothing and say so")
    func releaseTakesRefreshesOut() async {
        let (gate, first) = await refreshUnderWay()
        let waiting = desk.performer.take(Wish(.refresh), on: "0")
        let release = desk.performer.take(Wish(.unlock), on: "0")
        let late = desk.performer.take(Wish(.refresh), on: "0")
        async let taken = desk.performer.perform(waiting).result
        async let released = desk.performer.perform(release).result
        async let refused = desk.performer.perform(late).result
        gate.open()
        let ended = await released
        #expect(await first.value.outcome == .done)
        #expect(ended.outcome == .done)
        let out = await taken
        #expect(out.reason == .cancelled && out.why.contains("given back"))
        #expect(await refused.reason == .notHeld)
        #expect(book.count(.refresh) == 1 && book.lock(of: "0") == nil)
    }

    @Test("Orders on one item begin in the order in which they were taken, whoever carries them out first")
    func inOrder() async {
        let orders = [Operation.lock, .unlock, .checkOut, .discard, .lock].map {
            desk.performer.take(Wish($0), on: "0")
        }
        await withTaskGroup(of: Void.self) { group in
            for order in orders.reversed() { group.addTask { [desk] in _ = await desk.performer.perform(order) } }
        }
        let changes = book.log.filter { ["lock 0", "unlock 0", "checkOut 0", "discard 0"].contains($0) }
        #expect(changes == ["lock 0", "unlock 0", "checkOut 0", "discard 0", "lock 0"])
    }

    @Test("A wish of another item does not wait")
    func otherItems() async {
        book.add(1)
        let (gate, refresh) = await refreshUnderWay()
        #expect(await desk.performer.perform(Wish(.lock), on: "1").result.outcome == .done)
        gate.open()
        _ = await refresh.value
    }

    @Test("In a thousand random orders no refresh undoes a release, and no lock of another's falls")
    func randomly() async {
        var dice = Dice(seed: 6)
        for round in 0..<1_000 {
            let desk = Desk(1)
            let book = desk.book
            let lock = book.give("0", to: "me", timeout: 600)
            // As Nick does: a refresh of what nobody has takes it.
            book.set { state in
                state.refreshTakes = true
                if Int.random(in: 0..<3, using: &dice) == 0 { state.losesAnswer.insert(.refresh) }
                if Int.random(in: 0..<4, using: &dice) == 0 { state.losesAnswer.insert(.unlock) }
            }
            let others = Int.random(in: 0..<4, using: &dice)
            let point: Book.Point =
                [.before(.find), .after(.find), .begin, .before(.refresh), .after(.unlock)]
                .randomElement(using: &dice) ?? .begin
            if others == 0 { book.set { $0.others[point] = [{ $0.free("0") }] } }
            if others == 1 { book.set { $0.others[point] = [{ $0.give("0", to: "bob") }] } }
            let isKept = Wish(.refresh, expecting: .lock(lock.identity), reason: "kept alive")
            var wishes = [isKept, isKept, Wish(.refresh), Wish(.unlock)].shuffled(using: &dice)
            if Bool.random(using: &dice) { wishes.removeFirst() }
            if !wishes.contains(Wish(.unlock)) { wishes.append(Wish(.unlock)) }
            let pauses = wishes.map { _ in Int.random(in: 0..<12, using: &dice) }
            let results = await withTaskGroup(of: OperationResult.self) { group in
                for (wish, pause) in zip(wishes, pauses) {
                    group.addTask {
                        for _ in 0..<pause { await Task.yield() }
                        return await desk.performer.perform(wish, on: "0").result
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let release = results.first { $0.operation == .unlock }
            let note = "round \(round): \(results.map { "\($0.operation) \($0.outcome) \($0.why)" })"
            #expect(book.lock(of: "0")?.holder.isMe != true, "\(note)")
            if others == 1 { #expect(book.lock(of: "0")?.holder.id == "bob" || release?.outcome == .done, "\(note)") }
            #expect(book.get { $0.broken.isEmpty }, "\(note)")
        }
    }

    @Test("Keep-alive tries again when the server wants to be asked, not before")
    func retryAfter() async {
        let desk = Desk(1, poll: 1_000)
        await desk.start()
        #expect(await desk.watch.perform(Wish(.lock), on: "0").outcome == .done)
        desk.book.set { $0.faults[.refresh] = [LockError(.slowDown, "Wait.", retryAfter: 200)] }
        await desk.ask { await $0.setKept("0", true) }
        await desk.pass(300)
        #expect(desk.book.count(.refresh) == 1)
        desk.time.advance(by: 190)
        #expect(desk.book.count(.refresh) == 1)
        await desk.pass(15)
        #expect(desk.book.count(.refresh) == 2)
        await desk.stop()
    }

    @Test("What the watch reports of pause and poll is what it does, and its own poll stays")
    func reports() async {
        let desk = Desk(1)
        await desk.start()
        await desk.ask { await $0.setPoll(20) }
        await desk.watch.setPaused(true)
        #expect(desk.last?.status.poll == 20 && desk.last?.status.isPaused == true)
        await desk.ask { await $0.setPaused(false) }
        #expect(desk.last?.status.isPaused == false)
        await desk.stop()
        let own = Desk(1, pace: Pace(poll: 60, isOwn: true))
        await own.start()
        await own.ask { await $0.setPoll(2) }
        #expect(own.last?.status.poll == 60 && own.time.naps.last ?? 0 > 50)
        await own.stop()
    }
}
