// SPDX-License-Identifier: MIT
import Testing

@testable import Canvas

@Suite("Texts that are longer than what is seen of them")
struct LongTextTests {
    private static let long = "T" + String(repeating: "長い\u{1b}[2J\u{202e}a/e\u{301}", count: 4_400)

    @Test("No more of a text is looked at than is seen", arguments: [true, false])
    func bounded(_ isForeign: Bool) {
        let text = isForeign ? Self.long : String(repeating: "abc", count: 22_000)
        #expect(text.utf8.count >= 65_000)
        // A replacement is eight signs.
        let (first, last) = (Text.firstSigns(of: text, columns: 20), Text.lastSigns(of: text, columns: 20))
        let isEnough = first.width > 20 && last.width > 20
        let isBounded = first.count < 30 && last.count < 120 && Text.width(text, atMost: 20) == 20
        #expect(isEnough && isBounded)
    }

    @Test("A text that begins or ends with thousands of marks is cut where it is cut")
    func marks() {
        let text = "a" + String(repeating: "\u{301}", count: 30_000)
        #expect(Text.fit(text, columns: 4) == "a\u{301}\u{301}\u{301}\u{301}\\u…")
        #expect(Text.fit(text, columns: 4, cut: .start) == "…01}")
        #expect(Text.lastSigns(of: text, columns: 4).count < 1_000)
    }

    @Test("A cut is the same as if the whole text had been cleaned first", arguments: UInt64(0)..<200)
    func sameAsWhole(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "a", "1", "#", "é", "e\u{301}", "契", "🔒", "❤\u{fe0f}", "👩\u{200d}👩", "👍\u{1f3fd}", "\u{301}", "\u{fe0f}",
            "\u{20e3}", "\u{200d}", "\u{1b}", "\u{202e}", "\u{1f3fb}", "한", "\u{1160}", "🇩", "\u{e000}",
        ]
        let count = Int.random(in: 0...60, using: &generator)
        let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
        let whole = Text.clean(text)
        let columns = Int.random(in: 1...40, using: &generator)
        for cut in [Text.Cut.end, .start, .middle] {
            let (one, other) = (
                Text.fit(text, columns: columns, cut: cut), Text.fit(whole, columns: columns, cut: cut)
            )
            #expect(Array(one.unicodeScalars) == Array(other.unicodeScalars), "\(text.debugDescription) \(columns)")
        }
        #expect(Text.width(text, atMost: columns) == min(columns, Text.width(text)))
        var (one, other) = (Frame(size: Size(columns: 30, rows: 1)), Frame(size: Size(columns: 30, rows: 1)))
        let start = Int.random(in: -20...10, using: &generator)
        #expect(one.put(text, column: start, row: 0) == other.put(whole, column: start, row: 0))
        #expect(one == other)
    }
}
