// SPDX-License-Identifier: MIT

/// Collects what comes between the marks of a bracketed paste.
struct PasteReader {
    /// What is longer is cut.
    static let longest = 65_536
    static let start = Array("\u{1b}[200~".utf8)
    private static let end = Array("\u{1b}[201~".utf8)

    private var bytes: [UInt8] = []
    private var matched = 0

    /// Takes a byte.
    /// - Returns: whether it was the last one of the mark at the end.
    mutating func accept(_ byte: UInt8) -> Bool {
        if byte == Self.end[matched] {
            matched += 1
            if matched == Self.end.count {
                matched = 0
                return true
            }
            return false
        }
        for place in 0..<matched { add(Self.end[place]) }
        matched = byte == Self.end[0] ? 1 : 0
        if matched == 0 { add(byte) }
        return false
    }

    /// What was pasted. Terminals send line ends as carriage returns.
    var text: String { String(decoding: bytes.map { $0 == 13 ? 10 : $0 }, as: UTF8.self) }

    private mutating func add(_ byte: UInt8) {
        if bytes.count < Self.longest { bytes.append(byte) }
    }
}
