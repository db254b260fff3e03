// SPDX-License-Identifier: MIT

/// What the rows are sorted by.
struct Sort: Hashable, Sendable {
    enum Field: String, Hashable, Sendable, CaseIterable {
        case state, item, title, holder, kind, held, left, type, modified, server
    }

    var field = Field.state
    var isDescending = false
}

/// The six views.
enum View: Int, Hashable, Sendable, CaseIterable {
    case all = 1
    case held, mine, others, stale, conflicts

    var title: String {
        switch self {
        case .all: "All"
        case .held: "Held"
        case .mine: "Mine"
        case .others: "Others"
        case .stale: "Stale"
        case .conflicts: "Conflicts"
        }
    }
}
