// SPDX-License-Identifier: MIT
import Synchronization

/// How many locks are asked for one by one, instead of all with their whole documents by one search.
///
/// A lock alone is a few bytes, but a request of its own, of which there may be only so many a second. So of documents of
/// middling weight as many are asked for singly as come within about half a second, and then none for a while, so that who polls
/// each second does not see rows grow old; of heavy ones all are, of light ones none.
final class PloneRation: Sendable {
    /// Up to here a document weighs no more than a lock with the heads of its request and its line of a summary.
    static let light = 2_048
    /// From here on a search for several documents costs more than so many requests.
    static let heavy = 16_384

    private struct State {
        var most = 8
        var usedAt: ContinuousClock.Instant?
    }

    private static let pause = Duration.seconds(2)
    private static let share = Duration.seconds(0.5)

    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    init(now: @escaping @Sendable () -> ContinuousClock.Instant) { self.now = now }

    /// How many of so many items are to be asked for singly.
    /// - Parameter bytes: what a whole document weighs.
    func singles(of count: Int, weighing bytes: Int) -> Int {
        if bytes > Self.heavy { return count }
        guard bytes > Self.light else { return 0 }
        let now = now()
        return state.withLock { state in
            guard state.usedAt.map({ now - $0 >= Self.pause }) ?? true else { return 0 }
            return min(count, state.most)
        }
    }

    /// Takes note of how long so many took.
    func took(_ span: Duration, for count: Int) {
        let now = now()
        state.withLock { state in
            state.usedAt = now
            if span > Self.share {
                state.most = max(4, Int(Double(count) * (Self.share / span)))
            } else if span < Self.share / 2, count >= state.most {
                state.most = min(64, state.most * 2)
            }
        }
    }
}
