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
}
