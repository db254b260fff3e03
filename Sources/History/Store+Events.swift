// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
public import Locks

extension Store {
    /// Keeps events, all or none of them, in one transaction.
    /// - Returns: the same events with their numbers; without numbers if they could not be kept.
    public func keep(_ events: [LockEvent]) -> [LockEvent] {
        guard !events.isEmpty else { return [] }
        let numbered = attempt("Events can't be kept") { db in
            try writeSeen(db)
            return try events.map { event in
                var event = event
                event.seq = try insert(event, db)
                try forgetLost(event, db)
                return event
            }
        }
        guard let numbered else { return events }
        inserted(events.count)
        return numbered
    }

    private func insert(_ event: LockEvent, _ db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO events (at, server, item, path, title, kind, holder, lockBefore, lockAfter, ours, text)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            Cell.time(event.at), Cell.text(event.ref.server), Cell.text(event.ref.id), Cell.text(event.path),
            Cell.text(event.title), event.kind.rawValue, try Cell.holder(event.by), try Cell.lock(event.before),
            try Cell.lock(event.after), event.isOurs, Cell.text(event.text),
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
