// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// How rows compare under a sort: by a field, then by their paths, then by who came first. Descending is the same order
/// read backwards.
struct Collation: Sendable {
    /// The rows, as they were when they were put in order.
    var catalogs: [Catalog]
    let field: Sort.Field
    /// The servers' places by name.
    private let ranks: [Int]

    init(_ servers: [Model.Server], by field: Sort.Field) {
        catalogs = servers.map(\.catalog)
        self.field = field
        var ranks = servers.map { _ in 0 }
        let order = servers.indices.sorted { servers[$0].facts.name < servers[$1].facts.name }
        for (rank, index) in order.enumerated() { ranks[index] = rank }
        self.ranks = ranks
    }

    func comesBefore(_ one: RowKey, _ other: RowKey) -> Bool {
        let (first, second) = (number(one), number(other))
        if first != second { return first < second }
        return comesBefore(afterEqualNumbers: one, other)
    }

    /// All rows, in order.
    func sorted() -> RowOrder {
        // Most comparisons are decided by numbers that are worked out once for each row.
        struct Sortable {
            let number: UInt64
            let path: UInt64
            let key: RowKey
        }
        let skipped = commonPathLength
        let isByNumberAlone = isByNumberAlone
        var rows: [Sortable] = []
        rows.reserveCapacity(catalogs.reduce(0) { $0 + $1.count })
        for (server, catalog) in catalogs.enumerated() {
            for id in catalog.ids() {
                let key = RowKey(server: server, id: id)
                rows.append(
                    Sortable(
                        number: number(key), path: isByNumberAlone ? catalog.pathPrefix(id, after: skipped) : 0,
                        key: key))
            }
        }
        rows.sort {
            if $0.number != $1.number { return $0.number < $1.number }
            if $0.path != $1.path { return $0.path < $1.path }
            return comesBefore(afterEqualNumbers: $0.key, $1.key)
        }
        return RowOrder(sorted: rows.map(\.key))
    }

    private func comesBefore(afterEqualNumbers one: RowKey, _ other: RowKey) -> Bool {
        if !isByNumberAlone {
            let (first, second) = (text(one), text(other))
            if first != second { return first < second }
        }
        let paths = catalogs[one.server].comparePath(of: one.id, to: other.id, in: catalogs[other.server])
        if paths != 0 { return paths < 0 }
        return (one.server, one.id) < (other.server, other.id)
    }

    /// With how many bytes all paths begin alike.
    private var commonPathLength: Int {
        let filled = catalogs.filter { $0.count > 0 }
        guard let first = filled.first else { return 0 }
        return filled.reduce(.max) { min($0, $1.commonPathLength(with: first)) }
    }

    // Texts come first by their first eight bytes.
    private var isByNumberAlone: Bool { ![.title, .holder, .type].contains(field) }

    private func number(_ key: RowKey) -> UInt64 {
        let (catalog, id) = (catalogs[key.server], key.id)
        switch field {
        case .state:
            switch catalog.state(id) {
            case .held: return catalog.isMine(id) ? 0 : 1
            case .unknown: return catalog.hasFailed(id) ? 2 : 3
            case .free: return 3
            }
        case .item: return 0
        case .kind: return catalog.times(id).map { Self.prefix($0.kind.rawValue) } ?? .max
        case .held:
            guard let lock = catalog.times(id) else { return .max }
            return lock.since.map(Self.number) ?? .max - 1
        case .left:
            guard let lock = catalog.times(id) else { return .max }
            return lock.expires.map(Self.number) ?? .max - 1
        case .modified: return ~(catalog.modifiedAt(id).map(Self.number) ?? 0)
        case .server: return UInt64(ranks[key.server])
        case .title, .type: return Self.prefix(text(key))
        case .holder: return catalog.state(id) == .held ? Self.prefix(text(key)) : .max
        }
    }

    private func text(_ key: RowKey) -> String {
        let (catalog, id) = (catalogs[key.server], key.id)
        switch field {
        case .title: return catalog.foldedTitle(id)
        case .holder: return catalog.decisiveLock(id)?.holder.label.lowercased() ?? ""
        default: return catalog.type(id)
        }
    }

    private static func prefix(_ text: String) -> UInt64 {
        var (prefix, count) = (UInt64(0), 0)
        for byte in text.utf8.prefix(8) {
            prefix = prefix << 8 | UInt64(byte)
            count += 1
        }
        return prefix << UInt64(8 * (8 - count))
    }

    // Such that they compare as the times do.
    private static func number(_ date: Date) -> UInt64 {
        let bits = date.timeIntervalSinceReferenceDate.bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
}
