// SPDX-License-Identifier: MIT

/// How an operation on one item ended, as a reading after it shows.
public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// It is as wished.
    case done
    /// It was as wished before; nothing was sent.
    case unchanged
    /// It was not done, by a decision: the server's, the holder's, or ours.
    case refused
    /// It was not done: something broke.
    case failed
    /// Nobody can say: the server's word and the reading differ, or there is no reading.
    case unverified
    /// It would be done; this was a rehearsal.
    case planned
}

/// Why an operation ended so: a fixed word, to script against.
public enum Reason: String, Hashable, Sendable, CaseIterable {
    case already, conflict, lost
    case notHeld = "not-held"
    case readOnly = "read-only"
    case changed, forbidden
    case tokenNeeded = "token-needed"
    case needsAction = "needs-action"
    case notLockable = "not-lockable"
    case unsupported, gone
    case signIn = "sign-in"
    case unreachable, throttled, server, unseen
    case cancelled

    /// The exit code for one item that ended with this reason, after sysexits(3).
    public var exitCode: Int32 {
        switch self {
        case .already: 0
        case .conflict, .throttled: 75
        case .readOnly, .forbidden, .signIn: 77
        case .unreachable: 69
        case .cancelled: 130
        default: 1
        }
    }

    /// The reason that stands for an error.
    public init(_ code: LockError.Code) {
        self =
            switch code {
            case .unreachable: .unreachable
            case .notSignedIn: .signIn
            case .forbidden: .forbidden
            case .conflict: .conflict
            case .gone: .gone
            case .unsupported: .unsupported
            case .notLockable: .notLockable
            case .slowDown: .throttled
            case .nonsense, .wrongSystem: .server
            case .needsAction: .needsAction
            case .tokenNeeded: .tokenNeeded
            case .cancelled: .cancelled
            }
    }

    /// Whether the reason is something that broke (`failed`) and not a decision (`refused`).
    public var isBreakage: Bool { [.signIn, .unreachable, .throttled, .server].contains(self) }
}

/// How an operation on one item ended, with what was seen before and after.
public struct OperationResult: Hashable, Sendable {
    /// The item.
    public let ref: ItemRef
    /// Its path, for people.
    public let path: String
    /// What was asked for.
    public let operation: Operation
    /// How it ended.
    public let outcome: Outcome
    /// Why, as a fixed word; `nil` when it was simply done.
    public let reason: Reason?
    /// Why and what to do, as a sentence.
    public let why: String
    /// The lock before it.
    public let before: Lock?
    /// The lock after it.
    public let after: Lock?

    /// A result.
    public init(
        ref: ItemRef, path: String, operation: Operation, outcome: Outcome, reason: Reason? = nil, why: String = "",
        before: Lock? = nil, after: Lock? = nil
    ) {
        self.ref = ref
        self.path = path
        self.operation = operation
        self.outcome = outcome
        self.reason = reason
        self.why = why
        self.before = before
        self.after = after
    }

    /// The exit code for this item.
    public var exitCode: Int32 {
        switch outcome {
        case .done, .unchanged, .planned: 0
        case .refused, .failed, .unverified: reason?.exitCode ?? 1
        }
    }

    /// Whether it ended as wished.
    public var isGood: Bool { exitCode == 0 }
}
