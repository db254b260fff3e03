// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// The sign-ins and renewals of the last quarter of an hour. Nick counts five of them for a machine, those that succeed
/// among them; so they are remembered between runs, and one is left for a person.
///
/// Those of this run are timed by a clock that nobody sets; what other runs wrote down can only be told by the wall's.
struct NickSignIns {
    private static let window = 900.0
    private static let most = 4

    private let key: String
    private let profile: SystemProfile
    private var sent: [ContinuousClock.Instant] = []
    private var closedUntil: ContinuousClock.Instant?

    init(_ profile: SystemProfile) {
        key = "\(profile.address) sign-ins"
        self.profile = profile
    }

    /// Seconds until the next one may be sent; 0: now.
    var wait: Double {
        let now = profile.time.now()
        let own = sent.map { (now - $0) / .seconds(1) }.filter { $0 < Self.window }
        let kept = Self.times(profile.tokens.token(for: key)).map { profile.now().timeIntervalSince1970 - $0 }
            // A time in the future was written by a clock that was wrong.
            .filter { $0 >= -1 && $0 < Self.window }
        let ages = (own.count >= kept.count ? own : kept).sorted(by: >)
        let left = ages.count >= Self.most ? Self.window - ages[ages.count - Self.most] : 0
        return max(0, left, closedUntil.map { ($0 - now) / .seconds(1) } ?? 0)
    }

    /// Takes note of one before it is sent.
    mutating func note() {
        let now = profile.time.now()
        sent.removeAll { now - $0 >= .seconds(Self.window) }
        sent.append(now)
        let wall = profile.now().timeIntervalSince1970
        profile.tokens.update(key) { kept in
            let times = Self.times(kept).filter { $0 > wall - Self.window && $0 <= wall + 1 } + [wall]
            return times.map { String(Int($0)) }.joined(separator: " ")
        }
    }

    /// Takes note of what the server says is left.
    mutating func note(_ response: Response, wait: Double?) {
        let isUsedUp = response.status == 429 || response.headers["RateLimit-Remaining"] == "0"
        if isUsedUp { closedUntil = profile.time.now() + .seconds(wait ?? Self.window) }
    }

    private static func times(_ text: String?) -> [Double] {
        text?.split(separator: " ").compactMap { Double($0) }.filter(\.isFinite) ?? []
    }
}
