// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// Times as servers write them in JSON and in XML: `2026-08-01T12:00:00Z`.
public enum RFC3339 {
    /// The time in a text.
    ///
    /// Takes a fraction of any length, `Z`, an offset with or without its colon, a blank instead of the `T`, and a text
    /// without seconds or without a zone, which then means UTC.
    /// - Returns: `nil` for anything else, and for days that no calendar has.
    public static func date(_ text: some StringProtocol) -> Date? {
        var scan = Scanner(bytes: Array(text.utf8))
        guard let year = scan.number(digits: 4), scan.skip("-"), let month = scan.number(digits: 2), scan.skip("-"),
            let day = scan.number(digits: 2), scan.skip("T") || scan.skip("t") || scan.skip(" "),
            let hour = scan.number(digits: 2), scan.skip(":"), let minute = scan.number(digits: 2)
        else { return nil }
        var second = 0
        var fraction = 0.0
        if scan.skip(":") {
            guard let value = scan.number(digits: 2) else { return nil }
            second = value
            if scan.skip(".") || scan.skip(",") {
                guard let value = scan.fraction() else { return nil }
                fraction = value
            }
        }
        guard let offset = scan.offset(), scan.isAtEnd,
            let seconds = CivilTime(year, month, day, hour, minute, second).secondsSince1970
        else { return nil }
        return Date(timeIntervalSince1970: Double(seconds - offset) + fraction)
    }

    /// A time in UTC, to the second: `2026-08-01T12:00:00Z`.
    public static func text(_ date: Date) -> String {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        // The years 0000 to 9999; what is beyond has no such text.
        return text(secondsSince1970: Int(min(max(seconds, -62_167_219_200), 253_402_300_799)))
    }

    /// A time in UTC from its seconds since 1970.
    public static func text(secondsSince1970 seconds: Int) -> String {
        let time = CivilTime(secondsSince1970: seconds)
        return pad(time.year, 4) + "-" + pad(time.month, 2) + "-" + pad(time.day, 2) + "T" + pad(time.hour, 2) + ":"
            + pad(time.minute, 2) + ":" + pad(time.second, 2) + "Z"
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension RFC3339 {
    private struct Scanner {
        let bytes: [UInt8]
        private var place = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { place == bytes.count }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard !isAtEnd, bytes[place] == UInt8(ascii: character) else { return false }
            place += 1
            return true
        }

        mutating func digit() -> Int? {
            guard !isAtEnd, (0x30...0x39).contains(bytes[place]) else { return nil }
            defer { place += 1 }
            return Int(bytes[place] - 0x30)
        }

        mutating func number(digits: Int) -> Int? {
            var value = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        mutating func fraction() -> Double? {
            var value = 0.0
            var weight = 0.1
            var any = false
            while let digit = digit() {
                value += Double(digit) * weight
                weight /= 10
                any = true
            }
            return any ? value : nil
        }

        /// Seconds east of UTC.
        mutating func offset() -> Int? {
            if isAtEnd || skip("Z") || skip("z") { return 0 }
            let sign: Int
            if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
            guard let hours = number(digits: 2), hours < 24 else { return nil }
            var minutes = 0
            if skip(":") || !isAtEnd {
                guard let value = number(digits: 2), value < 60 else { return nil }
                minutes = value
            }
            return sign * (hours * 3600 + minutes * 60)
        }
    }
}
