// SPDX-License-Identifier: MIT
import GRDB
import Locks
import Synchronization

extension Store {
    private static let shelvesAtMost = 64

    /// How many rows go in one transaction: so few that nobody who writes meanwhile waits for long.
    private static let step = 500
    /// The kinds of event of which there may be very many, each with a part of the whole.
    private static let noisy: [LockEvent.Kind] = [.refreshed, .appeared, .vanished]

    /// Lets go what is beyond the limits, little by little, and goes on another time when an operation begins meanwhile.
    func prune() {
        // Not `read`: that can't bear a store that was closed meanwhile.
        guard (try? queue.unsafeRead(isBeyond)) ?? false else { return }
        for part in parts { go { db in try dropBeyond(part.limit, of: part.table, part.rule, db) } }
        go { db in
            try pruneSeen(db)
            try db.execute(
                sql: "DELETE FROM taken WHERE number <= (SELECT max(number) FROM taken) - ?",
                arguments: [max(0, limits.operations)])
            try pruneShelves(to: Self.shelvesAtMost, db)
            return false
        }
        var isShorter = false
        go { db in
            let hasMore = try pruneBytes(db)
            isShorter = isShorter || hasMore
            return hasMore
        }
        guard isShorter else { return }
        go { db in
            let before = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            // Each step of this statement frees one page, so it has to be stepped to its end.
            let pages = try GRDB.Row.fetchCursor(db, sql: "PRAGMA incremental_vacuum(\(Self.step))")
            while try pages.next() != nil {}
            let left = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            return left > 0 && left < before
        }
    }

    private var parts: [(table: String, rule: String, limit: Int)] {
        let noisy = Self.noisy.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        var parts: [(table: String, rule: String, limit: Int)] = Self.noisy.map {
            ("events", "kind = '\($0.rawValue)'", limits.events / 10)
        }
        parts.append(("events", "kind NOT IN (\(noisy))", limits.events))
        // Locks that are kept alive for months must not push out what was done to others.
        parts.append(("operations", "operation = 'refresh'", limits.operations / 4))
        parts.append(("operations", "operation <> 'refresh'", limits.operations))
        return parts
    }

    // Asked before anything is written: a write would make other programs wait.
    private func isBeyond(_ db: Database) throws -> Bool {
        for part in parts where try bound(part.limit, of: part.table, part.rule, db) != nil { return true }
        for (table, limit) in [("firstSeen", limits.firstSeen), ("taken", limits.operations)] {
            if try Int.fetchOne(db, sql: "SELECT max(number) FROM \(table)") ?? 0 > limit { return true }
        }
        let shelves = try Int.fetchOne(db, sql: "SELECT count(*) FROM shelves") ?? 0
        return try shelves > Self.shelvesAtMost || bytesInUse(db) > limits.maximumBytes
    }

    // One small transaction after the other, until there is nothing more to do or something more urgent.
    private func go(_ step: (Database) throws -> Bool) {
        while state.withLock({ $0.underWay.isEmpty }), attempt("Old entries can't be removed", step) == true {}
    }

    private func dropBeyond(_ limit: Int, of table: String, _ rule: String, _ db: Database) throws -> Bool {
        guard let bound = try bound(limit, of: table, rule, db) else { return false }
        try db.execute(
            sql: """
                DELETE FROM \(table) WHERE seq IN
                    (SELECT seq FROM \(table) WHERE seq <= ? AND \(rule) ORDER BY seq LIMIT ?)
                """, arguments: [bound, Self.step])
        return db.changesCount == Self.step
    }

    // The number of the newest entry that is beyond the limit.
    private func bound(_ limit: Int, of table: String, _ rule: String, _ db: Database) throws -> Int64? {
        let ends = try GRDB.Row.fetchOne(db, sql: "SELECT min(seq), max(seq) FROM \(table)")
        guard let ends, let first = ends[0] as Int64?, let last = ends[1] as Int64?, last - first >= Int64(limit) else {
            return nil
        }
        let newest = "SELECT seq FROM \(table) WHERE \(rule) ORDER BY seq DESC LIMIT 1 OFFSET ?"
        return try Int64.fetchOne(db, sql: newest, arguments: [max(0, limit)])
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

    // Lets go a little; whether there is more to let go. The audit log goes last: what was done matters more than what
    // can be read again.
    private func pruneBytes(_ db: Database) throws -> Bool {
        guard try bytesInUse(db) > limits.maximumBytes else { return false }
        if try dropOldest(of: "events", db) { return true }
        let shelves = try Int.fetchOne(db, sql: "SELECT count(*) FROM shelves") ?? 0
        if shelves > 0 {
            try pruneShelves(to: shelves - 1, db)
            return true
        }
        if try Int.fetchOne(db, sql: "SELECT count(*) FROM firstSeen") ?? 0 > 0 {
            try dropSeen(Self.step, db)
            return true
        }
        return try dropOldest(of: "operations", db)
    }

    private func dropOldest(of table: String, _ db: Database) throws -> Bool {
        try db.execute(
            sql: "DELETE FROM \(table) WHERE seq IN (SELECT seq FROM \(table) ORDER BY seq LIMIT ?)",
            arguments: [Self.step])
        return db.changesCount > 0
    }

    private func bytesInUse(_ db: Database) throws -> Int {
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4_096
        return (pages - free) * size
    }
}
