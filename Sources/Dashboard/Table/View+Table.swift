// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Model {
    func drawTable(_ frame: inout Frame, _ layout: Layout) {
        let columns = tableColumns
        if size.rows >= 4 { drawHeading(&frame, layout, columns) }
        if list.isEmpty {
            let lines = Text.fold(emptiness, columns: layout.tableColumns - 4)
            for (offset, line) in lines.prefix(layout.tableRows).enumerated() {
                frame.put(line, column: 2, row: layout.table + offset, columns: layout.tableColumns - 3)
            }
        }
        let wording = wording
        let names = !columns.contains { $0.field == .title }
        let origins = servers.indices.map { origin($0, namesItems: names) }
        for (offset, key) in visible.enumerated() {
            if key.isHeading { draw(key, at: layout.table + offset, columns: layout.tableColumns, &frame) }
            guard let row = row(key) else { continue }
            draw(row, key, at: layout.table + offset, layout, columns, origins[key.server], wording, &frame)
        }
        guard let details else { return }
        for row in layout.heading..<(layout.table + layout.tableRows) {
            frame.put(glyphs.vertical, column: layout.tableColumns, row: row, style: style(.faint))
        }
        details.draw(&frame, in: detailsArea, self)
    }

    /// Why there is nothing to see, in words.
    private var emptiness: String {
        if keeping.underWay != nil { return "Looking through the rows\(glyphs.ellipsis)" }
        // While it is typed, Esc takes it back.
        if prompt?.use == .filter, !queryText.isEmpty { return typingError ?? "Nothing matches the filter." }
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
            if unread.count == servers.count { return "Nothing was read yet." }
            return unread.isEmpty
                ? "No items. Where they are looked for, the configuration says under items." : asFarAsRead("No items")
        case .held: return asFarAsRead("Nobody has anything")
        case .mine: return asFarAsRead("You have nothing")
        case .others: return asFarAsRead("Nobody else has anything")
        case .stale: return asFarAsRead("No lock is stale")
        case .conflicts: return "No conflicts since the start."
        }
    }

    private var unread: [String] { servers.filter { $0.status.readAt == nil }.map(\.facts.name) }

    // Of a server that was not read nobody knows that nobody has anything there.
    private func asFarAsRead(_ words: String) -> String {
        unread.isEmpty ? words + "." : "\(words); not read yet: \(unread.joined(separator: ", "))."
    }

    private func drawHeading(_ frame: inout Frame, _ layout: Layout, _ columns: [TableColumn]) {
        frame.put("S", column: 3, row: layout.heading, style: style(.title))
        for column in columns {
            let arrow = sort.isDescending ? glyphs.down : glyphs.up
            let isSorted = sort.field == column.field
            let title = column.field.heading + (isSorted && column.width > column.field.heading.count ? arrow : "")
            frame.put(
                Text.pad(title, columns: column.width, align: column.field.isRightAligned ? .right : .left),
                column: column.start, row: layout.heading, columns: column.width, style: style(.title))
        }
    }

    private func draw(
        _ row: Row, _ key: RowKey, at place: Int, _ layout: Layout, _ columns: [TableColumn], _ origin: Field.Origin,
        _ wording: Wording, _ frame: inout Frame
    ) {
        let ref = ItemRef(server: origin.server, id: row.item.id)
        let isSelected = key == selected
        let isOld = isOld(row, key.server)
        var style = style(isOld ? .old : role(row))
        let operation = undertakings.operation(on: ref)
        if operation != nil { style = style.bold }
        // One style for the whole row, blanks included: fewer changes of colour are fewer bytes on a slow link.
        frame.fill(Rect(column: 3, row: place, columns: layout.tableColumns - 3, rows: 1), style: style)
        let pointer = isSelected ? glyphs.pointer : " "
        let mark =
            marks.contains(key)
            ? "+"
            : servers[key.server].status.waits.contains(ref.id) ? "w" : moments.isStolen(ref, row.lock) ? "x" : " "
        frame.put("\(pointer)\(mark)", column: 1, row: place)
        frame.put(operation == nil ? sign(row) : "*", column: 3, row: place, style: style)
        for column in columns {
            let text: String
            if let operation, column.field == .holder {
                text = Text.fit("\(operation.word)\(glyphs.ellipsis)", columns: column.width)
            } else {
                text = fit(column.field.cell(of: row, from: origin, wording), column.width)
            }
            let padded = column.field.isRightAligned ? Text.pad(text, columns: column.width, align: .right) : text
            frame.put(
                padded, column: column.start, row: place, columns: column.width,
                style: column.field == .server ? styleOfServer(key.server, style, isOld: isOld) : style)
        }
        defer {
            // What has just changed stands out by its sign alone: a few bytes, and as few when the moment is over.
            if !look.isLowBandwidth, moments.isFresh(ref, at: now) {
                frame.restyle(Rect(column: 3, row: place, columns: 1, rows: 1)) { $0.isReversed.toggle() }
            }
        }
        guard isSelected else { return }
        if look.isAccessible {
            if self.line == nil { frame.cursor = Position(column: 1, row: place) }
        } else if !look.isLowBandwidth {
            // On a wide screen the bar covers the names alone: half the bytes for each step of the cursor.
            let names = columns.prefix { $0.field == .item || $0.field == .title }.last?.end
            let columns = layout.tableColumns > 140 ? names ?? layout.tableColumns : layout.tableColumns
            frame.restyle(Rect(column: 0, row: place, columns: columns, rows: 1)) { $0.isReversed = true }
        }
    }

    // A server's own colour stands where its name does.
    private func styleOfServer(_ server: Int, _ row: Style, isOld: Bool) -> Style {
        guard !isOld, let color = servers[server].facts.color, color != "default" else { return row }
        return style(.server(color))
    }

    // The tail stays whole where there is any room for it.
    private func fit(_ cell: Field.Cell, _ width: Int) -> String {
        let cut: Text.Cut = cell.keepsEnd ? .start : .end
        if cell.tail.isEmpty { return Text.fit(cell.text, columns: width, ellipsis: glyphs.ellipsis, cut: cut) }
        let room = max(4, width - Text.width(cell.tail))
        return Text.fit(cell.text, columns: room, ellipsis: glyphs.ellipsis, cut: cut) + cell.tail
    }

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

    func role(_ row: Row) -> Role {
        switch row.reading.state {
        case .unknown: return .unknown
        case .free: return .free
        case .held:
            guard let lock = row.lock else { return .free }
            if lock.holder.isMe { return .mine }
            return staleness.isStale(lock, at: now) ? .stale : .others
        }
    }
}
