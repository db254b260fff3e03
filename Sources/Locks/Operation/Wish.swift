// SPDX-License-Identifier: MIT

/// How an item is expected to be when an operation is sent. It is fixed when the operator sees the item, and holds from
/// the screen to the wire: what somebody did in between is found by the reading before the operation.
public enum Expectation: Hashable, Sendable {
    /// However it is: only where the operator said so beforehand (`--yes`), or where nobody can lose anything.
    case anything
    /// Free, as it was shown: whoever has it by then keeps it.
    case free
    /// Held by this lock, which was shown: any other is left alone.
    case lock(LockIdentity)
}

/// What an operator asks for on one item, with what it may be refused for.
public struct Wish: Hashable, Sendable {
    /// The operation.
    public var operation: Operation
    /// What to lock with.
    public var options: LockOptions
    /// The remark for a check-in.
    public var comment: String?
    /// Only if this is the holder: an id, or the name where the server tells no id.
    public var expectedHolder: String?
    /// Only if the item is still so.
    public var expectation: Expectation
    /// Whether a check-out of somebody else may be discarded.
    public var mayTakeFromOthers: Bool
    /// Why, for the audit log.
    public var reason: String?
    /// Only rehearse.
    public var isRehearsal: Bool

    /// A wish.
    public init(
        _ operation: Operation, options: LockOptions = .standard, comment: String? = nil,
        expectedHolder: String? = nil, expecting expectation: Expectation = .anything, mayTakeFromOthers: Bool = false,
        reason: String? = nil, isRehearsal: Bool = false
    ) {
        self.operation = operation
        self.options = options
        self.comment = comment
        self.expectedHolder = expectedHolder
        self.expectation = expectation
        self.mayTakeFromOthers = mayTakeFromOthers
        self.reason = reason
        self.isRehearsal = isRehearsal
    }
}

extension Expectation {
    /// That lock, or anything where none is named.
    public init(_ identity: LockIdentity?) { self = identity.map(Expectation.lock) ?? .anything }
}
