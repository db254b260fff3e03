// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
import Locks
import Synchronization
import Testing

@testable import History

@Suite("What is written once, and what is let go")
struct OnceTests {
    let scratch = Scratch()

    private func told(_ store: Store) throws -> [String] {
        try store.events(HistoryFilter()).map { "\($0.kind.rawValue) \($0.ref.id)" }
    }

    @Test("Two programs of one user that see the same changes write each once, and tell its one number")
    func twoPrograms() throws {
        let (one, two) = (try scratch.store(), try scratch.store())
        let held = checkout()
        func seen(at seconds: Double) -> [[LockEvent]] {
            [
                [event(.checkedOut, at: after(seconds), after: held, by: held.holder)],
                [event(.released, at: after(seconds + 60), before: held)],
                [event(.stolen, at: after(seconds + 90), before: held, after: lock())],
                [event(.appeared, on: "/new", at: after(seconds))],
                [event(.vanished, on: "/new", at: after(seconds + 60))],
            ]
        }
        for (first, second) in zip(seen(at: 0), seen(at: 4)) {
            #expect(one.keep(first).first?.seq == two.keep(second).first?.seq)
        }
        #expect(
            try told(one) == [
                "checkedOut /news/agm", "released /news/agm", "stolen /news/agm", "appeared /new", "vanished /new",
            ])
    }

    @Test("Two programs that know one lock by different identities write its changes once all the same")
    func otherIdentities() throws {
        let (one, two) = (try scratch.store(), try scratch.store())
        func held(_ source: String, until seconds: Double) -> Lock {
            var lock = lock(source: source)
            lock.expires = after(seconds)
            return lock
        }
        func changes(_ source: String, late: Double) -> [LockEvent] {
            [
                event(.locked, at: after(late), after: held(source, until: 300)),
                event(
                    .refreshed, at: after(100 + late), before: held(source, until: 300),
                    after: held(source, until: 400)),
                event(
                    .refreshed, at: after(200 + late), before: held(source, until: 400),
                    after: held(source, until: 500.4)),
                event(.released, at: after(300 + late), before: held(source, until: 500)),
            ]
        }
        for (first, second) in zip(changes("one", late: 0), changes("two", late: 3)) {
            #expect(one.keep([first]).first?.seq == two.keep([second]).first?.seq)
        }
        #expect(try one.events(HistoryFilter()).map(\.kind) == [.locked, .refreshed, .released])
    }

    @Test("What happens again is written again: out, in, out, in")
    func again() throws {
        let store = try scratch.store()
        for seconds in [0.0, 10, 20] {
            _ = store.keep([event(.checkedOut, at: after(seconds), after: checkout())])
            _ = store.keep([event(.released, at: after(seconds + 5), before: checkout())])
        }
        _ = store.keep([event(.released, at: after(3_600), before: checkout())])
        #expect(try store.events(HistoryFilter()).count == 7)
    }

    @Test("What one program did, another does not write as seen; what both did, both write")
    func ours() throws {
        let (one, two) = (try scratch.store(), try scratch.store())
        _ = one.keep([event(.stolen, before: lock(), isOurs: true)])
        _ = two.keep([event(.released, at: after(3), before: lock())])
        #expect(try told(one) == ["stolen /news/agm"])
        for store in [one, two] { _ = store.keep([event(.conflict, on: "/b", before: lock(), isOurs: true)]) }
        #expect(try told(one).count == 3)
    }

    private func refreshed(at seconds: Double, on id: String = "/news/agm") -> LockEvent {
        var (old, new) = (lock(), lock())
        old.expires = after(seconds)
        new.expires = after(seconds + 300)
        return event(.refreshed, on: id, at: after(seconds), before: old, after: new)
    }

    @Test("The refreshes of one lock are one event, with their number and the last time; two programs count them once")
    func refreshes() throws {
        let (one, two) = (try scratch.store(), try scratch.store())
        _ = one.keep([event(.locked, at: noon, after: lock())])
        for number in 1...12 {
            _ = one.keep([refreshed(at: Double(number) * 300)])
            _ = two.keep([refreshed(at: Double(number) * 300)])
        }
        let events = try one.events(HistoryFilter())
        #expect(events.map(\.kind) == [.locked, .refreshed])
        #expect(events.last?.at == after(3_600) && events.last?.text == "something happened (12 times)")
        #expect(try one.events(after: events.first?.seq ?? 0, limit: 10).map(\.seq) == [events.last?.seq])
    }

    @Test("Refreshes and new items push nothing else out of the history, however many there are")
    func noise() throws {
        let store = try scratch.store(Limits(events: 100, operations: 100))
        _ = store.keep((0..<50).map { event(.locked, on: "/\($0)") })
        _ = try store.begin(entry(.forceUnlock))
        for number in 0..<300 { _ = try store.begin(entry(.refresh, on: "/\(number)")) }
        store.state.withLock { $0.underWay = [] }
        _ = store.keep((0..<1_500).map { event(.appeared, on: "/n\($0)") })
        for number in 0..<3 { _ = store.keep((0..<400).map { refreshed(at: Double(number) * 400, on: "/r\($0)") }) }
        store.prune()
        let kinds = try store.events(HistoryFilter()).map(\.kind)
        #expect(kinds.count { $0 == .locked } == 50)
        #expect(kinds.count { $0 == .appeared } == 10 && kinds.count { $0 == .refreshed } == 10)
        let operations = try store.operations(HistoryFilter()).map(\.operation)
        #expect(operations.count { $0 == .forceUnlock } == 1 && operations.count { $0 == .refresh } == 25)
    }

    @Test("Nothing is let go between an operation that is written down and its result")
    func pruning() throws {
        let store = try scratch.store(Limits(events: 10))
        let number = try store.begin(entry())
        _ = store.keep((0..<2_000).map { event(on: "/\($0)") })
        store.prune()
        #expect(try store.events(HistoryFilter()).count == 2_000)
        store.complete(number, with: result(), at: noon)
        store.prune()
        #expect(try store.events(HistoryFilter()).count == 10)
    }
}
