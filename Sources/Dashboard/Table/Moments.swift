// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// What happened to rows lately, as far as their signs tell it: which changed a moment ago, and whose present lock was
/// taken from another.
struct Moments: Sendable {
    /// How long a change is marked, in seconds.
    static let length = 4.0

    private var changed: [ItemRef: Date] = [:]
    private var stolen: [ItemRef: LockIdentity] = [:]

    mutating func take(_ events: [LockEvent], at now: Date) {
        changed = changed.filter { $0.value > now }
        for event in events {
            switch event.kind {
            case .refreshed, .conflict, .failed: continue
            case .stolen: stolen[event.ref] = event.after?.identity
            case .appeared, .vanished, .locked, .released, .expired, .checkedOut, .checkedIn, .discarded:
                stolen[event.ref] = nil
            }
            changed[event.ref] = now.addingTimeInterval(Self.length)
        }
    }

    /// Whether a row changed a moment ago.
    func isFresh(_ ref: ItemRef, at now: Date) -> Bool {
        !changed.isEmpty && changed[ref].map { $0 > now && $0 <= now.addingTimeInterval(Self.length) } ?? false
    }

    /// Until when a row is marked.
    func end(_ ref: ItemRef) -> Date? { changed.isEmpty ? nil : changed[ref] }

    /// Whether the lock that it has now was taken from another.
    func isStolen(_ ref: ItemRef, _ lock: Lock?) -> Bool {
        guard !stolen.isEmpty, let lock else { return false }
        return stolen[ref] == lock.identity
    }
}
