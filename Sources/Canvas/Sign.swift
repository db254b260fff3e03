// SPDX-License-Identifier: MIT

/// What stands in one place of a terminal: a base character and up to four marks on it, in sixteen bytes without a
/// reference, for a screen has thousands and a key draws them all.
struct Sign: Hashable, Sendable {
    /// The most marks that one base takes.
    static let mostMarks = 4
    private static let bits: UInt64 = 21
    private static let mask: UInt64 = 1 << bits - 1

    /// The base and the first two marks, 21 bits each.
    private var start: UInt64
    /// The other two marks; above them the number of marks, and the width.
    private var rest: UInt64

    /// Nothing: the right half of a wide sign.
    static let half = Sign(start: 0, rest: 0)
    static let blank = Sign(" ", width: 1)

    private init(start: UInt64, rest: UInt64) { (self.start, self.rest) = (start, rest) }

    /// A base of one or two columns.
    init(_ base: Unicode.Scalar, width: Int) {
        (start, rest) = (UInt64(base.value), UInt64(width) << 60)
    }

    /// The columns it takes.
    var width: Int { Int(rest >> 60) }

    private var markCount: Int { Int(rest >> 56 & 7) }

    /// The base alone, if nothing is on it.
    var scalar: Unicode.Scalar? { markCount == 0 ? Unicode.Scalar(UInt32(start & Self.mask)) : nil }

    /// Puts one more mark on it; a fifth is dropped.
    mutating func append(_ mark: Unicode.Scalar) {
        let count = markCount
        guard count < Self.mostMarks else { return }
        let value = UInt64(mark.value)
        switch count {
        case 0: start |= value << Self.bits
        case 1: start |= value << (2 * Self.bits)
        case 2: rest |= value
        default: rest |= value << Self.bits
        }
        rest += 1 << 56
    }

    /// Adds it to a text.
    func append(to text: inout String) {
        guard self != .half else { return }
        add(start & Self.mask, &text)
        let marks = [
            start >> Self.bits & Self.mask, start >> (2 * Self.bits), rest & Self.mask, rest >> Self.bits & Self.mask,
        ]
        for mark in marks.prefix(markCount) { add(mark, &text) }
    }

    private func add(_ value: UInt64, _ text: inout String) {
        if let scalar = Unicode.Scalar(UInt32(value)) { text.unicodeScalars.append(scalar) }
    }
}

extension Sequence<Sign> {
    /// The columns all of them take.
    var width: Int { reduce(0) { $0 + $1.width } }

    /// Them as a text.
    var text: String {
        var text = ""
        text.reserveCapacity(underestimatedCount)
        for sign in self { sign.append(to: &text) }
        return text
    }
}
