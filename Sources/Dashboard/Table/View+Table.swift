// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Model {
    func drawTable(_ frame: inout Frame, _ layout: Layout) {
        let widths = columnWidths
        if size.rows >= 4 { drawHeading(&frame, layout, widths) }
        if list.isEmpty {
            frame.put(" " + emptiness, column: 1, row: layout.table, columns: layout.tableColumns - 2)
        }
        for (offset, key) in visible.enumerated() {
            guard let row = row(key) else { continue }
            draw(row, key, at: layout.table + offset, layout, widths, &frame)
        }
        guard let details else { return }
        for row in layout.heading..<(layout.table + layout.tableRows) {
            frame.put(glyphs.vertical, column: layout.tableColumns, row: row, style: .plain.dim)
        }
        details.draw(&frame, in: detailsArea, self)
    }

    /// Why there is nothing to see, in words.
    private var emptiness: String {
        if keeping.underWay != nil { return "Looking through the rows\(glyphs.ellipsis)" }
        if !queryText.isEmpty { return "Nothing matches the filter. Esc clears it." }
        switch view {
        case .all:
            let isReading = servers.contains {
                switch $0.status.phase {
                case .connecting, .listing: true
                default: false
                }
            }
            if isReading {
                return "Connecting to \(servers.map(\.facts.name).joined(separator: ", "))\(glyphs.ellipsis)"
            }
            let fails = servers.contains { if case .failing = $0.status.phase { true } else { false } }
            return fails ? "Nothing was read yet." : "No items: look at items in the configuration."
        case .held: return "Nobody has anything."
        case .mine: return "You have nothing."
        case .others: return "Nobody else has anything."
        case .stale: return "No lock is stale."
        case .conflicts: return "No conflicts since the start."
        }
    }

    private func drawHeading(_ frame: inout Frame, _ layout: Layout, _ widths: [Int]) {
        var column = TableColumn.indent
        frame.put("S", column: 3, row: layout.heading, style: .plain.bold)
        for (tableColumn, width) in zip(TableColumn.all, widths) where width > 0 {
            let arrow = sort.isDescending ? glyphs.down : glyphs.up
            let isSorted = sort.field == tableColumn.field
            let title = tableColumn.column.title + (isSorted && width > tableColumn.column.title.count ? arrow : "")
            frame.put(
                Text.pad(title, columns: width, align: tableColumn.column.align), column: column, row: layout.heading,
                columns: width, style: .plain.bold)
            column += width + 1
        }
    }

    private func draw(
        _ row: Row, _ key: RowKey, at place: Int, _ layout: Layout, _ widths: [Int], _ frame: inout Frame
    ) {
        let ref = ItemRef(server: servers[key.server].facts.name, id: row.item.id)
        let isSelected = key == selected
        let isOld = isOld(row, key.server)
        var style = isOld ? Style.plain.dim : style(row)
        let operation = undertakings.operation(on: ref)
        if operation != nil { style = style.bold }
        // One style for the whole row, blanks included: fewer changes of colour are fewer bytes on a slow link.
        frame.fill(Rect(column: 3, row: place, columns: layout.tableColumns - 3, rows: 1), style: style)
        let pointer = isSelected ? glyphs.pointer : " "
        let mark = marks.contains(key) ? "+" : servers[key.server].status.waits.contains(ref.id) ? "w" : " "
        frame.put("\(pointer)\(mark)", column: 1, row: place)
        frame.put(operation == nil ? sign(row) : "*", column: 3, row: place, style: style)
        var column = TableColumn.indent
        for (tableColumn, width) in zip(TableColumn.all, widths) where width > 0 {
            let text = cell(tableColumn.field, row, key, operation, width, isOld: isOld)
            let padded = tableColumn.column.align == .right ? Text.pad(text, columns: width, align: .right) : text
            frame.put(padded, column: column, row: place, columns: width, style: style)
            column += width + 1
        }
        guard isSelected else { return }
        if look.isAccessible {
            if self.line == nil { frame.cursor = Position(column: 1, row: place) }
        } else if !look.isLowBandwidth {
            // On a wide screen the bar covers the names alone: half the bytes for each step of the cursor.
            let names = TableColumn.indent + widths[0] + (widths[1] > 0 ? widths[1] + 1 : 0)
            let columns = layout.tableColumns > 140 ? names : layout.tableColumns
            frame.restyle(Rect(column: 0, row: place, columns: columns, rows: 1)) { $0.isReversed = true }
        }
    }

    private func cell(
        _ field: Sort.Field, _ row: Row, _ key: RowKey, _ operation: Operation?, _ width: Int, isOld: Bool
    ) -> String {
        let lock = row.lock
        switch field {
        case .item:
            let old = row.reading.observedAt.map(now.timeIntervalSince) ?? 0
            let age = isOld && old >= 60 ? " (\(Age.text(old)) old)" : ""
            let room = max(4, width - Text.width(age))
            return Text.fit(row.item.path, columns: room, ellipsis: glyphs.ellipsis, cut: .middle) + age
        case .title: return Text.fit(row.item.title, columns: width, ellipsis: glyphs.ellipsis)
        case .holder:
            if let operation { return Text.fit("\(operation.word)\(glyphs.ellipsis)", columns: width) }
            guard let lock else { return row.reading.state == .unknown ? unknownWord(row) : "-" }
            let more = row.reading.locks.count > 1 ? "+\(row.reading.locks.count - 1)" : ""
            let name = lock.holder.isMe ? "you" : Text.clean(lock.holder.label)
            return Text.fit(name, columns: width - more.count, ellipsis: glyphs.ellipsis) + more
        case .kind: return lock?.kind.rawValue ?? (row.item.workingCopyOf == nil ? "-" : "workingCopy")
        case .held:
            let sign = isOld ? "~" : ""
            guard let lock, lock.since != nil else { return isOld ? "~" : "-" }
            return sign + age(lock)
        case .left:
            guard let expires = lock?.expires else { return "-" }
            let left = expires.timeIntervalSince(now)
            return left <= 0 ? "over" : Age.calm(left)
        case .server: return servers[key.server].facts.name
        default: return ""
        }
    }

    private func unknownWord(_ row: Row) -> String { row.reading.error == nil ? "not read" : "unknown" }

    func sign(_ row: Row) -> String {
        switch row.reading.state {
        case .unknown: return glyphs.unknown
        case .free: return glyphs.circle
        case .held:
            guard let lock = row.lock else { return glyphs.unknown }
            if lock.isCopy { return glyphs.square }
            return lock.holder.isMe ? glyphs.disc : glyphs.diamond
        }
    }

    func style(_ row: Row) -> Style {
        switch row.reading.state {
        case .unknown: return Style(.yellow)
        case .free: return .plain
        case .held:
            guard let lock = row.lock else { return .plain }
            if lock.holder.isMe { return Style(.green) }
            return staleness.isStale(lock, at: now) ? Style(.magenta) : Style(.yellow)
        }
    }
}
