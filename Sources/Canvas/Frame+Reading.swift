// SPDX-License-Identifier: MIT

/// Neighbouring cells of one row in one style.
public struct Run: Hashable, Sendable {
    /// The first cell's column.
    public var column: Int
    /// The text, clean.
    public var text: String
    /// The style all its cells have.
    public var style: Style
    /// The columns it takes.
    public var columns: Int
}

extension Frame {
    /// A row as runs of equal style, from left to right; plain blanks at the end of the row are left out.
    ///
    /// No runs for a row outside of the frame.
    public func runs(row: Int) -> [Run] {
        guard row >= 0, row < size.rows else { return [] }
        let start = row * size.columns
        var end = start + size.columns
        while end > start, cells[end - 1] == .blank { end -= 1 }
        var runs: [Run] = []
        for index in start..<end {
            let cell = cells[index]
            if let last = runs.last, last.style == cell.style {
                cell.sign.append(to: &runs[runs.count - 1].text)
                runs[runs.count - 1].columns += 1
            } else {
                runs.append(Run(column: index - start, text: [cell.sign].text, style: cell.style, columns: 1))
            }
        }
        return runs
    }

    /// The text of every row, blanks at the end cut off.
    public var lines: [String] {
        (0..<size.rows).map { row in
            var text = cells[row * size.columns..<(row + 1) * size.columns].map(\.sign).text
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// The form of golden files: a line for each row after a `|`, a line for each run that is not plain
    /// (`@row first..<end style`), and the cursor.
    public var snapshot: String {
        var result = lines.map { "|" + $0 }
        for row in 0..<size.rows {
            for run in runs(row: row) where run.style != .plain {
                result.append("@\(row) \(run.column)..<\(run.column + run.columns) \(run.style)")
            }
        }
        if let cursor { result.append("cursor \(cursor.column),\(cursor.row)") }
        return result.joined(separator: "\n") + "\n"
    }
}
