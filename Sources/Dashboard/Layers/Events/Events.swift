// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// All events since the start, the newest first.
struct Events: ListPage {
    enum Act: Hashable, Sendable {
        case show, filter
    }

    static let title = "EVENTS, newest first"
    static let tellsWhole = true
    static let bindings: [Binding<Act>] = [
        Binding(.enter, does: .show, "to the item", "Go to the event's item in the table.", footer: 1, in: "Events"),
        Binding(
            .character("/"), does: .filter, "filter", "Filter the events, in the words of the table's filter.",
            footer: 2, in: "Events"),
    ]

    var cursor = ListCursor<Int>()
    var filter = PageFilter()

    var layer: Layer { .events(self) }

    /// The numbers of its events: each keeps its own while older ones are forgotten.
    func rows(_ model: Model) -> [Int] {
        let events = model.events
        return events.indices.reversed().filter { index in
            filter.query.isEmpty || filter.query.matches(events[index], nil, model.staleness)
        }.map { $0 + model.forgottenEvents }
    }

    /// The event of a number.
    func event(_ number: Int, _ model: Model) -> LockEvent? {
        let place = number - model.forgottenEvents
        return model.events.indices.contains(place) ? model.events[place] : nil
    }

    mutating func take(_ act: Act, _ model: inout Model) -> Reply {
        switch act {
        case .filter: return .type(filter.text)
        case .show:
            guard let event = cursor.chosen.flatMap({ event($0, model) }) else { return .done([]) }
            return model.goTo(event.ref) ? .home([]) : .done([])
        }
    }
}
