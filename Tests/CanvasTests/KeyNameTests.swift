// SPDX-License-Identifier: MIT
import Canvas
import Testing

@Suite struct KeyNameTests {
    @Test("A key is named by what it is called, and called what it is named by")
    func namedAsCalled() {
        let keys: [Key] = [
            .character("X"), .character("x"), .character("ö"), .character("^"), .character(" "), .control("t"),
            .control("["), .control(" "), .function(1), .function(12), .up, .pageDown, .insert, .backTab, .escape,
        ]
        for key in keys { #expect(Key(named: key.description) == key, "\(key)") }
        #expect(
            Key(named: "pgup") == .pageUp && Key(named: "SPACE") == .character(" ") && Key(named: "^T") == .control("t")
        )
    }

    @Test("What is no key is none", arguments: ["", "xx", "F0", "F13", "^1", "^tt", "Ctrl-x", "\u{7}", "\u{301}"])
    func none(_ word: String) {
        #expect(Key(named: word) == nil)
    }
}
