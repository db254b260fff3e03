// SPDX-License-Identifier: MIT
import Canvas
import Testing

@Suite("Measuring and cutting text")
struct TextTests {
    @Test(
        "widths are those of the terminal's own tables",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("契約", 4), ("🔒", 2), ("한", 2), ("\u{1100}\u{1161}", 2),
            ("ﾊ", 1), ("Ａ", 2), ("●◆■○", 4), ("─│", 2), ("🇩🇪", 2), ("a\u{9b}", 7), ("\u{1b}[", 2), ("\u{3000}", 2),
        ])
    func width(text: String, columns: Int) { #expect(Text.width(text) == columns) }

    @Test("text that fits stays, other text is cut where asked")
    func fit() {
        #expect(Text.fit("abcdef", columns: 6) == "abcdef")
        #expect(Text.fit("abcdef", columns: 5) == "abcd…")
        #expect(Text.fit("abcdef", columns: 5, cut: .start) == "…cdef")
        #expect(Text.fit("abcdefg", columns: 6, cut: .middle) == "abc…fg")
        #expect(Text.fit("abcdef", columns: 5, ellipsis: "...") == "ab...")
        #expect(Text.fit("abcdef", columns: 2, ellipsis: "...") == "ab")
        #expect(Text.fit("abcdef", columns: 1) == "…")
        #expect(Text.fit("abcdef", columns: 0) == "")
        #expect(Text.fit("abcdef", columns: -3) == "")
    }

    @Test("a wide character is never cut in two")
    func wide() {
        #expect(Text.fit("契約書", columns: 4) == "契…")
        #expect(Text.fit("契約書", columns: 4, cut: .start) == "…書")
        #expect(Text.pad("契約書", columns: 4) == "契… ")
        #expect(Text.pad("契約書", columns: 4, align: .right) == " 契…")
    }

    @Test("padding gives exactly the columns asked for")
    func pad() {
        #expect(Text.pad("ab", columns: 4) == "ab  ")
        #expect(Text.pad("ab", columns: 4, align: .right) == "  ab")
        #expect(Text.pad("ab", columns: 0) == "")
        for columns in 0..<20 {
            #expect(Text.width(Text.pad("a契b約\u{1b}c🔒d", columns: columns)) == columns)
        }
    }

    @Test("ASCII keeps the columns and the meaning of drawn signs")
    func ascii() {
        #expect(Text.ascii("┌─┐ ● … ▸ ▲▼") == "+-+ * ~ > ^v")
        #expect(Text.ascii("naïve 契") == "na?ve ??")
        #expect(Text.ascii("e\u{301}") == "?")
    }

    @Test("every glyph takes one column, and the ASCII set is ASCII")
    func glyphs() {
        for mirror in [Mirror(reflecting: Glyphs.unicode), Mirror(reflecting: Glyphs.ascii)] {
            for child in mirror.children { #expect(Text.width("\(child.value)") == 1) }
        }
        for child in Mirror(reflecting: Glyphs.ascii).children { #expect(Text.isPlain("\(child.value)")) }
    }

    @Test("a key is called what is on its cap")
    func keys() {
        #expect("\(Key.control("r"))" == "^r")
        #expect("\(Key.pageUp)" == "PgUp")
        #expect("\(Key.character(" "))" == "Space")
        #expect("\(Key.enter)" == "Enter")
        #expect("\(Key.function(5))" == "F5")
        #expect("\(Key.character("é"))" == "é")
    }
}
