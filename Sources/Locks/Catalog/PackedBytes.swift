// SPDX-License-Identifier: MIT

/// One byte string for each row of a chunk, one after the other in one buffer, in the order of the rows.
struct PackedBytes: Sendable {
    /// All of them, without gaps.
    private(set) var bytes: [UInt8] = []
    private var ends = Ends()

    /// Where a row's bytes lie.
    func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

    mutating func append(_ new: [UInt8]) {
        bytes += new
        ends.append(bytes.count)
    }

    /// Puts other bytes in the place of a row's; what lies behind them moves.
    mutating func replace(_ row: Int, with new: [UInt8]) {
        let range = range(row)
        let growth = new.count - range.count
        if growth == 0, bytes[range].elementsEqual(new) { return }
        bytes.replaceSubrange(range, with: new)
        if growth != 0 { ends.move(from: row, by: growth) }
    }

    /// Gives back the room that was kept for more.
    mutating func shrink() {
        bytes = bytes.map(\.self)
        ends.shrink()
    }

    /// The row that the byte at an offset belongs to; it is not before `first`.
    func row(at offset: Int, from first: Int) -> Int {
        var (low, high) = (first, ends.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Where byte strings that follow each other end: in two bytes a row, counted from where its group begins, as long as
/// no group has more than these can count.
private struct Ends: Sendable {
    private static let group = 32

    private var starts: [UInt32] = []
    private var short: [UInt16] = []
    /// In place of both, once a group was too long.
    private var long: [UInt32] = []
    private var isLong = false

    var count: Int { isLong ? long.count : short.count }

    subscript(row: Int) -> Int {
        isLong ? Int(long[row]) : Int(starts[row / Self.group]) + Int(short[row])
    }

    mutating func append(_ end: Int) {
        if !isLong {
            if short.count % Self.group == 0 { starts.append(UInt32(short.isEmpty ? 0 : self[short.count - 1])) }
            if let distance = UInt16(exactly: end - Int(starts[starts.count - 1])) { return short.append(distance) }
            lengthen()
        }
        long.append(UInt32(end))
    }

    /// Moves the ends of a row and of all behind it.
    mutating func move(from row: Int, by growth: Int) {
        if !isLong {
            let next = min((row / Self.group + 1) * Self.group, short.count)
            if UInt16(exactly: Int(short[next - 1]) + growth) != nil {
                for index in row..<next { short[index] = UInt16(Int(short[index]) + growth) }
                for index in (row / Self.group + 1)..<max(starts.count, row / Self.group + 1) {
                    starts[index] = UInt32(Int(starts[index]) + growth)
                }
                return
            }
            lengthen()
        }
        for index in row..<long.count { long[index] = UInt32(Int(long[index]) + growth) }
    }

    mutating func shrink() {
        starts = starts.map(\.self)
        short = short.map(\.self)
        long = long.map(\.self)
    }

    private mutating func lengthen() {
        long = (0..<short.count).map { UInt32(self[$0]) }
        (starts, short, isLong) = ([], [], true)
    }
}

/// Writes values one after the other into bytes.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func put(_ byte: UInt8) { bytes.append(byte) }

    mutating func put(number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(eight number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    mutating func put(six number: UInt64) {
        for shift in stride(from: UInt64(0), to: 48, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// Numbers below sixteen, in half a byte each.
    mutating func put(nibbles: [UInt8]) {
        put(number: UInt64(nibbles.count))
        for index in stride(from: 0, to: nibbles.count, by: 2) {
            bytes.append(nibbles[index] | (index + 1 < nibbles.count ? nibbles[index + 1] << 4 : 0))
        }
    }

    mutating func put(text: String) {
        put(number: UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }
}

/// Reads what a `ByteWriter` wrote.
struct ByteReader {
    let bytes: [UInt8]
    var place: Int

    mutating func byte() -> UInt8 {
        defer { place += 1 }
        return bytes[place]
    }

    mutating func number() -> UInt64 {
        var (number, shift) = (UInt64(0), UInt64(0))
        while true {
            let byte = byte()
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
    }

    mutating func eight() -> UInt64 {
        defer { place += 8 }
        return Self.eight(bytes, at: place)
    }

    mutating func six() -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 48, by: 8) { number |= UInt64(byte()) << shift }
        return number
    }

    /// Where the next text lies.
    mutating func range() -> Range<Int> {
        let count = Int(number())
        defer { place += count }
        return place..<(place + count)
    }

    mutating func nibbles() -> [UInt8] {
        let count = Int(number())
        defer { place += (count + 1) / 2 }
        return (0..<count).map { bytes[place + $0 / 2] >> ($0 % 2 == 0 ? 0 : 4) & 15 }
    }

    mutating func text() -> String { String(decoding: bytes[range()], as: UTF8.self) }

    static func eight(_ bytes: [UInt8], at place: Int) -> UInt64 {
        var number: UInt64 = 0
        for index in 0..<8 { number |= UInt64(bytes[place + index]) << UInt64(8 * index) }
        return number
    }
}
