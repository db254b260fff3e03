// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@Suite("Times of day")
struct WallClockTests {
    /// 2026-03-29 01:00 UTC and 2026-10-25 01:00 UTC, when clocks in Berlin change.
    private static let (spring, autumn) = (1_774_746_000.0, 1_792_890_000.0)

    private static let berlin = Zone(
        over: Date(timeIntervalSince1970: spring - 9_000_000)...Date(timeIntervalSince1970: autumn + 9_000_000)
    ) { time in
        (spring..<autumn).contains(time.timeIntervalSince1970) ? 7_200 : 3_600
    }

    @Test("A time before the clocks changed is shown as it was then, one after it as it is now")
    func daylightSaving() {
        let clock = WallClock(Self.berlin)
        let now = Date(timeIntervalSince1970: Self.autumn + 7_200)
        #expect(clock.minutes(Date(timeIntervalSince1970: Self.spring - 1)) == "01:59")
        #expect(clock.minutes(Date(timeIntervalSince1970: Self.spring)) == "03:00")
        #expect(clock.seconds(Date(timeIntervalSince1970: Self.autumn - 1)) == "02:59:59")
        #expect(clock.seconds(Date(timeIntervalSince1970: Self.autumn)) == "02:00:00")
        #expect(clock.text(now, near: now) == "04:00")
        #expect(clock.text(Date(timeIntervalSince1970: Self.autumn - 86_400), near: now) == "Oct 24 03:00")
    }

    @Test("A clock before and after the span that was asked for stays as it is at its ends")
    func outside() {
        let clock = WallClock(Self.berlin)
        #expect(clock.minutes(Date(timeIntervalSince1970: Self.spring - 86_400_000)) == "02:00")
        #expect(clock.minutes(Date(timeIntervalSince1970: Self.autumn + 86_400_000)) == "02:00")
    }

    @Test(
        "Another day is named, another year too",
        arguments: [
            (951_782_400.0, "Feb 29 2000"), (951_868_800.0, "Mar 1 2000"), (-1.0, "Dec 31 1969"),
            (1_794_614_400.0, "Nov 14 00:00"), (1_795_269_720.0, "14:02"),
        ])
    func days(_ time: Double, _ text: String) {
        let now = Date(timeIntervalSince1970: 1_795_269_720)
        #expect(WallClock(.utc).text(Date(timeIntervalSince1970: time), near: now) == text)
    }
}
