// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// A row's place: the server's index in the model, and the slot on its shelf.
struct RowKey: Hashable, Sendable {
    var server: Int
    var slot: Shelf.Slot
}

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

/// All rows in order, and those of them that are shown. A few changed rows are taken out and put back by binary
/// search; only another sort, filter or view goes through all.
struct RowList: Sendable {
    /// Every row, sorted.
    private(set) var order: [RowKey] = []
    /// The rows that the view and the filter let through, in the same order.
    private(set) var shown: [RowKey] = []

    /// What a row is sorted by, worked out once for a comparison.
    private struct Rank: Comparable {
        var number: Double
        var text: String
        var path: String
        var key: RowKey

        static func < (one: Rank, other: Rank) -> Bool {
            if one.number != other.number { return one.number < other.number }
            if one.text != other.text { return one.text < other.text }
            if one.path != other.path { return one.path < other.path }
            return (one.key.server, one.key.slot) < (other.key.server, other.key.slot)
        }
    }

    /// Sorts everything anew.
    mutating func sort(_ servers: [Model.Server], by sort: Sort, where passes: (RowKey, Row) -> Bool) {
        var ranks: [Rank] = []
        ranks.reserveCapacity(servers.reduce(0) { $0 + $1.shelf.count })
        for (index, server) in servers.enumerated() {
            server.shelf.forEach { slot, row in
                ranks.append(Self.rank(row, RowKey(server: index, slot: slot), server.facts.name, sort))
            }
        }
        ranks.sort { Self.comesBefore($0, $1, sort) }
        order = ranks.map(\.key)
        filter(servers, where: passes)
    }

    /// Goes through all rows for another filter or view.
    mutating func filter(_ servers: [Model.Server], where passes: (RowKey, Row) -> Bool) {
        shown = order.filter { key in servers[key.server].shelf[key.slot].map { passes(key, $0) } ?? false }
    }

    /// Puts a few changed rows where they belong now.
    mutating func place(
        _ changed: [RowKey], _ servers: [Model.Server], by sort: Sort, where passes: (RowKey, Row) -> Bool
    ) {
        // Many at once: sorting all is quicker than moving each.
        if changed.count > 64 + order.count / 50 { return self.sort(servers, by: sort, where: passes) }
        let moved = Set(changed)
        order.removeAll { moved.contains($0) }
        shown.removeAll { moved.contains($0) }
        for key in changed {
            guard let row = servers[key.server].shelf[key.slot] else { continue }
            let rank = Self.rank(row, key, servers[key.server].facts.name, sort)
            Self.insert(key, rank, into: &order, servers, sort)
            if passes(key, row) { Self.insert(key, rank, into: &shown, servers, sort) }
        }
    }

    private static func insert(
        _ key: RowKey, _ rank: Rank, into list: inout [RowKey], _ servers: [Model.Server], _ sort: Sort
    ) {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            let other = list[middle]
            guard let row = servers[other.server].shelf[other.slot] else { break }
            let isBefore = comesBefore(Self.rank(row, other, servers[other.server].facts.name, sort), rank, sort)
            if isBefore { low = middle + 1 } else { high = middle }
        }
        list.insert(key, at: low)
    }

    private static func comesBefore(_ one: Rank, _ other: Rank, _ sort: Sort) -> Bool {
        sort.isDescending ? other < one : one < other
    }

    private static func rank(_ row: Row, _ key: RowKey, _ server: String, _ sort: Sort) -> Rank {
        var rank = Rank(number: 0, text: "", path: row.item.path, key: key)
        let last = Double.greatestFiniteMagnitude
        switch sort.field {
        case .state: rank.number = stateRank(row)
        case .item: break
        case .title: rank.text = row.item.title.lowercased()
        case .holder:
            rank.number = row.lock == nil ? 1 : 0
            rank.text = row.lock?.holder.label.lowercased() ?? ""
        case .kind:
            rank.number = row.lock == nil ? 1 : 0
            rank.text = row.lock?.kind.rawValue ?? ""
        case .held: rank.number = row.lock == nil ? last : row.lock?.since?.timeIntervalSince1970 ?? last / 2
        case .left: rank.number = row.lock == nil ? last : row.lock?.expires?.timeIntervalSince1970 ?? last / 2
        case .type: rank.text = row.item.type
        case .modified: rank.number = -(row.item.modified?.timeIntervalSince1970 ?? 0)
        case .server: rank.text = server
        }
        return rank
    }

    private static func stateRank(_ row: Row) -> Double {
        switch row.reading.state {
        case .held: (row.lock?.holder.isMe ?? false) ? 0 : 1
        case .unknown: row.reading.error == nil ? 3 : 2
        case .free: 3
        }
    }
}
