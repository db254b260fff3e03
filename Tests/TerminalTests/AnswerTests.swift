// SPDX-License-Identifier: MIT
import Canvas
import Testing

@testable import Terminal

@Suite("What terminals say of themselves")
struct AnswerTests {
    @Test("an answer is no key, and the key in the same piece works", arguments: TerminalAnswer.all)
    func whole(answer: TerminalAnswer) {
        #expect(Keyboard.keys(answer.bytes + [0x6a]) == [.character("j")])
        #expect(Keyboard.keys(answer.bytes + answer.bytes + Array("\u{1b}[A".utf8)) == [.up])
    }

    @Test("an answer in two pieces, wherever it is cut, is no key", arguments: TerminalAnswer.all)
    func cut(answer: TerminalAnswer) {
        for place in 1..<answer.bytes.count {
            var keyboard = Keyboard()
            keyboard.send(answer.bytes[..<place])
            keyboard.pause(.milliseconds(80))
            keyboard.send(answer.bytes[place...])
            keyboard.pause(.seconds(3))
            keyboard.send("j")
            keyboard.pause(.seconds(1))
            #expect(keyboard.keys == [.character("j")], "cut at \(place)")
        }
    }

    @Test("an answer that comes byte by byte is no key", arguments: TerminalAnswer.all)
    func trickle(answer: TerminalAnswer) {
        var keyboard = Keyboard()
        keyboard.trickle(answer.bytes)
        keyboard.pause(.seconds(3))
        keyboard.send("j")
        keyboard.pause(.seconds(1))
        #expect(keyboard.keys == [.character("j")])
    }

    @Test("a string that never ends is swallowed however long it is, and after a silence keys are keys again")
    func endless() {
        for start in ["P", "]", "_", "^", "X"] {
            var keyboard = Keyboard()
            keyboard.send("\u{1b}\(start)52;c;")
            for _ in 0..<200 {
                keyboard.send(String(repeating: "lLuFcD\r", count: 500))
                keyboard.pause(.milliseconds(700))
            }
            #expect(keyboard.keys == [])
            keyboard.pause(.seconds(2))
            keyboard.send("j")
            keyboard.pause(.seconds(1))
            #expect(keyboard.keys == [.character("j")])
        }
    }

    @Test(
        "half a sequence is dropped after a silence, and the next key works",
        arguments: ["[1;", "[?62", "O1;", "[M", "P>|x", "]11;rgb:"])
    func half(text: String) {
        var keyboard = Keyboard()
        keyboard.send("\u{1b}\(text)")
        keyboard.pause(.seconds(2))
        keyboard.send("j")
        keyboard.pause(.seconds(1))
        #expect(keyboard.keys == [.character("j")])
    }

    @Test("the corpus has at least sixty answers, each once")
    func corpus() {
        #expect(Set(TerminalAnswer.all.map(\.bytes)).count == TerminalAnswer.all.count)
        #expect(TerminalAnswer.all.count >= 60)
    }
}
