// SPDX-License-Identifier: MIT

/// A condition in SuperOffice's own words: `name contains 'offer' and documentId in (141,142)`. `and` binds closer than
/// `or`; brackets around conditions are not known.
struct SuperOfficeFilter {
    private struct Condition {
        let column: String
        let operation: String
        let values: [String]
    }

    /// Any of these, each of which is all of its conditions.
    private var choices: [[Condition]] = []

    /// Whether there is no condition at all.
    var isEmpty: Bool { choices.isEmpty }

    init(_ text: String) throws(SuperOfficeFailure) {
        var words = try Self.words(text)[...]
        guard !words.isEmpty else { return }
        var all: [Condition] = []
        while true {
            all.append(try Self.condition(&words))
            guard let joint = words.popFirst() else { break }
            switch joint.lowercased() {
            case "and": continue
            case "or":
                choices.append(all)
                all = []
            default: throw Self.wrong("'\(joint)' is not expected")
            }
        }
        choices.append(all)
    }

    private static func wrong(_ what: String) -> SuperOfficeFailure {
        .exception(500, type: "SoInvalidArgumentException", message: "Error in $filter: \(what)")
    }

    private static func condition(_ words: inout ArraySlice<String>) throws(SuperOfficeFailure) -> Condition {
        guard let column = words.popFirst(), let operation = words.popFirst() else { throw wrong("it ends too early") }
        var values: [String] = []
        if words.first == "(" {
            words.removeFirst()
            while let word = words.popFirst(), word != ")" {
                if word != "," { values.append(unquoted(word)) }
            }
        } else if let word = words.first, !["and", "or"].contains(word.lowercased()) {
            values.append(unquoted(word))
            words.removeFirst()
        }
        return Condition(column: column, operation: operation.lowercased(), values: values)
    }

    private static func unquoted(_ word: String) -> String {
        word.hasPrefix("'") ? String(word.dropFirst().dropLast()).replacing("''", with: "'") : word
    }

    /// Words, numbers, texts in quotes, brackets and commas.
    private static func words(_ text: String) throws(SuperOfficeFailure) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in text {
            if isQuoted {
                word.append(character)
                if character == "'" { isQuoted = false }
            } else if character == "'" {
                isQuoted = true
                word.append(character)
            } else if character == " " || "(),".contains(character) {
                if !word.isEmpty { words.append(word) }
                word = ""
                if character != " " { words.append(String(character)) }
            } else {
                word.append(character)
            }
        }
        guard !isQuoted else { throw wrong("a quote is not closed") }
        if !word.isEmpty { words.append(word) }
        return words
    }

    // MARK: Matching

    /// Whether a line with those values meets it.
    func matches(_ value: (String) throws(SuperOfficeFailure) -> JSON) throws(SuperOfficeFailure) -> Bool {
        if choices.isEmpty { return true }
        for all in choices {
            var isMet = true
            for condition in all where isMet {
                isMet = try Self.meets(try value(condition.column), condition)
            }
            if isMet { return true }
        }
        return false
    }

    private static func meets(_ value: JSON, _ condition: Condition) throws(SuperOfficeFailure) -> Bool {
        let wanted = condition.values.first ?? ""
        switch condition.operation {
        case "set": return value == .bool(wanted.lowercased() == "true")
        case "in", "oneof": return condition.values.contains { isSame(value, $0) }
        case "=", "eq", "equals", "is", "date": return isSame(value, wanted)
        case "ne", "unequals", "isnot": return !isSame(value, wanted)
        case "contains": return text(value).contains(wanted.lowercased())
        case "begins": return text(value).hasPrefix(wanted.lowercased())
        case "gt", "greater", "after": return precedes(other(wanted, like: value), value)
        case "lt", "less", "before": return precedes(value, other(wanted, like: value))
        case "ge": return !precedes(value, other(wanted, like: value))
        case "le": return !precedes(other(wanted, like: value), value)
        default: throw wrong("'\(condition.operation)' is no operator")
        }
    }

    private static func isSame(_ value: JSON, _ wanted: String) -> Bool {
        text(value) == wanted.lowercased()
    }

    private static func other(_ text: String, like value: JSON) -> JSON {
        if case .int = value { return .int(Int(text) ?? 0) }
        return .string(text)
    }

    private static func text(_ value: JSON) -> String {
        switch value {
        case .string(let text): text.lowercased()
        case .int(let number): String(number)
        case .bool(let value): String(value)
        default: ""
        }
    }

    /// The order of two values of one column.
    static func precedes(_ one: JSON, _ other: JSON) -> Bool {
        switch (one, other) {
        case (.int(let one), .int(let other)): one < other
        case (.string(let one), .string(let other)): one < other
        case (.null, .null): false
        case (.null, _): true
        default: false
        }
    }
}
