// SPDX-License-Identifier: MIT

/// Rates as people write them: `10/s`, `60/m`, `500/h`.
public enum RateText {
    /// Times a second, or `nil` if the text is none. A number without `/s`, `/m` or `/h` is refused.
    public static func parse(_ text: String) -> Double? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[0].first, ("0"..."9").contains(first), parts[0].last != ".",
            parts[0].allSatisfy({ ("0"..."9").contains($0) || $0 == "." }), parts[0].utf8.count <= 16,
            let number = Double(parts[0])
        else { return nil }
        switch parts[1] {
        case "s": return number
        case "m": return number / 60
        case "h": return number / 3_600
        default: return nil
        }
    }
}
