// SPDX-License-Identifier: MIT

/// A page of the manual in mdoc(7), put together line by line. What is given as text can't become a request of it.
struct Mdoc {
    /// The page.
    private(set) var text: String

    /// Begins a page.
    /// - Parameters:
    ///   - title: its name, as `locktop-lock`.
    ///   - section: 1 for commands, 5 for files.
    ///   - about: the line that apropos shows.
    init(_ title: String, section: Int, about: String) {
        text = """
            .\\" Made from the program's own definitions: change those.
            .Dd \(Version.day)
            .Dt \(title.uppercased()) \(section)
            .Os
            .Sh NAME
            .Nm \(title)
            .Nd \(Self.escaped(Self.withoutStop(about)))

            """
    }

    mutating func section(_ title: String) { request("Sh \(title)") }
    mutating func subsection(_ title: String) { request("Ss \(Self.argument(title))") }
    mutating func paragraph() { request("Pp") }

    /// A request as it stands.
    mutating func request(_ line: String) { text += ".\(line)\n" }

    /// Running text, each sentence on a line of its own, as mdoc wants it.
    mutating func prose(_ text: String) {
        var sentence = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            sentence += (sentence.isEmpty ? "" : " ") + word
            let end = word.drop { "(“".contains($0) }.last ?? " "
            guard ".?!".contains(end), word.count > 3 || !word.contains(".") || word.hasSuffix(".") else { continue }
            // What ends like a sentence and is none.
            guard !["e.g.", "i.e.", "-", "…"].contains(word) else { continue }
            line(sentence)
            sentence = ""
        }
        if !sentence.isEmpty { line(sentence) }
    }

    // Folded where mandoc begins to complain.
    private mutating func line(_ plain: String) {
        var current = ""
        for word in plain.replacing("`", with: "").split(separator: " ") {
            let escaped = Self.escaped(String(word), isTyped: word.hasPrefix("-"))
            if !current.isEmpty, current.utf8.count + 1 + escaped.utf8.count > 78 {
                text += current + "\n"
                current = ""
            }
            // Only a line that begins like a request needs its guard.
            current +=
                current.isEmpty ? escaped : " " + (escaped.hasPrefix("\\&") ? String(escaped.dropFirst(2)) : escaped)
        }
        text += current + "\n"
    }

    /// Names with what they mean, below each other.
    mutating func list(_ entries: [(name: String, meaning: String)]) {
        guard !entries.isEmpty else { return }
        request("Bl -tag -width Ds")
        for entry in entries {
            request("It \(entry.name)")
            prose(entry.meaning)
        }
        request("El")
    }

    /// Lines as they are typed.
    mutating func literal(_ lines: [String]) {
        request("Bd -literal -offset indent")
        for line in lines { text += Self.escaped(line, isTyped: true) + "\n" }
        request("Ed")
    }

    /// Text as one argument of a request.
    static func argument(_ text: String) -> String {
        // A sign of punctuation by itself would be set behind the request, and not as its argument.
        let guarded = text.count == 1 && !(text.first?.isLetter ?? true) ? "\\&" : ""
        return "\"" + guarded + escaped(text, isTyped: true).replacing("\"", with: "\\(dq") + "\""
    }

    /// A word that is typed as it stands.
    static func typed(_ word: String) -> String { "Ic " + argument(word) }

    static func escaped(_ text: String, isTyped: Bool = false) -> String {
        var result = text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" : ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-" where isTyped: result += "\\-"
            case "'" where isTyped: result += "\\(aq"
            case "`" where isTyped: result += "\\(ga"
            case "^" where isTyped: result += "\\(ha"
            case "~" where isTyped: result += "\\(ti"
            case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
            }
        }
        return result
    }

    private static func withoutStop(_ text: String) -> String {
        ".?".contains(text.last ?? " ") ? String(text.dropLast()) : text
    }
}
