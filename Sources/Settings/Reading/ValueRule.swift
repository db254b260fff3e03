// SPDX-License-Identifier: MIT
internal import Locks

/// What a value has to be, whether it comes from the file or from the environment.
enum ValueRule {
    /// A span of time from `range`, in seconds.
    static func duration(_ text: String, in range: ClosedRange<Double>) throws(Complaint) -> Double {
        guard let seconds = DurationText.parse(text) else {
            if let number = Int(text), number >= 0 {
                throw Complaint("\(Quote.value(text)) has no unit; write `\(number)s`")
            }
            throw Complaint("\(Quote.value(text)) is no time; expected one like `5s`, `10m`, `8h` or `1h30m`")
        }
        guard range.contains(seconds) else {
            let (from, to) = (DurationText.format(range.lowerBound), DurationText.format(range.upperBound))
            throw Complaint("\(Quote.value(text)) is out of range; expected `\(from)` to `\(to)`")
        }
        return seconds
    }

    /// A rate, in times a second.
    static func rate(_ text: String) throws(Complaint) -> Double {
        guard let rate = RateText.parse(text) else {
            if let number = Int(text), number >= 0 {
                throw Complaint("\(Quote.value(text)) has no unit; write `\(number)/s`")
            }
            throw Complaint("\(Quote.value(text)) is no rate; expected one like `10/s` or `60/m`")
        }
        guard rate > 0, rate <= 10_000 else {
            throw Complaint("\(Quote.value(text)) is out of range; expected more than 0 and at most `10000/s`")
        }
        return rate
    }

    /// `true` or `false`.
    static func flag(_ text: String) throws(Complaint) -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: break
        }
        switch text.lowercased() {
        case "true", "yes", "on", "y", "1": throw Complaint("\(Quote.value(text)) is no truth value; write `true`")
        case "false", "no", "off", "n", "0": throw Complaint("\(Quote.value(text)) is no truth value; write `false`")
        default: throw Complaint("expected `true` or `false`, found \(Quote.value(text))")
        }
    }

    /// A whole number from `range`.
    static func whole(_ text: String, in range: ClosedRange<Int>) throws(Complaint) -> Int {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), range.contains(number)
        else {
            throw Complaint(
                "expected a whole number from \(range.lowerBound) to \(range.upperBound), found \(Quote.value(text))")
        }
        return number
    }

    /// One of `words`; `noun` says what they are.
    static func choice(_ text: String, noun: String, among words: [String]) throws(Complaint) -> String {
        guard words.contains(text) else {
            throw Complaint("unknown \(noun) \(Quote.value(text)); \(Quote.hint(text, among: words))")
        }
        return text
    }

    /// A column of the screen's table that is not there yet.
    static func column(_ text: String, after earlier: [String]) throws(Complaint) -> String {
        let name = try choice(text, noun: "column", among: Field.ofScreen.map(\.name))
        guard !earlier.contains(name) else { throw Complaint("the column `\(name)` is there already") }
        return name
    }

    /// The name of a saved view.
    static func viewName(_ text: String) throws(Complaint) {
        guard !SavedView.taken.contains(text) else {
            throw Complaint("`\(text)` is one of the screen's own views; choose another name")
        }
        guard let first = text.unicodeScalars.first, isLetterOrDigit(first), text.utf8.count <= 24,
            text.unicodeScalars.allSatisfy({ isLetterOrDigit($0) || "-_.".unicodeScalars.contains($0) })
        else {
            throw Complaint(
                "expected the name of a view: at most 24 letters, digits, `-`, `_` and `.`, the first a letter or digit"
            )
        }
    }

    /// A filter in the query language.
    static func filter(_ text: String) throws(Complaint) -> String {
        do {
            _ = try Query(text)
            return text
        } catch {
            throw Complaint("wrong filter: \(error.description)")
        }
    }

    /// A server's name.
    static func serverName(_ text: String) throws(Complaint) -> String {
        guard let first = text.unicodeScalars.first, isLetterOrDigit(first), text.utf8.count <= 64,
            text.unicodeScalars.allSatisfy({ isLetterOrDigit($0) || "-_.".unicodeScalars.contains($0) })
        else {
            throw Complaint(
                "\(Quote.value(text)) is no name for a server; expected letters, digits, `-`, `_` and `.`, "
                    + "the first a letter or digit")
        }
        return text
    }

    /// The name of an environment variable. The text is not quoted: people put the secret itself here.
    static func variableName(_ text: String) throws(Complaint) -> String {
        guard let first = text.unicodeScalars.first, isLetterOrDigit(first) || first == "_",
            !("0"..."9").contains(first),
            text.unicodeScalars.allSatisfy({ isLetterOrDigit($0) || $0 == "_" })
        else { throw Complaint("expected the name of an environment variable: letters, digits and `_`") }
        return text
    }

    /// A language tag.
    static func language(_ text: String) throws(Complaint) -> String {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count <= 35,
            parts.allSatisfy({ (1...8).contains($0.count) && $0.unicodeScalars.allSatisfy(isLetterOrDigit) })
        else { throw Complaint("\(Quote.value(text)) is no language; expected one like `de` or `en-GB`") }
        return text
    }

    static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }
}
