// SPDX-License-Identifier: MIT
import Canvas
import Testing

@Suite("Breaking text into lines")
struct FoldingTests {
    @Test("text breaks between words, and later lines keep the indent of the first")
    func words() {
        #expect(Text.fold("one two three", columns: 7) == ["one two", "three"])
        #expect(Text.fold("  one two three", columns: 9) == ["  one two", "  three"])
        #expect(Text.fold("Holder   Bob", columns: 20) == ["Holder   Bob"])
        #expect(Text.fold("short", columns: 5) == ["short"])
        #expect(Text.fold("", columns: 5) == [""])
    }

    @Test("a word too long for a line is broken, and nothing of it is lost")
    func longWords() {
        #expect(Text.fold("/abcdefghij", columns: 4) == ["/abc", "defg", "hij"])
        #expect(Text.fold("at /abcdef x", columns: 4) == ["at", "/abc", "def", "x"])
        #expect(Text.fold("契約書", columns: 3) == ["契", "約", "書"])
    }

    @Test("no line is wider than asked, whatever the text", arguments: 1...30)
    func widths(columns: Int) {
        let text = "   Ünïcode 契約書契約書 🔒🔒 e\u{301}e\u{301}   /a/very/long/path/that/has/no/blank \u{1b}[2J end"
        for line in Text.fold(text, columns: columns) { #expect(Text.width(line) <= max(2, columns)) }
    }
}
