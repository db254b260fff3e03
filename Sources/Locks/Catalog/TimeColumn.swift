// SPDX-License-Identifier: MIT

/// A time, or none, for each row of a chunk, exactly as it was put in. Rows of a page were read at the same moment, and
/// servers tell whole seconds: then a time takes one byte, or four.
struct TimeColumn: Sendable {
    /// What stands for no time.
    static let none = Double.nan

    private enum Form { case few, seconds, any }

    private var form = Form.few
    /// The moments that `few` knows: each once. The first is none.
    private var moments = [none]
    private var numbers: [UInt8] = []
    /// Whole seconds; the greatest number is none.
    private var seconds: [UInt32] = []
    private var times: [Double] = []

    /// The seconds, from whatever date the owner counts; no number: none.
    subscript(row: Int) -> Double {
        switch form {
        case .few: moments[Int(numbers[row])]
        case .seconds: seconds[row] == .max ? Self.none : Double(seconds[row])
        case .any: times[row]
        }
    }

    mutating func append() {
        switch form {
        case .few: numbers.append(0)
        case .seconds: seconds.append(.max)
        case .any: times.append(Self.none)
        }
    }

    mutating func put(_ time: Double, at row: Int) {
        guard !Self.same(self[row], time) else { return }
        switch form {
        case .few:
            if let number = number(of: time) {
                numbers[row] = number
            } else {
                widen(for: time)
                put(time, at: row)
            }
        case .seconds:
            if let whole = Self.whole(time) {
                seconds[row] = whole
            } else {
                widen(for: time)
                put(time, at: row)
            }
        case .any: times[row] = time
        }
    }

    /// Gives back the room that was kept for more.
    mutating func shrink() {
        moments = moments.map(\.self)
        numbers = numbers.map(\.self)
        seconds = seconds.map(\.self)
        times = times.map(\.self)
    }

    private mutating func number(of time: Double) -> UInt8? {
        // The moments that come last are asked for most.
        if let place = moments.lastIndex(where: { Self.same($0, time) }) { return UInt8(place) }
        if moments.count > Int(UInt8.max) { forget() }
        guard moments.count <= Int(UInt8.max) else { return nil }
        moments.append(time)
        return UInt8(moments.count - 1)
    }

    // What no row has any more.
    private mutating func forget() {
        var kept = [Self.none]
        var renamed = [UInt8?](repeating: nil, count: moments.count)
        renamed[0] = 0
        for (row, number) in numbers.enumerated() {
            if let new = renamed[Int(number)] {
                numbers[row] = new
            } else {
                renamed[Int(number)] = UInt8(kept.count)
                numbers[row] = UInt8(kept.count)
                kept.append(moments[Int(number)])
            }
        }
        moments = kept
    }

    private mutating func widen(for time: Double) {
        let count = form == .few ? numbers.count : seconds.count
        let all = (0..<count).map { self[$0] }
        if form == .few, Self.whole(time) != nil, all.allSatisfy({ Self.whole($0) != nil }) {
            seconds = all.map { Self.whole($0) ?? .max }
            form = .seconds
        } else {
            times = all
            seconds = []
            form = .any
        }
        (moments, numbers) = ([], [])
    }

    private static func whole(_ time: Double) -> UInt32? {
        time.isNaN ? .max : UInt32(exactly: time).flatMap { $0 < .max && ($0 > 0 || time.sign == .plus) ? $0 : nil }
    }

    private static func same(_ one: Double, _ other: Double) -> Bool {
        one.bitPattern == other.bitPattern || one.isNaN && other.isNaN
    }
}
