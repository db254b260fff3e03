// SPDX-License-Identifier: MIT

/// A row with the numbers that decide most comparisons, worked out once.
struct RankedRow {
    let first: UInt64
    let second: UInt64
    let key: RowKey

    /// Sorts by one of the numbers; rows with equal ones stay as they are. Digit by digit, which for a million rows is
    /// many times quicker than comparing them; digits in which all are alike are passed over.
    static func sort(_ rows: inout [RankedRow], by number: (RankedRow) -> UInt64) {
        guard rows.count > 1 else { return }
        var (all, some) = (UInt64.max, UInt64(0))
        for row in rows {
            all &= number(row)
            some |= number(row)
        }
        let differing = some & ~all
        var other = rows
        for shift in stride(from: UInt64(0), to: 64, by: 8) where (differing >> shift) & 0xFF != 0 {
            var places = [Int](repeating: 0, count: 257)
            for row in rows { places[Int((number(row) >> shift) & 0xFF) + 1] += 1 }
            for digit in 1...256 { places[digit] += places[digit - 1] }
            for row in rows {
                let digit = Int((number(row) >> shift) & 0xFF)
                other[places[digit]] = row
                places[digit] += 1
            }
            swap(&rows, &other)
        }
    }
}
