// SPDX-License-Identifier: MIT
import Locks

/// What group a row is in.
extension Collation {
    /// The group of a row; of all the same one, where there is no grouping.
    func group(of key: RowKey) -> GroupKey {
        let grouping = grouping ?? .server
        let text = text(ofGroupOf: key, grouping)
        return GroupKey(
            grouping: grouping, rank: rank(ofGroupOf: key, grouping),
            // People are put in order as they are in the table.
            text: grouping == .holder ? text.lowercased() : text)
    }

    /// What the group of a row is called.
    func name(ofGroupOf key: RowKey) -> String {
        let server = origins[key.server].server
        switch grouping {
        case .holder:
            switch rank(ofGroupOf: key, .holder) {
            case 0: return "you"
            case 1: return text(ofGroupOf: key, .holder)
            case 2: return "free"
            default: return "not known"
            }
        case .folder:
            let folder = text(ofGroupOf: key, .folder)
            return origins.count > 1 ? "\(server):\(folder)" : folder
        case .server, nil: return server
        }
    }

    /// Below zero if the group of the first comes before that of the second.
    func compareGroups(of one: RowKey, _ other: RowKey) -> Int {
        guard let grouping else { return 0 }
        // Most are decided by this, without making a text.
        let ranks = rank(ofGroupOf: one, grouping) - rank(ofGroupOf: other, grouping)
        if ranks != 0 || grouping == .server { return ranks }
        let (first, second) = (group(of: one), group(of: other))
        return first < second ? -1 : first == second ? 0 : 1
    }

    private func rank(ofGroupOf key: RowKey, _ grouping: Grouping) -> Int {
        guard grouping == .holder else { return origins[key.server].rank }
        let catalog = catalogs[key.server]
        switch catalog.state(key.id) {
        case .held: return catalog.decisiveLock(key.id).map { $0.holder.isMe ? 0 : 1 } ?? 3
        case .free: return 2
        case .unknown: return 3
        }
    }

    private func text(ofGroupOf key: RowKey, _ grouping: Grouping) -> String {
        let catalog = catalogs[key.server]
        switch grouping {
        case .server: return ""
        case .holder:
            guard catalog.state(key.id) == .held, let holder = catalog.decisiveLock(key.id)?.holder, !holder.isMe else {
                return ""
            }
            return holder.label
        case .folder:
            let path = catalog.path(key.id)
            guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
            return String(path[..<slash])
        }
    }

    /// Puts rows that are in order into their groups, each in that order.
    func grouped(_ order: RowOrder) -> RowOrder {
        var numbers: [GroupKey: Int] = [:]
        var keys: [GroupKey] = []
        var counts: [Int] = []
        var rows: [(group: Int, key: RowKey)] = []
        rows.reserveCapacity(order.count)
        order.forEach { row in
            let key = group(of: row)
            let number = numbers[key] ?? keys.count
            if number == keys.count {
                numbers[key] = number
                keys.append(key)
                counts.append(0)
            }
            counts[number] += 1
            rows.append((number, row))
            return !Task.isCancelled
        }
        if Task.isCancelled { return order }
        var places = Array(repeating: 0, count: keys.count)
        var place = 0
        for number in keys.indices.sorted(by: { keys[$0] < keys[$1] }) {
            places[number] = place
            place += counts[number]
        }
        var sorted = rows.map(\.key)
        for row in rows {
            sorted[places[row.group]] = row.key
            places[row.group] += 1
        }
        return RowOrder(sorted: sorted)
    }
}
