// SPDX-License-Identifier: MIT

/// A JSON value as a server builds it: objects keep the order in which they were written; the writer sorts.
enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([Field])

    /// One key with its value.
    struct Field: Equatable, Sendable {
        let key: String
        let value: JSON
    }

    /// The value of a key of an object; `nil` when there is none or this is no object.
    subscript(key: String) -> JSON? {
        guard case .object(let fields) = self else { return nil }
        return fields.first { $0.key == key }?.value
    }

    /// The text of a string.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array.
    var elements: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The fields of an object.
    var fields: [Field]? {
        guard case .object(let fields) = self else { return nil }
        return fields
    }

    /// What Python takes for true: everything but null, false, zero and what is empty.
    var isTruthy: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .string(let value): !value.isEmpty
        case .array(let value): !value.isEmpty
        case .object(let value): !value.isEmpty
        }
    }

    /// This object with more fields; anything else as it is.
    func adding(_ more: [Field]) -> JSON {
        guard case .object(let fields) = self else { return self }
        return .object(fields + more)
    }

    /// A string, or null for `nil`.
    static func optional(_ text: String?) -> JSON {
        text.map { .string($0) } ?? .null
    }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral
{
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Field(key: $0.0, value: $0.1) })
    }
    init(stringLiteral value: String) { self = .string(value) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(integerLiteral value: Int) { self = .int(value) }
    init(nilLiteral: ()) { self = .null }
}

/// How a JSON text is laid out.
struct JSONStyle: Sendable {
    /// Whether each value stands on a line of its own, two blanks per level.
    var pretty = true
    /// Whether a blank follows the comma before a new line.
    var blankAfterComma = true
    /// Whether keys are sorted by their code points.
    var sorted = true
    /// Whether everything beyond ASCII is escaped.
    var escapes = true

    /// As content and locks are told: pretty, sorted, escaped.
    static let service = JSONStyle()
    /// As exceptions are told.
    static let failure = JSONStyle(blankAfterComma: false)
    /// Everything on one line, keys in the order given.
    static let compact = JSONStyle(pretty: false, sorted: false)
}

extension JSON {
    /// The text as UTF-8.
    func encoded(_ style: JSONStyle = .service) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self, level: 0)
        return writer.out
    }
}

private struct JSONWriter {
    let style: JSONStyle
    var out: [UInt8] = []

    mutating func write(_ value: JSON, level: Int) {
        switch value {
        case .null: raw("null")
        case .bool(let value): raw(value ? "true" : "false")
        case .int(let value): raw(String(value))
        case .double(let value): raw(value.description)
        case .string(let value): string(value)
        case .array(let values):
            list(open: "[", close: "]", values, level) { writer, value in
                writer.write(value, level: level + 1)
            }
        case .object(let fields):
            list(open: "{", close: "}", style.sorted ? Self.sort(fields) : fields, level) { writer, field in
                writer.string(field.key)
                writer.raw(writer.style.pretty ? ": " : ":")
                writer.write(field.value, level: level + 1)
            }
        }
    }

    private mutating func list<Element>(
        open: Unicode.Scalar, close: Unicode.Scalar, _ elements: [Element], _ level: Int,
        _ each: (inout JSONWriter, Element) -> Void
    ) {
        out.append(UInt8(ascii: open))
        for (index, element) in elements.enumerated() {
            if index > 0 { raw(style.pretty && style.blankAfterComma ? ", " : ",") }
            newLine(level + 1)
            each(&self, element)
        }
        if !elements.isEmpty { newLine(level) }
        out.append(UInt8(ascii: close))
    }

    private mutating func newLine(_ level: Int) {
        guard style.pretty else { return }
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
    }

    private mutating func raw(_ text: String) { out.append(contentsOf: text.utf8) }

    private mutating func string(_ text: String) {
        out.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: raw("\\\"")
            case 0x5C: raw("\\\\")
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0x20..<0x7F: out.append(UInt8(truncatingIfNeeded: scalar.value))
            case 0x7F... where !style.escapes: raw(String(scalar))
            default: UTF16.encode(scalar)?.forEach { escape($0) }
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ unit: UInt16) {
        let hex = String(unit, radix: 16)
        raw("\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex)
    }

    private static func sort(_ fields: [JSON.Field]) -> [JSON.Field] {
        let inOrder = zip(fields, fields.dropFirst()).allSatisfy { !precedes($1.key, $0.key) }
        return inOrder ? fields : fields.sorted { precedes($0.key, $1.key) }
    }

    private static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }
}
