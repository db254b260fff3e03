// SPDX-License-Identifier: MIT
import HTTP
import Locks
import Synchronization

/// How many items at a time one server is asked for: fewer where it can't give as many, more again only slowly.
///
/// What was found out for one page holds for all others, of this listing and of later ones. Pages begin at items, not at
/// page numbers, so that a size that changes in between loses nothing and brings nothing twice.
final class PageSize: Sendable {
    private struct State {
        var size: Int
        /// How many whole pages of this size came quickly, one after the other.
        var quick = 0
        /// How many of them it takes to ask for twice as much.
        var patience = 20
        var hasGrown = false
    }

    private static let mostPatience = 640

    private let most: Int
    private let least: Int
    private let timeout: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// Begins with the most.
    /// - Parameter timeout: how many seconds an answer may take.
    init(_ most: Int, least: Int = 12, timeout: Double, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.most = most
        self.least = min(least, most)
        self.timeout = .seconds(timeout)
        self.now = now
        state = Mutex(State(size: most))
    }

    /// So many are asked for at a time.
    var current: Int { state.withLock(\.size) }

    /// Takes note that so many could not be had.
    /// - Returns: how many to ask for instead; `nil`: fewer are not worth asking for.
    @discardableResult
    func failed(_ size: Int) -> Int? {
        guard size > least else { return nil }
        let half = max(least, size / 2)
        state.withLock { state in
            // Of several pages that were asked for side by side only the first one halves it.
            guard half < state.size else { return }
            if state.hasGrown { state.patience = min(Self.mostPatience, state.patience * 2) }
            (state.size, state.quick, state.hasGrown) = (half, 0, false)
        }
        return half
    }

    /// Takes note that so many came, and how long that took.
    func came(_ size: Int, after span: Duration) {
        state.withLock { state in
            guard size >= state.size, state.size < most else { return }
            // What takes long already would come too late if it were twice as much.
            state.quick = span < timeout / 6 ? state.quick + 1 : 0
            guard state.quick >= state.patience else { return }
            (state.size, state.quick, state.hasGrown) = (min(most, state.size * 2), 0, true)
        }
    }

    /// Asks for as many as can be had, and for half as many as long as that fails because it is too much.
    /// - Throws: `LockError`
    func ask<Answer>(_ body: (_ size: Int) async throws -> Answer) async throws -> Answer {
        let (first, start) = (current, now())
        var size = first
        while true {
            let began = now()
            do {
                let answer = try await body(size)
                came(size, after: now() - began)
                return answer
            } catch let error as LockError where error.asksForLess {
                guard let less = failed(size) else {
                    // It fails whatever is asked for: that says nothing of the size.
                    state.withLock { $0.size = max($0.size, first) }
                    throw error
                }
                // A server that hangs altogether is not waited for again and again.
                guard now() - start < timeout * 1.5 else { throw error }
                size = less
            }
        }
    }
}

extension TransportError {
    /// Whether a smaller question may be answered.
    var asksForLess: Bool { [.timedOut, .tooLarge].contains(code) && !surelyNotSent }
}

extension Response {
    /// Whether a smaller question may be answered: it failed, and did not ask to be left alone.
    var asksForLess: Bool { [500, 502, 503, 504].contains(status) && headers["Retry-After"] == nil }
}
