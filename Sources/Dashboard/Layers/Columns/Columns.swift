// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// The columns of the table to choose from: those that are shown from left to right, then the others.
struct Columns: ListPage {
    enum Act: Hashable, Sendable {
        case toggle, earlier, later, keep, reset
    }

    static let title = "COLUMNS, from left to right"
    static let tellsWhole = true
    static let bindings: [Binding<Act>] = [
        Binding(
            .enter, does: .keep, "keep", "Show the table so, now and after the next start.", footer: 1, in: "Columns"),
        Binding(
            .character(" "), does: .toggle, "show", "Show the column, or hide it.", footer: 2, in: "Columns"),
        Binding(.character("<"), does: .earlier, "left", "Move the column to the left.", footer: 3, in: "Columns"),
        Binding(.character(">"), does: .later, "right", "Move the column to the right.", footer: 4, in: "Columns"),
        Binding(
            .character("d"), does: .reset, "reset",
            "Back to the configured columns, else to those that there is room for.", footer: 5, in: "Columns"),
    ]

    /// By name.
    var cursor = ListCursor<String>()
    /// All columns in the order that is being chosen.
    private var order: [Field] = []
    private var shown: Set<Field> = []
    /// What is shown in the table until the choice is kept.
    private var before: [Field] = []

    var layer: Layer { .columns(self) }

    func rows(_ model: Model) -> [String] { order.map(\.name) }

    func isShown(_ field: Field) -> Bool { shown.contains(field) }

    private var choice: [Field] { order.filter(shown.contains) }

    mutating func follow(_ model: Model) {
        if order.isEmpty {
            before = model.wantedColumns
            shown = Set(before)
            order = before + Field.ofScreen.filter { !shown.contains($0) }
        }
        cursor.follow(rows(model), room: room(model.pageArea))
    }

    mutating func take(_ act: Act, _ model: inout Model) -> Reply {
        switch act {
        case .keep:
            guard !choice.isEmpty else {
                model.message = Model.Message(text: "Show at least one column.", isError: true)
                return .done([])
            }
            return .home(choice == before ? [] : model.choose(choice))
        case .reset: return .home(model.choose(nil))
        case .toggle, .earlier, .later: break
        }
        guard let place = order.firstIndex(where: { $0.name == cursor.chosen }) else { return .done([]) }
        let field = order[place]
        switch act {
        case .earlier: move(from: place, to: place - 1)
        case .later: move(from: place, to: place + 1)
        default: if shown.remove(field) == nil { shown.insert(field) }
        }
        cursor.go(to: field.name)
        return .done([])
    }

    private mutating func move(from place: Int, to other: Int) {
        if order.indices.contains(other) { order.swapAt(place, other) }
    }
}

extension Model {
    /// The columns of the table, whether there is room for them or not.
    var wantedColumns: [Field] {
        columns ?? Field.onScreen(isWide: layout.tableColumns >= 110, servers: servers.count)
    }

    /// Shows these columns and keeps them; `nil`: those of the configuration, else those that there is room for.
    mutating func choose(_ columns: [Field]?) -> [Effect] {
        self.columns = columns ?? configuredColumns
        return [.keepColumns(columns?.map(\.name))]
    }
}
