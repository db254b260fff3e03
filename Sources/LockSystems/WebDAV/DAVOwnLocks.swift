// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// The locks that were taken through this program, by their tokens: nothing else shows that one is ours, since what a
/// lock says of its owner nobody has checked. Kept between runs and shared with other programs of the same user.
final class DAVOwnLocks: Sendable {
    /// A lock of ours.
    struct Own: Hashable, Sendable, Codable {
        var path: String
        /// The seconds that it was granted for at each refresh; `nil`: without end.
        var granted: Int?
        /// When it was taken, in Unix seconds by our clock.
        var since: Double
        /// When it was taken or last refreshed.
        var refreshed: Double
        var owner: String
        var comment: String?

        /// When the server ends it.
        var end: Double? { granted.map { refreshed + Double($0) } }
    }

    /// A lock that was asked for, while nobody knows whether it was granted.
    private struct Asked {
        var owner: String
        var comment: String?
        var at: Double
    }

    private struct State {
        var own: [String: Own]?
        var asked: [String: Asked] = [:]
        /// Tokens that are not ours, and when they were seen first: another program may write its own down a little later.
        var others: [String: ContinuousClock.Instant] = [:]
    }

    private static let most = 500
    /// A lock without end is remembered for so many seconds after it was seen last.
    private static let longest = 7_776_000.0

    private let profile: SystemProfile
    private let key: String
    private let state = Mutex(State())

    init(_ profile: SystemProfile) {
        self.profile = profile
        key = profile.tokenKey + " locks"
    }

    private var now: Double { profile.now().timeIntervalSince1970 }

    /// What is known of a lock of ours; `nil` for any other.
    func own(_ token: String) -> Own? {
        let time = profile.time.now()
        return state.withLock { state in
            if state.own == nil { state.own = read(profile.tokens.token(for: key)) }
            if let own = state.own?[token] { return own }
            if let first = state.others[token], time - first > .seconds(60) { return nil }
            if state.others[token] == nil {
                if state.others.count > 20_000 { state.others = [:] }
                state.others[token] = time
            }
            state.own?.merge(read(profile.tokens.token(for: key))) { mine, _ in mine }
            return state.own?[token]
        }
    }

    /// The lock of ours on an item, by our own word alone.
    func held(_ path: String) -> (token: String, own: Own)? {
        let now = now
        return state.withLock { state in
            if state.own == nil { state.own = read(profile.tokens.token(for: key)) }
            return state.own?.first { $0.value.path == path && ($0.value.end ?? .infinity) > now }
                .map { ($0.key, $0.value) }
        }
    }

    /// A lock is about to be asked for.
    func asking(_ path: String, owner: String, comment: String?) {
        let asked = Asked(owner: owner, comment: comment, at: now)
        state.withLock { $0.asked[path] = asked }
    }

    /// What came of it is known.
    func answered(_ path: String) { state.withLock { $0.asked[path] = nil } }

    /// Whether a lock of that owner, which no record knows, is the one whose answer was lost. It is written down then.
    func adopt(_ token: String, at path: String, owner: String, seconds: Int?) -> Own? {
        guard let asked = state.withLock({ $0.asked[path] }), asked.owner == owner else { return nil }
        answered(path)
        let own = Own(
            path: path, granted: seconds, since: asked.at, refreshed: now, owner: owner, comment: asked.comment)
        keep(token, own)
        return own
    }

    /// A lock was taken, or begun anew.
    func keep(_ token: String, _ own: Own) {
        state.withLock { state in
            state.own?[token] = own
            state.others[token] = nil
        }
        change { $0[token] = own }
    }

    /// A lock of ours began anew.
    func refreshed(_ token: String, granted: Int?) {
        guard var own = own(token) else { return }
        (own.granted, own.refreshed) = (granted, now)
        keep(token, own)
    }

    /// A lock of ours is no longer there.
    func drop(_ token: String) {
        guard state.withLock({ $0.own?.removeValue(forKey: token) != nil }) else { return }
        change { $0[token] = nil }
    }

    /// A reading shows these locks on an item, and no others.
    func saw(_ tokens: Set<String>, on path: String) {
        let gone = state.withLock { state in
            (state.own ?? [:]).filter { $0.value.path == path && !tokens.contains($0.key) }.map(\.key)
        }
        gone.forEach(drop)
    }

    private func read(_ text: String?) -> [String: Own] {
        text.flatMap { try? JSONBody.decode([String: Own].self, from: Array($0.utf8)) } ?? [:]
    }

    private func change(_ work: (inout [String: Own]) -> Void) {
        let now = now
        profile.tokens.update(key) { text in
            var own = read(text)
            work(&own)
            own = own.filter { ($0.value.end ?? $0.value.refreshed + Self.longest) + 60 > now }
            let oldest = own.sorted { $0.value.refreshed < $1.value.refreshed }.dropLast(Self.most)
            for token in oldest.map(\.key) { own[token] = nil }
            guard !own.isEmpty, let bytes = try? JSONBody.encode(own) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
