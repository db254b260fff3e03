// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// A page of rows with a cursor, under headings; what its chosen row says is told whole below them where it is long.
protocol ListPage: Page {
    /// What tells its rows apart.
    associatedtype ID: Hashable & Sendable

    /// The columns, where there are several servers or one.
    static func columns(_ model: Model) -> [Column]
    /// Whether its chosen row is told whole below the rows.
    static var tellsWhole: Bool { get }

    var cursor: ListCursor<ID> { get set }
    /// What its rows are filtered by, as it is typed.
    var filter: PageFilter { get set }

    /// The rows in their order. Asked after every event, so it must not go through the items.
    func rows(_ model: Model) -> [ID]
    /// The cells of a row, one a column; `nil`: it is gone.
    func cells(_ id: ID, _ model: Model) -> [String]?
    /// How a row is drawn.
    func role(_ id: ID, _ model: Model) -> Role
    /// A row whole.
    func whole(_ id: ID, _ model: Model) -> [TextLine]
    /// What is said where there are no rows.
    func emptiness(_ model: Model) -> String
    /// The column that it is sorted by.
    func sorted(_ model: Model) -> (column: Int, isDescending: Bool)?
}

/// The filter of a page, in the query language.
struct PageFilter: Hashable, Sendable {
    private(set) var text = ""
    private(set) var query = Query()
    /// What can't be understood in it.
    private(set) var error: String?

    /// Takes what was typed; what is not understood leaves the last good one on.
    mutating func type(_ text: String) {
        self.text = text
        do {
            query = try Query(text)
            error = nil
        } catch {
            self.error = error.description
        }
    }
}

extension ListPage {
    static var tellsWhole: Bool { false }
    var filter: PageFilter {
        get { PageFilter() }
        set {}
    }
    func role(_ id: ID, _ model: Model) -> Role { .text }
    func whole(_ id: ID, _ model: Model) -> [TextLine] { [] }
    func sorted(_ model: Model) -> (column: Int, isDescending: Bool)? { nil }

    // MARK: What happens to it

    mutating func follow(_ model: Model) { cursor.follow(rows(model), room: room(model.pageArea)) }

    mutating func move(_ move: Move, _ model: Model) {
        let rows = rows(model)
        let room = room(model.pageArea)
        cursor.go(to: move.place(from: cursor.place, of: rows.count, room: room), rows, room: room)
    }

    mutating func click(_ line: Int, isDouble: Bool, _ model: inout Model) -> Reply {
        let area = model.pageArea
        let place = line - (hasHeadings(area) ? 2 : 1)
        let rows = rows(model)
        guard place >= 0, place < room(area), cursor.top + place < rows.count else { return .done([]) }
        cursor.go(to: cursor.top + place, rows, room: room(area))
        return isDouble ? press(.enter, &model) : .done([])
    }

    mutating func take(typed text: String, _ model: Model) -> String? {
        filter.type(text)
        return filter.error
    }

    mutating func clear() -> Bool {
        guard !filter.text.isEmpty else { return false }
        filter.type("")
        return true
    }

    // MARK: Where things are

    private func hasHeadings(_ area: Rect) -> Bool { area.rows >= (Self.tellsWhole ? 9 : 6) }

    /// The rows below, with the rule above them, that tell the chosen row whole.
    private func wholeRows(_ area: Rect) -> Int {
        guard Self.tellsWhole else { return 0 }
        return area.rows >= 24 ? 7 : area.rows >= 14 ? 5 : area.rows >= 6 ? 3 : 0
    }

    /// How many rows fit.
    func room(_ area: Rect) -> Int { max(1, area.rows - (hasHeadings(area) ? 2 : 1) - wholeRows(area)) }

    // MARK: Drawing

    func draw(_ frame: inout Frame, in area: Rect, _ model: Model) {
        guard area.rows > 0 else { return }
        let rows = rows(model)
        let room = room(area)
        drawTitle(&frame, area, rows.count, room, model)
        let columns = Self.columns(model)
        let widths = layout(columns, width: area.columns - 4)
        var row = area.row + 1
        if hasHeadings(area) {
            drawHeadings(&frame, columns, widths, row: row, model)
            row += 1
        }
        if rows.isEmpty {
            for (offset, line) in Text.fold(emptiness(model), columns: area.columns - 4).prefix(room).enumerated() {
                frame.put(line, column: 2, row: row + offset, columns: area.columns - 3)
            }
        }
        for (offset, id) in rows.dropFirst(cursor.top).prefix(room).enumerated() {
            draw(id, isChosen: id == cursor.chosen, &frame, columns, widths, row: row + offset, model)
        }
        if wholeRows(area) > 0, let chosen = cursor.chosen {
            drawWhole(
                chosen, &frame,
                Rect(
                    column: 0, row: row + room, columns: area.columns, rows: area.endRow - row - room), model)
        }
    }

