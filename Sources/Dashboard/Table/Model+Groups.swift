// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

/// Rows under headings.
extension Model {
    /// Puts the rows under other headings. The cursor stays on its item.
    mutating func group(by grouping: Grouping?) {
        message = Message(text: grouping.map { "Grouped by \($0.rawValue)." } ?? "Not grouped.")
        guard grouping != self.grouping else { return }
        // A heading that goes leaves the cursor to the first of its rows.
        if let heading = selected, heading.isHeading, let first = list.rows(under: heading).first { selected = first }
        self.grouping = grouping
        list.folded = []
        resort()
    }

    /// Folds the group away in which the cursor is, or shows its rows again.
    mutating func setFolded(_ isFolded: Bool) {
        guard let selected else { return }
        if selected.isHeading { return fold(selected, isFolded) }
        guard isFolded, let heading = list.heading(over: selected) else { return }
        hasTouchedCursor = true
        self.selected = heading
        fold(heading, true)
    }

    mutating func fold(_ heading: RowKey, _ isFolded: Bool) {
        guard let key = list.group(heading)?.key else { return }
        hasTouchedCursor = true
        if isFolded { list.folded.insert(key) } else { list.folded.remove(key) }
    }

    /// What Enter does: the details of a row, the rows of a heading.
    mutating func openSelected() {
        guard let selected, selected.isHeading, let key = list.group(selected)?.key else { return toggleDetails() }
        fold(selected, !list.folded.contains(key))
    }

    /// Marks all rows of a group, or takes their marks away when all are marked.
    mutating func markGroup(_ heading: RowKey) {
        let rows = list.rows(under: heading).filter { row($0) != nil }
        hasTouchedCursor = true
        if rows.allSatisfy(marks.contains) { marks.subtract(rows) } else { marks.formUnion(rows) }
    }

    /// Draws the heading of a group: what it says of its rows is never what is cut.
    func draw(_ heading: RowKey, at place: Int, columns: Int, _ frame: inout Frame) {
        guard let group = list.group(heading) else { return }
        let isSelected = heading == selected
        let style = style(.title)
        frame.fill(Rect(column: 3, row: place, columns: columns - 3, rows: 1), style: style)
        frame.put(isSelected ? glyphs.pointer : " ", column: 1, row: place)
        frame.put(list.folded.contains(group.key) ? glyphs.folded : glyphs.down, column: 3, row: place, style: style)
        let room = columns - 5
        let facts = facts(of: group, columns: room - 2 - Text.width(group.name, atMost: 20))
        let name = Text.fit(
            group.name, columns: max(4, room - Text.width(facts) - 2), ellipsis: glyphs.ellipsis,
            cut: .start)
        frame.put("\(name)  \(facts)", column: 5, row: place, columns: room, style: style)
        guard isSelected else { return }
        if look.isAccessible {
            if line == nil { frame.cursor = Position(column: 1, row: place) }
        } else if !look.isLowBandwidth {
            frame.restyle(Rect(column: 0, row: place, columns: min(columns, barColumns), rows: 1)) {
                $0.isReversed = true
            }
        }
    }

    // Where there is no room, what the rows below show as well goes first.
    private func facts(of group: Group, columns: Int) -> String {
        let items = group.count == 1 ? "item" : "items"
        // Who is the heading has all of them.
        let held = group.key.grouping == .holder ? nil : "\(group.held.grouped) held"
        var oldest: String?
        if let row = group.oldest, let lock = servers[row.server].catalog.decisiveLock(row.id), let since = lock.since {
            oldest = "oldest " + wording.age(since: since, isAtLeast: lock.sinceIs != .acquired)
        }
        let stale = group.stale > 0 ? "\(group.stale.grouped) stale" : nil
        let choices = [
            ["\(group.count.grouped) \(items)", held, oldest, stale], [group.count.grouped, held, oldest, stale],
            [group.count.grouped, oldest, stale],
        ].map { $0.compactMap(\.self).joined(separator: look.isASCII ? " | " : " · ") }
        return choices.first { Text.width($0) <= columns } ?? choices[2]
    }
}
