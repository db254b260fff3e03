// SPDX-License-Identifier: MIT

/// A grid of cells that text is drawn into: what the screen shall show.
///
/// Nothing that draws ever traps: what lies outside of the frame is clipped, and foreign text is cleaned on its way in.
public struct Frame: Equatable, Sendable {
    struct Cell: Equatable, Sendable {
        var sign: Sign
        var style: Style
        static let blank = Cell(sign: .blank, style: .plain)
    }

    /// The extent of the frame; fixed, and at most 1,000 cells each way.
    public let size: Size
    /// Where the terminal's cursor stands; hidden when `nil`.
    public var cursor: Position?
    var cells: [Cell]

    /// A blank frame without a cursor. More than 1,000 columns or rows count as 1,000.
    public init(size: Size) {
        self.size = Size(columns: min(size.columns, 1_000), rows: min(size.rows, 1_000))
        cells = Array(repeating: .blank, count: self.size.columns * self.size.rows)
    }

    /// Writes one line of text, cleaned and clipped to the frame and to `columns`.
    ///
    /// A wide character that fits only by half is left out. Returns the columns used, those left of the frame
    /// included, so that the next text can start at `column` plus the result; 0 when the row is outside.
    @discardableResult
    public mutating func put(
        _ text: String, column: Int, row: Int, columns: Int = .max, style: Style = .plain
    ) -> Int {
        guard row >= 0, row < size.rows, columns > 0, column < size.columns else { return 0 }
        let end = min(size.columns, column.saturatingAdding(columns))
        var position = column
        let room = end.saturatingAdding(0 &- column)
        if text.utf8.count <= room, Text.isPlain(text) {
            for byte in text.utf8 {
                if position >= 0 { write(Sign(Unicode.Scalar(byte), width: 1), column: position, row, style) }
                position += 1
            }
            return position - column
        }
        for sign in Text.firstSigns(of: text, columns: room) {
            guard position + sign.width <= end else { break }
            if position >= 0 {
                write(sign, column: position, row, style)
            } else if position + sign.width > 0 {
                write(.blank, column: 0, row, style)
            }
            position += sign.width
        }
        return position - column
    }

    /// Whether a row looks as it does in another frame of the same size.
    public func hasSameRow(_ row: Int, as other: Frame) -> Bool {
        let range = (row * size.columns)..<((row + 1) * size.columns)
        return cells[range] == other.cells[range]
    }

    /// Fills a rectangle with one character of one column; a wider or an unsafe one counts as a blank.
    public mutating func fill(_ rect: Rect, with character: Character = " ", style: Style = .plain) {
        let area = rect.intersection(Rect(size))
        guard !area.isEmpty else { return }
        let signs = Text.signs(of: String(character))
        let fill = signs.count == 1 && signs[0].width == 1 ? signs[0] : .blank
        for row in area.row..<area.endRow {
            for column in area.column..<area.endColumn { write(fill, column: column, row, style) }
        }
    }

    /// Changes the style of a rectangle's cells and leaves their text.
    ///
    /// A wide character changes as a whole when its left half is inside.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let area = rect.intersection(Rect(size))
        guard !area.isEmpty else { return }
        for row in area.row..<area.endRow {
            for column in area.column..<area.endColumn {
                let index = row * size.columns + column
                if cells[index].sign == .half { continue }
                change(&cells[index].style)
                if column + 1 < size.columns, cells[index + 1].sign == .half {
                    cells[index + 1].style = cells[index].style
                }
            }
        }
    }

    private mutating func write(_ sign: Sign, column: Int, _ row: Int, _ style: Style) {
        let index = row * size.columns + column
        blankHalves(index, column)
        if sign.width == 2 { blankHalves(index + 1, column + 1) }
        cells[index] = Cell(sign: sign, style: style)
        if sign.width == 2 { cells[index + 1] = Cell(sign: .half, style: style) }
    }

    /// Takes away a wide character of which one half is about to be overwritten.
    private mutating func blankHalves(_ index: Int, _ column: Int) {
        if cells[index].sign == .half, column > 0 { cells[index - 1].sign = .blank }
        if column + 1 < size.columns, cells[index + 1].sign == .half { cells[index + 1].sign = .blank }
        if cells[index].sign == .half { cells[index].sign = .blank }
    }
}
