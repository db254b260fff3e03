// SPDX-License-Identifier: MIT
import CTerminal
import Canvas
import Testing

@testable import Terminal

@Suite("Decoding keys")
struct KeyDecoderTests {
    private func decode(_ codes: [Int32]) -> [Key] {
        var rest = codes[...]
        var decoder = KeyDecoder()
        var keys: [Key] = []
        while let key = decoder.next(now: .now, read: { rest.popFirst() }) { keys.append(key) }
        return keys
    }

    private func codes(_ text: String) -> [Int32] { text.utf8.map { Int32($0) } }

    @Test("bytes become characters, controls and special keys")
    func plain() {
        #expect(
            decode(codes("aé契\r\t\u{7f}\u{12}\0\u{1f}")) == [
                .character("a"), .character("é"), .character("契"), .enter, .tab, .backspace, .control("r"),
                .control(" "), .control("_"),
            ])
        #expect(decode([Int32(CT_UP), Int32(CT_FUNCTION) + 5, Int32(CT_OTHER)]) == [.up, .function(5)])
    }

    @Test("a character that comes in two parts is kept until it is whole")
    func parts() {
        var decoder = KeyDecoder()
        var rest: [Int32] = [0xc3]
        let read: () -> Int32? = { rest.isEmpty ? nil : rest.removeFirst() }
        #expect(decoder.next(now: .now, read: read) == nil)
        #expect(decoder.deadline != nil)
        rest = [0xa9]
        #expect(decoder.next(now: .now, read: read) == .character("é"))
        #expect(decoder.deadline == nil)
    }

    @Test("Esc by itself is a key, unknown sequences are swallowed whole")
    func escape() {
        #expect(decode(codes("\u{1b}")) == [.escape])
        #expect(decode(codes("\u{1b}x")) == [.escape, .character("x")])
        #expect(decode(codes("\u{1b}[1;5Ay")) == [.character("y")])
        #expect(decode(codes("\u{1b}[?62;1;6cy")) == [.character("y")])
        #expect(decode(codes("\u{1b}Oyz")) == [.character("z")])
    }

    @Test("a paste is one key, whatever is in it, and is limited")
    func paste() {
        let body = codes("l F\ry\u{1b}q") + [Int32(CT_UP)]
        #expect(decode([Int32(CT_PASTE_START)] + body + [Int32(CT_PASTE_END)]) == [.paste("l F\ny\u{1b}q")])
        let long = [Int32](repeating: 97, count: 70_000)
        let keys = decode([Int32(CT_PASTE_START)] + long + [Int32(CT_PASTE_END), 98])
        #expect(keys == [.paste(String(repeating: "a", count: 65_536)), .character("b")])
    }

    @Test("a paste without an end is given up after half a second of silence")
    func endless() {
        var decoder = KeyDecoder()
        var rest = [Int32(CT_PASTE_START), 97]
        let read: () -> Int32? = { rest.isEmpty ? nil : rest.removeFirst() }
        let start = ContinuousClock.now
        #expect(decoder.next(now: start, read: read) == nil)
        #expect(decoder.deadline == start.advanced(by: .milliseconds(500)))
        #expect(decoder.next(now: start.advanced(by: .milliseconds(499)), read: read) == nil)
        #expect(decoder.next(now: start.advanced(by: .milliseconds(500)), read: read) == .paste("a"))
        #expect(decoder.deadline == nil)
    }

    @Test("mouse reports become presses, double clicks and wheel turns; nonsense is dropped")
    func mouse() {
        let mouse = [Int32(CT_MOUSE)]
        let place = Position(column: 4, row: 2)
        let press = mouse + codes("0;5;3M") + mouse + codes("0;5;3m")
        #expect(
            decode(press + press + press) == [
                .mouse(Mouse(position: place, kind: .press)), .mouse(Mouse(position: place, kind: .doubleClick)),
                .mouse(Mouse(position: place, kind: .press)),
            ])
        #expect(decode(mouse + codes("64;5;3M")) == [.mouse(Mouse(position: place, kind: .wheelUp))])
        #expect(decode(mouse + codes("69;5;3M")) == [.mouse(Mouse(position: place, kind: .wheelDown))])
        for nonsense in ["M", "0;0;0M", "0;99999999999999999999;1M", ";;;M", "35;1;1M", "x"] {
            #expect(decode(mouse + codes(nonsense)) == [])
        }
    }

    @Test("100,000 random codes neither crash nor stick")
    func monkey() {
        var generator = SystemRandomNumberGenerator()
        let interesting: [Int32] = [
            27, 91, 79, 60, 0xc3, 0xe5, 0x80, Int32(CT_PASTE_END), Int32(CT_MOUSE), 0x4d, 59, 49,
        ]
        let all = (0..<100_000).map { _ in
            Bool.random(using: &generator)
                ? interesting.randomElement(using: &generator) ?? 0 : Int32.random(in: 0...0x240, using: &generator)
        }
        let keys = decode(all + [Int32(CT_PASTE_END), 77, 77, 77, 77, 122])
        #expect(keys.last == .character("z"))
    }

    @Test(
        "base64 is the standard one",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("ÿþ", "w7/Dvg==")])
    func clipboard(text: String, expected: String) {
        #expect(String(decoding: base64(Array(text.utf8)), as: UTF8.self) == expected)
    }
}