    private func drawTitle(_ frame: inout Frame, _ area: Rect, _ count: Int, _ room: Int, _ model: Model) {
        let more = count > room ? "  \(cursor.top + 1)-\(min(count, cursor.top + room)) of \(count)" : ""
        let isTyped = model.prompt?.use == .page
        let line = (isTyped ? model.prompt?.line : nil) ?? InputLine(filter.text)
        guard isTyped || !filter.text.isEmpty else {
            model.drawTitle(heading, more, &frame, area)
            return
        }
        let used = frame.put(
            " \(heading)\(more)  ", column: area.column, row: area.row, columns: area.columns,
            style: model.style(.title))
        let label = used + 28 < area.columns ? "filter: " : ""
        let room = max(4, area.columns - used - Text.width(label) - 2)
        let shown = line.shown(columns: room, ellipsis: model.glyphs.ellipsis)
        let start = max(0, min(used, area.columns - room - Text.width(label) - 1))
        frame.put(
            label + shown.text, column: start, row: area.row,
            style: model.style(filter.error != nil ? .alarm : isTyped ? .message : .text))
        if isTyped {
            frame.cursor = Position(
                column: min(area.columns - 1, start + Text.width(label) + shown.cursor), row: area.row)
        }
    }

    private func drawHeadings(
        _ frame: inout Frame, _ columns: [Column], _ widths: [Int], row: Int, _ model: Model
    ) {
        let sorted = sorted(model)
        var column = 3
        for (index, width) in widths.enumerated() where width > 0 {
            let heading = columns[index].title
            let arrow = sorted?.isDescending ?? false ? model.glyphs.down : model.glyphs.up
            let title = heading + (sorted?.column == index && width > heading.count ? arrow : "")
            frame.put(
                Text.pad(title, columns: width, align: columns[index].align), column: column, row: row, columns: width,
                style: model.style(.title))
            column += width + 1
        }
    }

    private func draw(
        _ id: ID, isChosen: Bool, _ frame: inout Frame, _ columns: [Column], _ widths: [Int], row: Int, _ model: Model
    ) {
        guard let cells = cells(id, model) else { return }
        let style = model.style(role(id, model))
        let width = model.size.columns
        frame.fill(Rect(column: 3, row: row, columns: width - 3, rows: 1), style: style)
        frame.put(isChosen ? model.glyphs.pointer : " ", column: 1, row: row)
        var column = 3
        for (index, cell) in cells.enumerated() where widths[index] > 0 {
            let text = Text.fit(cell, columns: widths[index], ellipsis: model.glyphs.ellipsis)
            frame.put(
                Text.pad(text, columns: widths[index], align: columns[index].align), column: column, row: row,
                columns: widths[index], style: style)
            column += widths[index] + 1
        }
        guard isChosen else { return }
        if model.look.isAccessible {
            if model.prompt == nil { frame.cursor = Position(column: 1, row: row) }
        } else if !model.look.isLowBandwidth {
            frame.restyle(Rect(column: 0, row: row, columns: model.barColumns, rows: 1)) { $0.isReversed = true }
        }
    }

    private func drawWhole(_ id: ID, _ frame: inout Frame, _ area: Rect, _ model: Model) {
        if !model.look.isAccessible {
            frame.put(
                String(repeating: model.glyphs.horizontal, count: area.columns), column: 0, row: area.row,
                style: model.style(.faint))
        }
        let room = area.rows - 1
        let lines = whole(id, model).flatMap { $0.folded(columns: area.columns - 2, hanging: 0) }
        for (offset, line) in lines.prefix(room).enumerated() {
            let isCut = offset == room - 1 && lines.count > room
            let text = line.text + (isCut ? " \(model.glyphs.ellipsis)" : "")
            frame.put(
                " " + Text.fit(text, columns: area.columns - 2, ellipsis: model.glyphs.ellipsis), column: 0,
                row: area.row + 1 + offset, columns: area.columns, style: model.style(line.role))
        }
    }
}
