// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// Times of day for people.
public struct WallClock: Sendable {
    private let zone: Zone

    /// A clock that hangs in that zone.
    public init(_ zone: Zone) { self.zone = zone }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func local(_ time: Date) -> (days: Int, seconds: Int) {
        let total = Int(max(-1e11, min(1e11, time.timeIntervalSince1970))) + zone.seconds(at: time)
        let days = (total >= 0 ? total : total - 86_399) / 86_400
        return (days, total - days * 86_400)
    }

    /// `14:02`.
    public func minutes(_ time: Date) -> String {
        let seconds = local(time).seconds
        return "\(Self.two(seconds / 3_600)):\(Self.two(seconds / 60 % 60))"
    }

    /// `14:02:09`.
    public func seconds(_ time: Date) -> String { "\(minutes(time)):\(Self.two(local(time).seconds % 60))" }

    /// `14:02`, or `Nov 19 14:02` when it is not today.
    public func text(_ time: Date, near now: Date) -> String {
        let (day, today) = (local(time).days, local(now).days)
        if day == today { return minutes(time) }
        let parts = Self.calendar.dateComponents(
            [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = "\(names[max(0, min(11, (parts.month ?? 1) - 1))]) \(parts.day ?? 1)"
        return abs(day - today) > 300 ? "\(date) \(parts.year ?? 1970)" : "\(date) \(minutes(time))"
    }
}

/// How far a place's clocks are from UTC, and when that changes: summer and winter.
public struct Zone: Hashable, Sendable {
    /// From a time on, so many seconds.
    public struct Change: Hashable, Sendable {
        /// The time.
        public let from: Date
        /// The seconds to add to UTC.
        public let seconds: Int

        /// A change.
        public init(from: Date, seconds: Int) {
            self.from = from
            self.seconds = seconds
        }
    }

    private let first: Int
    private let changes: [Change]

    /// UTC.
    public static let utc = Zone(seconds: 0)

    /// Always so many seconds.
    public init(seconds: Int) {
        first = seconds
        changes = []
    }

    /// What a question for single times tells of a span of time.
    /// - Parameters:
    ///   - span: the span; before and after it, clocks are taken to stay as they are at its ends.
    ///   - seconds: the seconds to add to UTC at a time, which change at most once a week.
    public init(over span: ClosedRange<Date>, _ seconds: (Date) -> Int) {
        first = seconds(span.lowerBound)
        var changes: [Change] = []
        var (time, known) = (span.lowerBound, first)
        while time < span.upperBound {
            let next = min(span.upperBound, time.addingTimeInterval(7 * 86_400))
            let then = seconds(next)
            if then != known {
                var (low, high) = (time, next)
                while high.timeIntervalSince(low) > 1 {
                    let middle = low.addingTimeInterval((high.timeIntervalSince(low) / 2).rounded(.down))
                    if seconds(middle) == known { low = middle } else { high = middle }
                }
                changes.append(Change(from: high, seconds: then))
                known = then
            }
            time = next
        }
        self.changes = changes
    }

    /// The seconds to add to UTC at a time.
    public func seconds(at time: Date) -> Int { changes.last { $0.from <= time }?.seconds ?? first }
}
