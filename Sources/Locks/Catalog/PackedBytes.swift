// SPDX-License-Identifier: MIT

/// One byte string for each row of a chunk, one after the other in one buffer, in the order of the rows.
struct PackedBytes: Sendable {
    /// All of them, without gaps.
    private(set) var bytes: [UInt8] = []
    private var ends: [UInt32] = []

    /// Where a row's bytes lie.
    func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : Int(ends[row - 1]))..<Int(ends[row]) }

    mutating func append(_ new: [UInt8]) {
        bytes += new
        ends.append(UInt32(bytes.count))
    }

    /// Puts other bytes in the place of a row's; what lies behind them moves.
    mutating func replace(_ row: Int, with new: [UInt8]) {
        let range = range(row)
        let growth = new.count - range.count
        if growth == 0, bytes[range].elementsEqual(new) { return }
        bytes.replaceSubrange(range, with: new)
        guard growth != 0 else { return }
        for index in row..<ends.count { ends[index] = UInt32(Int(ends[index]) + growth) }
    }

    /// Gives back the room that was kept for more.
    mutating func shrink() {
        bytes = bytes.map(\.self)
        ends = ends.map(\.self)
    }

    /// The row that the byte at an offset belongs to; it is not before `first`.
    func row(at offset: Int, from first: Int) -> Int {
        var (low, high) = (first, ends.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if Int(ends[middle]) > offset { high = middle } else { low = middle + 1 }
        }
        return low
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

    mutating func text() -> String { String(decoding: bytes[range()], as: UTF8.self) }

    static func eight(_ bytes: [UInt8], at place: Int) -> UInt64 {
        var number: UInt64 = 0
        for index in 0..<8 { number |= UInt64(bytes[place + index]) << UInt64(8 * index) }
        return number
    }
}
