// SPDX-License-Identifier: MIT
import Locks

/// How the rows are looked at. A recording keeps it, so that it is played as it was seen.
public struct Outlook: Hashable, Sendable {
    /// The view, as `:view` calls it.
    public var view: String
    /// The filter.
    public var filter: String
    /// The column that the rows are sorted by.
    public var sort: String
    /// Whether the greatest comes first.
    public var isDescending: Bool
    /// What they stand under headings by; `nil`: they stand under none.
    public var group: String?
    /// The columns that were chosen; `nil`: those that there is room for.
    public var columns: [String]?
    /// Whether the strip of events is shown.
    public var showsEvents: Bool

    /// One that was kept.
    public init(
        view: String, filter: String, sort: String, isDescending: Bool, group: String?, columns: [String]?,
        showsEvents: Bool
    ) {
        self.view = view
        self.filter = filter
        self.sort = sort
        self.isDescending = isDescending
        self.group = group
        self.columns = columns
        self.showsEvents = showsEvents
    }
}

extension Model {
    /// How the rows are looked at now.
    public var outlook: Outlook {
        Outlook(
            view: view.title.lowercased(), filter: queryText, sort: sort.field.name, isDescending: sort.isDescending,
            group: grouping?.rawValue, columns: columns?.map(\.name), showsEvents: showsEvents)
    }

    /// Looks at the rows as was recorded, as long as nobody who watches has chosen to see them otherwise. What this
    /// program does not know is left as it is.
    mutating func look(as other: Outlook) {
        guard replay != nil, !hasOwnOutlook else { return }
        view = View.allCases.first { $0.title.lowercased() == other.view } ?? view
        if let field = Field.all.first(where: { $0.name == other.sort }) {
            sort = Sort(by: field, isDescending: other.isDescending)
        }
        let grouping = other.group.flatMap(Grouping.init(rawValue:))
        if grouping != self.grouping { list.folded = [] }
        self.grouping = grouping
        columns =
            other.columns.map { names in
                names.compactMap { name in Field.ofScreen.first { $0.name == name } }
            }?.nonEmpty
        showsEvents = other.showsEvents
        if other.filter != queryText {
            let said = message
            setQuery(other.filter)
            (message, typingError) = (said, nil)
        }
        resort()
        // Nobody has moved the cursor yet: it stays on top, whatever comes to stand there.
        if !hasTouchedCursor { selected = list.isEmpty ? nil : list[0] }
    }
}

extension Array {
    fileprivate var nonEmpty: Array? { isEmpty ? nil : self }
}
