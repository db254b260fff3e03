// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// What is waited for, to be taken when it is free.
struct Waits: ListPage {
    enum Act: Hashable, Sendable {
        case show, callOff
    }

    static let title = "WAITED FOR"
    static let bindings: [Binding<Act>] = [
        Binding(.character("w"), does: .callOff, "wait no longer", "Call the wait off.", footer: 1, in: "Waits"),
        Binding(.enter, does: .show, "to the item", "Go to the item in the table.", footer: 2, in: "Waits"),
    ]

    var cursor = ListCursor<ItemRef>()

    var layer: Layer { .waits(self) }

    func rows(_ model: Model) -> [ItemRef] {
        model.servers.flatMap { server in
            server.status.waits.sorted().map { ItemRef(server: server.facts.name, id: $0) }
        }
    }

    mutating func take(_ act: Act, _ model: inout Model) -> Reply {
        guard let ref = cursor.chosen else { return .done([]) }
        switch act {
        case .show: return model.goTo(ref) ? .home([]) : .done([])
        case .callOff: return .done(model.callOff([ref]))
        }
    }
}
