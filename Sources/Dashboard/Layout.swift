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

    /// What a tab shows.
    enum Tab: Hashable, Sendable {
        case view(View)
        case saved(SavedView)
    }

    /// Whether a tab is the one that is shown.
    func isActive(_ tab: Tab) -> Bool {
        switch tab {
        case .view(let view): view == self.view && savedView == nil
        case .saved(let saved): saved == savedView
        }
    }

    /// The tabs with their first columns: those of saved views where there is room beside the filter.
    func tabs() -> [(tab: Tab, column: Int, text: String)] {
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
        var tabs: [(tab: Tab, column: Int, text: String)] = []
        func add(_ tab: Tab, _ text: String) {
            tabs.append((tab, column, text))
            column += Text.width(text) + 1
        }
        for (view, text) in zip(View.allCases, texts) { add(.view(view), text) }
        // The filter of a saved view need not be read whole.
        let room = size.columns - (!isFiltered ? 0 : savedView == nil ? 32 : 20)
        for (index, saved) in savedViews.prefix(3).enumerated() {
            let text = "[\(View.allCases.count + 1 + index) \(saved.name)]"
            if column + Text.width(text) <= room { add(.saved(saved), text) }
        }
        return tabs
    }

    func tab(at column: Int) -> Tab? {
        tabs().first { column >= $0.column && column < $0.column + Text.width($0.text) }?.tab
    }
}
