// SPDX-License-Identifier: MIT
import Canvas
import Testing

@testable import Terminal

@Suite("Reading keys")
struct KeyReaderTests {
    @Test("bytes become characters, controls and special keys")
    func plain() {
        for (text, key) in [
            ("a", Key.character("a")), ("é", .character("é")), ("契", .character("契")), ("🔒", .character("🔒")),
            ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7f}", .backspace), ("\u{8}", .backspace),
            ("\u{12}", .control("r")), ("\u{3}", .control("c")), ("\0", .control(" ")), ("\u{1f}", .control("_")),
        ] { #expect(Keyboard.keys(text) == [key]) }
    }

    @Test("keys come in every form that terminals send")
    func special() {
        for (text, key) in [
            ("[A", Key.up), ("OA", .up), ("[B", .down), ("OB", .down), ("[C", .right), ("OC", .right), ("[D", .left),
            ("OD", .left), ("[H", .home), ("OH", .home), ("[1~", .home), ("[7~", .home), ("[F", .end), ("OF", .end),
            ("[4~", .end), ("[8~", .end), ("[2~", .insert), ("[3~", .delete), ("[5~", .pageUp), ("[6~", .pageDown),
            ("[Z", .backTab), ("OM", .enter), ("OP", .function(1)), ("[[A", .function(1)), ("[11~", .function(1)),
            ("[[E", .function(5)), ("[15~", .function(5)), ("[24~", .function(12)), ("[34~", .function(20)),
        ] {
            #expect(Keyboard.keys("\u{1b}\(text)") == [key], "\(text)")
            var slow = Keyboard()
            slow.trickle(Array("\u{1b}\(text)".utf8))
            slow.pause(.seconds(1))
            #expect(slow.keys == [key], "\(text) byte by byte")
        }
    }

    @Test("a character that comes in two parts is kept until it is whole")
    func parts() {
        var keyboard = Keyboard()
        keyboard.send([0xf0, 0x9f])
        keyboard.pause(.seconds(1))
        keyboard.send([0x94, 0x92])
        keyboard.pause(.seconds(1))
        #expect(keyboard.keys == [.character("🔒")])
        #expect(keyboard.reader.deadline == nil)
    }

    @Test("Esc by itself is a key after 100 ms, or after what was asked for")
    func escape() {
        var keyboard = Keyboard()
        keyboard.send("\u{1b}")
        keyboard.pause(.milliseconds(99))
        #expect(keyboard.keys == [])
        keyboard.pause(.milliseconds(1))
        #expect(keyboard.keys == [.escape])
        var slow = Keyboard(KeyReader(escapeDelay: .milliseconds(900)))
        slow.send("\u{1b}")
        slow.pause(.milliseconds(899))
        slow.send("[A")
        #expect(slow.keys == [.up])
    }

    @Test("Esc pressed twice is Esc twice")
    func escapeTwice() {
        var keyboard = Keyboard()
        keyboard.send("\u{1b}")
        keyboard.pause(.milliseconds(60))
        keyboard.send("\u{1b}")
        keyboard.pause(.seconds(1))
        #expect(keyboard.keys == [.escape, .escape])
    }

    @Test("Alt with a key is that key and nothing else, in one piece and in two")
    func alt() {
        for (text, key) in [
            ("l", Key.character("l")), ("c", .character("c")), ("L", .character("L")), ("q", .character("q")),
            (" ", .character(" ")), ("/", .character("/")), ("é", .character("é")), ("\r", .enter), ("\t", .tab),
            ("\u{7f}", .backspace), ("\u{3}", .control("c")), ("[", .character("[")), ("O", .character("O")),
            ("P", .character("P")), ("]", .character("]")), ("_", .character("_")), ("^", .character("^")),
            ("X", .character("X")), ("\\", .character("\\")), ("\u{1b}", .escape), ("\u{1b}[A", .up),
            ("\u{1b}OB", .down), ("\u{1b}[5~", .pageUp),
        ] {
            #expect(Keyboard.keys("\u{1b}\(text)") == [.modified(key, .alt)], "\(text)")
            guard text.utf8.count == 1, text != "\u{1b}" else { continue }
            var slow = Keyboard()
            slow.trickle(Array("\u{1b}\(text)".utf8))
            slow.pause(.seconds(1))
            slow.send("j")
            slow.pause(.seconds(1))
            #expect(slow.keys == [.modified(key, .alt), .character("j")], "\(text) in two pieces")
        }
    }

