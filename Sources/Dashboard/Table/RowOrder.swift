// SPDX-License-Identifier: MIT
import Locks

/// A row's place: the server's index in the model, and the row's id in its catalog. The heading of a group is one too,
/// of which no catalog knows.
struct RowKey: Hashable, Sendable {
    private let serverNumber: UInt32
    let id: Catalog.ID

    init(server: Int, id: Catalog.ID) {
        serverNumber = UInt32(server)
        self.id = id
    }

    /// The heading of that number.
    init(heading: UInt32) {
        serverNumber = .max
        id = heading
    }

    var server: Int { Int(serverNumber) }
    /// The number of the heading that it is; `nil`: it is a row.
    var heading: UInt32? { serverNumber == .max ? id : nil }
    var isHeading: Bool { serverNumber == .max }
}

/// Rows in an order, in blocks: one that comes, goes or moves costs its block, and a place is found by halving.
struct RowOrder: Sendable {
    private static let blockSize = 512

    /// Rows that follow each other: a number each, and their servers only where these differ.
    private struct Block: Sendable {
        private var ids: [Catalog.ID]
        private var servers: [UInt32] = []
        private var server: UInt32

        init(_ keys: some Collection<RowKey>) {
            ids = keys.map(\.id)
            server = UInt32(keys.first?.server ?? 0)
            if keys.contains(where: { $0.server != Int(server) }) { servers = keys.map { UInt32($0.server) } }
        }

        var count: Int { ids.count }

        subscript(place: Int) -> RowKey {
            RowKey(server: Int(servers.isEmpty ? server : servers[place]), id: ids[place])
        }

        var keys: [RowKey] { ids.indices.map { self[$0] } }

        mutating func insert(_ key: RowKey, at place: Int) {
            if servers.isEmpty, key.server != Int(server) {
                servers = [UInt32](repeating: server, count: ids.count)
            }
            ids.insert(key.id, at: place)
            if !servers.isEmpty { servers.insert(UInt32(key.server), at: place) }
        }

        mutating func remove(at place: Int) {
            ids.remove(at: place)
            if !servers.isEmpty { servers.remove(at: place) }
        }
    }

    private var blocks: [Block] = []
    /// How many rows lie before each block.
    private var starts: [Int] = []
    private(set) var count = 0

    init() {}

    /// Rows that are in order already.
    init(sorted keys: [RowKey]) {
        blocks = stride(from: 0, to: keys.count, by: Self.blockSize).map {
            Block(keys[$0..<min(keys.count, $0 + Self.blockSize)])
        }
        settle()
    }

    subscript(place: Int) -> RowKey {
        let block = lastBlock { starts[$0] <= place }
        return blocks[block][place - starts[block]]
    }

    /// Those rows that the closure lets through, in the same order.
    func filter(_ isIncluded: (RowKey) -> Bool) -> RowOrder {
        var keys: [RowKey] = []
        forEach { key in
            if isIncluded(key) { keys.append(key) }
            return true
        }
        return RowOrder(sorted: keys)
    }

    /// Calls the closure with each row in order, until it says no more.
    func forEach(_ goesOn: (RowKey) -> Bool) {
        for block in blocks { for place in 0..<block.count where !goesOn(block[place]) { return } }
    }

    /// Where a row is.
    func place(of key: RowKey, by comesBefore: (RowKey, RowKey) -> Bool) -> Int? {
        find(key, comesBefore).map { starts[$0.block] + $0.place }
    }

    /// Moves rows: takes out those that are there, by the order in which they are there, and puts in others by a new
    /// one. Rows that stay must compare the same under both.
    mutating func move(
        out: some Sequence<RowKey>, by old: (RowKey, RowKey) -> Bool, in new: some Sequence<RowKey>,
        by comesBefore: (RowKey, RowKey) -> Bool
    ) {
        for key in out { takeOut(key, old) }
        for key in new { putIn(key, comesBefore) }
        settle()
    }

    /// Takes out one row, if it is there.
    mutating func remove(_ key: RowKey, by comesBefore: (RowKey, RowKey) -> Bool) {
        takeOut(key, comesBefore)
        settle()
    }

    /// Puts in one row that is not there.
    mutating func insert(_ key: RowKey, by comesBefore: (RowKey, RowKey) -> Bool) {
        putIn(key, comesBefore)
        settle()
    }

    private mutating func takeOut(_ key: RowKey, _ comesBefore: (RowKey, RowKey) -> Bool) {
        guard let (block, place) = find(key, comesBefore) else { return }
        blocks[block].remove(at: place)
        if blocks[block].count == 0 { blocks.remove(at: block) }
    }

    private mutating func putIn(_ key: RowKey, _ comesBefore: (RowKey, RowKey) -> Bool) {
        guard !blocks.isEmpty else { return blocks.append(Block([key])) }
        let block = lastBlock { !comesBefore(key, blocks[$0][0]) }
        blocks[block].insert(key, at: firstPlace(in: block) { !comesBefore($0, key) })
        guard blocks[block].count > 2 * Self.blockSize else { return }
        // Both halves anew: an array that was shortened keeps the room of what it lost.
        let keys = blocks[block].keys
        blocks.insert(Block(keys[Self.blockSize...]), at: block + 1)
        blocks[block] = Block(keys[..<Self.blockSize])
    }

    private func find(_ key: RowKey, _ comesBefore: (RowKey, RowKey) -> Bool) -> (block: Int, place: Int)? {
        guard !blocks.isEmpty else { return nil }
        let block = lastBlock { !comesBefore(key, blocks[$0][0]) }
        let place = firstPlace(in: block) { !comesBefore($0, key) }
        return place < blocks[block].count && blocks[block][place] == key ? (block, place) : nil
    }

    // The last block that begins early enough; the first, if none does.
    private func lastBlock(_ isEarly: (Int) -> Bool) -> Int {
        var (low, high) = (0, blocks.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if isEarly(middle) { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private func firstPlace(in block: Int, _ isLate: (RowKey) -> Bool) -> Int {
        var (low, high) = (0, blocks[block].count)
        while low < high {
            let middle = (low + high) / 2
            if isLate(blocks[block][middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private mutating func settle() {
        starts.removeAll(keepingCapacity: true)
        count = 0
        for block in blocks {
            starts.append(count)
            count += block.count
        }
    }
}
