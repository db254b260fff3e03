// SPDX-License-Identifier: MIT

/// JSON as it stands in a file that people edit: each value knows its line, no name stands twice, and nothing is read
/// that is not JSON to the letter.
struct PlacedJSON: Sendable {
    /// What it is.
    enum Value: Sendable {
        case null
        case bool(Bool)
        case number(Double)
        case text(String)
        case array([PlacedJSON])
        case object([Member])
    }

    /// A name of an object, with its value.
    struct Member: Sendable {
        let name: String
        let line: Int
        let value: PlacedJSON
    }

    /// What is wrong with a text, and where.
    struct Mistake: Error {
        let line: Int
        let sentence: String
    }

    /// The line from 1.
    let line: Int
    let value: Value

    /// What it is, in a word.
    var kind: String {
        switch value {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// Reads a text from its first to its last character.
    static func read(_ bytes: [UInt8]) throws(Mistake) -> PlacedJSON {
        var reader = PlacedJSONReader(bytes)
        return try reader.document()
    }
}

/// Where the reading of a text is.
private struct PlacedJSONReader {
    private static let maximumDepth = 16

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(PlacedJSON.Mistake) -> PlacedJSON {
        let value = try value(depth: 0)
        skip()
        guard place == bytes.count else { throw mistake("there is more behind the end.") }
        return value
    }

    private func mistake(_ sentence: String) -> PlacedJSON.Mistake {
        PlacedJSON.Mistake(line: line, sentence: place >= bytes.count ? "it ends in the middle." : sentence)
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skip() {
        while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) {
            if byte == 0x0a { line += 1 }
            place += 1
        }
    }

    private mutating func take(_ byte: Character) -> Bool {
        skip()
        guard next == byte.asciiValue else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(PlacedJSON.Mistake) -> PlacedJSON {
        skip()
        guard depth < Self.maximumDepth else { throw mistake("it is nested too deep.") }
        let line = line
        func placed(_ value: PlacedJSON.Value) -> PlacedJSON { PlacedJSON(line: line, value: value) }
        switch next {
        case UInt8(ascii: "{"): return placed(.object(try members(depth)))
        case UInt8(ascii: "["): return placed(.array(try elements(depth)))
        case UInt8(ascii: "\""): return placed(.text(try text()))
        default: break
        }
        for (word, value) in [("null", PlacedJSON.Value.null), ("true", .bool(true)), ("false", .bool(false))]
        where bytes[place...].starts(with: word.utf8) {
            place += word.utf8.count
            return placed(value)
        }
        return placed(.number(try number()))
    }

    private mutating func members(_ depth: Int) throws(PlacedJSON.Mistake) -> [PlacedJSON.Member] {
        place += 1
        var members: [PlacedJSON.Member] = []
        if take("}") { return members }
        repeat {
            skip()
            guard next == UInt8(ascii: "\"") else { throw mistake("a name in quotes is missing here.") }
            let line = line
            let name = try text()
            guard !members.contains(where: { $0.name == name }) else { throw mistake("\(name) stands here twice.") }
            guard take(":") else { throw mistake("a colon is missing behind \(name).") }
            members.append(PlacedJSON.Member(name: name, line: line, value: try value(depth: depth + 1)))
        } while take(",")
        guard take("}") else { throw mistake("a comma or a closing brace is missing here.") }
        return members
    }

    private mutating func elements(_ depth: Int) throws(PlacedJSON.Mistake) -> [PlacedJSON] {
        place += 1
        var elements: [PlacedJSON] = []
        if take("]") { return elements }
        repeat {
            skip()
            guard next != UInt8(ascii: "]") else { throw mistake("the comma before this bracket is one too many.") }
            elements.append(try value(depth: depth + 1))
        } while take(",")
        guard take("]") else { throw mistake("a comma or a closing bracket is missing here.") }
        return elements
    }

    private mutating func number() throws(PlacedJSON.Mistake) -> Double {
        let digits = bytes[place...].prefix { "+-.0123456789eE".utf8.contains($0) }
        let text = String(decoding: digits, as: UTF8.self)
        guard text.wholeMatch(of: /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/) != nil,
            let number = Double(text), number.isFinite
        else { throw mistake("this is no value.") }
        place += digits.count
        return number
    }

    private mutating func text() throws(PlacedJSON.Mistake) -> String {
        place += 1
        var units: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw mistake("this text is no UTF-8.")
                }
                return text
            case UInt8(ascii: "\\"): units += Array(String(try escaped()).utf8)
            case ..<0x20: throw mistake("a text ends before its closing quote.")
            default: units.append(byte)
            }
        }
        throw mistake("")
    }

    private mutating func escaped() throws(PlacedJSON.Mistake) -> Unicode.Scalar {
        let plain: [UInt8: Unicode.Scalar] = [
            UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
            UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
        ]
        guard let byte = next else { throw mistake("") }
        place += 1
        if let scalar = plain[byte] { return scalar }
        guard byte == UInt8(ascii: "u") else { throw mistake("a backslash stands before what it can't.") }
        var units = [try unit()]
        if UTF16.isLeadSurrogate(units[0]), bytes[place...].starts(with: "\\u".utf8) {
            place += 2
            units.append(try unit())
        }
        let text = String(decoding: units, as: UTF16.self)
        guard Array(text.utf16) == units, let scalar = text.unicodeScalars.first else {
            throw mistake("half of a character stands here.")
        }
        return scalar
    }

    private mutating func unit() throws(PlacedJSON.Mistake) -> UInt16 {
        let digits = bytes[place...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw mistake("four hexadecimal digits are missing here.") }
        place += 4
        return unit
    }
}
