// SPDX-License-Identifier: MIT
import FoundationEssentials

/// How many requests a second a server takes, by what its watch counted within the last half minute.
struct RequestRate: Hashable, Sendable {
    private struct Count: Hashable, Sendable {
        let time: Date
        let requests: Int
    }

    private var counts: [Count] = []

    /// Takes note of how many were sent since the start.
    mutating func note(_ requests: Int, at time: Date) {
        counts.append(Count(time: time, requests: requests))
        // One that is older stays, so that there is something to compare with where polls are rare.
        while counts.count > 2, counts[1].time < time - 30 || counts.count > 64 { counts.removeFirst() }
    }

    /// Requests a second; `nil` while too little is known.
    var perSecond: Double? {
        guard let first = counts.first, let last = counts.last else { return nil }
        let span = last.time.timeIntervalSince(first.time)
        return span >= 1 ? Double(last.requests - first.requests) / span : nil
    }
}
