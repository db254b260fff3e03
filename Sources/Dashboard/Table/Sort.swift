// SPDX-License-Identifier: MIT
import Locks

/// What the rows are sorted by.
struct Sort: Hashable, Sendable {
    var field = Field.state
    var isDescending = false

    /// The state, mine first.
    init() {}

    /// By a column, from the side that it is read from.
    init(by field: Field) {
        self.field = field
        isDescending = field.isGreatestFirst
    }

    /// By a column and in a direction.
    init(by field: Field, isDescending: Bool) {
        self.field = field
        self.isDescending = isDescending
    }

    /// Whether the rows lie the other way round than their collation puts them.
    var isBackwards: Bool { isDescending != field.isGreatestFirst }

    /// The column that the key for the next sort goes to. What shows the same in other words is passed over.
    var next: Field {
        let fields: [Field] = Field.all.filter { field in
            ![.since, .expires, .stale, .url, .identity, .path].contains(field)
        }
        let place = fields.firstIndex(of: field) ?? 0
        return fields[(place + 1) % fields.count]
    }
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
