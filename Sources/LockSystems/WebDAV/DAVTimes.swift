// SPDX-License-Identifier: MIT
import FoundationEssentials
import Synchronization

/// What a server means by a lock's time-out: what is left of it, or what it was granted for (webdav.md section 4).
final class DAVTimes: Sendable {
    private struct Seen {
        var seconds: Int
        var at: Date
        var end: Date
    }

    private struct State {
        /// Whether the server counts down; `nil`: it has not shown that yet.
        var countsDown: Bool?
        var seen: [String: Seen] = [:]
    }

    private static let most = 100_000
    private let state = Mutex(State())

    /// Whether it has shown that it tells what is left.
    var countsDown: Bool { state.withLock { $0.countsDown == true } }

    /// When a lock ends of which so many seconds are told; `nil` where these are no time that is left.
    ///
    /// What is told in whole seconds would shake: the same end is told as long as nothing else fits.
    func end(_ key: String, seconds: Int, at now: Date) -> Date? {
        state.withLock { state in
            let end = now.addingTimeInterval(Double(seconds))
            guard let old = state.seen[key] else {
                if state.seen.count >= Self.most { state.seen = [:] }
                state.seen[key] = Seen(seconds: seconds, at: now, end: end)
                return state.countsDown == false ? nil : end
            }
            let elapsed = now.timeIntervalSince(old.at)
            let fallen = Double(old.seconds - seconds)
            if fallen >= 1, abs(fallen - elapsed) < 1.5 { state.countsDown = true }
            if elapsed >= 3, fallen == 0, state.countsDown == nil { state.countsDown = false }
            guard state.countsDown != false else { return nil }
            if abs(end.timeIntervalSince(old.end)) < 1.5 { return old.end }
            state.seen[key] = Seen(seconds: seconds, at: now, end: end)
            return end
        }
    }
}
