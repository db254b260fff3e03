// SPDX-License-Identifier: MIT

/// A number of columns and rows. Never negative: smaller values become 0.
public struct Size: Hashable, Sendable {
    /// Width in terminal columns.
    public var columns: Int
    /// Height in rows.
    public var rows: Int

    /// Makes a size; negative numbers count as 0.
    public init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }
}

/// A cell's place, counted from 0 at the top left.
public struct Position: Hashable, Sendable {
    /// Columns from the left edge.
    public var column: Int
    /// Rows from the top edge.
    public var row: Int

    /// Makes a position; it may lie outside of any frame.
    public init(column: Int, row: Int) {
        self.column = column
        self.row = row
    }
}

/// A rectangle of cells. It may lie partly or wholly outside of a frame: what draws into it is clipped.
public struct Rect: Hashable, Sendable {
    /// The leftmost column.
    public var column: Int
    /// The top row.
    public var row: Int
    /// Width in columns; 0 or less is empty.
    public var columns: Int
    /// Height in rows; 0 or less is empty.
    public var rows: Int

    /// Makes a rectangle from its top left cell and its extent.
    public init(column: Int, row: Int, columns: Int, rows: Int) {
        self.column = column
        self.row = row
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }

    /// The rectangle that covers a whole frame of this size.
    public init(_ size: Size) {
        self.init(column: 0, row: 0, columns: size.columns, rows: size.rows)
    }

    /// Whether no cell is inside.
    public var isEmpty: Bool { columns <= 0 || rows <= 0 }

    /// The column after the last one; saturates instead of overflowing.
    public var endColumn: Int { column.saturatingAdding(max(0, columns)) }

    /// The row after the last one; saturates instead of overflowing.
    public var endRow: Int { row.saturatingAdding(max(0, rows)) }

    /// Whether the cell at `position` is inside.
    public func contains(_ position: Position) -> Bool {
        position.column >= column && position.column < endColumn && position.row >= row && position.row < endRow
    }

    /// The cells that are in both rectangles; empty when they do not meet.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(column, other.column)
        let top = max(row, other.row)
        let right = min(endColumn, other.endColumn)
        let bottom = min(endRow, other.endRow)
        guard right > left, bottom > top else { return Rect(column: left, row: top, columns: 0, rows: 0) }
        return Rect(
            column: left, row: top, columns: right.saturatingSubtracting(left), rows: bottom.saturatingSubtracting(top))
    }

    /// The rectangle made smaller by so many cells at each side; empty when nothing is left.
    public func inset(columns byColumns: Int = 1, rows byRows: Int = 1) -> Rect {
        Rect(
            column: column.saturatingAdding(byColumns),
            row: row.saturatingAdding(byRows),
            columns: columns.saturatingSubtracting(byColumns).saturatingSubtracting(byColumns),
            rows: rows.saturatingSubtracting(byRows).saturatingSubtracting(byRows))
    }

    /// The rectangle made smaller by `cells` at each side.
    public func inset(_ cells: Int) -> Rect { inset(columns: cells, rows: cells) }
}

extension Int {
    func saturatingAdding(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        guard overflow else { return sum }
        return other > 0 ? .max : .min
    }

    func saturatingSubtracting(_ other: Int) -> Int {
        let (difference, overflow) = subtractingReportingOverflow(other)
        guard overflow else { return difference }
        return other < 0 ? .max : .min
    }
}
