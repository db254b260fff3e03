// SPDX-License-Identifier: MIT
public import FoundationEssentials
import Synchronization

/// The memory of this program on this machine: what was seen, what was done, and what was begun.
public protocol Journal: Sendable {
    /// Keeps events.
    /// - Returns: the same events with their numbers.
    func keep(_ events: [LockEvent]) async -> [LockEvent]

    /// Writes down an operation before it is sent. It is on the disk when this returns.
    /// - Returns: the entry's number.
    /// - Throws: `LockError` when it can't be written: then nothing may be sent, but for `AuditEntry.mayGoUnwritten`.
    func begin(_ entry: AuditEntry) async throws -> Int64

    /// Completes an operation's entry with its result.
    func complete(_ entry: Int64, with result: OperationResult, at time: Date) async

    /// A reading with each lock as old as this program knows it, by any of its runs, where the server tells less. Ages of
    /// locks that a good reading does not show end with it. Asked of every row, so it answers from memory.
    /// - Parameters:
    ///   - reading: what was read.
    ///   - item: the item that was read.
    ///   - time: when.
    ///   - patience: for how many seconds from then on this reader answers for what it saw; see `Ages`.
    func aged(_ reading: Reading, of item: ItemRef, at time: Date, patience: Double) -> Reading

    /// The locks that were taken through this program and not given back yet, on a server, for an account.
    func taken(on server: String, by account: String?) async -> Set<LockRef>

    /// The last rows of a server, as they were when this program ended.
    func rows(of server: String, seenBy user: String) async -> [Row]

    /// Keeps the rows of a server for the next start.
    func keep(_ rows: [Row], of server: String, seenBy user: String) async
}

/// An operation as it is written down before it is sent.
public struct AuditEntry: Hashable, Sendable {
    /// When it was begun.
    public var at: Date
    /// The item.
    public var ref: ItemRef
    /// Its path.
    public var path: String
    /// The operation.
    public var operation: Operation
    /// The account that does it.
    public var account: String?
    /// The lock that was read just before.
    public var before: Lock?
    /// Why, in the operator's words.
    public var reason: String?

    /// An entry.
    public init(
        at: Date, ref: ItemRef, path: String, operation: Operation, account: String?, before: Lock?, reason: String?
    ) {
        self.at = at
        self.ref = ref
        self.path = path
        self.operation = operation
        self.account = account
        self.before = before
        self.reason = reason
    }
}

extension AuditEntry {
    /// Whether it goes on where it can't be written down: it gives back or refreshes one's own, and what is refused for
    /// want of a disk would leave others waiting, or the lock to run out.
    public var mayGoUnwritten: Bool {
        [.unlock, .refresh, .checkIn, .discard].contains(operation) && before?.holder.isMe ?? false
    }
}

/// A journal that forgets everything at the end of the run: for demonstrations, and where no file can be written.
public final class ForgetfulJournal: Journal {
    private struct State {
        var nextEvent: Int64 = 1
        var ages = Ages()
        var taken: Set<LockRef> = []
    }
    private let state = Mutex(State())
    private let obstacle: LockError?

    /// An empty journal.
    /// - Parameter obstacle: why nothing can be written down; `nil` where nothing need be.
    public init(obstacle: LockError? = nil) { self.obstacle = obstacle }

    /// Numbers the events.
    public func keep(_ events: [LockEvent]) -> [LockEvent] {
        state.withLock { state in
            events.map { event in
                var numbered = event
                numbered.seq = state.nextEvent
                state.nextEvent += 1
                return numbered
            }
        }
    }

    /// Throws the obstacle, if there is one.
    public func begin(_ entry: AuditEntry) throws -> Int64 {
        if let obstacle { throw obstacle }
        return 0
    }

    /// Remembers which locks are ours.
    public func complete(_ entry: Int64, with result: OperationResult, at time: Date) {
        guard result.outcome == .done || result.reason == .lost else { return }
        state.withLock { state in
            func name(_ lock: Lock) -> LockRef { LockRef(item: result.ref, identity: lock.identity) }
            let wasTaken = result.before.flatMap { state.taken.remove(name($0)) } != nil
            // A refresh of a lock that was taken elsewhere does not make it one that was taken here.
            guard let after = result.after, after.holder.isMe, result.operation == .lock || wasTaken else { return }
            guard [.lock, .refresh].contains(result.operation) else { return }
            state.taken.insert(name(after))
        }
    }

    /// Remembers for this run.
    public func aged(_ reading: Reading, of item: ItemRef, at time: Date, patience: Double) -> Reading {
        state.withLock { $0.ages.see(reading, of: item, at: time, patience: patience).reading }
    }

    /// What was taken in this run.
    public func taken(on server: String, by account: String?) -> Set<LockRef> {
        state.withLock { state in state.taken.filter { $0.item.server == server } }
    }

    /// None.
    public func rows(of server: String, seenBy user: String) -> [Row] { [] }

    /// Does nothing.
    public func keep(_ rows: [Row], of server: String, seenBy user: String) {}
}
