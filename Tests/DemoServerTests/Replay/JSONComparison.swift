// SPDX-License-Identifier: MIT
@testable import DemoServer

/// How two JSON texts differ, values that are never twice the same compared by their kind.
struct JSONComparison {
    private static let volatile: Set = [
        "UID", "created", "modified", "effective", "time", "token", "CreationDate", "ModificationDate", "Date",
        "EffectiveDate", "cmf_uid", "traceback",
    ]
    private(set) var differences: [String] = []

    /// Whether the value holds something that is never twice the same, or not in JSON at all.
    static func hasVolatile(_ value: JSON) -> Bool {
        switch value {
        case .object(let fields):
            fields.contains { volatile.contains($0.key) || $0.key == "(note)" || hasVolatile($0.value) }
        case .array(let values): values.contains(where: hasVolatile)
        case .string(let text): text.hasPrefix("<")
        default: false
        }
    }

    init(_ expected: JSON, _ found: JSON) { compare(expected, found, "") }

    private mutating func compare(_ expected: JSON, _ found: JSON, _ path: String) {
        switch (expected, found) {
        case (.object(let wanted), .object(let got)):
            let wanted = wanted.filter { $0.key != "(note)" }
            for field in wanted {
                guard let other = found[field.key] else {
                    differences.append("\(path).\(field.key) is missing")
                    continue
                }
                if Self.volatile.contains(field.key) {
                    compareKind(field.value, other, path + "." + field.key)
                } else if field.key == "items", expected["(note)"] != nil, let all = other.elements {
                    compare(field.value, .array(Array(all.prefix(field.value.elements?.count ?? 0))), path + ".items")
                } else {
                    compare(field.value, other, path + "." + field.key)
                }
            }
            for field in got where expected[field.key] == nil { differences.append("\(path).\(field.key) is new") }
        case (.array(let wanted), .array(let got)):
            if wanted.count != got.count { differences.append("\(path) has \(got.count), not \(wanted.count)") }
            for (index, pair) in zip(wanted, got).enumerated() { compare(pair.0, pair.1, "\(path)[\(index)]") }
        default:
            if expected != found { differences.append("\(path) is \(found), not \(expected)") }
        }
    }

    private mutating func compareKind(_ expected: JSON, _ found: JSON, _ path: String) {
        let isSame =
            switch (expected, found) {
            case (.string(let one), .string(let other)): Self.shape(one) == Self.shape(other)
            case (.double, .double), (.int, .int), (.null, .null), (.array, .array): true
            default: false
            }
        if !isSame { differences.append("\(path) is \(found), not like \(expected)") }
    }

    /// The text with each run of digits or letters of a number replaced by one mark.
    private static func shape(_ text: String) -> String {
        if text.utf8.count == 32, text.allSatisfy(\.isHexDigit) { return "uid" }
        if text.utf8.count == 36, text.count(where: { $0 == "-" }) == 4 { return "uuid" }
        if text.hasPrefix("eyJ") { return "jwt\(text.count { $0 == "." })" }
        var out = ""
        for character in text {
            let mark: Character = character.isNumber ? "0" : character
            if mark != "0" || out.last != "0" { out.append(mark) }
        }
        return out
    }
}
