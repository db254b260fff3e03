// SPDX-License-Identifier: MIT
import Dispatch
import GRDB
import Locks

/// Opening the database file: making it, checking it, setting a damaged one aside.
struct Opening {
    let directory: String
    let path: String

    private enum Obstacle: Error {
        case newer
        case other(any Error)
    }

    func open() throws(LockError) -> (queue: DatabaseQueue, notices: [String]) {
        do throws(Obstacle) {
            return try attempt(isAlone: false)
        } catch {
            guard case .other(let cause) = error, cause is DatabaseError, !Cause(cause).isLasting else {
                throw sentence(error)
            }
        }
        return try PrivateFile.alone(in: directory) { () throws(LockError) in try openAlone() }
    }

    private func openAlone() throws(LockError) -> (queue: DatabaseQueue, notices: [String]) {
        // What another locktop that makes it looks like half-way is whole by now, and what was damaged may be mended.
        do throws(Obstacle) {
            return try attempt(isAlone: true)
        } catch {
            guard case .other(let cause) = error, Cause(cause).isDamage else { throw sentence(error) }
        }
        let aside: String
        do throws(PrivateFile.Failure) {
            aside = try setAside()
        } catch {
            throw LockError(
                .nonsense, "The history at \(path) is damaged and can't be set aside: \(error.words).",
                advice: "Move it away by hand.")
        }
        let notice = "The history at \(path) was damaged. It was set aside as \(aside), and a new one was begun."
        do throws(Obstacle) {
            return (try attempt(isAlone: true).queue, [notice])
        } catch {
            throw sentence(error)
        }
    }

    private func setAside() throws(PrivateFile.Failure) -> String {
        var number = 1
        while PrivateFile.exists("\(path).broken-\(number)") { number += 1 }
        let aside = "\(path).broken-\(number)"
        // The log first: left beside a new file, it would be read as the new file's own.
        try PrivateFile.move("\(path)-wal", to: "\(aside)-wal")
        try PrivateFile.move("\(path)-shm", to: "\(aside)-shm")
        try PrivateFile.move(path, to: aside)
        return aside
    }

    private func attempt(isAlone: Bool) throws(Obstacle) -> (queue: DatabaseQueue, notices: [String]) {
        do {
            try PrivateFile.make(path)
            for suffix in ["-wal", "-shm"] { try PrivateFile.restrict(path + suffix, to: 0o600) }
            let queue = try DatabaseQueue(path: path, configuration: Self.configuration)
            let migrator = Schema.migrator
            guard try !queue.read(migrator.hasBeenSuperseded) else { throw Obstacle.newer }
            if try !queue.read(migrator.hasCompletedMigrations) {
                // Two that start together must not take the same step twice.
                try isAlone ? migrate(queue) : PrivateFile.alone(in: directory) { try migrate(queue) }
            }
            // Asked of the file itself: what GRDB remembers of it is older than what another program just made.
            let missing = try queue.read { db in
                Schema.tables.subtracting(
                    try String.fetchSet(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
            }
            if !missing.isEmpty { try queue.write(Schema.mend) }
            try check(queue)
            guard !missing.isEmpty else { return (queue, []) }
            let names = missing.sorted().joined(separator: ", ")
            return (queue, ["The history at \(path) lacked a part (\(names)), which was begun anew."])
        } catch let obstacle as Obstacle {
            throw obstacle
        } catch {
            throw .other(error)
        }
    }

    private func migrate(_ queue: DatabaseQueue) throws {
        queue.writeWithoutTransaction { $0.clearSchemaCache() }
        try Schema.migrator.migrate(queue)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "history"
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        // A higher one asks the system for what only root is given, and its log is told of each refusal.
        configuration.qos = .default
        configuration.prepareDatabase { db in
            // It only takes effect in a new file, before anything is in it.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try db.execute(sql: "PRAGMA journal_size_limit = 4194304")
        }
        return configuration
    }

    private func check(_ queue: DatabaseQueue) throws {
        try queue.read { db in
            for table in Schema.tables {
                _ = try GRDB.Row.fetchOne(db, sql: "SELECT * FROM \(table) ORDER BY 1 DESC LIMIT 1")
            }
        }
        do {
            try queue.writeWithoutTransaction { db in
                try db.beginTransaction(.immediate)
                try db.rollback()
            }
        } catch let error where !Cause(error).isLasting {
            // Somebody is writing for long: that passes.
        }
    }

    private func sentence(_ obstacle: Obstacle) -> LockError {
        switch obstacle {
        case .newer:
            return LockError(
                .unsupported, "The history at \(path) was written by a newer locktop.",
                advice: "Use that one, or name another directory.")
        case .other(let failure as PrivateFile.Failure):
            return LockError(
                .nonsense, "The history at \(path) can't be used: \(failure.words).",
                advice: "Make it writable for this account, or name another directory.")
        case .other(let error):
            let cause = Cause(error)
            return LockError(.nonsense, "The history at \(path) can't be used: \(cause.words).", advice: cause.advice)
        }
    }
}
