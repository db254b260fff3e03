// SPDX-License-Identifier: MIT

/// The server's clock: starts at the real time, runs `speed` times as fast and can be pushed forward.
/// With speed 0 it stands still, which makes a test's expiry times exact.
struct VirtualClock {
    private let start: Double
    private let began = ContinuousClock.now
    private let speed: Double
    private var pushed = 0.0

    /// - Parameter start: Unix seconds at which the clock starts.
    init(start: Double, speed: Double) {
        self.start = start
        self.speed = max(speed, 0)
    }

    /// Unix seconds now.
    var now: Double { start + elapsed }

    /// Seconds since the start.
    var elapsed: Double {
        let real = began.duration(to: .now).components
        return (Double(real.seconds) + Double(real.attoseconds) * 1e-18) * speed + pushed
    }

    /// Moves the clock forward.
    mutating func push(_ seconds: Double) { pushed += max(seconds, 0) }
}

/// A moment in UTC, for the formats of the wire.
struct CivilTime {
    let year, month, day, hour, minute, second, weekday: Int

    /// - Parameter unix: seconds since 1970; parts of a second are dropped.
    init(unix: Double) {
        let seconds = Int(unix.rounded(.down))
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let rest = seconds - days * 86_400
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        weekday = ((days + 4) % 7 + 7) % 7
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026-11-21T01:54:31+00:00`
    var iso: String {
        "\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))+00:00"
    }

    /// `Sat, 21 Nov 2026 01:54:31 GMT`
    var http: String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return
            "\(days[weekday]), \(two(day)) \(months[month - 1]) \(year) \(two(hour)):\(two(minute)):\(two(second)) GMT"
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
