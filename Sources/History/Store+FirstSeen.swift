// SPDX-License-Identifier: MIT
import Dispatch
public import FoundationEssentials
import GRDB
public import Locks
import Synchronization

extension Store {
    /// A reading with each lock as old as any run of this program knows it.
    ///
    /// Answers from memory, and never waits. What changed is written together, with the next events or at the latest a
    /// twentieth of a second later; what other programs wrote is noticed within a second.
    public func aged(_ reading: Reading, of item: ItemRef, at time: Date, patience: Double) -> Reading {
        guard reading.state != .unknown else { return reading }
        let (aged, isUnwritten) = state.withLock { state in
            let (aged, changes) = state.ages.see(reading, of: item, at: time, patience: patience)
            for (key, change) in changes {
                state.unwritten[key] = state.unwritten[key]?.followed(by: change) ?? change
            }
            let isDue = !changes.isEmpty && !state.isFlushPlanned
            if isDue { state.isFlushPlanned = true }
            return (aged, isDue)
        }
        if isUnwritten { disk.later(.milliseconds(50)) { [weak self] in self?.flush() } }
        if isTimeToLook() { disk.later { [weak self] in self?.readAges() } }
        return aged
    }

    private func isTimeToLook() -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard state.nextLook <= now else { return false }
            state.nextLook = now.advanced(by: .seconds(1))
            return true
        }
    }

    /// Notes what other programs wrote. Their readings count as much as ours: one may have seen a lock end between two
    /// looks of this one.
    func readAges() {
        try? queue.unsafeRead { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA data_version")
            guard state.withLock({ $0.version == nil || $0.version != version }) else { return }
            var ages = Ages()
            let cursor = try GRDB.Row.fetchCursor(db, sql: "SELECT server, item, identity, at, until FROM firstSeen")
            while let row = try cursor.next() {
                let key = LockRef(
                    item: ItemRef(server: row.text(0) ?? "", id: row.text(1) ?? ""),
                    identity: LockIdentity(digest: row.text(2) ?? ""))
                ages[key] = Ages.Age(first: row.date(3) ?? .distantPast, until: row.date(4) ?? .distantPast)
            }
            state.withLock { state in
                for (key, change) in state.unwritten {
                    switch change {
                    case .began(let age, _), .extended(let age): ages[key] = age
                    case .ended: ages[key] = nil
                    }
                }
                state.ages = ages
                state.version = version
            }
        }
    }

    /// Writes the first-seen times that are in memory alone.
    func flush() {
        guard state.withLock({ !$0.unwritten.isEmpty }) else { return }
        let count = attempt("First-seen times can't be kept") { db in try writeSeen(db) }
        if let count { return inserted(count) }
        // They stay in memory and go with the next write that succeeds.
        state.withLock { $0.isFlushPlanned = false }
    }

    /// The same, within a transaction that is being made anyway.
    @discardableResult
    func writeSeen(_ db: Database) throws -> Int {
        let unwritten = state.withLock { state in
            state.isFlushPlanned = false
            defer { state.unwritten = [:] }
            return state.unwritten
        }
        guard !unwritten.isEmpty else { return 0 }
        db.afterNextTransaction(onCommit: { _ in }) { [weak self] _ in
            self?.state.withLock { state in
                for (key, change) in unwritten {
                    state.unwritten[key] = state.unwritten[key].map { change.followed(by: $0) } ?? change
                }
            }
        }
        let day = Self.day(of: Date())
        for (key, change) in unwritten { try write(change, of: key, on: day, db) }
        return unwritten.count
    }

    private func write(_ change: Ages.Change, of key: LockRef, on day: Int, _ db: Database) throws {
        let name = [Cell.text(key.item.server), Cell.text(key.item.id), key.identity.digest.databaseValue]
        let (sql, values): (String, [DatabaseValue])
        switch change {
        case .began(let age, let isAnew):
            // Two programs may see one hold first at the same time: then the earlier time stays.
            let at = isAnew ? "excluded.at" : "min(at, excluded.at)"
            sql = """
                INSERT INTO firstSeen (server, item, identity, at, until, used) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (server, item, identity) DO UPDATE SET
                    at = \(at), until = max(coalesce(until, 0), excluded.until), used = excluded.used
                """
            values = name + [Cell.time(age.first), Cell.time(age.until), day.databaseValue]
        case .extended(let age):
            // Not put back where it is gone: another program has seen it end.
            sql = """
                UPDATE firstSeen SET until = max(coalesce(until, 0), ?), used = ?
                WHERE server = ? AND item = ? AND identity = ?
                """
            values = [Cell.time(age.until), day.databaseValue] + name
        case .ended:
            sql = "DELETE FROM firstSeen WHERE server = ? AND item = ? AND identity = ?"
            values = name
        }
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
    }

    // A coarse time of use: enough to let go first what nobody asks for.
    private static func day(of time: Date) -> Int {
        Int(max(-1e9, min(1e9, (time.stored ?? 0) / 86_400)))
    }
}
