// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
public import Locks

extension Store {
    /// The last rows of a server, as they were when this program ended: in their order, without tokens.
    public func rows(of server: String, seenBy user: String) -> [Locks.Row] {
        let rows = try? queue.unsafeRead { db in
            let cursor = try GRDB.Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT id, path, title, type, modified, state, observedAt, error, lockable, link,
                            workingCopyOf, locks
                        FROM rows WHERE shelf = (SELECT number FROM shelves WHERE server = ? AND user = ?)
                        ORDER BY position
                        """), arguments: [Cell.text(server), Cell.text(user)])
            var rows: [Locks.Row] = []
            while let row = try cursor.next() { rows.append(Self.row(row)) }
            return rows
        }
        return rows ?? []
    }

    /// Keeps the rows of a server for the next start, in place of the ones before. Beyond the limit the held ones stay,
    /// then the first ones.
    public func keep(_ rows: [Locks.Row], of server: String, seenBy user: String) {
        let kept = Self.chosen(from: rows, limit: max(0, limits.cachedRowsPerServer))
        _ = attempt("Rows can't be kept") { db in
            try writeSeen(db)
            let shelf = try shelf(server, user, db)
            try db.execute(sql: "DELETE FROM rows WHERE shelf = ?", arguments: [shelf])
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO rows (shelf, position, id, path, title, type, modified, state, observedAt, error,
                        lockable, link, workingCopyOf, locks)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for (position, row) in kept.enumerated() {
                try statement.execute(arguments: try Self.arguments(shelf, position, row))
            }
        }
    }

    private func shelf(_ server: String, _ user: String, _ db: Database) throws -> Int64 {
        let names = [Cell.text(server), Cell.text(user)]
        try db.execute(
            sql: """
                INSERT INTO shelves (server, user, at) VALUES (?, ?, ?)
                ON CONFLICT (server, user) DO UPDATE SET at = excluded.at
                """, arguments: StatementArguments(names + [Cell.time(Date())]))
        let number = try Int64.fetchOne(
            db, sql: "SELECT number FROM shelves WHERE server = ? AND user = ?", arguments: StatementArguments(names))
        guard let number else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return number
    }

    private static func chosen(from rows: [Locks.Row], limit: Int) -> [Locks.Row] {
        guard rows.count > limit else { return rows }
        var room = max(0, limit - rows.count(where: { $0.reading.state == .held }))
        var kept: [Locks.Row] = []
        for row in rows where kept.count < limit {
            if row.reading.state != .held {
                if room == 0 { continue }
                room -= 1
            }
            kept.append(row)
        }
        return kept
    }

    private static func arguments(_ shelf: Int64, _ position: Int, _ row: Locks.Row) throws -> StatementArguments {
        let item = row.item
        return [
            shelf, position, Cell.text(item.id), Cell.text(item.path), Cell.text(item.title), Cell.text(item.type),
            Cell.date(item.modified), row.reading.state.rawValue, Cell.date(row.reading.observedAt),
            Cell.text(row.reading.error), item.isLockable, Cell.text(item.link), Cell.text(item.workingCopyOf),
            try Cell.locks(row.reading.locks),
        ]
    }

    private static func row(_ row: GRDB.Row) -> Locks.Row {
        let item = Item(
            id: row.text(0) ?? "", path: row.text(1) ?? "", title: row.text(2) ?? "", type: row.text(3) ?? "",
            modified: row.date(4), link: row.text(9), isLockable: row[8], workingCopyOf: row.text(10))
        var reading = Reading(
            locks: row.locks(11), state: row.text(5).flatMap(LockState.init(rawValue:)) ?? .unknown,
            observedAt: row.date(6), error: row.text(7))
        // Held by nobody can't be shown: it is not known any more who it was.
        if reading.state == .held, reading.locks.isEmpty { reading.state = .unknown }
        return Locks.Row(item: item, reading: reading)
    }
}