    @Test("a key with a modifier is never the key itself")
    func modifiers() {
        for (text, key, held) in [
            ("[1;3A", Key.up, Modifiers.alt), ("[1;5C", .right, .control), ("[1;2D", .left, .shift),
            ("[5A", .up, .control), ("O5A", .up, .control), ("O1;5B", .down, .control), ("[3;5~", .delete, .control),
            ("[5;3~", .pageUp, .alt), ("[1;9H", .home, .super), ("[1;6F", .end, [.shift, .control]),
            ("[27;3;108~", .character("l"), .alt), ("[27;5;13~", .enter, .control),
            ("[27;6;9~", .tab, [.shift, .control]),
            ("[108;3u", .character("l"), .alt), ("[108;9u", .character("l"), .super),
            ("[108;7u", .character("l"), [.alt, .control]), ("[13;2u", .enter, .shift), ("[27;3u", .escape, .alt),
            ("[49;2u", .character("1"), .shift), ("[1;2P", .function(1), .shift), ("[15;5~", .function(5), .control),
        ] { #expect(Keyboard.keys("\u{1b}\(text)") == [.modified(key, held)], "\(text)") }
        for text in ["[a", "[d", "Oa", "[3^", "[3@", "[3$"] {
            #expect(
                !Keyboard.keys("\u{1b}\(text)").contains { if case .modified = $0 { false } else { true } }, "\(text)")
        }
    }

