// SPDX-License-Identifier: MIT
import Dispatch
public import FoundationEssentials
import GRDB
public import Locks
import Synchronization

extension Store {
    /// When a lock was first seen by this program, by any of its runs; notes the time if it never was.
    ///
    /// Answers from memory where it can; new times are written together, at the latest a twentieth of a second later.
    public func firstSeen(_ identity: LockIdentity, of item: ItemRef, at time: Date) -> Date {
        let key = SeenKey(server: item.server, item: item.id, identity: identity.digest)
        if let seen = state.withLock({ $0.seen[key] }) { return seen }
        let stored = try? queue.unsafeRead { db in try storedTime(of: key, db) }
        let (seen, due) = state.withLock { state in
            remember(key, as: stored, or: time, in: &state)
        }
        switch due {
        case .now: flush()
        case .soon:
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) { [weak self] in self?.flush() }
        case .never: break
        }
        return seen
    }

    private enum Due {
        case never, soon, now
    }

    private func remember(
        _ key: SeenKey, as stored: (at: Date, day: Int)?, or time: Date, in state: inout State
    ) -> (Date, Due) {
        // Another thread may have asked for the same lock meanwhile.
        if let seen = state.seen[key] { return (seen, .never) }
        let seen = stored?.at ?? time
        if state.seen.count >= 50_000 { state.seen.removeAll(keepingCapacity: true) }
        state.seen[key] = seen
        guard stored?.day != Self.day(of: time) else { return (seen, .never) }
        state.unwritten[key] = seen
        if state.unwritten.count >= 1_000 { return (seen, .now) }
        if state.isFlushPlanned { return (seen, .never) }
        state.isFlushPlanned = true
        return (seen, .soon)
    }

    private func storedTime(of key: SeenKey, _ db: Database) throws -> (at: Date, day: Int)? {
        let statement = try db.cachedStatement(
            sql: "SELECT at, used FROM firstSeen WHERE server = ? AND item = ? AND identity = ?")
        let cursor = try GRDB.Row.fetchCursor(
            statement, arguments: [Cell.text(key.server), Cell.text(key.item), key.identity])
        return try cursor.next().map { (Date(stored: $0[0]), $0[1]) }
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
        let day = Self.day(of: Date())
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO firstSeen (server, item, identity, at, used) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (server, item, identity)
                DO UPDATE SET at = min(at, excluded.at), used = max(used, excluded.used)
                """)
        for (key, time) in unwritten {
            try statement.execute(arguments: [
                Cell.text(key.server), Cell.text(key.item), key.identity, Cell.time(time), day,
            ])
        }
        return unwritten.count
    }

    // A coarse time of use: enough to let go first what nobody asks for, at one write a day.
    private static func day(of time: Date) -> Int {
        Int(max(-1e9, min(1e9, (time.stored ?? 0) / 86_400)))
    }
}
