// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
import Locks
import Testing

@testable import History

@Suite("The audit log")
struct AuditTests {
    let scratch = Scratch()

    @Test("shows an operation to other programs before begin returns, and says that it is not completed")
    func begunIsThere() throws {
        let store = try scratch.store()
        let number = try store.begin(entry(.forceUnlock, before: lock()))
        let seen = try scratch.outside { db in
            try GRDB.Row.fetchOne(db, sql: "SELECT seq, operation, completedAt FROM operations")
        }
        #expect(seen?["seq"] == number)
        #expect(seen?["operation"] == "forceUnlock")
        #expect(seen?["completedAt"] == (nil as Double?))
    }

    @Test("writes to the disk before begin and complete return, and is quicker elsewhere")
    func synchronous() throws {
        let store = try scratch.store()
        func level() throws -> Int? { try store.queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA synchronous") } }
        let within = try store.write(.certain) { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(within == 2)
        #expect(try level() == 1)
        #expect(try store.write(.usual) { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 1)
        #expect(try store.queue.unsafeRead { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    }

    @Test("keeps an operation that was never completed over a restart, without an outcome")
    func unfinished() throws {
        let before = lock()
        try scratch.store().close()
        var store: Store? = try scratch.store()
        let number = try store?.begin(entry(.unlock, before: before))
        store = nil
        let records = try scratch.store().operations(HistoryFilter())
        #expect(records.map(\.seq) == [number])
        #expect(records.first?.outcome == nil)
        #expect(records.first?.completedAt == nil)
        #expect(records.first?.before == before)
    }

    @Test("counts operations by server and by how they ended, and those that never ended not at all")
    func outcomes() throws {
        let store = try scratch.store()
        for outcome in [Outcome.done, .done, .failed] {
            store.complete(try store.begin(entry(.lock)), with: result(.lock, outcome), at: after(1))
        }
        store.complete(try store.begin(entry(.unlock)), with: result(.unlock, .done), at: after(1))
        _ = try store.begin(entry(.unlock))
        let counts = try store.outcomes()
        #expect(Array(counts.keys) == [entry().ref.server])
        #expect(
            counts[entry().ref.server] == [
                OperationEnd(operation: .lock, outcome: .done): 2, OperationEnd(operation: .lock, outcome: .failed): 1,
                OperationEnd(operation: .unlock, outcome: .done): 1,
            ])
    }

    @Test("keeps every field of an operation over a restart, hostile text too")
    func roundTrip() throws {
        let ref = ItemRef(server: hostile, id: hostile)
        let before = lock(by: hostile)
        let later = lock(by: "ann", isMe: true, source: "mine")
        let store = try scratch.store()
        let number = try store.begin(
            AuditEntry(
                at: noon, ref: ref, path: hostile, operation: .checkIn, account: hostile, before: before,
                reason: hostile))
        store.complete(
            number,
            with: OperationResult(
                ref: ref, path: hostile, operation: .checkIn, outcome: .unverified, reason: .unseen, why: hostile,
                before: before, after: later), at: after(2))
        store.close()
        let expected = AuditRecord(
            seq: number, at: noon, completedAt: after(2), ref: ref, path: hostile, operation: .checkIn,
            outcome: .unverified, reason: .unseen, why: hostile, account: hostile, operatorReason: hostile,
            before: before, after: later)
        #expect(try scratch.store().operations(HistoryFilter()) == [expected])
    }

    @Test("is append-only: a second completion changes nothing, and the database refuses other changes")
    func appendOnly() throws {
        let store = try scratch.store()
        let number = try store.begin(entry())
        store.complete(number, with: result(.lock, .done), at: after(1))
        store.complete(number, with: result(.lock, .failed, .server), at: after(9))
        let record = try #require(try store.operations(HistoryFilter()).first)
        #expect(record.outcome == .done)
        #expect(record.completedAt == after(1))
        _ = store.keep([event()])
        for sql in ["UPDATE operations SET why = 'x'", "UPDATE events SET text = 'x'"] {
            #expect(throws: DatabaseError.self) { try scratch.outside { try $0.execute(sql: sql) } }
        }
        let open = try store.begin(entry())
        #expect(throws: DatabaseError.self) {
            try scratch.outside { try $0.execute(sql: "UPDATE operations SET account = 'x' WHERE seq = \(open)") }
        }
    }

    @Test("stops the operation with a sentence when it can't be written, and the rest goes on with notices")
    func unwritable() throws {
        let store = try scratch.store()
        try scratch.outside { db in
            for table in ["operations", "events", "rows"] {
                try db.execute(
                    sql: """
                        CREATE TRIGGER full\(table) BEFORE INSERT ON \(table)
                        BEGIN SELECT RAISE(ABORT, 'no room'); END
                        """)
            }
        }
        let error = #expect(throws: LockError.self) { try store.begin(entry()) }
        #expect(error?.code == .nonsense)
        #expect(error?.message == "The audit log at \(scratch.database) can't be written: no room.")
        #expect(error?.advice.isEmpty == false)
        #expect(error?.mayHaveHappened == false)
        #expect(store.notices == [])
        #expect(store.keep([event()]).map(\.seq) == [nil])
        _ = store.keep([event()])
        store.keep([row("/a")], of: "intranet", seenBy: "ann")
        let notices = store.notices
        #expect(notices.count == 2)
        #expect(notices.first?.hasPrefix("Events can't be kept") == true)
        #expect(store.notices == [])
    }

    @Test("refuses to begin after it was closed")
    func closed() throws {
        let store = try scratch.store()
        store.close()
        #expect(throws: LockError.self) { try store.begin(entry()) }
        #expect(store.keep([event()]).first?.seq == nil)
    }
}

@Suite("Locks taken through this program")
struct TakenTests {
    let scratch = Scratch()
    let mine = lock(by: "ann", isMe: true, source: "mine")

