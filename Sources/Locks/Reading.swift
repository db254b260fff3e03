// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// Whether somebody has an item, as far as is known.
public enum LockState: String, Hashable, Sendable, CaseIterable {
    /// Nobody has it.
    case free
    /// Somebody has it.
    case held
    /// Never read, the last read failed, or the server does not tell this account.
    case unknown
}

/// One look at one item's locks.
public struct Reading: Hashable, Sendable {
    /// The locks, the decisive one first. None when free or unknown.
    public var locks: [Lock]
    /// Free, held or unknown.
    public var state: LockState
    /// When the server was read, by our clock. For a failed read: when the last good one was.
    public var observedAt: Date?
    /// Why the state is unknown, as a sentence; `nil` when it is known or was never asked for.
    public var error: String?

    /// A reading.
    public init(locks: [Lock] = [], state: LockState, observedAt: Date?, error: String? = nil) {
        self.locks = locks
        self.state = state
        self.observedAt = observedAt
        self.error = error
    }

    /// Not read yet.
    public static let never = Reading(state: .unknown, observedAt: nil)

    /// A good reading: held if there is a lock, else free.
    public static func known(_ locks: [Lock], at time: Date) -> Reading {
        Reading(locks: locks.sorted(by: comesBefore), state: locks.isEmpty ? .free : .held, observedAt: time)
    }

    /// The decisive lock: an exclusive one before a check-out before a working copy before a shared one; among
    /// shared ones mine first, then the oldest.
    public var lock: Lock? { locks.first }

    /// This reading after a look that failed: unknown, with the reason and the age of the last good one.
    public func failed(_ error: String) -> Reading {
        Reading(state: .unknown, observedAt: observedAt, error: error)
    }

    private static func comesBefore(_ one: Lock, _ other: Lock) -> Bool {
        let ranks: [Lock.Kind: Int] = [.lock: 0, .checkout: 1, .workingCopy: 2, .shared: 3]
        let (first, second) = (ranks[one.kind] ?? 4, ranks[other.kind] ?? 4)
        if first != second { return first < second }
        if one.holder.isMe != other.holder.isMe { return one.holder.isMe }
        return (one.since ?? .distantFuture) < (other.since ?? .distantFuture)
    }
}
