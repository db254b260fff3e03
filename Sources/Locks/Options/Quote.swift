// SPDX-License-Identifier: MIT

/// Text of the configuration made fit for a sentence.
public enum Quote {
    /// The value in back quotes, shortened, with control, format and separator characters replaced.
    public static func value(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(40).map(visible)
        return "`" + String(String.UnicodeScalarView(shown)) + (text.unicodeScalars.count > 40 ? "…`" : "`")
    }

    /// A key in back quotes if it is a plain word; `nil` if not, since a slip of the pen can make a key of a secret.
    public static func key(_ text: String) -> String? {
        let isWord = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x5F || byte == 0x2D
        }
        return isWord && !text.isEmpty && text.utf8.count <= 32 ? "`\(text)`" : nil
    }

    /// The words as `a`, `b` or `c`.
    public static func list(_ words: [String]) -> String {
        let quoted = words.map { "`\($0)`" }
        guard quoted.count > 1, let last = quoted.last else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }

    /// `did you mean …?`, or what is expected.
    public static func hint(_ word: String, among words: [String]) -> String {
        if let near = NearestWord.suggestion(for: word, among: words) { return "did you mean `\(near)`?" }
        return "expected \(list(words))"
    }

    private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            "\u{FFFD}"
        default: scalar
        }
    }
}
