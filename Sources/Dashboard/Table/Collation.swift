// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// How rows compare under a sort: by their group, if they stand in groups, by a field, then by their paths, then by who
/// came first. The other direction is the same order read backwards.
struct Collation: Sendable {
    /// The rows, as they were when they were put in order.
    var catalogs: [Catalog]
    let field: Field
    let grouping: Grouping?
    let origins: [Field.Origin]
    /// The time of the order: what moves with the clock must not move beneath it.
    private let wording: Wording

    init(_ servers: [Model.Server], by field: Field, in grouping: Grouping? = nil, _ wording: Wording) {
        catalogs = servers.map(\.catalog)
        self.field = field
        self.grouping = grouping
        self.wording = wording
        var origins = servers.map { Field.Origin(server: $0.facts.name) }
        let order = servers.indices.sorted { servers[$0].facts.name < servers[$1].facts.name }
        for (rank, index) in order.enumerated() { origins[index].rank = rank }
        self.origins = origins
    }

    func comesBefore(_ one: RowKey, _ other: RowKey) -> Bool {
        if grouping != nil {
            let groups = compareGroups(of: one, other)
            if groups != 0 { return groups < 0 }
        }
        let (numbers, others) = (numbers(one), numbers(other))
        if numbers != others { return numbers < others }
        return Self.mayGoOn(numbers.second) ? comesBefore(afterEqualNumbers: one, other) : pathComesBefore(one, other)
    }

    /// All rows by their paths.
    func sortedByPath() -> RowOrder {
        // Most comparisons are decided by eight bytes that are looked up once for each row.
        struct Sortable {
            let prefix: UInt64
            let key: RowKey
        }
        let skipped = commonPathLength
        var rows: [Sortable] = []
        rows.reserveCapacity(catalogs.reduce(0) { $0 + $1.count })
        for (server, catalog) in catalogs.enumerated() {
            for id in catalog.ids() {
                rows.append(
                    Sortable(
                        prefix: catalog.pathPrefix(id, after: skipped), key: RowKey(server: server, id: id)))
            }
        }
        rows.sort { $0.prefix == $1.prefix ? pathComesBefore($0.key, $1.key) : $0.prefix < $1.prefix }
        return RowOrder(sorted: rows.map(\.key))
    }

    /// All rows in an order other than that of their paths.
    /// - Parameter paths: all rows by their paths: what is equal else is in that order already.
    func sorted(_ paths: RowOrder) -> RowOrder {
        let order = sortsByPath ? paths : sortedByField(paths)
        return grouping == nil ? order : grouped(order)
    }

    private func sortedByField(_ paths: RowOrder) -> RowOrder {
        var rows: [RankedRow] = []
        rows.reserveCapacity(paths.count)
        paths.forEach { key in
            let (first, second) = numbers(key)
            rows.append(RankedRow(first: first, second: second, key: key))
            return true
        }
        if Task.isCancelled { return paths }
        if !isByNumberAlone { RankedRow.sort(&rows, by: \.second) }
        if Task.isCancelled { return paths }
        RankedRow.sort(&rows, by: \.first)
        if !isByNumberAlone { sortLongTexts(&rows) }
        return RowOrder(sorted: rows.map(\.key))
    }

    // Rows whose texts begin alike for longer than two numbers tell.
    private func sortLongTexts(_ rows: inout [RankedRow]) {
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, rows[end].first == rows[start].first, rows[end].second == rows[start].second {
                end += 1
            }
            if end - start > 1, Self.mayGoOn(rows[start].second) {
                rows[start..<end].sort { comesBefore(afterEqualNumbers: $0.key, $1.key) }
            }
            start = end
        }
    }

    func pathComesBefore(_ one: RowKey, _ other: RowKey) -> Bool {
        let catalogs = catalogs.span
        let paths = catalogs[one.server].comparePath(of: one.id, to: other.id, in: catalogs[other.server])
        if paths != 0 { return paths < 0 }
        return (one.server, one.id) < (other.server, other.id)
    }

    private func comesBefore(afterEqualNumbers one: RowKey, _ other: RowKey) -> Bool {
        if !isByNumberAlone {
            let (first, second) = (text(one), text(other))
            if first != second { return first.lexicographicallyPrecedes(second) }
        }
        return pathComesBefore(one, other)
    }

    /// With how many bytes all paths begin alike.
    private var commonPathLength: Int {
        let filled = catalogs.filter { $0.count > 0 }
        guard let first = filled.first else { return 0 }
        return filled.reduce(.max) { min($0, $1.commonPathLength(with: first)) }
    }

    // A last byte of zero: the text ended before, or is told apart by its path as if it had.
    private static func mayGoOn(_ second: UInt64) -> Bool { second & 0xFF != 0 }

    // Texts come first by their first sixteen bytes.
    private var isByNumberAlone: Bool {
        if case .text = field.key { false } else { true }
    }

    /// Whether the paths alone decide.
    var isByPath: Bool { sortsByPath && grouping == nil }

    private var sortsByPath: Bool { if case .path = field.key { true } else { false } }

    private func numbers(_ key: RowKey) -> (first: UInt64, second: UInt64) {
        switch field.key {
        case .path: return (0, 0)
        case .number(let number):
            let number = number(catalogs[key.server], key.id, origins[key.server], wording)
            return (field.isGreatestFirst ? ~number : number, 0)
        case .text(let text):
            guard let text = text(catalogs[key.server], key.id, origins[key.server]) else { return (.max, 0) }
            return (Self.prefix(text), Self.prefix(text.dropFirst(8)))
        }
    }

    private func text(_ key: RowKey) -> ArraySlice<UInt8> {
        guard case .text(let text) = field.key else { return [] }
        return text(catalogs[key.server], key.id, origins[key.server]) ?? []
    }

    private static func prefix(_ text: ArraySlice<UInt8>) -> UInt64 {
        var (prefix, count) = (UInt64(0), UInt64(0))
        for byte in text.prefix(8) {
            prefix = prefix << 8 | UInt64(byte)
            count += 1
        }
        return count == 0 ? 0 : prefix << (8 * (8 - count))
    }
}
