// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// When a lock counts as one that nobody is likely to be using.
public struct Staleness: Hashable, Sendable {
    /// Seconds after which a lock counts as stale.
    public var after: Double
    /// Holders who left, by id or name.
    public var departed: Set<String>

    /// With fewer seconds left a lock is marked as one that ends soon.
    public static let soon = 120.0

    /// The rule.
    public init(after: Double = 8 * 3_600, departed: some Sequence<String> = []) {
        self.after = after
        self.departed = Set(departed)
    }

    /// Why the lock is stale, in words; none when it is not.
    public func reasons(_ lock: Lock, at now: Date) -> [String] {
        var reasons: [String] = []
        if isDeparted(lock.holder) { reasons.append("\(lock.holder.label) has left") }
        if let since = lock.since, now.timeIntervalSince(since) > after {
            reasons.append("held for \(Age.text(now.timeIntervalSince(since)))")
        }
        if isForsaken(lock, at: now), let since = lock.since {
            reasons.append("not refreshed for \(Age.text(now.timeIntervalSince(since)))")
        }
        // A lock that is refreshed all the time has its expiry ahead of it. One second of grace for two clocks.
        if let expires = lock.expires, now.timeIntervalSince(expires) > 1 {
            reasons.append("ran out \(Age.text(now.timeIntervalSince(expires))) ago and is still there")
        }
        return reasons
    }

    /// Whether there is any reason.
    public func isStale(_ lock: Lock, at now: Date) -> Bool {
        isDeparted(lock.holder) || lock.since.map { now.timeIntervalSince($0) > after } ?? false
            || lock.expires.map { now.timeIntervalSince($0) > 1 } ?? false || isForsaken(lock, at: now)
    }

    /// Whether a row has a lock that nobody is likely to be using: of several that share it, any.
    public func isStale(_ row: Row, at now: Date) -> Bool { row.reading.locks.contains { isStale($0, at: now) } }

    /// The time after which the lock counts as stale, unless its holder has left; `nil`: never.
    public func staleAt(_ lock: Lock) -> Date? {
        [
            lock.since?.addingTimeInterval(after), lock.expires?.addingTimeInterval(1),
            lock.forsakenAt,
        ].compactMap(\.self).min()
    }

    /// When the next thing that a row says turns by itself, without a new reading: its reading becomes an old one, its
    /// lock becomes stale or runs out. `nil`: nothing will.
    /// - Parameters:
    ///   - oldAfter: the seconds after which a reading is an old one.
    ///   - now: only what comes after it counts.
    public func nextTurn(of row: Row, oldAfter: Double, after now: Date) -> Date? {
        var turns = [row.reading.observedAt?.addingTimeInterval(oldAfter)]
        for lock in row.reading.locks {
            turns.append(lock.since?.addingTimeInterval(after))
            // It is over at its end, and stale a second later.
            turns += [lock.expires, lock.expires?.addingTimeInterval(1), lock.expires?.addingTimeInterval(-Self.soon)]
            turns.append(lock.forsakenAt)
        }
        return turns.compactMap(\.self).filter { $0 > now }.min()
    }

    private func isForsaken(_ lock: Lock, at now: Date) -> Bool { lock.forsakenAt.map { now > $0 } ?? false }

    /// Whether a holder is among those who left.
    public func isDeparted(_ holder: Holder) -> Bool {
        guard !departed.isEmpty else { return false }
        return holder.id.map(departed.contains) ?? false || holder.name.map(departed.contains) ?? false
    }
}

extension Lock {
    // Several time-outs without a refresh, where the server tells the refresh and no end.
    fileprivate var forsakenAt: Date? {
        guard expires == nil, sinceIs == .refreshed, let since, let timeout else { return nil }
        return since.addingTimeInterval(3 * Double(timeout))
    }
}
