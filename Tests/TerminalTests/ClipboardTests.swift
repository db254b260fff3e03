// SPDX-License-Identifier: MIT
import Testing

@testable import Terminal

@Suite("Text for the clipboard")
struct ClipboardTests {
    private func sequence(_ text: String, tmux: Bool = false, screen: Bool = false) -> String {
        String(
            decoding: ClipboardSequence(text: Array(text.utf8), isInTmux: tmux, isInScreen: screen).bytes,
            as: UTF8.self)
    }

    @Test("it goes to the terminal itself, or through tmux in both of its ways")
    func through() {
        #expect(sequence("foo") == "\u{1b}]52;c;Zm9v\u{7}")
        #expect(
            sequence("foo", tmux: true)
                == "\u{1b}]52;c;Zm9v\u{7}\u{1b}Ptmux;\u{1b}\u{1b}]52;c;Zm9v\u{7}\u{1b}\\")
    }

    @Test("through screen it goes in parts that screen takes, and comes out whole")
    func parts() {
        let text = String(repeating: "a long text ", count: 100)
        let parts = sequence(text, screen: true).split(separator: "\u{1b}\\")
        #expect(parts.count > 5)
        #expect(parts.allSatisfy { $0.hasPrefix("\u{1b}P") && $0.utf8.count <= 242 })
        #expect(parts.map { $0.dropFirst(2) }.joined() == sequence(text))
    }

    @Test(
        "base64 is the standard one",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("ÿþ", "w7/Dvg==")])
    func base64IsStandard(text: String, expected: String) {
        #expect(String(decoding: base64(Array(text.utf8)), as: UTF8.self) == expected)
    }
}
