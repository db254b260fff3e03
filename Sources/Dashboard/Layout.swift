// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// Where things are on the screen, worked out from its size alone: drawing and the mouse agree on it.
struct Layout: Hashable, Sendable {
    var tabs: Int
    var alerts: Range<Int>
    var heading: Int
    var table: Int
    var tableRows: Int
    /// The line above the events; `nil` when the strip is hidden.
    var rule: Int?
    var events: Range<Int>
    var footer: Int
    /// The columns of the table; the rest is the pane with the details.
    var tableColumns: Int
}

extension Model {
    var layout: Layout {
        let alertCount = min(alerts.count, size.rows >= 16 ? 2 : 1)
        let heading = size.rows >= 4 ? 2 + alertCount : 0
        let table = size.rows >= 4 ? heading + 1 : 0
        let footer = size.rows >= 3 ? size.rows - 1 : size.rows
        let eventRows = showsEvents && overlay == nil ? eventRowCount : 0
        let ruleRows = eventRows > 0 ? 1 : 0
        let rows = max(0, footer - table - eventRows - ruleRows)
        return Layout(
            tabs: 1, alerts: 2..<(2 + alertCount), heading: heading, table: table, tableRows: rows,
            rule: ruleRows > 0 ? table + rows : nil,
            events: (table + rows + ruleRows)..<(table + rows + ruleRows + eventRows), footer: footer,
            tableColumns: hasSidePane && showsDetails ? size.columns - sidePaneColumns : size.columns)
    }

    private var eventRowCount: Int {
        switch size.rows {
        case ..<14: 0
        case ..<24: 2
        case ..<40: 3
        default: 6
        }
    }

    /// How many rows of the table fit.
    var tableRows: Int { layout.tableRows }

    var sidePaneColumns: Int { min(70, size.columns * 2 / 5) }

    /// What can't be overlooked: servers that don't answer, insecure ways, protected servers.
    var alerts: [(text: String, role: Role)] {
        var alerts: [(String, Role)] = []
        for server in servers {
            if let insecurity = server.facts.insecurity {
                alerts.append(("\(server.facts.name): \(insecurity)", .alarm))
            }
            guard case .failing(let error, let next) = server.status.phase else { continue }
            let clock = WallClock(look.zone)
            let last = server.status.readAt.map { ", last read \(clock.minutes($0))" } ?? ""
            let retry = isPaused ? "paused" : "next try \(clock.minutes(next))"
            let prefix = server.facts.name + ": "
            let message =
                error.message.hasPrefix(prefix) ? String(error.message.dropFirst(prefix.count)) : error.message
            // On a small screen the end is cut: when it goes on matters more than when it stopped.
            alerts.append(("\(server.facts.name)  \(retry)\(last): \(message)", .alarm))
        }
        let guarded = servers.filter(\.facts.isProtected).map(\.facts.name)
        if !guarded.isEmpty {
            alerts.append(("PROTECTED: \(guarded.joined(separator: ", "))", .banner))
        }
        return alerts
    }

    // MARK: Tabs under the mouse

    /// The tabs with their first columns.
    func tabs() -> [(view: View, column: Int, text: String)] {
        let counts = counts()
        let isFiltered = prompt?.use == .filter || !queryText.isEmpty
        let isNarrow = size.columns < (isFiltered ? 110 : 64)
        var texts = View.allCases.map { view in
            let name = isNarrow && view != self.view ? "" : " \(view.title)"
            return "[\(view.rawValue)\(name) \(counts[view] ?? 0)]"
        }
        // Where there is no room, the last ones have their key alone.
        for (index, view) in View.allCases.enumerated().reversed() where view != self.view {
            guard texts.reduce(0, { $0 + 1 + Text.width($1) }) > size.columns else { break }
            texts[index] = "[\(view.rawValue)]"
        }
        var column = 1
        return zip(View.allCases, texts).map { view, text in
            defer { column += Text.width(text) + 1 }
            return (view, column, text)
        }
    }

    func tab(at column: Int) -> View? {
        tabs().first { column >= $0.column && column < $0.column + Text.width($0.text) }?.view
    }
}
