// SPDX-License-Identifier: MIT
import FoundationEssentials
import HeapModule
import Locks

/// Rows that stand together under a heading, with what the heading says of them: kept as rows change, never counted.
struct Group: Sendable {
    /// When a row of it was taken.
    private struct Start: Comparable, Hashable, Sendable {
        let time: Double
        let key: RowKey

        static func < (one: Start, other: Start) -> Bool {
            (one.time, one.key.server, one.key.id) < (other.time, other.key.server, other.key.id)
        }
    }

    let key: GroupKey
    /// What it is called.
    let name: String
    /// Its heading, in the list of rows.
    let heading: RowKey
    fileprivate(set) var count = 0
    fileprivate(set) var held = 0
    fileprivate(set) var stale = 0
    private var starts = Heap<Start>()

    fileprivate init(_ key: GroupKey, name: String, heading: RowKey) {
        self.key = key
        self.name = name
        self.heading = heading
    }

    /// The row that is held longest, of those of which that is known.
    var oldest: RowKey? { starts.min?.key }

    fileprivate mutating func noteStart(_ time: Double, of row: RowKey) { starts.insert(Start(time: time, key: row)) }

    /// Forgets starts of rows that went, or began anew.
    fileprivate mutating func settle(_ isStill: (RowKey, Double) -> Bool) {
        while let first = starts.min, !isStill(first.key, first.time) { starts.removeMin() }
        guard starts.count > 2 * held + 64 else { return }
        starts = Heap(Set(starts.unordered).filter { isStill($0.key, $0.time) })
    }
}

/// The groups of the rows that are shown, in their order, and where their headings stand among the rows. What it costs
/// to move a row goes with the number of groups, not of rows.
struct Groups: Sendable {
    /// Those that have rows.
    private(set) var all: [Group] = []
    /// How many rows are before each.
    private(set) var rowStarts: [Int] = []
    /// How many lines are before each, in the order in which they are read.
    private var lineStarts: [Int] = []
    /// How many lines there are: rows that are not folded away, and headings.
    private(set) var lines = 0
    private var isBackwards = false
    private(set) var folded: Set<GroupKey> = []
    /// The number of a heading is never another group's.
    private var numbers: [GroupKey: UInt32] = [:]
    private var keys: [GroupKey] = []
    private var countedStale: [Hits] = []

    // MARK: Finding

    /// What stands on a line.
    enum Line: Hashable, Sendable {
        case heading(RowKey)
        /// The row at that place of the order.
        case row(Int)
    }

    subscript(line: Int) -> Line {
        let place = Self.last(lineStarts, notAbove: line)
        let group = inOrder(place)
        let offset = line - lineStarts[place]
        guard offset > 0 else { return .heading(all[group].heading) }
        return .row(rowStarts[group] + (isBackwards ? all[group].count - offset : offset - 1))
    }

    /// The line of the row at a place of the order; `nil`: it is folded away.
    func line(ofRow place: Int) -> Int? {
        let group = Self.last(rowStarts, notAbove: place)
        guard all.indices.contains(group), !folded.contains(all[group].key) else { return nil }
        let offset = place - rowStarts[group]
        return lineStarts[inOrder(group)] + 1 + (isBackwards ? all[group].count - 1 - offset : offset)
    }

    /// The line of a heading.
    func line(of heading: RowKey) -> Int? { index(of: heading).map { lineStarts[inOrder($0)] } }

    /// The group under a heading.
    func group(_ heading: RowKey) -> Group? { index(of: heading).map { all[$0] } }

    /// The places of its rows in the order.
    func rows(of heading: RowKey) -> Range<Int>? {
        index(of: heading).map { rowStarts[$0]..<(rowStarts[$0] + all[$0].count) }
    }

    /// The heading of a group that has rows.
    func heading(of key: GroupKey) -> RowKey? { index(of: key).map { all[$0].heading } }

    private func index(of heading: RowKey) -> Int? {
        guard let number = heading.heading, Int(number) < keys.count else { return nil }
        return index(of: keys[Int(number)])
    }

    private func index(of key: GroupKey) -> Int? {
        let place = firstPlace(notBefore: key)
        return place < all.count && all[place].key == key ? place : nil
    }

