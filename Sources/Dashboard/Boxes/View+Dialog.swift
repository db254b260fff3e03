// SPDX-License-Identifier: MIT
import Canvas

/// Where the parts of a box are.
struct Extent: Hashable, Sendable {
    var area: Rect
    /// Its lines, folded to its width.
    var lines: [String]
    /// How many of them fit.
    var room: Int
    /// The fields that are shown.
    var fields: Range<Int>
    var buttonRows: [Range<Int>]

    /// The button at a place of the screen.
    func button(at position: Position, of buttons: [Dialog.Button]) -> Int? {
        let line = position.row - (area.endRow - 1 - buttonRows.count)
        guard buttonRows.indices.contains(line) else { return nil }
        var column = area.column + 2
        for index in buttonRows[line] {
            let width = Text.width(buttons[index].label) + 2
            if position.column >= column, position.column < column + width { return index }
            column += width + 2
        }
        return nil
    }

    /// How far the lines can be scrolled.
    var lastTop: Int { max(0, lines.count - room) }
}

extension Model {
    /// Where a box stands on this screen: drawing and scrolling agree on it.
    func extent(of dialog: Dialog) -> Extent {
        let folding = dialog.folded(on: size.columns)
        let columns = folding.columns
        let buttonRows = rowsOfButtons(dialog, columns - 4)
        let fields = fieldsShown(dialog, in: size.rows - 2 - buttonRows.count)
        var extra = fields.count + buttonRows.count + (dialog.complaint == nil ? 0 : 1)
        // On a small screen the blank lines go first.
        let blanks = 1 + (dialog.fields.isEmpty ? 0 : 1)
        let folded = folding.lines.count + extra + 2 <= size.rows ? folding.lines : folding.dense
        if folded.count + extra + blanks + 2 <= size.rows { extra += blanks }
        let rows = min(size.rows, folded.count + extra + 2)
        let area = Rect(
            column: (size.columns - columns) / 2, row: max(0, (size.rows - rows) / 2), columns: columns, rows: rows)
        return Extent(
            area: area, lines: folded, room: max(0, rows - extra - 2), fields: fields, buttonRows: buttonRows)
    }

    // What is asked must be seen beside the fields, so these give way: the ones around the chosen one stay.
    private func fieldsShown(_ dialog: Dialog, in rows: Int) -> Range<Int> {
        let count = dialog.fields.count
        let most = min(count, max(1, rows - 3 - (dialog.complaint == nil ? 0 : 1)))
        let start = max(0, min(dialog.focus, count - 1) - most + 1)
        return start..<(start + most)
    }

    /// Draws a box over the middle of the screen.
    func draw(_ dialog: Dialog, _ frame: inout Frame) {
        let extent = extent(of: dialog)
        let (area, room) = (extent.area, extent.room)
        let columns = area.columns
        let style = style(dialog.isDanger ? .danger : .text)
        frame.fill(area)
        let top = min(dialog.top, extent.lastTop)
        let isCut = extent.lastTop > 0
        let more = isCut ? "  \(top + 1)-\(top + room) of \(extent.lines.count)" : ""
        if !look.isAccessible { frame.box(area, title: dialog.title + more, glyphs: glyphs, style: style) }
        let left = area.column + 2
        for (offset, line) in extent.lines.dropFirst(top).prefix(room).enumerated() {
            frame.put(line, column: left, row: area.row + 1 + offset, columns: columns - 4)
        }
        let isArmed = dialog.armsAt(now, lastKey: lastKey) == nil
        var row =
            area.endRow - 1 - extent.buttonRows.count - extent.fields.count - (dialog.complaint == nil ? 0 : 1)
        if row - 1 > area.row + room + 1 { row -= 1 }
        for index in extent.fields {
            draw(
                dialog.fields[index], isFocused: dialog.focus == index && isArmed, at: Position(column: left, row: row),
                columns - 4,
                &frame)
            row += 1
        }
        if let complaint = dialog.complaint {
            frame.put(complaint, column: left, row: row, columns: columns - 4, style: self.style(.alarm))
        }
        for (offset, buttons) in extent.buttonRows.enumerated() {
            let row = area.endRow - 1 - extent.buttonRows.count + offset
            draw(buttons, of: dialog, at: Position(column: left, row: row), &frame)
        }
    }

    private func draw(
        _ field: Dialog.Field, isFocused: Bool, at position: Position, _ columns: Int, _ frame: inout Frame
    ) {
        // There is always room for what is typed.
        let label =
            Text.fit(field.label, columns: max(columns - 18, columns / 2), ellipsis: glyphs.ellipsis) + ": "
        let used = frame.put(label, column: position.column, row: position.row, columns: columns)
        let room = max(1, columns - used)
        let shown = field.line.shown(columns: max(0, room - 1), ellipsis: glyphs.ellipsis)
        let start = position.column + used
        frame.put(Text.pad(shown.text, columns: room), column: start, row: position.row, style: self.style(.input))
        if field.line.text.isEmpty, !field.hint.isEmpty {
            let hint = Text.fit(field.hint, columns: room, ellipsis: glyphs.ellipsis)
            frame.put(hint, column: start, row: position.row, style: self.style(.input).dim)
        }
        if isFocused {
            frame.cursor = Position(column: min(size.columns - 1, start + shown.cursor), row: position.row)
        }
    }

    // Buttons that don't fit side by side stand below one another: none may be out of sight.
    private func rowsOfButtons(_ dialog: Dialog, _ columns: Int) -> [Range<Int>] {
        var rows: [Range<Int>] = []
        var (start, used) = (0, 0)
        for (index, button) in dialog.buttons.enumerated() {
            let width = Text.width(button.label) + 4
            if index > start, used + width - 2 > columns {
                rows.append(start..<index)
                (start, used) = (index, 0)
            }
            used += width
        }
        return rows + [start..<dialog.buttons.count]
    }

    private func draw(_ buttons: Range<Int>, of dialog: Dialog, at position: Position, _ frame: inout Frame) {
        var column = position.column
        let isArmed = dialog.armsAt(now, lastKey: lastKey) == nil
        for index in buttons {
            let button = dialog.buttons[index]
            let isFocused = dialog.focus == dialog.fields.count + index && isArmed
            // Focus is a sign too, not a style alone; it comes when the box takes keys.
            let label = look.isASCII ? Text.ascii(button.label) : button.label
            let text = isFocused ? "[\(label)]" : " \(label) "
            frame.put(text, column: column, row: position.row, style: style(isFocused ? .chosen : .text))
            if isFocused { frame.cursor = look.isAccessible ? Position(column: column, row: position.row) : nil }
            column += Text.width(text) + 2
        }
    }
}
