// SPDX-License-Identifier: MIT

/// All rows of one server, kept so that a reader and a writer share them: the rows lie in chunks, and changing one
/// row copies its chunk alone. A row keeps its slot as long as it is there, so a slot names it cheaply.
public struct Shelf: Sendable {
    /// A row's place on its shelf.
    public typealias Slot = Int32

    private static let chunkBits: Int32 = 8
    private static let chunkSize = 1 << chunkBits

    private var chunks: [[Row?]] = []
    private var slots: [String: Slot] = [:]
    private var vacant: [Slot] = []
    /// The slots of the rows that are held: few, and what most questions are about.
    public private(set) var held: Set<Slot> = []
    /// How many rows are of unknown state.
    public private(set) var unknownCount = 0

    /// An empty shelf.
    public init() {}

    /// How many rows there are.
    public var count: Int { slots.count }
    /// Slots lie below this; some of them may be vacant.
    public var capacity: Int { chunks.isEmpty ? 0 : (chunks.count - 1) * Self.chunkSize + (chunks.last?.count ?? 0) }

    /// The row in a slot.
    public subscript(slot: Slot) -> Row? {
        let chunk = Int(slot >> Self.chunkBits)
        guard slot >= 0, chunk < chunks.count else { return nil }
        let place = Int(slot) & (Self.chunkSize - 1)
        return place < chunks[chunk].count ? chunks[chunk][place] : nil
    }

    /// The slot of an item.
    public func slot(of id: String) -> Slot? { slots[id] }

    /// The row of an item.
    public subscript(id: String) -> Row? { slots[id].flatMap { self[$0] } }

    /// Puts a row in its item's slot, or in a new one.
    /// - Returns: the slot, and the row that was there.
    @discardableResult
    public mutating func put(_ row: Row) -> (slot: Slot, before: Row?) {
        if let slot = slots[row.item.id] {
            let before = self[slot]
            replace(slot, with: row, before: before)
            return (slot, before)
        }
        let slot: Slot
        if let free = vacant.popLast() {
            slot = free
        } else {
            slot = Slot(capacity)
            if chunks.isEmpty || chunks[chunks.count - 1].count == Self.chunkSize {
                chunks.append([])
                chunks[chunks.count - 1].reserveCapacity(Self.chunkSize)
            }
            chunks[chunks.count - 1].append(nil)
        }
        slots[row.item.id] = slot
        replace(slot, with: row, before: nil)
        return (slot, nil)
    }

    /// Takes an item off the shelf.
    @discardableResult
    public mutating func remove(_ id: String) -> (slot: Slot, before: Row)? {
        guard let slot = slots.removeValue(forKey: id), let before = self[slot] else { return nil }
        replace(slot, with: nil, before: before)
        vacant.append(slot)
        return (slot, before)
    }

    /// Calls the closure with each row and its slot, in slot order.
    public func forEach(_ body: (Slot, Row) throws -> Void) rethrows {
        var slot: Slot = 0
        for chunk in chunks {
            for row in chunk {
                if let row { try body(slot, row) }
                slot += 1
            }
        }
    }

    /// All rows, in slot order.
    public var rows: [Row] { chunks.joined().compactMap(\.self) }

    private mutating func replace(_ slot: Slot, with row: Row?, before: Row?) {
        if before?.reading.state == .unknown { unknownCount -= 1 }
        if row?.reading.state == .unknown { unknownCount += 1 }
        if row?.reading.state == .held { held.insert(slot) } else { held.remove(slot) }
        chunks[Int(slot >> Self.chunkBits)][Int(slot) & (Self.chunkSize - 1)] = row
    }
}