    @Test("keys work where another program left kitty's keyboard protocol or xterm's other keys on")
    func kitty() {
        for (text, key) in [
            ("[113u", Key.character("q")), ("[113;1u", .character("q")), ("[113;1:1u", .character("q")),
            ("[113;1:2u", .character("q")), ("[113;129u", .character("q")), ("[113;;113u", .character("q")),
            ("[99;5u", .control("c")), ("[99;5:1u", .control("c")), ("[99::99;5u", .control("c")),
            ("[114;69u", .control("r")), ("[32;5u", .control(" ")), ("[27u", .escape), ("[27;1:1u", .escape),
            ("[13u", .enter), ("[9u", .tab), ("[9;2u", .backTab), ("[127u", .backspace), ("[57414u", .enter),
            ("[1;1:1A", .up), ("[1;129B", .down), ("[1;1:2C", .right), ("[1;1D", .left), ("[57419u", .up),
            ("[3;1:1~", .delete), ("[97:65;2u", .character("A")), ("[97;2u", .character("A")),
            ("[97;65u", .character("A")), ("[97;66u", .character("a")), ("[49:33;2u", .character("!")),
            ("[49;2;33u", .character("!")), ("[233u", .character("é")), ("[57400u", .character("1")),
            ("[27;5;99~", .control("c")), ("[27;2;65~", .character("A")), ("[27;1;13~", .enter),
        ] { #expect(Keyboard.keys("\u{1b}\(text)") == [key], "\(text)") }
        for nothing in [
            "[113;1:3u", "[99;5:3u", "[27;1:3u", "[1;1:3A", "[3;1:3~", "[57441u", "[57358u", "[57430u", "[1u", "[u",
            "[155u", "[1114112u", "[55296u", "[99999999999999999999u", "[27;5~", "[99~",
        ] { #expect(Keyboard.keys("\u{1b}\(nothing)") == [], "\(nothing)") }
    }

    @Test("a paste is one key, whatever is in it, and is limited")
    func paste() {
        #expect(
            Keyboard.keys("\u{1b}[200~l F\ry\u{1b}q\u{1b}[A\u{1b}[201\u{1b}[201~j") == [
                .paste("l F\ny\u{1b}q\u{1b}[A\u{1b}[201"), .character("j"),
            ])
        let long = Keyboard.keys("\u{1b}[200~" + String(repeating: "a", count: 70_000) + "\u{1b}[201~b")
        #expect(long == [.paste(String(repeating: "a", count: 65_536)), .character("b")])
        #expect(Keyboard.keys("\u{1b}[201~b") == [.character("b")])
    }

    @Test("a paste lasts until its end, whatever the pause, in pieces of one byte")
    func slowPaste() {
        var keyboard = Keyboard()
        keyboard.trickle(Array("\u{1b}[200~hello w".utf8))
        keyboard.pause(.seconds(9))
        keyboard.trickle(Array("orld l\r\u{1b}[201~".utf8))
        keyboard.send("j")
        keyboard.pause(.seconds(1))
        #expect(keyboard.keys == [.paste("hello world l\n"), .character("j")])
    }

    @Test("a paste without an end never becomes keys: what comes later is swallowed until its end, or Esc by itself")
    func endlessPaste() {
        for rescue in ["\u{1b}[201~", "\u{1b}", "\u{3}"] {
            var keyboard = Keyboard()
            keyboard.send("\u{1b}[200~abc")
            keyboard.pause(.seconds(10))
            #expect(keyboard.keys == [.paste("abc")])
            for _ in 0..<20 {
                keyboard.pause(.seconds(2))
                keyboard.send("lu F\r\u{1b}[A\u{1b}x")
            }
            keyboard.pause(.seconds(60))
            #expect(keyboard.keys == [.paste("abc")])
            keyboard.send(rescue)
            keyboard.pause(.seconds(1))
            keyboard.send("z")
            keyboard.pause(.seconds(1))
            #expect(keyboard.keys == [.paste("abc"), .character("z")])
        }
    }

    @Test("what comes faster than anybody types is a paste, in one piece or byte by byte")
    func burst() {
        let text = "hello, please unlock all of it\ry"
        #expect(Keyboard.keys(text) == [.paste("hello, please unlock all of it\ny")])
        #expect(Keyboard.keys("lu\rq") == [.paste("lu\nq")])
        #expect(Keyboard.keys("\r\r\r\r") == [.paste("\n\n\n\n")])
        var serial = Keyboard()
        for byte in text.utf8 {
            serial.send([byte])
            serial.pause(.milliseconds(1))
        }
        serial.pause(.seconds(1))
        #expect(serial.keys == [.paste("hello, please unlock all of it\ny")])
        var chunks = Keyboard()
        for chunk in ["hello", " l", "l", "\r", "\u{1b}[A", "\u{1b}x", "\u{1b}"] {
            chunks.send(chunk)
            chunks.pause(.milliseconds(40))
        }
        chunks.pause(.seconds(1))
        chunks.send("j")
        chunks.pause(.seconds(1))
        #expect(chunks.keys == [.paste("hello ll\n"), .character("j")])
    }

    @Test("a key that harms nobody comes at once, and nobody is woken for it again")
    func atOnce() {
        var keyboard = Keyboard(harmless: [.character("j"), .character("k")])
        for count in 1...5 {
            keyboard.send(count % 2 == 0 ? "k" : "j")
            #expect(keyboard.keys.count == count && keyboard.reader.deadline == nil)
            keyboard.pause(.milliseconds(30))
        }
        keyboard.send("l")
        #expect(keyboard.keys.count == 5 && keyboard.reader.deadline != nil)
        // Behind one that waits everything waits, or keys would change places.
        keyboard.send("j")
        #expect(keyboard.keys.count == 5)
        keyboard.pause(.milliseconds(4))
        #expect(keyboard.keys.suffix(2) == [.character("l"), .character("j")])
    }

    @Test("a burst that begins with keys that harm nobody is one all the same, in one piece or byte by byte")
    func atOnceInBurst() {
        let harmless: Set<Key> = [.character("j"), .character("k"), .character("g")]
        var whole = Keyboard(harmless: harmless)
        whole.send("jkgl\r")
        whole.pause(.seconds(1))
        #expect(whole.keys == [.paste("jkgl\n")])
        for count in 0...3 {
            let text = "jkg".prefix(count) + "lluF\rc"
            for pause in [0, 1, 3] {
                var keyboard = Keyboard(harmless: harmless)
                for byte in text.utf8 {
                    keyboard.send([byte])
                    keyboard.pause(.milliseconds(pause))
                }
                keyboard.pause(.seconds(1))
                let moves = text.prefix(count).map { Key.character($0) }
                #expect(keyboard.keys == moves + [.paste("lluF\nc")], "\(count) \(pause)")
            }
        }
        var repeated = Keyboard(harmless: harmless)
        for _ in 0..<1_000 {
            repeated.send("j")
            repeated.pause(.milliseconds(1))
        }
        #expect(repeated.keys == [Key](repeating: .character("j"), count: 1_000))
    }

    @Test("ten thousand random bursts give no key that changes anything, whatever pauses they make within")
    func randomBursts() {
        let harmless: Set<Key> = [.character("j"), .character("k")]
        var dice = SplitMix(seed: 4)
        let letters = Array("jklu Fc\r/")
        for _ in 0..<10_000 {
            var keyboard = Keyboard(harmless: harmless)
            // Of different keys: the same one again and again is a key that is held down.
            let text =
                "lu"
                + (0..<Int.random(in: 2...12, using: &dice)).map { _ in letters.randomElement(using: &dice) ?? "j" }
            for byte in text.utf8 {
                keyboard.send([byte])
                keyboard.pause(.milliseconds(Int.random(in: 0...3, using: &dice)))
            }
            keyboard.pause(.seconds(1))
            let others = keyboard.keys.filter { if case .paste = $0 { false } else { !harmless.contains($0) } }
            #expect(others == [], "\(text.debugDescription)")
        }
    }

    @Test("keys that repeat, fast fingers and scripts with pauses are keys")
    func typing() {
        #expect(Keyboard.keys("jjjjjjjj") == [Key](repeating: .character("j"), count: 8))
        #expect(Keyboard.keys(String(repeating: "j", count: 1_000)).count == 1_000)
        #expect(Keyboard.keys("jkl") == [.character("j"), .character("k"), .character("l")])
        #expect(Keyboard.keys(String(repeating: "\u{1b}OB", count: 9)) == [Key](repeating: .down, count: 9))
        var keyboard = Keyboard()
        for letter in ["h", "e", "l", "l", "o", "\r"] {
            keyboard.send(letter)
            keyboard.pause(.milliseconds(5))
        }
        #expect(keyboard.keys == ["h", "e", "l", "l", "o"].map { .character($0) } + [.enter])
    }

    @Test("mouse reports become presses, double clicks and wheel turns; nonsense is dropped")
    func mouse() {
        let place = Position(column: 4, row: 2)
        let press = "\u{1b}[<0;5;3M\u{1b}[<0;5;3m"
        #expect(
            Keyboard.keys(press + press + press) == [
                .mouse(Mouse(position: place, kind: .press)), .mouse(Mouse(position: place, kind: .doubleClick)),
                .mouse(Mouse(position: place, kind: .press)),
            ])
        #expect(Keyboard.keys("\u{1b}[<64;5;3M") == [.mouse(Mouse(position: place, kind: .wheelUp))])
        #expect(Keyboard.keys("\u{1b}[<65;5;3M") == [.mouse(Mouse(position: place, kind: .wheelDown))])
        #expect(
            Keyboard.keys("\u{1b}[<8;5;3M") == [.modified(.mouse(Mouse(position: place, kind: .press)), .alt)])
        for nonsense in ["M", "0;0;0M", "0;99999999999999999999M", ";;;M", "35;1;1M", "x", "-1;2;3M"] {
            #expect(Keyboard.keys("\u{1b}[<\(nonsense)") == [])
        }
    }

    @Test("the terminal's description goes before what is built in, also with sequences of a form of its own")
    func described() {
        let reader = KeyReader(
            described: DescribedKeys([
                (Array("\u{1b}A".utf8), .up), (Array("\u{1b}P".utf8), .function(1)), (Array("\u{1b}[5~".utf8), .end),
                ([1, 0x40, 13], .function(2)), ([0x0b], .up), (Array("\u{1b}[3$".utf8), .delete),
            ]))
        #expect(Keyboard.keys("\u{1b}A", reader) == [.up])
        #expect(Keyboard.keys("\u{1b}P", reader) == [.function(1)])
        #expect(Keyboard.keys("\u{1b}[5~", reader) == [.end])
        #expect(Keyboard.keys("\u{1b}[6~", reader) == [.pageDown])
        #expect(Keyboard.keys([1, 0x40, 13], reader) == [.function(2)])
        #expect(Keyboard.keys([1], reader) == [.control("a")])
        #expect(Keyboard.keys([1, 0x40, 0x78], reader) == [.control("a"), .character("@"), .character("x")])
        #expect(Keyboard.keys([0x0b], reader) == [.up])
        #expect(Keyboard.keys("\u{1b}[3$x", reader) == [.delete, .character("x")])
        #expect(Keyboard.keys("\u{1b}l", reader) == [.modified(.character("l"), .alt)])
    }

    @Test("ten million random bytes neither crash it nor leave it deaf")
    func monkey() {
        let wanted = 10_000_000
        let interesting: [UInt8] = [
            27, 27, 91, 79, 60, 80, 93, 95, 0xc3, 0xe5, 0x80, 0x9b, 0x9c, 7, 92, 0x4d, 59, 49, 50, 48, 126,
        ]
        var generator = SplitMix(seed: 20_261_125)
        var keyboard = Keyboard()
        var sent = 0
        while sent < wanted {
            var bytes: [UInt8] = []
            for _ in 0..<200 {
                let random = generator.next()
                for shift in stride(from: UInt64(0), to: 64, by: 8) {
                    let byte = UInt8(truncatingIfNeeded: random >> shift)
                    bytes.append(sent.isMultiple(of: 3) ? byte : interesting[Int(byte) % interesting.count])
                }
            }
            keyboard.send(bytes)
            sent += bytes.count
            keyboard.pause(.milliseconds(Int64(generator.next() % 120)))
            guard sent % 64_000 == 0 else {
                keyboard.forget()
                continue
            }
            // Esc ends a paste that never ended.
            keyboard.pause(.seconds(12))
            keyboard.send("\u{1b}")
            keyboard.pause(.seconds(2))
            keyboard.forget()
            keyboard.send("z")
            keyboard.pause(.seconds(1))
            #expect(keyboard.keys == [.character("z")])
            keyboard.forget()
        }
    }
}

/// Random numbers that are the same for the same seed.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
