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

extension Sequence<StoryEntry> {
    /// The story as events alone. What a command did left no event in the watch of a screen, so its line of the audit log
    /// is told as one; what a screen did left both, and is told once.
    public var events: [LockEvent] {
        let seen = compactMap { entry in if case .event(let event) = entry { event } else { nil } }
        let done = compactMap { entry -> LockEvent? in
            guard case .operation(let record) = entry, let event = record.event else { return nil }
            let end = (record.completedAt ?? record.at).addingTimeInterval(AuditRecord.longestToEvent)
            let isSeen = seen.contains {
                $0.isOurs && $0.kind == event.kind && $0.at >= record.at && $0.at <= end
            }
            return isSeen ? nil : event
        }
        return (done + seen).enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }
}

extension AuditRecord {
    /// How long after the end of an operation its event is noticed at most, in seconds.
    fileprivate static let longestToEvent = 2.0

    /// The event that it was; `nil` when it changed nothing, met nobody, or its end is not known.
    fileprivate var event: LockEvent? {
        guard let outcome, let completedAt else { return nil }
        let result = OperationResult(
            ref: ref, path: path, operation: operation, outcome: outcome, reason: reason, why: why, before: before,
            after: after)
        return LockEvent.of(result, title: "", at: completedAt)
    }
}
