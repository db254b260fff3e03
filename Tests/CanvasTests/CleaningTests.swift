// SPDX-License-Identifier: MIT
import Testing

@testable import Canvas

@Suite("Cleaning foreign text")
struct CleaningTests {
    @Test("plain ASCII stays as it is")
    func plain() {
        #expect(Text.clean("/news/2026/a b.txt ~") == "/news/2026/a b.txt ~")
        #expect(Text.clean("") == "")
    }

    @Test("letters, wide characters and marks of the world stay as they are")
    func world() {
        for text in ["résumé", "re\u{301}sume\u{301}", "契約", "한글", "Ω≈ç", "हिन्दी", "🔒 zu", "🇩🇪", "\u{fffd}"] {
            #expect(scalars(Text.clean(text)) == scalars(text))
        }
    }

    @Test("every C0 control shows as its own picture", arguments: 0..<UInt32(0x20))
    func controls(value: UInt32) throws {
        let control = try #require(Unicode.Scalar(value))
        let picture = try #require(Unicode.Scalar(0x2400 + value))
        #expect(Text.clean("a\(Character(control))b") == "a\(Character(picture))b")
    }

    @Test(
        "what cannot be seen shows as its number",
        arguments: [UInt32](0x80...0x9f) + [0xad, 0x61c] + [UInt32](0x200b...0x200f) + [UInt32](0x2028...0x202e)
            + [UInt32](0x2060...0x2069) + [0xfeff, 0xfe0f, 0x3164, 0x115f, 0xfffe, 0x10ffff, 0xe000, 0xe0001]
            + [UInt32](0xe0020...0xe007f))
    func invisible(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        var text = "a"
        text.unicodeScalars.append(scalar)
        #expect(Text.clean(text + "b") == "a\\u{\(String(value, radix: 16))}b")
    }

    @Test("DEL and line ends are visible, also as one grapheme")
    func lineEnds() {
        #expect(Text.clean("a\u{7f}") == "a␡")
        #expect(Text.clean("a\r\nb\tc") == "a␍␊b␉c")
    }

    @Test("a mark without a base and the fifth mark on one base are replaced")
    func marks() {
        #expect(Text.clean("\u{301}a") == "\\u{301}a")
        let four = "a" + String(repeating: "\u{301}", count: 4)
        #expect(scalars(Text.clean(four)) == scalars(four))
        #expect(scalars(Text.clean(four + "\u{302}\u{303}")) == scalars(four + "\\u{302}\\u{303}"))
    }

    @Test("emoji sequences are taken apart, so that every terminal counts alike")
    func emoji() {
        #expect(scalars(Text.clean("👩\u{200d}💻")) == scalars("👩💻"))
        #expect(scalars(Text.clean("⚠\u{fe0f} a")) == scalars("⚠ a"))
        #expect(Text.clean("👍🏽") == "👍\\u{1f3fd}")
        #expect(Text.width("👩\u{200d}💻") == 4)
    }

    @Test("two names that differ only by something invisible look different")
    func different() {
        for invisible in ["\u{200b}", "\u{202e}", "\u{e0061}", "\u{9b}", "\u{0}", "\u{2060}"] {
            #expect(Text.clean("re\(invisible)port") != Text.clean("report"))
        }
    }

    @Test("payloads cannot act", arguments: payloads)
    func payload(text: String) { checkSafe(text) }

    @Test("12,000 random strings keep their columns, hold no control, and clean text stays clean")
    func random() {
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<12_000 {
            let length = Int.random(in: 0...24, using: &generator)
            checkSafe((0..<length).map { _ in piece(&generator) }.joined())
        }
    }

    private func checkSafe(_ text: String) {
        let clean = Text.clean(text)
        #expect(scalars(Text.clean(clean)) == scalars(clean), "cleaning twice: \(clean)")
        var frame = Frame(size: Size(columns: 40, rows: 1))
        let used = frame.put(text, column: 0, row: 0, columns: 30, style: Style(.red))
        frame.put("|", column: 30, row: 0)
        #expect(used <= 30)
        #expect(used == Text.width(Text.fit(text, columns: used, ellipsis: "")))
        let runs = frame.runs(row: 0)
        for run in runs {
            #expect(run.text.unicodeScalars.allSatisfy { !Text.isInvisible($0) }, "\(run.text)")
            #expect(Text.width(run.text) == run.columns, "\(run.text)")
        }
        #expect(runs.last?.text.last == "|")
        #expect(runs.map(\.columns).reduce(0, +) == 31)
        let wanted = Text.width(text) + 3
        #expect(Text.width(Text.pad(text, columns: wanted)) == wanted)
        #expect(Text.ascii(text).utf8.count == Text.width(text))
    }

    private func piece(_ generator: inout SeededGenerator) -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x7e, 0...0x1f, 0x7f...0x9f, 0xa0...0x24f, 0x300...0x36f, 0x1100...0x11ff, 0x2000...0x206f,
            0x2500...0x27bf, 0x3000...0x30ff, 0x4e00...0x9fff, 0xac00...0xd7a3, 0xe000...0xe010, 0xfe00...0xfe0f,
            0xff00...0xffef, 0x1f1e6...0x1f1ff, 0x1f300...0x1faff, 0xe0000...0xe007f, 0x900...0xdff,
            0x200b...0x200f, 0x1f3fb...0x1f3ff, 0...0x10ffff,
        ]
        let range = ranges.randomElement(using: &generator) ?? 0...0
        let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) ?? "\u{fffd}"
        return String(scalar)
    }

    private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
}

private let payloads = [
    "\u{1b}]0;title\u{7}", "\u{1b}]52;c;ZXZpbA==\u{7}", "\u{1b}]8;;http://evil\u{1b}\\x", "\u{1b}P+q\u{1b}\\",
    "\u{1b}_apc\u{1b}\\", "\u{1b}[10A", "\u{1b}[2J", "\u{1b}[6n", "\u{1b}]0;never ends", "\u{1b}c", "\u{9b}2J",
    "\u{9d}0;x\u{9c}", "\u{90}x\u{9c}", "a\rb", "a\u{8}\u{8}b", "a\tb", "a\nb", "\u{e}\u{f}", "\u{1b}(0", "\u{5}",
    "\u{202e}txt.exe\u{202c}", "\u{2066}x\u{2069}", "a" + String(repeating: "\u{300}", count: 100),
    "\u{feff}a\u{200b}b", "\u{e0001}\u{e0061}\u{e007f}", "\u{2028}\u{2029}", "\u{1160}\u{1161}a\u{1160}",
    String(repeating: "長", count: 20_000), String(decoding: [0xff, 0x9b, 0x41, 0xed, 0xa0, 0x80], as: UTF8.self),
]

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
