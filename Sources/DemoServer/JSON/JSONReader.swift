// SPDX-License-Identifier: MIT

/// What is wrong with a text that should have been JSON.
struct JSONReadError: Error {}

extension JSON {
    /// Reads one JSON text.
    /// - Throws: `JSONReadError` when it isn't one, or is nested deeper than 64 levels.
    init(reading bytes: [UInt8]) throws(JSONReadError) {
        var reader = JSONReader(bytes: bytes)
        reader.skipBlanks()
        self = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.position == bytes.count else { throw JSONReadError() }
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var position = 0

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        let end = position + word.utf8.count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(word.utf8) else { return false }
        position = end
        return true
    }

    mutating func value(depth: Int) throws(JSONReadError) -> JSON {
        guard depth < 64, let first = current else { throw JSONReadError() }
        switch first {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default:
            if take(word: "true") { return .bool(true) }
            if take(word: "false") { return .bool(false) }
            if take(word: "null") { return .null }
            throw JSONReadError()
        }
    }

    private mutating func object(depth: Int) throws(JSONReadError) -> JSON {
        position += 1
        var fields: [JSON.Field] = []
        skipBlanks()
        if take("}") { return .object([]) }
        while true {
            skipBlanks()
            guard current == UInt8(ascii: "\"") else { throw JSONReadError() }
            let key = try string()
            skipBlanks()
            guard take(":") else { throw JSONReadError() }
            skipBlanks()
            let value = try value(depth: depth + 1)
            fields.removeAll { $0.key == key }
            fields.append(JSON.Field(key: key, value: value))
            skipBlanks()
            if take("}") { return .object(fields) }
            guard take(",") else { throw JSONReadError() }
        }
    }

    private mutating func array(depth: Int) throws(JSONReadError) -> JSON {
        position += 1
        var values: [JSON] = []
        skipBlanks()
        if take("]") { return .array([]) }
        while true {
            skipBlanks()
            values.append(try value(depth: depth + 1))
            skipBlanks()
            if take("]") { return .array(values) }
            guard take(",") else { throw JSONReadError() }
        }
    }

    private mutating func number() throws(JSONReadError) -> JSON {
        let start = position
        while let byte = current, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let whole = Int(text) { return .int(whole) }
        guard let value = Double(text), value.isFinite else { throw JSONReadError() }
        return .double(value)
    }

    private mutating func string() throws(JSONReadError) -> String {
        position += 1
        var units: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &units)
            case 0..<0x20: throw JSONReadError()
            default: units.append(byte)
            }
        }
        throw JSONReadError()
    }

    private mutating func escape(into units: inout [UInt8]) throws(JSONReadError) {
        guard let byte = current else { throw JSONReadError() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0C)
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "u"):
            var codes = [try hex()]
            if (0xD800..<0xDC00).contains(codes[0]), take(word: "\\u") { codes.append(try hex()) }
            units.append(contentsOf: String(decoding: codes, as: UTF16.self).utf8)
        default: throw JSONReadError()
        }
    }

    private mutating func hex() throws(JSONReadError) -> UInt16 {
        let end = position + 4
        guard end <= bytes.count,
            let code = UInt16(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
        else { throw JSONReadError() }
        position = end
        return code
    }
}
