// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
import Locks
import Synchronization
import Testing

@testable import History

@Suite("The ages of locks, over all runs")
struct FirstSeenTests {
    let scratch = Scratch()
    let item = ItemRef(server: "intranet", id: "/news/agm")

    /// Seconds after noon since when the item's lock is known, as a look at it shows.
    private func since(
        _ locks: [Lock] = [checkout()], in store: Store, of item: ItemRef? = nil, at seconds: Double,
        patience: Double = 120
    ) -> Double? {
        let time = after(seconds)
        let reading = store.aged(.known(locks, at: time), of: item ?? self.item, at: time, patience: patience)
        return (reading.lock?.since?.timeIntervalSince(noon)).map { ($0 * 1_000).rounded() / 1_000 }
    }

    /// Lets this store notice what others wrote, which it otherwise does once a second.
    private func look(_ store: Store) { store.readAges() }

    @Test("An age goes on in the next run, for each item and lock of its own")
    func nextRun() throws {
        let first = try scratch.store()
        #expect(since(in: first, at: 0) == 0)
        #expect(since(in: first, at: 5) == 0)
        first.close()
        let second = try scratch.store()
        #expect(since(in: second, at: 100) == 0)
        #expect(since(in: second, of: ItemRef(server: "files", id: item.id), at: 101) == 101)
        #expect(since([checkout("another")], in: second, at: 102) == 102)
    }

    @Test("Out in one run, in in the next, out again: the age begins anew", arguments: [false, true])
    func outInOut(isOneRun: Bool) throws {
        var store = try scratch.store()
        func next() throws {
            guard !isOneRun else { return }
            store.close()
            store = try scratch.store()
        }
        #expect(since(in: store, at: 0) == 0)
        try next()
        #expect(since([], in: store, at: 10) == nil)
        try next()
        #expect(since(in: store, at: 20) == 20)
        try next()
        #expect(since(in: store, at: 30) == 20)
    }

    @Test("A check-out that nobody watched for long is not as old as the one before, also after an update")
    func gap() throws {
        let first = try scratch.store()
        #expect(since(in: first, at: 0) == 0)
        first.close()
        let second = try scratch.store()
        #expect(since(in: second, at: 1_728_000) == 1_728_000)
        second.close()
        // As a program wrote it that knew no end of watching.
        try scratch.outside { try $0.execute(sql: "UPDATE firstSeen SET until = NULL") }
        #expect(since(in: try scratch.store(), at: 1_728_005) == 1_728_005)
    }

    @Test("A lock that proves itself keeps its age over any gap")
    func proven() throws {
        let refreshed = Lock(
            kind: .lock, holder: Holder(id: "bob"), since: after(0), sinceIs: .refreshed,
            identity: LockIdentity(of: "token"))
        let first = try scratch.store()
        #expect(since([refreshed], in: first, at: 0) == 0)
        first.close()
        var later = refreshed
        later.since = after(900_000)
        #expect(since([later], in: try scratch.store(), at: 900_001) == 0)
    }

    @Test(
        "A command that looks once does not break the age of a program that watches, and ends it where the lock ended")
    func beside() throws {
        let (watching, once) = (try scratch.store(), try scratch.store())
        for second in stride(from: 0.0, through: 600, by: 5) { #expect(since(in: watching, at: second) == 0) }
        watching.flush()
        look(once)
        #expect(since(in: once, at: 601) == 0)
        #expect(since(in: watching, at: 605) == 0)
        look(once)
        #expect(since([], in: once, at: 606) == nil)
        once.flush()
        look(watching)
        #expect(since(in: watching, at: 610) == 610)
        watching.flush()
        look(once)
        #expect(since(in: once, at: 611) == 610)
    }

    @Test("Of two programs that see a hold first, the earlier sight counts")
    func together() throws {
        let (one, two) = (try scratch.store(), try scratch.store())
        #expect(since(in: one, at: 2) == 2)
        #expect(since(in: two, at: 1) == 1)
        one.flush()
        two.flush()
        #expect(since(in: try scratch.store(), at: 3) == 1)
    }

    @Test("An age that ended is written in the transaction of the event that tells it")
    func withTheEvent() throws {
        let store = try scratch.store()
        #expect(since(in: store, at: 0) == 0)
        store.flush()
        #expect(since([], in: store, at: 5) == nil)
        _ = store.keep([event(.checkedIn, at: after(5), before: checkout())])
        #expect(store.state.withLock { $0.unwritten.isEmpty })
        #expect(try scratch.outside { try Int.fetchOne($0, sql: "SELECT count(*) FROM firstSeen") } == 0)
    }

    @Test("What could not be written goes with the next write that succeeds")
    func failedWrite() throws {
        let store = try scratch.store()
        try scratch.outside { db in
            try db.execute(
                sql: "CREATE TRIGGER no BEFORE INSERT ON firstSeen BEGIN SELECT RAISE(ABORT, 'no'); END")
        }
        #expect(since(in: store, at: 0) == 0)
        store.flush()
        try scratch.outside { try $0.execute(sql: "DROP TRIGGER no") }
        store.flush()
        #expect(try scratch.outside { try Int.fetchOne($0, sql: "SELECT count(*) FROM firstSeen") } == 1)
    }
}
