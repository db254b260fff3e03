// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// The sign-ins and renewals of the last quarter of an hour. Nick counts five of them for a machine, those that succeed
/// among them; so they are remembered between runs, and one is left for a person.
struct NickSignIns {
    private static let window = 900.0
    private static let most = 4

    private let key: String
    private let tokens: any TokenStore
    private var closedUntil: Date?

    init(_ profile: SystemProfile) {
        key = "\(profile.address) sign-ins"
        tokens = profile.tokens
        memory = []
    }

    // For stores that keep nothing.
    private var memory: [Double]

    /// Seconds until the next one may be sent; 0: now.
    func wait(at now: Date) -> Double {
        let recent = recent(at: now)
        var wait = closedUntil.map { $0.timeIntervalSince(now) } ?? 0
        if recent.count >= Self.most {
            wait = max(wait, recent[recent.count - Self.most] + Self.window - now.timeIntervalSince1970)
        }
        return max(0, wait)
    }

    /// Takes note of one before it is sent.
    mutating func note(at now: Date) {
        memory = recent(at: now) + [now.timeIntervalSince1970]
        tokens.keep(memory.map { String(Int($0)) }.joined(separator: " "), for: key)
    }

    /// Takes note of what the server says is left.
    mutating func note(_ response: Response, at now: Date, wait: Double?) {
        let isUsedUp = response.status == 429 || response.headers["RateLimit-Remaining"] == "0"
        if isUsedUp { closedUntil = now.addingTimeInterval(wait ?? Self.window) }
    }

    private func recent(at now: Date) -> [Double] {
        let kept = tokens.token(for: key)?.split(separator: " ").compactMap { Double($0) } ?? []
        let end = now.timeIntervalSince1970
        // A time in the future was written by a clock that was wrong.
        return (kept.count >= memory.count ? kept : memory).filter { $0 > end - Self.window && $0 <= end + 1 }.sorted()
    }
}
