// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Synchronization

/// How far a server's clock is ahead of ours, from the `Date` of its answers: the median of the last nine. Under two
/// seconds it counts as none: the header has whole seconds, and answers take their time.
final class ServerClock: Sendable {
    private let samples = Mutex<[Double]>([])

    /// Takes note of an answer that came at `now`.
    func note(_ response: Response, at now: Date) {
        guard let text = response.headers["Date"], let date = HTTPDate.date(text) else { return }
        samples.withLock { samples in
            samples.append(date.timeIntervalSince(now))
            if samples.count > 9 { samples.removeFirst() }
        }
    }

    /// Seconds that the server is ahead.
    var offset: Double {
        let sorted = samples.withLock { $0.sorted() }
        guard !sorted.isEmpty else { return 0 }
        let median = sorted[sorted.count / 2]
        return abs(median) < 2 ? 0 : median
    }

    /// A server's time of Unix seconds, by our clock.
    func ours(_ serverSeconds: Double) -> Date? {
        let seconds = serverSeconds - offset
        // Years 1970 to 9999: what lies outside is no time that anybody meant.
        guard seconds.isFinite, seconds >= 0, seconds < 253_402_300_800 else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }
}
