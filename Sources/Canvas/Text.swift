// SPDX-License-Identifier: MIT

/// Pure functions on text for a terminal: cleaning, measuring, cutting, padding.
///
/// All of them work on *signs*: one base character of one or two columns with up to four combining marks, which is
/// what a terminal and curses can hold in one place. What a terminal may draw in several ways is taken apart first.
public enum Text {
    /// Where `fit` takes text away.
    public enum Cut: Hashable, Sendable {
        /// The end goes: `/news/2026/art…`.
        case end
        /// The start goes: `…026/article.txt`.
        case start
        /// The middle goes: `/news/20…icle.txt`.
        case middle
    }

    /// The side that `pad` keeps the text at.
    public enum Align: Hashable, Sendable {
        /// Blanks follow the text.
        case left
        /// Blanks come before the text.
        case right
    }

    /// Whether every byte is printable ASCII: such text is clean, and its width is its length.
    public static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    }

    /// The number of columns `text` takes when drawn, after cleaning.
    public static func width(_ text: String) -> Int {
        if isPlain(text) { return text.utf8.count }
        return signs(of: text).width
    }

    /// The number of columns `text` takes when drawn, or `most` if it is more: what is beyond them is not looked at.
    public static func width(_ text: String, atMost most: Int) -> Int {
        if text.utf8.count <= most, isPlain(text) { return text.utf8.count }
        return min(most, firstSigns(of: text, columns: most).width)
    }

    /// The text cleaned and cut to at most `columns`, with `ellipsis` where something was taken away. It costs what is
    /// left, however long the text is.
    ///
    /// A result may be one column short of `columns` when a wide character did not fit.
    public static func fit(_ text: String, columns: Int, ellipsis: String = "…", cut: Cut = .end) -> String {
        guard columns > 0 else { return "" }
        if text.utf8.count <= columns, isPlain(text) { return text }
        let signs = firstSigns(of: text, columns: columns)
        guard signs.width > columns else { return signs.text }
        let mark = width(ellipsis) <= columns ? clean(ellipsis) : ""
        let room = columns - width(mark)
        switch cut {
        case .end: return prefix(signs, room).text + mark
        case .start: return mark + suffix(lastSigns(of: text, columns: room), room).text
        case .middle:
            let end = suffix(lastSigns(of: text, columns: room / 2), room / 2)
            return prefix(signs, room - room / 2).text + mark + end.text
        }
    }

    /// The text cleaned, cut and filled with blanks to exactly `columns`; empty when `columns` is 0 or less.
    public static func pad(
        _ text: String, columns: Int, align: Align = .left, ellipsis: String = "…", cut: Cut = .end
    ) -> String {
        let fitting = fit(text, columns: columns, ellipsis: ellipsis, cut: cut)
        let blanks = String(repeating: " ", count: max(0, columns - width(fitting)))
        return align == .left ? fitting + blanks : blanks + fitting
    }

    /// The text for a terminal that knows only ASCII, as wide as before: line drawing and signs become the nearest
    /// ASCII sign, everything else a `?` for each column.
    public static func ascii(_ text: String) -> String {
        if isPlain(text) { return text }
        var result = ""
        for sign in signs(of: text) {
            if let scalar = sign.scalar, scalar.isASCII {
                result.unicodeScalars.append(scalar)
            } else if sign.width == 1, let scalar = sign.scalar, let near = asciiSigns[scalar] {
                result.append(near)
            } else {
                result += String(repeating: "?", count: sign.width)
            }
        }
        return result
    }

    static func prefix(_ signs: [Sign], _ columns: Int) -> ArraySlice<Sign> {
        var room = columns
        var end = 0
        while end < signs.count, signs[end].width <= room {
            room -= signs[end].width
            end += 1
        }
        return signs[..<end]
    }

    private static func suffix(_ signs: [Sign], _ columns: Int) -> ArraySlice<Sign> {
        var room = columns
        var first = signs.count
        while first > 0, signs[first - 1].width <= room {
            first -= 1
            room -= signs[first].width
        }
        return signs[first...]
    }

    private static let asciiSigns: [Unicode.Scalar: Character] = [
        "─": "-", "━": "-", "═": "=", "│": "|", "┃": "|", "║": "|",
        "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+",
        "╭": "+", "╮": "+", "╰": "+", "╯": "+",
        "…": "~", "●": "*", "◆": "#", "■": "#", "○": "o", "•": "*", "·": ".", "×": "x", "✓": "v",
        "▸": ">", "▶": ">", "◀": "<", "▲": "^", "▼": "v", "↑": "^", "↓": "v", "→": ">", "←": "<",
        "█": "#", "▓": "#", "▒": ":", "░": ".",
        "‘": "'", "’": "'", "“": "\"", "”": "\"", "–": "-", "—": "-", "\u{a0}": " ",
    ]
}
