// SPDX-License-Identifier: MIT
import Canvas
import Testing

@testable import Dashboard

/// A line that is typed can be edited anywhere in it.
@Suite struct InputLineTests {
    private func line(_ text: String, _ keys: [Key]) -> InputLine {
        var line = InputLine(text)
        for key in keys { _ = line.edit(key) }
        return line
    }

    @Test(
        "Keys edit where the cursor is",
        arguments: [
            ([Key.left, .left, .character("x")], "one txwo"), ([.home, .delete], "ne two"),
            ([.home, .right, .backspace], "ne two"), ([.home, .end, .character("!")], "one two!"),
            ([.control("w")], "one "), ([.left, .left, .left, .left, .control("w")], " two"),
            ([.control("a"), .control("k")], ""), ([.left, .control("u")], ""),
            ([.home, .backspace, .left], "one two"),
            ([.end, .delete, .right], "one two"), ([.home, .paste("a\nb")], "abone two"),
        ])
    func keys(_ keys: [Key], _ text: String) {
        #expect(line("one two", keys).text == text)
    }

    @Test("The cursor is always seen, and stands where the next letter comes", arguments: 1...30)
    func shown(columns: Int) {
        let text = "the 契約 of a rather long line"
        for steps in 0...text.count {
            let shown = line(text, Array(repeating: .left, count: steps)).shown(columns: columns, ellipsis: "…")
            #expect(Text.width(shown.text) <= columns && shown.cursor <= columns)
        }
        #expect(line(text, [.home]).shown(columns: columns, ellipsis: "…").cursor == 0)
    }

    @Test("A mark beside a letter becomes one character with it, and the cursor stays behind it")
    func marks() {
        let line = line("e", [.end, .character("\u{301}"), .character("x")])
        #expect(line.text == "e\u{301}x" && line.place == 2)
    }

    @Test("It takes no more than it holds")
    func most() {
        let line = line(String(repeating: "a", count: 499), [.home, .paste("bcd"), .character("e")])
        #expect(line.text.count == 500 && line.text.hasPrefix("b"))
    }
}
