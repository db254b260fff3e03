// SPDX-License-Identifier: MIT
internal import Locks

/// Reads the keys at the top that are about the screen.
struct ScreenReading {
    let section: Section

    /// The names of the table's columns, each once.
    func columns() -> [String]? {
        guard let entry = section.entry("columns") else { return nil }
        guard case .list(let members) = entry.value.content, !members.isEmpty else {
            section.findings.add(
                "expected a list of columns for `columns`, as `[item, holder, held]`, found "
                    + (entry.value.isList ? "an empty one" : entry.value.noun), at: entry.value.place)
            return nil
        }
        var columns: [String] = []
        for member in members {
            let column = section.value(of: member, key: "columns") { text throws(Complaint) in
                try ValueRule.column(text, after: columns)
            }
            if let column { columns.append(column) }
        }
        return columns
    }

    /// Filters with names.
    func views() -> [SavedView] {
        guard let entry = section.entry("views"),
            let named = Section(entry.value, name: "views", findings: section.findings)
        else { return [] }
        if named.entries.count > SavedView.most {
            let first = named.entries[SavedView.most]
            section.findings.add(
                "expected at most \(SavedView.most) views, found \(named.entries.count)", at: first.place)
        }
        return named.entries.prefix(SavedView.most).compactMap { entry in
            do throws(Complaint) {
                try ValueRule.viewName(entry.key)
            } catch {
                section.findings.add(error.message, at: entry.place)
            }
            let filter = section.value(of: entry.value, key: entry.key) { text throws(Complaint) in
                try ValueRule.filter(text)
            }
            return filter.map { SavedView(name: entry.key, filter: $0) }
        }
    }
}
