// SPDX-License-Identifier: MIT
import Canvas

/// A page that is read: lines, of which as many are seen as fit.
protocol TextPage: Page {
    /// The first line that is seen.
    var top: Int { get set }
    /// How many columns a label takes; what is too long goes on below the text beside it.
    static var hanging: Int { get }

    /// Its lines, however long.
    func lines(_ model: Model) -> [TextLine]
    /// Its lines as they fit its width, in as many columns as they are to stand in.
    func columns(_ model: Model) -> [[TextLine]]
    /// Where it stands.
    func area(_ model: Model) -> Rect
}

/// A line of a page that is read.
struct TextLine: Hashable, Sendable {
    var text: String
    var role = Role.text
    /// The most columns that it takes, all its folds together: what is longer is read in JSON.
    static let most = 4_000
    /// What it begins with, and what further lines leave room below.
    private var label: String?

    init(_ text: String, _ role: Role = .text) {
        self.text = text
        self.role = role
    }

    /// A label and a text beside it; what is too long goes on below the text.
    static func labelled(_ label: String, _ text: String, _ role: Role = .text) -> TextLine {
        var line = TextLine(label + text.trimmed, role)
        line.label = label
        return line
    }

    /// Itself, or what it is folded to where it is too long: the label stays, the rest goes on below what is beside it.
    func folded(columns: Int, hanging: Int) -> [TextLine] {
        guard Text.width(text, atMost: columns + 1) > columns else { return [self] }
        let cells = Text.fit(text, columns: Self.most)
        let start = label.map { Text.clean($0) } ?? Self.label(of: cells, hanging)
        let width = Text.width(start)
        guard columns > width + 10 else { return Text.fold(cells, columns: columns).map { TextLine($0, role) } }
        let indent = String(repeating: " ", count: width)
        return Text.fold(String(cells.dropFirst(start.count)), columns: columns - width).enumerated().map {
            TextLine(($0.offset == 0 ? start : indent) + $0.element, role)
        }
    }

    // The label stays as it is, with its blanks.
    private static func label(of cells: String, _ hanging: Int) -> String {
        let label = String(cells.prefix(hanging))
        return label.count == hanging && label.hasSuffix(" ") ? label : ""
    }
}

extension TextPage {
    func area(_ model: Model) -> Rect { model.pageArea }

    /// Its lines as they fit its width.
    func folded(_ model: Model) -> [TextLine] {
        let columns = area(model).columns - 2
        return lines(model).flatMap { $0.folded(columns: columns, hanging: Self.hanging) }
    }

    func columns(_ model: Model) -> [[TextLine]] { [folded(model)] }

    private func count(_ columns: [[TextLine]]) -> Int { columns.map(\.count).max() ?? 0 }

    mutating func move(_ move: Move, _ model: Model) {
        let room = max(1, area(model).rows - 1)
        let last = max(0, count(columns(model)) - room)
        // What is read goes by whole pages: no line is seen twice.
        switch move {
        case .pageUp: top -= room
        case .pageDown: top += room
        case .halfUp: top -= room / 2
        case .halfDown: top += room / 2
        case .bottom: top = last
        default: top = move.place(from: top, of: last + 1, room: room)
        }
        top = max(0, min(top, last))
    }

    func draw(_ frame: inout Frame, in area: Rect, _ model: Model) {
        guard area.rows > 0 else { return }
        let columns = columns(model)
        let count = count(columns)
        let room = area.rows - 1
        let first = max(0, min(top, count - room))
        let more = count > room ? "  \(first + 1)-\(min(count, first + room)) of \(count)" : ""
        model.drawTitle(heading, more, &frame, area)
        let width = area.columns / max(1, columns.count)
        for (index, lines) in columns.enumerated() {
            let start = area.column + index * width
            for (offset, line) in lines.dropFirst(first).prefix(room).enumerated() {
                let text = Text.fit(line.text, columns: max(0, width - 2), ellipsis: model.glyphs.ellipsis)
                frame.put(
                    " " + text, column: start, row: area.row + 1 + offset, columns: width, style: model.style(line.role)
                )
            }
        }
        if model.look.isAccessible { frame.cursor = Position(column: area.column, row: area.row) }
    }
}
