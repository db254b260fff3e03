// SPDX-License-Identifier: MIT
import Canvas
import TestSupport
import Testing

@Suite("The virtual screen as a judge")
struct VirtualScreenTests {
    private func screen(_ text: String, columns: Int = 10, rows: Int = 3) -> VirtualScreen {
        var screen = VirtualScreen(size: Size(columns: columns, rows: rows))
        for byte in text.utf8 { screen.feed([byte]) }
        return screen
    }

    @Test("text wraps at the edge and scrolls at the bottom, wide characters whole")
    func text() {
        #expect(screen("abcdefghijkl").lines == ["abcdefghij", "kl", ""])
        #expect(screen("abcdefghi契").lines == ["abcdefghi", "契", ""])
        #expect(screen("1\r\n2\r\n3\r\n4").lines == ["2", "3", "4"])
        #expect(screen("e\u{301}x").cell(at: Position(column: 0, row: 0)).text == "e\u{301}")
    }

    @Test("cursor movement, erasing, inserting and deleting do what a terminal does")
    func control() {
        #expect(screen("\u{1b}[2;3Hx\u{1b}[Ay\u{1b}[4Gz").lines == ["   z", "  x", ""])
        #expect(screen("abcdef\u{1b}[3G\u{1b}[K").lines[0] == "ab")
        #expect(screen("abcdef\u{1b}[3G\u{1b}[2X").lines[0] == "ab  ef")
        #expect(screen("abcdef\u{1b}[3G\u{1b}[2P").lines[0] == "abef")
        #expect(screen("abcdef\u{1b}[3G\u{1b}[@").lines[0] == "ab cdef")
        #expect(screen("1\r\n2\r\n3\u{1b}[1;1H\u{1b}[L").lines == ["", "1", "2"])
        #expect(screen("1\r\n2\r\n3\u{1b}[1;1H\u{1b}[M").lines == ["2", "3", ""])
        #expect(screen("a\u{1b}[4b").lines[0] == "aaaaa")
    }

    @Test("styles are kept, modes are noted in their order")
    func modes() {
        let styled = screen("\u{1b}[1;31;44mx\u{1b}[mplain")
        #expect(styled.cell(at: Position(column: 0, row: 0)).style == Style(.red, bold: true).on(.blue))
        #expect(styled.style == .plain)
        let moded = screen("main\u{1b}[?1049h\u{1b}[?25l\u{1b}[?1006;1000h\u{1b}[?2004h")
        #expect(moded.transitions == [.alternate(true), .cursor(false), .mouse(true), .paste(true)])
        #expect(moded.isAlternate && moded.mouseOn && moded.pasteOn && !moded.cursorVisible)
        #expect(moded.lines[0] == "")
        #expect(screen("main\u{1b}[?1049hother\u{1b}[?1049l").lines[0] == "main")
    }

    @Test("what is not known or not allowed is reported")
    func judge() {
        #expect(screen("\u{1b}[5n").unknownSequences == ["CSI 5n"])
        #expect(screen("\u{1b}c").unknownSequences == ["ESC c"])
        #expect(screen("\u{1b}[?9h").unknownSequences == ["CSI ?9h"])
        let noisy = screen("\u{1b}]0;title\u{7}\u{1b}]52;c;eA==\u{1b}\\\u{1b}Pq\u{1b}\\\u{7}ok")
        #expect(noisy.oscCount == 2)
        #expect(noisy.lastOSC == "52;c;eA==")
        #expect(noisy.dcsCount == 1)
        #expect(noisy.bellCount == 1)
        #expect(noisy.lines[0] == "ok")
    }

    @Test("a golden file that is missing or different fails")
    func golden() {
        #expect(throws: Golden.Mismatch.self) { try Golden.check("text", named: "no such file") }
    }

    @Test("waiting for what never comes fails, with what it was")
    func never() async {
        await #expect(throws: NeverHappened.self) { try await eventually("never", within: .milliseconds(1)) { false } }
    }
}
