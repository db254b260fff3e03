// SPDX-License-Identifier: MIT

/// A query that can't be understood: what is wrong with which word, and what would be right.
public struct QueryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String
}

extension Query {
    /// The words that can stand before a colon.
    public static let fields = [
        "holder", "state", "server", "kind", "path", "type", "title", "older", "newer", "not",
    ]

    /// Reads a query: words apart by blanks, `"several words"` as one and without regard to a colon in it,
    /// `field:value`, `-` or `not:` before what must not match.
    /// - Throws: `QueryError`
    public init(_ text: String) throws(QueryError) {
        self.init()
        for word in Self.words(text) { terms.append(try Self.term(word.text, isLiteral: word.isLiteral)) }
    }

    /// Reads a query of separate words, as they come from a command line: each is one term, blanks and all.
    /// - Throws: `QueryError`
    public init(words: [String]) throws(QueryError) {
        self.init()
        for word in words where !word.isEmpty { terms.append(try Self.term(word, isLiteral: false)) }
    }

    private static func words(_ text: String) -> [(text: String, isLiteral: Bool)] {
        var words: [(text: String, isLiteral: Bool)] = []
        var word = ""
        var isLiteral = false
        var isQuoted = false
        func end() {
            if !word.isEmpty { words.append((word, isLiteral)) }
            word = ""
            isLiteral = false
        }
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
                isLiteral = isLiteral || ["", "-", "not:"].contains(word.lowercased())
            } else if character == " " || character == "\t", !isQuoted {
                end()
            } else {
                word.append(character)
            }
        }
        end()
        return words
    }

    private static func term(_ text: String, isLiteral: Bool) throws(QueryError) -> Term {
        var rest = text
        var isNegated = false
        if rest.hasPrefix("-"), rest.count > 1 {
            isNegated = true
            rest.removeFirst()
        } else if rest.lowercased().hasPrefix("not:") {
            isNegated = true
            rest.removeFirst(4)
            guard !rest.isEmpty else { throw QueryError(description: "not: wants a word right after it: not:draft.") }
        }
        return Term(test: isLiteral ? .word(rest.lowercased()) : try test(rest), isNegated: isNegated)
    }

    private static func test(_ text: String) throws(QueryError) -> Term.Test {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
            text[..<colon].allSatisfy({ $0.isLetter && $0.isASCII })
        else { return .word(text.lowercased()) }
        let field = text[..<colon].lowercased()
        let value = String(text[text.index(after: colon)...])
        let folded = value.lowercased()
        switch field {
        case "holder": return .holder(folded)
        case "server": return .server(folded)
        case "kind": return .kind(folded)
        case "path": return .path(value)
        case "type": return .type(folded)
        case "title": return .title(folded)
        case "state":
            if folded.isEmpty {
                throw QueryError(
                    description: "state: wants one of \(Condition.allCases.map(\.rawValue).joined(separator: " ")).")
            }
            guard let condition = Condition(rawValue: folded) else {
                throw unknown("state", folded, among: Condition.allCases.map(\.rawValue))
            }
            return .state(condition)
        case "older", "newer":
            guard let seconds = DurationText.parse(folded) else {
                throw QueryError(
                    description: "\(field):\(value) is no length of time: write \(field):2h or \(field):30m.")
            }
            return field == "older" ? .older(seconds) : .newer(seconds)
        default:
            throw unknown("filter word", field + ":", among: fields.map { $0 + ":" })
        }
    }

    private static func unknown(_ what: String, _ word: String, among known: [String]) -> QueryError {
        let hint = NearestWord.hint(for: word, among: known)
        return QueryError(description: "\(word) is no \(what).\(hint) There is \(known.joined(separator: " ")).")
    }
}
