// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// A column of the table where it stands on the screen.
struct TableColumn: Hashable, Sendable {
    /// The columns of the terminal before the first: the pointer, the mark and the sign.
    static let indent = 5

    let field: Field
    let start: Int
    let width: Int

    var end: Int { start + width }
}

extension Model {
    /// The columns for which there is room, from left to right.
    var tableColumns: [TableColumn] {
        let fields = wantedColumns
        let widths = Canvas.layout(fields.map(\.column), width: layout.tableColumns - TableColumn.indent)
        var start = TableColumn.indent
        return zip(fields, widths).compactMap { field, width in
            guard width > 0 else { return nil }
            defer { start += width + 1 }
            return TableColumn(field: field, start: start, width: width)
        }
    }

    /// The column whose heading is under the mouse.
    func heading(at column: Int) -> Field? {
        tableColumns.first { column >= $0.start && column < $0.end }?.field
    }

    /// Where the rows of a server are from.
    /// - Parameter namesItems: whether no column beside tells what a path does not.
    func origin(_ server: Int, namesItems: Bool = false) -> Field.Origin {
        Field.Origin(server: servers[server].facts.name, oldAfter: ageLimit(server), namesItems: namesItems)
    }
}

extension Field {
    fileprivate var column: Column {
        let width: Column.Width =
            switch self.width {
            case .fixed(let columns): .fixed(columns)
            case .flexible(let columns): .flexible(columns)
            case .between(let least, let most): .between(least, most)
            }
        return Column(title: heading, width: width, align: isRightAligned ? .right : .left, priority: priority)
    }
}
