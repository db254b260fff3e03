// SPDX-License-Identifier: MIT
import GRDB

extension Store {
    private static let shelvesAtMost = 64

    /// Lets go what is beyond the limits.
    func prune() {
        let isShorter = attempt("Old entries can't be removed") { db in
            for (table, limit) in [("events", limits.events), ("operations", limits.operations)] {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE seq <= (SELECT max(seq) FROM \(table)) - ?",
                    arguments: [max(0, limit)])
            }
            try pruneSeen(db)
            try db.execute(
                sql: "DELETE FROM taken WHERE number <= (SELECT max(number) FROM taken) - ?",
                arguments: [max(0, limits.operations)])
            try pruneShelves(to: Self.shelvesAtMost, db)
            return try pruneBytes(db)
        }
        guard isShorter == true else { return }
        try? queue.writeWithoutTransaction { db in
            // Each step of this statement frees one page, so it has to be stepped to its end.
            let pages = try GRDB.Row.fetchCursor(db, sql: "PRAGMA incremental_vacuum")
            while try pages.next() != nil {}
        }
    }

    private func pruneSeen(_ db: Database) throws {
        // Counting reads the whole table; the highest number is there at once and is never less than the count.
        let highest = try Int.fetchOne(db, sql: "SELECT max(number) FROM firstSeen") ?? 0
        guard highest > limits.firstSeen else { return }
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM firstSeen") ?? 0
        guard count > limits.firstSeen else { return }
        try dropSeen(count - limits.firstSeen, db)
    }

    private func dropSeen(_ count: Int, _ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM firstSeen WHERE number IN (SELECT number FROM firstSeen ORDER BY used, number LIMIT ?)
                """, arguments: [count])
    }

    private func pruneShelves(to count: Int, _ db: Database) throws {
        let old = try Int64.fetchAll(
            db, sql: "SELECT number FROM shelves ORDER BY at DESC LIMIT -1 OFFSET ?", arguments: [count])
        for shelf in old {
            try db.execute(sql: "DELETE FROM rows WHERE shelf = ?", arguments: [shelf])
            try db.execute(sql: "DELETE FROM shelves WHERE number = ?", arguments: [shelf])
        }
    }

    private func pruneBytes(_ db: Database) throws -> Bool {
        guard try bytesInUse(db) > limits.maximumBytes else { return false }
        // The audit log goes last: what was done matters more than what can be read again.
        while try bytesInUse(db) > limits.maximumBytes, try dropTenth(of: "events", db) {}
        while try bytesInUse(db) > limits.maximumBytes {
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM shelves") ?? 0
            if count == 0 { break }
            try pruneShelves(to: count - 1, db)
        }
        while try bytesInUse(db) > limits.maximumBytes {
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM firstSeen") ?? 0
            if count == 0 { break }
            try dropSeen(count / 10 + 1, db)
        }
        while try bytesInUse(db) > limits.maximumBytes, try dropTenth(of: "operations", db) {}
        return true
    }

    private func dropTenth(of table: String, _ db: Database) throws -> Bool {
        let ends = try GRDB.Row.fetchOne(db, sql: "SELECT min(seq), max(seq) FROM \(table)")
        guard let ends, let first = ends[0] as Int64?, let last = ends[1] as Int64? else { return false }
        try db.execute(
            sql: "DELETE FROM \(table) WHERE seq <= ?", arguments: [first + (last - first) / 10])
        return true
    }

    private func bytesInUse(_ db: Database) throws -> Int {
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4_096
        return (pages - free) * size
    }
}