    private func firstPlace(notBefore key: GroupKey) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // In the order of reading the last group may be the first; it leads both ways.
    private func inOrder(_ place: Int) -> Int { isBackwards ? all.count - 1 - place : place }

    private static func last(_ starts: [Int], notAbove number: Int) -> Int {
        var (low, high) = (0, starts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= number { low = middle } else { high = middle - 1 }
        }
        return low
    }

    // MARK: Changing

    /// Counts rows anew that lie in their order.
    mutating func count(_ order: RowOrder, _ collation: Collation, stale: [Hits]) {
        all = []
        countedStale = collation.catalogs.map { _ in Hits() }
        order.forEach { row in
            let key = collation.group(of: row)
            if all.last?.key != key { all.append(group(key, row, collation)) }
            put(row, in: all.count - 1, collation, stale)
            return !Task.isCancelled
        }
        for index in all.indices { settle(index, collation) { _ in true } }
        settle()
    }

    /// Takes a row out of its group.
    /// - Returns: the group.
    mutating func remove(_ row: RowKey, _ collation: Collation) -> GroupKey {
        let key = collation.group(of: row)
        guard let index = index(of: key) else { return key }
        all[index].count -= 1
        if collation.catalogs[row.server].state(row.id) == .held { all[index].held -= 1 }
        if countedStale[row.server][row.id] { all[index].stale -= 1 }
        return key
    }

    /// Puts a row into its group.
    /// - Returns: the group.
    mutating func insert(_ row: RowKey, _ collation: Collation, stale: [Hits]) -> GroupKey {
        let key = collation.group(of: row)
        let place = firstPlace(notBefore: key)
        if place == all.count || all[place].key != key { all.insert(group(key, row, collation), at: place) }
        put(row, in: place, collation, stale)
        return key
    }

    private mutating func put(_ row: RowKey, in index: Int, _ collation: Collation, _ stale: [Hits]) {
        all[index].count += 1
        let catalog = collation.catalogs[row.server]
        if catalog.state(row.id) == .held {
            all[index].held += 1
            if let since = catalog.times(row.id)?.since {
                all[index].noteStart(since.timeIntervalSinceReferenceDate, of: row)
            }
        }
        let isStale = stale[row.server][row.id]
        if isStale { all[index].stale += 1 }
        if countedStale[row.server][row.id] != isStale { countedStale[row.server][row.id] = isStale }
    }

    private mutating func group(_ key: GroupKey, _ row: RowKey, _ collation: Collation) -> Group {
        let number = numbers[key] ?? UInt32(keys.count)
        if Int(number) == keys.count {
            numbers[key] = number
            keys.append(key)
        }
        return Group(key, name: collation.name(ofGroupOf: row), heading: RowKey(heading: number))
    }

    /// Takes note that rows were moved.
    /// - Parameters:
    ///   - touched: the groups that they were in, and are in.
    ///   - isShown: whether a row is let through.
    mutating func settle(_ touched: Set<GroupKey>, _ collation: Collation, _ isShown: (RowKey) -> Bool) {
        for key in touched {
            guard let index = index(of: key) else { continue }
            if all[index].count > 0 { settle(index, collation, isShown) } else { all.remove(at: index) }
        }
        settle()
    }

    private mutating func settle(_ index: Int, _ collation: Collation, _ isShown: (RowKey) -> Bool) {
        let key = all[index].key
        all[index].settle { row, time in
            let catalog = collation.catalogs[row.server]
            return catalog.isThere(row.id) && isShown(row) && catalog.state(row.id) == .held
                && catalog.times(row.id)?.since?.timeIntervalSinceReferenceDate == time
                && collation.group(of: row) == key
        }
    }

    /// Reads them in the other direction, or folds others away.
    mutating func arrange(isBackwards: Bool, folded: Set<GroupKey>) {
        self.isBackwards = isBackwards
        self.folded = folded
        settle()
    }

    private mutating func settle() {
        (rowStarts, lineStarts, lines) = ([], [], 0)
        var rows = 0
        for group in all {
            rowStarts.append(rows)
            rows += group.count
        }
        for place in all.indices {
            let group = all[inOrder(place)]
            lineStarts.append(lines)
            lines += 1 + (folded.contains(group.key) ? 0 : group.count)
        }
    }
}
