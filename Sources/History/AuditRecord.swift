// SPDX-License-Identifier: MIT
public import FoundationEssentials
public import Locks

/// One line of the audit log: an operation that was begun here, and how it ended.
public struct AuditRecord: Hashable, Sendable {
    /// The log's increasing number; events are numbered apart from it.
    public let seq: Int64
    /// When it was begun.
    public let at: Date
    /// When its result was written down; `nil`: it never was, because the program ended in between or still runs.
    public let completedAt: Date?
    /// The item.
    public let ref: ItemRef
    /// Its path.
    public let path: String
    /// What was asked for.
    public let operation: Locks.Operation
    /// How it ended; `nil` exactly when `completedAt` is: nobody knows whether it was sent.
    public let outcome: Outcome?
    /// Why it ended so, as a fixed word.
    public let reason: Reason?
    /// Why it ended so, as a sentence; empty when it was simply done.
    public let why: String
    /// The account that did it.
    public let account: String?
    /// Why it was done, in the operator's words.
    public let operatorReason: String?
    /// The lock before it. Without its token.
    public let before: Lock?
    /// The lock after it. Without its token.
    public let after: Lock?

    /// A line of the log.
    public init(
        seq: Int64, at: Date, completedAt: Date? = nil, ref: ItemRef, path: String, operation: Locks.Operation,
        outcome: Outcome? = nil, reason: Reason? = nil, why: String = "", account: String? = nil,
        operatorReason: String? = nil, before: Lock? = nil, after: Lock? = nil
    ) {
        self.seq = seq
        self.at = at
        self.completedAt = completedAt
        self.ref = ref
        self.path = path
        self.operation = operation
        self.outcome = outcome
        self.reason = reason
        self.why = why
        self.account = account
        self.operatorReason = operatorReason
        self.before = before
        self.after = after
    }
}

/// An operation and how it ended, for counting.
public struct OperationEnd: Hashable, Sendable {
    /// What was asked for.
    public let operation: Locks.Operation
    /// How it ended.
    public let outcome: Outcome

    /// An end.
    public init(operation: Locks.Operation, outcome: Outcome) {
        self.operation = operation
        self.outcome = outcome
    }
}

/// A piece of an item's story.
public enum StoryEntry: Hashable, Sendable {
    /// Something that was seen.
    case event(LockEvent)
    /// Something that was done from here.
    case operation(AuditRecord)

    /// When it was noticed or begun.
    public var at: Date {
        switch self {
        case .event(let event): event.at
        case .operation(let record): record.at
        }
    }
}
