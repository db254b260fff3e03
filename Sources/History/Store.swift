// SPDX-License-Identifier: MIT
import Dispatch
import FoundationEssentials
import GRDB
public import Locks
import Synchronization

/// The memory of this program on this machine, in one SQLite file: what was seen, what was done, what was begun.
///
/// Several locktops may share a directory. Every call but `aged` may come from any thread and blocks it: mostly for
/// microseconds, `begin` and `complete` until the disk has it, and up to five seconds while another program writes;
/// `Writer` is for those who must not wait. Texts are the server's own, not cleaned. Lock tokens are never written: a
/// lock that is read back has none.
public final class Store: Sendable {
    struct State {
        var ages = Ages()
        var unwritten: [LockRef: Ages.Change] = [:]
        /// Which state of the file `ages` was read from, as SQLite counts what other programs wrote.
        var version: Int?
        var nextLook = ContinuousClock.now
        var isFlushPlanned = false
        var inserts = 0
        /// The operations that are written down and not completed.
        var underWay: Set<Int64> = []
        /// What nobody was there to be told.
        var notices: [String] = []
        var listener: (@Sendable (String) -> Void)?
        var told: Set<String> = []
    }

    let queue: DatabaseQueue
    let limits: Limits
    let tokens: TokenFile
    let state = Mutex(State())
    /// What nobody waits for, and what the `Writer` does, one after the other.
    let disk = DiskThread()

    /// The database file.
    public let path: String

    /// Opens the store in a directory, or makes both. The directory becomes 0700, its files 0600.
    ///
    /// A damaged file is moved aside to `history.sqlite.broken-1` (or -2, …) and a new one is begun; `tell` says so.
    /// - Throws: when nothing can be written there, or a newer locktop wrote it; then nothing was changed.
    public init(directory: String, limits: Limits = .standard) throws(LockError) {
        let directory = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        do throws(PrivateFile.Failure) {
            try PrivateFile.makeDirectory(directory)
        } catch {
            throw LockError(
                .nonsense, "The directory \(directory) for the history can't be used: \(error.words).",
                advice: "Make it writable for this account, or name another one.")
        }
        self.limits = limits
        path = "\(directory)/history.sqlite"
        tokens = TokenFile(path: "\(directory)/tokens.json", directory: directory)
        let opened = try Opening(directory: directory, path: path).open()
        queue = opened.queue
        for notice in opened.notices { note(notice) }
        for notice in tokens.secure() { note(notice) }
        readAges()
        // Beside what follows: nobody waits for what is let go.
        DispatchQueue.global(qos: .utility).async { [weak self] in self?.prune() }
    }

    deinit { flush() }

    /// Tells what goes wrong without stopping anything, from any thread, as sentences for the user: first what has gone
    /// wrong already. The same sentence comes only once in the life of a store.
    public func tell(_ listener: @escaping @Sendable (String) -> Void) {
        let earlier = state.withLock { state in
            state.listener = listener
            defer { state.notices = [] }
            return state.notices
        }
        for notice in earlier { listener(notice) }
    }

    /// Writes what is not written yet and closes the file. Afterwards nothing is kept and `begin` throws.
    public func close() {
        flush()
        try? queue.close()
    }

    /// The token that was kept under a name; `nil` if there is none.
    public func token(for key: String) -> String? {
        let (token, notice) = tokens.token(for: key)
        if let notice { note(notice) }
        return token
    }

    /// Keeps a token under a name between runs, in a private file of its own; `nil` forgets it.
    public func keep(_ token: String?, for key: String) {
        updateToken(for: key) { _ in token }
    }

    /// Changes the token under a name with no other program in between: the change gets what is kept now.
    public func updateToken(for key: String, _ change: (String?) -> String?) {
        if let notice = tokens.update(key, change) { note(notice) }
    }
}

extension Store {
    /// How sure a write has to be.
    enum Durability {
        /// On the disk before the call returns.
        case certain
        /// Survives the death of this program, and mostly that of the machine.
        case usual
    }

    func note(_ sentence: String) {
        let listener: (@Sendable (String) -> Void)? = state.withLock { state in
            guard state.told.insert(sentence).inserted else { return nil }
            if state.listener == nil { state.notices.append(sentence) }
            return state.listener
        }
        listener?(sentence)
    }

    /// Does all of it in one transaction, or nothing.
    func write<Value>(_ durability: Durability, _ body: (Database) throws -> Value) throws -> Value {
        try queue.writeWithoutTransaction { db in
            if durability == .certain { try db.execute(sql: "PRAGMA synchronous = FULL") }
            defer { if durability == .certain { try? db.execute(sql: "PRAGMA synchronous = NORMAL") } }
            try db.beginTransaction(.immediate)
            do {
                let value = try body(db)
                try db.commit()
                return value
            } catch {
                if db.isInsideTransaction { try? db.rollback() }
                throw error
            }
        }
    }

    /// Writes what may be lost: a failure becomes a notice.
    func attempt<Value>(_ what: String, _ body: (Database) throws -> Value) -> Value? {
        do {
            return try write(.usual, body)
        } catch {
            note("\(what) in \(path): \(Cause(error).words).")
            return nil
        }
    }

    /// Reads, and says in a sentence what is wrong if that fails.
    func read<Value>(_ body: (Database) throws -> Value) throws(LockError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            let cause = Cause(error)
            throw LockError(.nonsense, "The history at \(path) can't be read: \(cause.words).", advice: cause.advice)
        }
    }

    /// Counts what was inserted, and has old entries let go now and then, beside what is done here.
    func inserted(_ count: Int) {
        let isDue = state.withLock { state in
            state.inserts += count
            guard state.inserts >= 1_000, state.underWay.isEmpty else { return false }
            state.inserts = 0
            return true
        }
        guard isDue else { return }
        DispatchQueue.global(qos: .utility).async { [weak self] in self?.prune() }
    }
}
