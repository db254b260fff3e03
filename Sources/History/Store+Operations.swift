// SPDX-License-Identifier: MIT
public import FoundationEssentials
import GRDB
public import Locks
import Synchronization

extension Store {
    /// Writes down an operation before it is sent. It is on the disk when this returns.
    /// - Returns: the entry's number in the audit log.
    /// - Throws: when it can't be written: then nothing may be sent.
    public func begin(_ entry: AuditEntry) throws(LockError) -> Int64 {
        let number: Int64
        do {
            number = try write(.certain) { db in try insert(entry, db) }
        } catch {
            let cause = Cause(error)
            throw LockError(
                .nonsense, "The audit log at \(path) can't be written: \(cause.words).", advice: cause.advice)
        }
        state.withLock { _ = $0.underWay.insert(number) }
        return number
    }

    private func insert(_ entry: AuditEntry, _ db: Database) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO operations (at, server, item, path, operation, account, operatorReason, lockBefore)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                Cell.time(entry.at), Cell.text(entry.ref.server), Cell.text(entry.ref.id), Cell.text(entry.path),
                entry.operation.rawValue, Cell.text(entry.account), Cell.text(entry.reason),
                try Cell.lock(entry.before),
            ])
        return db.lastInsertedRowID
    }

    /// Completes an operation's entry with its result, once: a second result changes nothing. It is on the disk when
    /// this returns; if it can't be written, `tell` says so, and the entry stays as one that was never completed.
    public func complete(_ entry: Int64, with result: OperationResult, at time: Date) {
        do {
            try write(.certain) { db in
                try db.execute(
                    sql: """
                        UPDATE operations SET completedAt = ?, outcome = ?, reason = ?, why = ?,
                            lockBefore = coalesce(lockBefore, ?), lockAfter = ?
                        WHERE seq = ? AND completedAt IS NULL
                        """,
                    arguments: [
                        Cell.time(time), result.outcome.rawValue, result.reason?.rawValue, Cell.text(result.why),
                        try Cell.lock(result.before), try Cell.lock(result.after), entry,
                    ])
                guard db.changesCount == 1 else { return }
                let account = try GRDB.Row.fetchOne(
                    db, sql: "SELECT account FROM operations WHERE seq = ?", arguments: [entry])
                try follow(result, by: account?.text(0), db)
            }
        } catch {
            note("The result of an operation can't be written to \(path): \(Cause(error).words).")
        }
        // Only now: what is let go meanwhile must not stand between an operation that is written down and its request.
        state.withLock { _ = $0.underWay.remove(entry) }
        inserted(1)
    }

    private func follow(_ result: OperationResult, by account: String?, _ db: Database) throws {
        if result.reason == .lost, let before = result.before {
            try forget(before.identity, of: result.ref, db)
        }
        guard result.outcome == .done else { return }
        let taken = result.after.flatMap { $0.holder.isMe ? $0.identity : nil }
        switch result.operation {
        case .lock:
            try forgetAll(of: result.ref, but: taken, db)
            if let taken { try remember(taken, of: result.ref, by: account, db) }
        case .refresh:
            // A refresh may give the lock another identity; a lock that was taken elsewhere stays one.
            guard let before = result.before?.identity, let taken, before != taken,
                try forget(before, of: result.ref, db)
            else { return }
            try remember(taken, of: result.ref, by: account, db)
        case .unlock, .forceUnlock, .checkIn, .discard:
            try forgetAll(of: result.ref, but: result.after?.identity, db)
        case .checkOut:
            break
        }
    }

    /// The locks that were taken through this store, by any run, and not given back or lost since. `nil` is the
    /// account of those that were taken without one, not any account.
    public func taken(on server: String, by account: String?) -> Set<LockRef> {
        let rows = try? queue.unsafeRead { db in
            try GRDB.Row.fetchAll(
                db.cachedStatement(sql: "SELECT item, identity FROM taken WHERE server = ? AND account IS ?"),
                arguments: [Cell.text(server), Cell.text(account)])
        }
        return Set(
            (rows ?? []).map { row in
                LockRef(
                    item: ItemRef(server: server, id: row.text(0) ?? ""),
                    identity: LockIdentity(digest: row.text(1) ?? ""))
            })
    }

    @discardableResult
    func forget(_ identity: LockIdentity, of item: ItemRef, _ db: Database) throws -> Bool {
        try db.execute(
            sql: "DELETE FROM taken WHERE server = ? AND item = ? AND identity = ?",
            arguments: [Cell.text(item.server), Cell.text(item.id), identity.digest])
        return db.changesCount > 0
    }

    private func forgetAll(of item: ItemRef, but kept: LockIdentity?, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM taken WHERE server = ? AND item = ? AND identity IS NOT ?",
            arguments: [Cell.text(item.server), Cell.text(item.id), kept?.digest])
    }

    private func remember(_ identity: LockIdentity, of item: ItemRef, by account: String?, _ db: Database) throws {
        try forget(identity, of: item, db)
        try db.execute(
            sql: "INSERT INTO taken (server, account, item, identity) VALUES (?, ?, ?, ?)",
            arguments: [Cell.text(item.server), Cell.text(account), Cell.text(item.id), identity.digest])
    }

    static let operationColumns = """
        seq, at, completedAt, server, item, path, operation, outcome, reason, why, account, operatorReason,
        lockBefore, lockAfter
        """

    static func record(_ row: GRDB.Row) -> AuditRecord? {
        guard let operation = row.text(6).flatMap(Locks.Operation.init(rawValue:)) else { return nil }
        return AuditRecord(
            seq: row[0], at: row.date(1) ?? .distantPast, completedAt: row.date(2),
            ref: ItemRef(server: row.text(3) ?? "", id: row.text(4) ?? ""), path: row.text(5) ?? "",
            operation: operation, outcome: row.text(7).flatMap(Outcome.init(rawValue:)),
            reason: row.text(8).flatMap(Reason.init(rawValue:)), why: row.text(9) ?? "", account: row.text(10),
            operatorReason: row.text(11), before: row.lock(12), after: row.lock(13))
    }
}
