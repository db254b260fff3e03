// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Synchronization

/// How far a server's clock is ahead of ours, from the `Date` of its answers: the median of the last nine. Under two
/// seconds it counts as none: the header has whole seconds, and answers take their time. What was found holds until it
/// is clearly something else, so that a server two seconds off does not make all its times shake.
final class ServerClock: Sendable {
    private struct State {
        var samples: [Double] = []
        var offset: Double = 0
        /// The last header and its time: many answers of one second have the same.
        var last: (text: String, date: Date)?
    }
    private let state = Mutex(State())

    /// Takes note of an answer that came at `now`.
    func note(_ response: Response, at now: Date) {
        guard let text = response.headers["Date"] else { return }
        state.withLock { state in
            if state.last?.text != text { state.last = HTTPDate.date(text).map { (text, $0) } }
            guard let date = state.last?.date else { return }
            let sample = date.timeIntervalSince(now)
            // Two in a row that agree and are far from the rest: a clock was set. One alone is an answer from a cache.
            if let last = state.samples.last, let median = Self.median(state.samples.dropLast()),
                abs(last - sample) < 5, abs(sample - median) > 60, abs(last - median) > 60
            {
                state.samples = [last]
            }
            state.samples.append(sample)
            if state.samples.count > 9 { state.samples.removeFirst() }
            guard let median = Self.median(state.samples[...]) else { return }
            let isOff = abs(median) >= (state.offset == 0 ? 2 : 1)
            if !isOff { state.offset = 0 }
            if isOff, abs(median - state.offset) > 1.5 { state.offset = median }
        }
    }

    private static func median(_ samples: ArraySlice<Double>) -> Double? {
        samples.isEmpty ? nil : samples.sorted()[samples.count / 2]
    }

    /// Seconds that the server is ahead.
    var offset: Double { state.withLock { $0.offset } }

    /// A server's time of Unix seconds, by our clock.
    func ours(_ serverSeconds: Double) -> Date? {
        let seconds = serverSeconds - offset
        // Years 1970 to 9999: what lies outside is no time that anybody meant.
        guard seconds.isFinite, seconds >= 0, seconds < 253_402_300_800 else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }
}
