// SPDX-License-Identifier: MIT

/// Spans of time as people write them: `5s`, `10m`, `8h`, `2d`, `1w`, `1h30m`.
public enum DurationText {
    private static let units: [(name: String, seconds: Double)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 0.001),
    ]

    /// Seconds, or `nil` if the text is none: numbers with a unit (`w d h m s ms`), the largest unit first, each once,
    /// without spaces; a number may have a decimal point. A number without a unit is refused.
    public static func parse(_ text: String) -> Double? {
        var rest = Substring(text)
        var unitsLeft = units[...]
        var seconds = 0.0
        guard !rest.isEmpty, text.utf8.count <= 32 else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            guard let first = number.first, first != ".", number.last != ".", let value = Double(number) else {
                return nil
            }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            guard let index = unitsLeft.firstIndex(where: { $0.name == name }) else { return nil }
            seconds += value * units[index].seconds
            unitsLeft = units[(index + 1)...]
            rest = rest.dropFirst(name.count)
        }
        return seconds
    }

    /// The span in its two largest units, rounded down: `45s`, `1m30s`, `8h`, `2d4h`; below a second `250ms`.
    /// Negative spans have a minus sign; what is no number is `?`.
    public static func format(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "?" }
        if seconds < 0 { return "-" + format(-seconds) }
        if seconds > 0, seconds < 1 { return "\(Int(seconds * 1_000))ms" }
        let whole = Int(min(seconds, 1e15))
        let parts = [(whole / 86_400, "d"), (whole / 3_600 % 24, "h"), (whole / 60 % 60, "m"), (whole % 60, "s")]
        guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0s" }
        return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    }
}
