// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// Times as in the headers `Date`, `Last-Modified` and `Retry-After`.
public enum HTTPDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    /// The time in a header: `Sun, 06 Nov 1994 08:49:37 GMT`, or one of the two old forms
    /// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`. The name of the day is not looked at.
    public static func date(_ text: some StringProtocol) -> Date? {
        var words = text.split { $0 == " " || $0 == "-" || $0 == "," }
        guard words.count >= 5 else { return nil }
        words.removeFirst()
        let isZoned = words.last == "GMT" || words.last == "UTC"
        if isZoned { words.removeLast() }
        guard words.count == 4 else { return nil }
        // With a zone: day, month, year, time. Without, from C's asctime: month, day, time, year.
        let (day, month, year, time) =
            isZoned ? (words[0], words[1], words[2], words[3]) : (words[1], words[0], words[3], words[2])
        guard let month = months.firstIndex(of: month.lowercased()), let day = number(day, 1...2),
            let year = fullYear(year)
        else { return nil }
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], 2...2), let minute = number(clock[1], 2...2),
            let second = number(clock[2], 2...2),
            let seconds = CivilTime(year, month + 1, day, hour, minute, second).secondsSince1970
        else { return nil }
        return Date(timeIntervalSince1970: Double(seconds))
    }

    /// The text that today's servers send: `Sun, 06 Nov 1994 08:49:37 GMT`.
    public static func text(_ date: Date) -> String {
        let seconds = Int(min(max(date.timeIntervalSince1970.rounded(.down), 0), 253_402_300_799))
        let time = CivilTime(secondsSince1970: seconds)
        let month = months[time.month - 1]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[seconds / 86_400 % 7]), \(two(time.day)) \(month.prefix(1).uppercased())\(month.dropFirst()) "
            + "\(time.year) \(two(time.hour)):\(two(time.minute)):\(two(time.second)) GMT"
    }

    private static func number(_ text: some StringProtocol, _ digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func fullYear(_ text: some StringProtocol) -> Int? {
        if let year = number(text, 4...4) { return year }
        // Two digits: servers of 1970 to 2069.
        return number(text, 2...2).map { $0 < 70 ? 2000 + $0 : 1900 + $0 }
    }
}
