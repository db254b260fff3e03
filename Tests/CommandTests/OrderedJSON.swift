// SPDX-License-Identifier: MIT

/// JSON that remembers the order of its keys, for what scripts see.
indirect enum OrderedJSON: Equatable {
    case nothing
    case other
    case array([OrderedJSON])
    case object([Member])

    struct Member: Equatable {
        let key: String
        let value: OrderedJSON
    }

    /// Reads a text that is right: `AnyJSON` is what judges that.
    init(_ text: String) {
        var rest = Substring(text)
        self = Self.value(&rest)
    }

    /// Whether there is no such key.
    var isNothing: Bool { self == .nothing }
    var keys: [String] { if case .object(let members) = self { members.map(\.key) } else { [] } }
    subscript(key: String) -> OrderedJSON {
        if case .object(let members) = self { members.first { $0.key == key }?.value ?? .nothing } else { .nothing }
    }
    var values: [OrderedJSON] { if case .array(let values) = self { values } else { [] } }

    private static func value(_ rest: inout Substring) -> OrderedJSON {
        skip(&rest)
        switch rest.first {
        case "{":
            var members: [Member] = []
            rest.removeFirst()
            while skip(&rest) != "}" {
                let key = string(&rest)
                skip(&rest)
                members.append(Member(key: key, value: value(&rest)))
            }
            rest.removeFirst()
            return .object(members)
        case "[":
            var values: [OrderedJSON] = []
            rest.removeFirst()
            while skip(&rest) != "]" { values.append(value(&rest)) }
            rest.removeFirst()
            return .array(values)
        case "\"":
            _ = string(&rest)
            return .other
        default:
            rest = rest.drop { !",]}".contains($0) }
            return .other
        }
    }

    @discardableResult
    private static func skip(_ rest: inout Substring) -> Character? {
        rest = rest.drop { $0.isWhitespace || $0 == "," || $0 == ":" }
        return rest.first
    }

    private static func string(_ rest: inout Substring) -> String {
        rest.removeFirst()
        var text = ""
        while let next = rest.popFirst(), next != "\"" {
            text.append(next == "\\" ? rest.popFirst() ?? next : next)
        }
        return text
    }
}
