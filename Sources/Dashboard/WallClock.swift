// SPDX-License-Identifier: MIT
import FoundationEssentials

/// Times of day for people.
struct WallClock: Sendable {
    private let offset: Int

    init(_ secondsFromUTC: Int) { offset = secondsFromUTC }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func local(_ time: Date) -> (days: Int, seconds: Int) {
        let total = Int(max(-1e11, min(1e11, time.timeIntervalSince1970))) + offset
        let days = (total >= 0 ? total : total - 86_399) / 86_400
        return (days, total - days * 86_400)
    }

    /// `14:02`.
    func minutes(_ time: Date) -> String {
        let seconds = local(time).seconds
        return "\(Self.two(seconds / 3_600)):\(Self.two(seconds / 60 % 60))"
    }

    /// `14:02:09`.
    func seconds(_ time: Date) -> String { "\(minutes(time)):\(Self.two(local(time).seconds % 60))" }

    /// `14:02`, or `Nov 19 14:02` when it is not today.
    func text(_ time: Date, near now: Date) -> String {
        let (day, today) = (local(time).days, local(now).days)
        if day == today { return minutes(time) }
        let (year, month, dayOfMonth) = Self.civil(day)
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = "\(names[month - 1]) \(dayOfMonth)"
        return abs(day - today) > 300 ? "\(date) \(year)" : "\(date) \(minutes(time))"
    }

    // Days since 1970 as a date of the Gregorian calendar.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
