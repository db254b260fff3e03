// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

@Suite("When a server is read again", .timeLimit(.minutes(1)))
struct RestingTests {
    private let down = LockError(.unreachable, "Nobody answers.")

    private func nextTry(_ desk: Desk) -> Double? {
        guard case .failing(_, let time) = desk.last?.status.phase else { return nil }
        return time.timeIntervalSince(desk.time.wall)
    }

    @Test("A healthy server is read at every poll, and a new poll holds at once without a reading of its own")
    func poll() async {
        let desk = Desk(1)
        await desk.start()
        #expect(desk.time.naps == [5])
        await desk.pass(5)
        #expect(desk.book.count(.items) == 2)
        desk.time.advance(by: 2)
        #expect(desk.book.count(.items) == 2)
        await desk.ask { await $0.setPoll(10) }
        #expect(desk.book.count(.items) == 2 && desk.time.naps.last == 8)
        await desk.ask { await $0.setPoll(3) }
        #expect(desk.book.count(.items) == 2 && desk.time.naps.last == 1)
        await desk.ask { await $0.setPoll(1) }
        #expect(desk.book.count(.items) == 3 && desk.time.naps.last == 1)
        await desk.stop()
    }

    @Test(
        "A listing that wants to be spared is swept over so many seconds; what is on screen and held is read at each poll",
        arguments: [
            (300, 0.0, 5.0), (300, 30.0, 5.0), (300, 60.0, 2.5), (300, 300.0, 0.5), (10, 0.0, 1.0), (10, 5.0, 1.0),
            (10, 20.0, 0.25),
        ])
    func sparing(count: Int, seconds: Double, pagesARound: Double) async {
        let desk = Desk(count)
        desk.book.set {
            $0.pageSize = 10
            $0.secondsPerSweep = seconds
        }
        desk.book.give("7", to: "bob")
        await desk.start()
        await desk.watch.show(["1", "2"])
        let pages = desk.book.count(.items)
        let reads = desk.book.count(.read)
        for _ in 0..<20 { await desk.pass(5) }
        #expect(desk.book.count(.items) - pages == Int(20 * pagesARound))
        // Where each round reads the one page that there is, nothing is to be read besides.
        let isAllInOne = pagesARound * 10 >= Double(count)
        #expect(desk.book.count(.read) - reads == (isAllInOne ? 0 : 40))
        desk.book.give("1", to: "carol")
        desk.book.free("7")
        await desk.pass(5)
        #expect(desk.holder("1") == "carol" && desk.state("7") == .free)
        await desk.stop()
    }

    @Test("A server that fails keeps its rows, is left alone for twice as long each time up to a minute, and recovers")
    func backOff() async throws {
        let desk = Desk(2)
        desk.book.give("1", to: "bob")
        await desk.start()
        desk.book.set { $0.lasting[.signIn] = down }
        var delays: [Double] = []
        await desk.pass(5)
        for _ in 0..<8 {
            let delay = try #require(nextTry(desk))
            #expect(desk.last?.catalog.count == 2 && desk.holder("1") == "bob")
            delays.append(delay)
            await desk.pass(delay + 0.01)
        }
        for (index, delay) in delays.enumerated() {
            let most = min(60, 5 * Double(1 << min(index, 6)))
            #expect(delay >= max(5, most * 0.85) - 0.001 && delay <= most + 0.001, "\(index): \(delay)")
        }
        desk.book.set { $0.lasting = [:] }
        await desk.pass(60)
        #expect(desk.last?.status.phase == .watching && desk.time.naps.last == 5 && desk.events.isEmpty)
        await desk.stop()
    }

