// SPDX-License-Identifier: MIT

extension Frame {
    /// Draws a border along the inside of `rect`, with the title in its upper edge. The inside stays as it is.
    ///
    /// A rectangle narrower or lower than two cells gets no border.
    public mutating func box(_ rect: Rect, title: String? = nil, glyphs: Glyphs = .unicode, style: Style = .plain) {
        guard rect.columns >= 2, rect.rows >= 2 else { return }
        let right = rect.endColumn - 1
        let bottom = rect.endRow - 1
        rule(column: rect.column, row: rect.row, columns: rect.columns, glyphs: glyphs, style: style)
        rule(column: rect.column, row: bottom, columns: rect.columns, glyphs: glyphs, style: style)
        for row in max(0, rect.row)..<max(0, rect.row, min(rect.endRow, size.rows)) {
            put(glyphs.vertical, column: rect.column, row: row, style: style)
            put(glyphs.vertical, column: right, row: row, style: style)
        }
        put(glyphs.topLeft, column: rect.column, row: rect.row, style: style)
        put(glyphs.topRight, column: right, row: rect.row, style: style)
        put(glyphs.bottomLeft, column: rect.column, row: bottom, style: style)
        put(glyphs.bottomRight, column: right, row: bottom, style: style)
        if let title, !title.isEmpty, rect.columns >= 7 {
            let text = Text.fit(title, columns: rect.columns - 6, ellipsis: glyphs.ellipsis)
            put(" \(text) ", column: rect.column.saturatingAdding(2), row: rect.row, style: style.bold)
        }
    }

    /// Draws a straight line across.
    public mutating func rule(
        column: Int, row: Int, columns: Int, glyphs: Glyphs = .unicode, style: Style = .plain
    ) {
        let line = Rect(column: column, row: row, columns: columns, rows: 1)
        fill(line, with: glyphs.horizontal.first ?? "-", style: style)
    }

    /// Draws a bar across `rect` that is full up to `fraction`, 0 to 1; what is not a number counts as 0.
    ///
    /// Anything above 0 shows at least one full cell, and only 1 shows all of them.
    public mutating func gauge(
        _ rect: Rect, fraction: Double, glyphs: Glyphs = .unicode, style: Style = .plain
    ) {
        let area = rect.intersection(Rect(size))
        guard !area.isEmpty else { return }
        let reached = fraction.isNaN ? 0 : max(0, min(1, fraction))
        let columns = min(rect.columns, 1_000_000)
        var full = Int((Double(columns) * reached).rounded())
        if reached > 0 { full = max(1, full) }
        if reached < 1 { full = min(full, columns - 1) }
        fill(rect, with: glyphs.empty.first ?? ".", style: style)
        let filled = Rect(column: rect.column, row: rect.row, columns: full, rows: rect.rows)
        fill(filled, with: glyphs.full.first ?? "#", style: style)
    }
}
