// SPDX-License-Identifier: MIT

/// Pure functions on text for a terminal: cleaning, measuring, cutting, padding.
///
/// All of them work on *cells*: one base character of one or two columns with up to four combining marks, which is
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
        return clean(text).unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    /// The text cleaned and cut to at most `columns`, with `ellipsis` where something was taken away.
    ///
    /// A result may be one column short of `columns` when a wide character did not fit.
    public static func fit(_ text: String, columns: Int, ellipsis: String = "…", cut: Cut = .end) -> String {
        guard columns > 0 else { return "" }
        if isPlain(text), text.utf8.count <= columns { return text }
        let cells = Text.cells(of: text)
        guard cells.reduce(0, { $0 + $1.width }) > columns else { return cells.map(\.text).joined() }
        let mark = width(ellipsis) <= columns ? clean(ellipsis) : ""
        let room = columns - width(mark)
        switch cut {
        case .end: return prefix(cells, room) + mark
        case .start: return mark + suffix(cells, room)
        case .middle: return prefix(cells, room - room / 2) + mark + suffix(cells, room / 2)
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
        for cell in cells(of: text) {
            if isPlain(cell.text) {
                result += cell.text
            } else if cell.width == 1, let sign = asciiSigns[cell.text] {
                result.append(sign)
            } else {
                result += String(repeating: "?", count: cell.width)
            }
        }
        return result
    }

    /// One place on the screen: its text and whether it takes one or two columns.
    struct Cell {
        var text: String
        var width: Int
    }

    /// The cells of a text, cleaned first.
    static func cells(of text: String) -> [Cell] {
        var cells: [Cell] = []
        cells.reserveCapacity(text.utf8.count)
        for scalar in clean(text).unicodeScalars {
            let width = width(of: scalar)
            if width == 0, !cells.isEmpty {
                cells[cells.count - 1].text.unicodeScalars.append(scalar)
            } else {
                cells.append(Cell(text: String(scalar), width: width))
            }
        }
        return cells
    }

    static func prefix(_ cells: [Cell], _ columns: Int) -> String {
        var room = columns
        var result = ""
        for cell in cells {
            guard cell.width <= room else { break }
            room -= cell.width
            result += cell.text
        }
        return result
    }

    private static func suffix(_ cells: [Cell], _ columns: Int) -> String {
        var room = columns
        var first = cells.count
        while first > 0, cells[first - 1].width <= room {
            first -= 1
            room -= cells[first].width
        }
        return cells[first...].map(\.text).joined()
    }

    private static let asciiSigns: [String: Character] = [
        "─": "-", "━": "-", "═": "=", "│": "|", "┃": "|", "║": "|",
        "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+",
        "╭": "+", "╮": "+", "╰": "+", "╯": "+",
        "…": "~", "●": "*", "◆": "#", "■": "#", "○": "o", "•": "*", "·": ".", "×": "x", "✓": "v",
        "▸": ">", "▶": ">", "◀": "<", "▲": "^", "▼": "v", "↑": "^", "↓": "v", "→": ">", "←": "<",
        "█": "#", "▓": "#", "▒": ":", "░": ".",
        "‘": "'", "’": "'", "“": "\"", "”": "\"", "–": "-", "—": "-", "\u{a0}": " ",
    ]
}
