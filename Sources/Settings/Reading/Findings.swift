// SPDX-License-Identifier: MIT
import Locks

/// A sentence about a value, without its place.
struct Complaint: Error {
    var message: String

    init(_ message: String) {
        self.message = message
    }
}

/// Collects what is wrong while one text is read.
final class Findings {
    let file: String
    private var errors: [ConfigurationError] = []

    init(file: String) {
        self.file = file
    }

    var isEmpty: Bool { errors.isEmpty }

    /// All errors in the order of the text; what has no line comes last.
    var sorted: ConfigurationErrors {
        func rank(_ error: ConfigurationError) -> (Int, Int) {
            error.line == 0 ? (.max, 0) : (error.line, error.column)
        }
        let ordered = errors.enumerated().sorted {
            let (left, right) = (rank($0.element), rank($1.element))
            return left == right ? $0.offset < $1.offset : left < right
        }
        return ConfigurationErrors(ordered.map(\.element))
    }

    func add(_ message: String, at place: Place) {
        let error = ConfigurationError(file: file, line: place.line, column: place.column, message: message)
        // An anchor is met again at each of its aliases.
        if !errors.contains(error) { errors.append(error) }
    }

    func add(_ message: String, variable: String) {
        errors.append(ConfigurationError(file: variable, message: message))
    }
}

/// Text of the configuration made fit for a sentence.
enum Quote {
    /// The value in back quotes, shortened, with control, format and separator characters replaced.
    static func value(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(40).map(visible)
        return "`" + String(String.UnicodeScalarView(shown)) + (text.unicodeScalars.count > 40 ? "…`" : "`")
    }

    /// A key in back quotes if it is a plain word; `nil` if not, since a slip of the pen can make a key of a secret.
    static func key(_ text: String) -> String? {
        let isWord = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x5F || byte == 0x2D
        }
        return isWord && !text.isEmpty && text.utf8.count <= 32 ? "`\(text)`" : nil
    }

    /// The words as `a`, `b` or `c`.
    static func list(_ words: [String]) -> String {
        let quoted = words.map { "`\($0)`" }
        guard quoted.count > 1, let last = quoted.last else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }

    /// ` ; did you mean …?` or what is expected.
    static func hint(_ word: String, among words: [String]) -> String {
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