    private func taken(
        _ store: Store, on server: String = "intranet", by account: String? = "ann"
    ) -> Set<LockIdentity> { Set(store.taken(on: server, by: account).map(\.identity)) }

    @Test("are known to the next run, for the account and server that took them")
    func known() throws {
        try perform(.lock, in: scratch.store(), after: mine)
        let store = try scratch.store()
        #expect(taken(store) == [mine.identity])
        #expect(taken(store, by: "bob") == [])
        #expect(taken(store, by: nil) == [])
        #expect(taken(store, on: "files") == [])
    }

    @Test("without an account are known without one")
    func withoutAccount() throws {
        let store = try scratch.store()
        try perform(.lock, in: store, account: nil, after: mine)
        #expect(taken(store, by: nil) == [mine.identity])
        #expect(taken(store) == [])
    }

    @Test("are those alone that are ours and done")
    func onlyOurs() throws {
        let store = try scratch.store()
        try perform(.lock, in: store, after: lock())
        try perform(.lock, in: store, .unverified, .unseen, after: mine)
        try perform(.lock, in: store, .unchanged, .already, after: mine)
        try perform(.refresh, in: store, before: mine, after: mine)
        try perform(.checkOut, in: store, after: mine)
        #expect(taken(store) == [])
    }

    @Test(
        "are forgotten when they end by an operation",
        arguments: [Locks.Operation.unlock, .forceUnlock, .discard, .checkIn])
    func ended(by operation: Locks.Operation) throws {
        let store = try scratch.store()
        let other = lock(by: "ann", isMe: true, source: "other")
        try perform(.lock, in: store, after: mine)
        try perform(.lock, in: store, on: "/other", after: other)
        try perform(operation, in: store, .refused, .conflict, before: mine)
        #expect(taken(store) == [mine.identity, other.identity])
        try perform(operation, in: store, before: mine)
        #expect(taken(store) == [other.identity])
    }

    @Test("are forgotten when a refresh finds them lost, and renamed when it gives them another identity")
    func refreshed() throws {
        let store = try scratch.store()
        let renamed = lock(by: "ann", isMe: true, source: "renamed")
        try perform(.lock, in: store, after: mine)
        try perform(.refresh, in: store, before: mine, after: renamed)
        #expect(taken(store) == [renamed.identity])
        try perform(.refresh, in: store, .refused, .lost, before: renamed, after: lock())
        #expect(taken(store) == [])
    }

    @Test("are forgotten when a reading shows them gone", arguments: [LockEvent.Kind.released, .expired, .stolen])
    func gone(by kind: LockEvent.Kind) throws {
        let store = try scratch.store()
        try perform(.lock, in: store, after: mine)
        _ = store.keep([event(.refreshed, before: mine, after: mine), event(.conflict, before: mine)])
        #expect(taken(store) == [mine.identity])
        _ = store.keep([event(kind, before: mine, after: kind == .stolen ? lock() : nil)])
        #expect(taken(store) == [])
    }

    @Test("are known with their item: two items that were locked in one second have locks of one identity")
    func sameIdentity() throws {
        let store = try scratch.store()
        try perform(.lock, in: store, on: "/a", after: mine)
        #expect(
            store.taken(on: "intranet", by: "ann")
                == [LockRef(item: ItemRef(server: "intranet", id: "/a"), identity: mine.identity)])
    }
}
