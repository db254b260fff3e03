// SPDX-License-Identifier: MIT

/// A secret as it came from outside, without what editors and shells put around it.
enum SecretText {
    /// The text without a byte order mark before it and without one end of a line behind it.
    static func cut(_ text: String) -> Substring {
        var scalars = text.unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        if scalars.last == "\n" { scalars.removeLast() }
        if scalars.last == "\r" { scalars.removeLast() }
        return Substring(scalars)
    }

    /// Whether the text is one line without control characters: everything else is no secret that can be sent.
    static func isLine(_ text: Substring) -> Bool {
        text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control || $0 == "\t" }
    }

    /// The first line without its end; `nil` if it is empty, no UTF-8 or holds control characters.
    static func firstLine(of bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes.prefix { $0 != 0x0A }, as: UTF8.self) else { return nil }
        let line = cut(text)
        return line.isEmpty || !isLine(line) ? nil : String(line)
    }
}

/// A whole text as it came from outside.
enum ByteText {
    /// The text without a byte order mark; `nil` if it is no UTF-8.
    static func decode(_ bytes: [UInt8]) -> String? {
        String(validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
    }
}
