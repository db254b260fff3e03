// SPDX-License-Identifier: MIT

/// A mark for each row of a chunk.
struct RowBits: Sendable, Equatable {
    private var words = InlineArray<16, UInt64>(repeating: 0)

    static let none = RowBits()

    subscript(row: Int) -> Bool {
        get { words[row >> 6] & (1 << UInt64(row & 63)) != 0 }
        set {
            if newValue {
                words[row >> 6] |= 1 << UInt64(row & 63)
            } else {
                words[row >> 6] &= ~(1 << UInt64(row & 63))
            }
        }
    }

    var isEmpty: Bool {
        for index in 0..<16 where words[index] != 0 { return false }
        return true
    }

    var count: Int {
        var count = 0
        for index in 0..<16 { count += words[index].nonzeroBitCount }
        return count
    }

    mutating func subtract(_ other: RowBits) { for index in 0..<16 { words[index] &= ~other.words[index] } }

    mutating func formIntersection(_ other: RowBits) { for index in 0..<16 { words[index] &= other.words[index] } }

    /// Calls the closure with each marked row, in their order.
    func forEach(_ body: (Int) -> Void) {
        for index in 0..<16 {
            var rest = words[index]
            while rest != 0 {
                body(index << 6 + rest.trailingZeroBitCount)
                rest &= rest &- 1
            }
        }
    }

    static func == (one: RowBits, other: RowBits) -> Bool {
        for index in 0..<16 where one.words[index] != other.words[index] { return false }
        return true
    }
}
