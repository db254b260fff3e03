// SPDX-License-Identifier: MIT
import HTTP

/// The sign-in host's error body.
struct GraphOAuthProblem: Sendable {
    var error: String?
    /// What it says in words, with a number first: `AADSTS53003: Access has been blocked … Trace ID: …`.
    var description: String?
    /// The number by which the provider's own pages explain it, where the words do not begin with it.
    var number: String?

    /// The number and the first sentence of what it says, on one line: what an administrator needs to look it up.
    var reason: String? {
        let line = (description ?? "").split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        var words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for end in [" Trace ID:", " Correlation ID:", " Timestamp:"] {
            if let range = words.firstRange(of: end) { words = String(words[..<range.lowerBound]) }
        }
        // A full stop within a name or a number ends no sentence.
        if let range = words.firstRange(of: ". ") { words = String(words[..<range.lowerBound]) + "." }
        if words.count > 300 { words = String(words.prefix(299)) + "…" }
        let isNumbered = words.contains("AADSTS")
        if let number, !isNumbered { words = words.isEmpty ? "AADSTS\(number)" : "AADSTS\(number): \(words)" }
        guard isNumbered || number != nil else { return nil }
        return words.last.map { ".…!?".contains($0) } ?? true ? words : words + "."
    }

    /// The provider's number alone.
    var code: Int? {
        if let range = description?.firstRange(of: "AADSTS"), let text = description?[range.upperBound...] {
            return Int(text.prefix(while: \.isWholeNumber))
        }
        return number.flatMap { Int($0) }
    }
}

extension GraphOAuthProblem: Decodable {
    private enum CodingKeys: String, CodingKey {
        case error
        case description = "error_description"
        case numbers = "error_codes"
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        error = box.word(.error)
        description = box.word(.description)
        number = box.ifReadable(Lossy<GraphWord>.self, .numbers)?.elements.first?.text
    }
}
