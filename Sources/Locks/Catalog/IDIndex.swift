// SPDX-License-Identifier: MIT

/// Finds a row's id by the bytes of its item's id, and keeps no copy of them: it asks the rows. In many small tables,
/// so that a published catalog and the next one share all that no new item touched.
struct IDIndex: Sendable {
    private static let tableBits = 10
    private static let empty = Catalog.ID.max
    private static let removed = Catalog.ID.max - 1

    private struct Table: Sendable {
        var slots: [Catalog.ID] = []
        /// Slots that are not empty, those of removed ids among them.
        var used = 0
        var live = 0

        /// Where to look for an id of that hash first.
        func first(_ hash: Int) -> Int {
            Int(truncatingIfNeeded: (UInt64(UInt32(truncatingIfNeeded: hash)) * UInt64(slots.count)) >> 32)
        }

        /// Where to look after that.
        func next(_ slot: Int) -> Int { slot + 1 == slots.count ? 0 : slot + 1 }

        mutating func put(_ id: Catalog.ID, _ hash: Int) {
            var slot = first(hash)
            while slots[slot] != IDIndex.empty { slot = next(slot) }
            slots[slot] = id
            used += 1
            live += 1
        }
    }

    private var tables = [Table](repeating: Table(), count: 1 << IDIndex.tableBits)

    func find(_ bytes: [UInt8], isItem: (Catalog.ID, [UInt8]) -> Bool) -> Catalog.ID? {
        let hash = Self.hash(bytes.span)
        let table = Self.table(hash)
        guard !tables[table].slots.isEmpty else { return nil }
        var slot = tables[table].first(hash)
        while true {
            let id = tables[table].slots[slot]
            if id == Self.empty { return nil }
            if id != Self.removed, isItem(id, bytes) { return id }
            slot = tables[table].next(slot)
        }
    }

    /// Puts in an id that is not there yet. The closure gives the bytes of ids that are.
    mutating func insert(_ bytes: [UInt8], _ id: Catalog.ID, bytesOf: (Catalog.ID, (Span<UInt8>) -> Void) -> Void) {
        let hash = Self.hash(bytes.span)
        let table = Self.table(hash)
        if (tables[table].used + 1) * 6 > tables[table].slots.count * 5 { grow(table, bytesOf) }
        tables[table].put(id, hash)
    }

    mutating func remove(_ bytes: [UInt8], _ id: Catalog.ID) {
        let hash = Self.hash(bytes.span)
        let table = Self.table(hash)
        var slot = tables[table].first(hash)
        while tables[table].slots[slot] != id {
            if tables[table].slots[slot] == Self.empty { return }
            slot = tables[table].next(slot)
        }
        tables[table].slots[slot] = Self.removed
        tables[table].live -= 1
    }

    private mutating func grow(_ table: Int, _ bytesOf: (Catalog.ID, (Span<UInt8>) -> Void) -> Void) {
        let old = tables[table]
        let size = max(4, (old.live + 1) * 3 / 2)
        var new = Table(slots: [Catalog.ID](repeating: Self.empty, count: size))
        for id in old.slots where id < Self.removed {
            var hash = 0
            bytesOf(id) { hash = Self.hash($0) }
            new.put(id, hash)
        }
        tables[table] = new
    }

    // Seeded anew in each run: no server can choose ids that all fall into one place.
    private static func hash(_ bytes: Span<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    private static func table(_ hash: Int) -> Int {
        Int(truncatingIfNeeded: UInt(bitPattern: hash) >> UInt(Int.bitWidth - tableBits))
    }
}
