// SPDX-License-Identifier: MIT

/// JSON as some servers send it: their texts hold what JSON does not allow. It is read with U+FFFD in its place, since
/// one person's odd title must not hide everybody's locks.
struct JSONText {
    /// The text, which strict readers take.
    let bytes: [UInt8]

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Puts a replacement in the place of half surrogate pairs, raw control characters inside texts, and bytes that are
    /// no UTF-8.
    init(mending bytes: [UInt8]) {
        var result: [UInt8] = []
        var copied = 0
        var inString = false
        var index = 0
        func replace(_ range: Range<Int>) {
            result += bytes[copied..<range.lowerBound]
            result += Self.replacement
            copied = range.upperBound
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                inString.toggle()
            } else if inString, byte < 0x20 {
                replace(index..<index + 1)
            } else if inString, byte == UInt8(ascii: "\\") {
                switch Self.surrogate(bytes, at: index) {
                case .high? where Self.surrogate(bytes, at: index + 6) == .low:
                    index += 12
                case .high?, .low?:
                    replace(index..<index + 6)
                    index += 6
                case nil: index += 2
                }
                continue
            }
            index += 1
        }
        let plain = result + bytes[copied...]
        self.bytes = Self.isUTF8(plain) ? plain : Array(String(decoding: plain, as: UTF8.self).utf8)
    }

    private enum Surrogate { case high, low }

    private static func surrogate(_ bytes: [UInt8], at index: Int) -> Surrogate? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { return nil }
        let digits = bytes[index + 2..<index + 6]
        guard digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "abcdefABCDEF".utf8.contains($0) }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        if UTF16.isLeadSurrogate(unit) { return .high }
        return UTF16.isTrailSurrogate(unit) ? .low : nil
    }

    static func isUTF8(_ bytes: [UInt8]) -> Bool { (try? UTF8Span(validating: bytes.span)) != nil }
}
