// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
public import Locks

extension Store {
    /// Keeps events, all or none of them, in one transaction. What another program of this user has written already is
    /// not written again, and one lock's refreshes are one event that counts them.
    /// - Returns: the same events with their numbers; without numbers if they could not be kept.
    public func keep(_ events: [LockEvent]) -> [LockEvent] {
        guard !events.isEmpty else { return [] }
        let numbered = attempt("Events can't be kept") { db in
            try writeSeen(db)
            return try events.map { event in
                var event = event
                event.seq = try write(event, db)
                try forgetLost(event, db)
                return event
            }
        }
        guard let numbered else { return events }
        inserted(events.count)
        return numbered
    }

    private func write(_ event: LockEvent, _ db: Database) throws -> Int64 {
        let last = try latest(of: event.ref, db)
        guard let last else { return try insert(event, times: 1, db) }
        if event.tellsTheSame(as: last.event), let seq = last.event.seq { return seq }
        guard event.goesOn(from: last.event) else { return try insert(event, times: 1, db) }
        // A new number, so that whoever reads on from a number sees it.
        try db.execute(sql: "DELETE FROM events WHERE seq = ?", arguments: [last.event.seq])
        return try insert(event, times: last.times + 1, db)
    }

    // The last event that tells how the item stands, and how many it stands for.
    private func latest(of item: ItemRef, _ db: Database) throws -> (event: LockEvent, times: Int)? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(Self.eventColumns), times FROM events
                WHERE server = ? AND item = ? AND kind NOT IN ('conflict', 'failed') ORDER BY seq DESC LIMIT 1
                """)
        let cursor = try GRDB.Row.fetchCursor(
            statement, arguments: [Cell.text(item.server), Cell.text(item.id)])
        guard let row = try cursor.next(), let event = Self.event(row) else { return nil }
        return (event, row["times"])
    }

    private func insert(_ event: LockEvent, times: Int, _ db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO events (at, server, item, path, title, kind, holder, lockBefore, lockAfter, ours, text,
                    times)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            Cell.time(event.at), Cell.text(event.ref.server), Cell.text(event.ref.id), Cell.text(event.path),
            Cell.text(event.title), event.kind.rawValue, try Cell.holder(event.by), try Cell.lock(event.before),
            try Cell.lock(event.after), event.isOurs,
            Cell.text(times > 1 ? "\(event.text) (\(times) times)" : event.text), times,
        ])
        return db.lastInsertedRowID
    }

    // A lock of ours that a reading shows gone is nothing to keep alive any more.
    private func forgetLost(_ event: LockEvent, _ db: Database) throws {
        let endings: Set<LockEvent.Kind> = [.released, .expired, .stolen, .checkedIn, .discarded]
        guard endings.contains(event.kind), let before = event.before, before.identity != event.after?.identity else {
            return
        }
        try forget(before.identity, of: event.ref, db)
    }

    static let eventColumns =
        "seq, at, server, item, path, title, kind, holder, lockBefore, lockAfter, ours, text"

    static func event(_ row: GRDB.Row) -> LockEvent? {
        guard let kind = row.text(6).flatMap(LockEvent.Kind.init(rawValue:)) else { return nil }
        return LockEvent(
            seq: row[0], at: row.date(1) ?? .distantPast,
            ref: ItemRef(server: row.text(2) ?? "", id: row.text(3) ?? ""), path: row.text(4) ?? "",
            title: row.text(5) ?? "", kind: kind, by: row.holder(7), before: row.lock(8), after: row.lock(9),
            isOurs: row[10], text: row.text(11) ?? "")
    }
}

extension LockEvent {
    // Two programs of one user look at a server some seconds apart, and both note what they see.
    private static let spread: Double = 300

    /// Whether it is the change that the event before it tells, seen by another program.
    fileprivate func tellsTheSame(as last: LockEvent) -> Bool {
        guard !isOurs, abs(at.timeIntervalSince(last.at)) <= Self.spread, Self.isSame(before, last.before),
            Self.isSame(after, last.after)
        else { return false }
        if kind == .appeared || kind == .vanished { return kind == last.kind }
        guard before != nil || after != nil, last.kind != .appeared, last.kind != .vanished else { return false }
        guard kind == .refreshed || last.kind == .refreshed else { return true }
        // A refresh is told from the next one by the times that the server gave the lock.
        return kind == last.kind && Self.isNear(after?.expires, last.after?.expires)
            && (after?.sinceIs != .refreshed || Self.isNear(after?.since, last.after?.since))
    }

    /// Whether it is one more refresh of the lock that the event before it tells refreshed.
    fileprivate func goesOn(from last: LockEvent) -> Bool {
        guard kind == .refreshed, last.kind == .refreshed, isOurs == last.isOurs, let before, let after = last.after
        else { return false }
        return before.identity == after.identity || before.kind == after.kind && before.holder.isSame(as: after.holder)
    }

    // Where a server changes a lock's token with each refresh, programs that began at different times know one lock by
    // different identities.
    private static func isSame(_ one: Lock?, _ other: Lock?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return one.identity == other.identity
            || one.kind == other.kind && one.holder.isSame(as: other.holder) && one.expires != nil
                && isNear(one.expires, other.expires)
    }

    private static func isNear(_ one: Date?, _ other: Date?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return abs(one.timeIntervalSince(other)) < 2
    }
}