    @Test(
        "How long a failing server is left alone: the poll doubled, its own word, and a minute after a wrong password")
    func delays() {
        func delay(_ error: LockError, _ count: Int, poll: Double = 5) -> Double {
            ServerWatch.delay(after: error, count: count, poll: poll)
        }
        for _ in 0..<200 {
            #expect((5...10).contains(delay(down, 2)))
            #expect((51...60).contains(delay(down, 5)))
            #expect((51...60).contains(delay(down, 1_000_000)))
            #expect(delay(down, 1, poll: 300) == 300)
            #expect((0.85...1).contains(delay(down, 1, poll: 0.1)))
        }
        #expect(delay(LockError(.slowDown, "x", retryAfter: 90), 1) == 90)
        #expect(delay(LockError(.slowDown, "x", retryAfter: 1), 1) == 5)
        // What the server does not have is not asked for again until a person asks.
        #expect(delay(LockError(.unsupported, "x"), 1) == 86_400)
        for code in [LockError.Code.notSignedIn, .wrongSystem, .forbidden] {
            #expect(delay(LockError(code, "x"), 1) == 60)
            #expect(delay(LockError(code, "x"), 9) == 60)
        }
    }

    @Test("A person who asks is served at once also by a server that failed, but not by one that said how long to wait")
    func askedFor() async {
        let desk = Desk(1)
        await desk.start()
        desk.book.set { $0.faults[.items] = [down] }
        await desk.pass(5)
        #expect(nextTry(desk) != nil)
        await desk.ask { await $0.wait(for: "0", with: Wish(.checkIn)) }
        await desk.ask { await $0.setKept("0", true) }
        await desk.ask { await $0.setPoll(1) }
        await desk.ask { await $0.setPaused(false) }
        #expect(desk.book.count(.items) == 2)
        await desk.watch.cancelWait(for: "0")
        await desk.ask { await $0.readNow() }
        #expect(desk.book.count(.items) == 3 && desk.last?.status.phase == .watching)
        desk.book.set { $0.faults[.items] = [LockError(.slowDown, "Wait.", retryAfter: 30)] }
        await desk.pass(5)
        #expect(nextTry(desk) == 30)
        await desk.ask { await $0.readNow() }
        #expect(desk.book.count(.items) == 4)
        await desk.pass(30)
        #expect(desk.book.count(.items) == 5 && desk.last?.status.phase == .watching)
        await desk.stop()
    }

    @Test("A wish to read that comes while a reading is under way is not lost")
    func whileReading() async {
        let desk = Desk(1)
        await desk.start()
        let gate = Gate()
        desk.book.set { $0.gates[.items] = gate }
        desk.time.advance(by: 5)
        await gate.arrived()
        let naps = desk.time.naps.count
        await desk.watch.readNow()
        gate.open()
        await desk.time.quiet(after: naps)
        #expect(desk.book.count(.items) == 3)
        await desk.stop()
    }

    @Test("A paused watch reads only when a person asks, once, and goes on where it was")
    func paused() async {
        let desk = Desk(1)
        await desk.start()
        await desk.watch.setPaused(true)
        await desk.pass(5)
        #expect(desk.book.count(.items) == 1 && (desk.time.naps.last ?? 0) > 3_600)
        await desk.ask { await $0.wait(for: "0", with: Wish(.checkIn)) }
        await desk.ask { await $0.setPoll(1) }
        #expect(desk.book.count(.items) == 1)
        await desk.ask { await $0.readNow() }
        #expect(desk.book.count(.items) == 2)
        desk.time.advance(by: 10)
        #expect(desk.book.count(.items) == 2)
        await desk.ask { await $0.setPaused(false) }
        #expect(desk.book.count(.items) == 3)
        await desk.stop()
    }

    @Test("An error that looks like being stopped does not end the watch")
    func looksCancelled() async {
        let desk = Desk(1)
        desk.book.set { $0.faults[.items] = [LockError(.cancelled, "It was stopped.")] }
        await desk.start()
        #expect(nextTry(desk) != nil)
        await desk.pass(6)
        #expect(desk.last?.status.phase == .watching)
        await desk.stop()
    }
}
