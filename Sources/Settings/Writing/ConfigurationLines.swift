// SPDX-License-Identifier: MIT

/// The lines of a configuration's text, each without its end; put together again they are the same text, byte by byte.
struct ConfigurationLines {
    var lines: [String]
    private let lineEnd: String
    private let hasMark: Bool

    init(_ text: String) {
        hasMark = text.unicodeScalars.first == "\u{FEFF}"
        let scalars = text.unicodeScalars.dropFirst(hasMark ? 1 : 0)
        var lines = scalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        // A line feed ends the last line and begins none.
        if lines.last == "" { lines.removeLast() }
        lineEnd = lines.first?.unicodeScalars.last == "\r" ? "\r\n" : "\n"
        self.lines = lines
        isEnded = text.isEmpty || text.unicodeScalars.last == "\n"
    }

    private let isEnded: Bool

    /// The text. What was put in has the ends of the lines around it; a last line without an end gets one only when
    /// something follows it.
    func text(appending: Bool) -> String {
        let isWindows = lineEnd == "\r\n"
        let whole = lines.map { line in
            isWindows && line.unicodeScalars.last != "\r" ? line + "\r" : line
        }
        var text = whole.joined(separator: "\n")
        if isEnded || appending {
            text += whole.isEmpty ? "" : "\n"
        } else if isWindows, text.unicodeScalars.last == "\r" {
            text.unicodeScalars.removeLast()
        }
        return (hasMark ? "\u{FEFF}" : "") + text
    }

    /// How many blanks a line begins with.
    func indent(_ index: Int) -> Int { lines[index].utf8.prefix { $0 == UInt8(ascii: " ") }.count }

    /// What stands in a line, without blanks around it.
    func content(_ index: Int) -> Substring {
        var rest = lines[index][...]
        while let last = rest.unicodeScalars.last, last == " " || last == "\r" || last == "\t" {
            rest.unicodeScalars.removeLast()
        }
        return rest.drop { $0 == " " }
    }

    func isBlank(_ index: Int) -> Bool { content(index).isEmpty }
    func isComment(_ index: Int) -> Bool { content(index).hasPrefix("#") }
}
