// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

/// What one person has, the oldest first, and below it what happened to them since the start.
struct PersonPage: ListPage {
    enum Act: Hashable, Sendable {
        case show, filter, release
    }

    static let title = "PERSON"
    static let tellsWhole = true
    static let bindings: [Binding<Act>] = [
        Binding(.enter, does: .show, "to the item", "Go to the item in the table.", footer: 1, in: "One person"),
        Binding(
            .character("f"), does: .filter, "filter", "Show the person's items in the table.", footer: 2,
            in: "One person"),
        Binding(
            .character("F"), does: .release, "release all", "End all that the person has, after one question.",
            needs: .forceUnlock, footer: 3, in: "One person"),
    ]
    /// How many items are listed: the table has them all.
    static let most = 2_000

    let name: String
    var cursor = ListCursor<RowKey>()
    private var ordered: [RowKey] = []
    private var version: [Int] = []

    /// With the id, as long as there is something to know it from.
    private var fullName: String

    init(name: String) {
        self.name = name
        fullName = name
    }

    var layer: Layer { .person(self) }

    var heading: String { "PERSON \(fullName)" }

    func rows(_ model: Model) -> [RowKey] { ordered }

    mutating func follow(_ model: Model) {
        let version = model.servers.map(\.staleRows.holdings.version)
        if version != self.version {
            self.version = version
            order(model)
        }
        cursor.follow(ordered, room: room(model.pageArea))
    }

    private mutating func order(_ model: Model) {
        fullName = model.person(name)?.fullName ?? fullName
        var starts: [(since: Date, key: RowKey)] = []
        for index in model.servers.indices {
            model.holdings(of: name, on: index, most: Self.most) { key, since in
                starts.append((since ?? .distantFuture, key))
            }
        }
        starts.sort { ($0.since, $0.key.server, $0.key.id) < ($1.since, $1.key.server, $1.key.id) }
        ordered = starts.prefix(Self.most).map(\.key)
    }

    mutating func take(_ act: Act, _ model: inout Model) -> Reply {
        switch act {
        case .show:
            guard let ref = cursor.chosen.flatMap(model.ref) else { return .done([]) }
            return model.goTo(ref) ? .home([]) : .done([])
        case .filter:
            model.filterToPerson(name)
            return .home([])
        case .release: return .done(model.releaseAll(of: name))
        }
    }
}
