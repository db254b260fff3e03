// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Testing

@testable import LockSystems

@Suite("A server's clock")
struct ServerClockTests {
    private let clock = ServerClock()
    private let noon = Date(timeIntervalSince1970: 1_700_000_000)

    /// An answer of a server that is so far ahead, noted when our clock is so many seconds past noon.
    private func answer(ahead: Double, at seconds: Double = 0) {
        let now = noon.addingTimeInterval(seconds)
        clock.note(Response(status: 200, headers: ["Date": HTTPDate.text(now.addingTimeInterval(ahead))]), at: now)
    }

    @Test("Under two seconds it is not off; what is off is off by the middle of the answers")
    func offset() {
        for seconds in 0..<9 { answer(ahead: 1.5, at: Double(seconds)) }
        #expect(clock.offset == 0)
        for seconds in 0..<9 { answer(ahead: 90, at: Double(seconds)) }
        #expect(clock.offset == 90)
        answer(ahead: -9_999)
        #expect(clock.offset == 90)
    }

    @Test("A server two seconds off does not make its times shake: they are converted alike, answer by answer")
    func twoSecondsOff() {
        var offsets: [Double] = []
        for number in 0..<200 {
            answer(ahead: 2 + Double((number * 7) % 11) / 10 - 0.5, at: Double(number) * 5.3)
            offsets.append(clock.offset)
        }
        #expect(zip(offsets.dropFirst(), offsets).count { $0 != $1 } <= 1)
    }

    @Test("A clock that was set back is noticed with the second answer; one answer from a cache is not believed")
    func set() {
        for seconds in 0..<9 { answer(ahead: 0, at: Double(seconds)) }
        answer(ahead: -4_000)
        #expect(clock.offset == 0)
        for _ in 0..<3 { answer(ahead: 0) }
        answer(ahead: 28_800, at: -28_800)
        answer(ahead: 28_800, at: -28_795)
        #expect(clock.offset == 28_800)
    }
}
