// SPDX-License-Identifier: MIT
import Canvas
import Glibc
import TestSupport
import Testing

/// Terminals of every size, kind and language.
extension ScreenTests {
    @Test("every size is survived, and the last looks as if started at it")
    func sizes() throws {
        let terminal = try startAndShow()
        var generator = SystemRandomNumberGenerator()
        var sizes = [(1, 1), (2, 2), (80, 1), (1, 24), (10, 3), (5, 5), (500, 200)]
        for _ in 0..<60 {
            sizes.append((.random(in: 1...220, using: &generator), .random(in: 1...60, using: &generator)))
        }
        for (columns, rows) in sizes { terminal.resize(Size(columns: columns, rows: rows)) }
        let last = Size(columns: 61, rows: 17)
        terminal.resize(last)
        try terminal.waitUntil("the last size") { $0.contains("size 61x17") && $0.lines[16].hasPrefix("   14 ") }
        terminal.settle()
        let fresh = try start(size: last)
        try fresh.waitUntil("a fresh start") { $0.contains("size 61x17") && $0.lines[16].hasPrefix("   14 ") }
        fresh.settle()
        #expect(terminal.screen.lines == fresh.screen.lines)
        #expect(terminal.screen.grid == fresh.screen.grid)
        terminal.type("q")
        #expect(try terminal.waitForExit() == .code(0))
    }

    @Test(
        "each small or big size works from the start",
        arguments: [
            Size(columns: 1, rows: 1), Size(columns: 2, rows: 2), Size(columns: 80, rows: 1),
            Size(columns: 1, rows: 24),
            Size(columns: 500, rows: 200),
        ])
    func startSizes(size: Size) throws {
        let terminal = try start(size: size)
        try terminal.waitUntil("something") { $0.lines[0].hasPrefix("s") }
        terminal.type("q")
        #expect(try terminal.waitForExit() == .code(0))
        expectRestored(terminal)
    }

    @Test("a terminal that can't be used is refused in one plain line", arguments: ["unset", "", "bogus", "dumb"])
    func refused(term: String) throws {
        let terminal = try start([], ["TERM": term])
        #expect(try terminal.waitForExit() == .code(2))
        #expect(terminal.screen.lines.filter { !$0.isEmpty }.count == 1)
        #expect(terminal.screen.lines[0].hasPrefix("The terminal can't be used: TERM"))
        #expect(!terminal.rawBytes.contains(0x1b))
        #expect(terminal.isRestored)
    }

    @Test("common terminals work", arguments: ["screen-256color", "tmux-256color", "linux", "vt100", "xterm"])
    func terminals(term: String) throws {
        let terminal = try startAndShow([], ["TERM": term])
        #expect(terminal.screen.lines[0] == "size 80x24 utf8=true color=\(term != "vt100") wakes=0")
        terminal.type("\u{1b}[B")
        terminal.type("q")
        #expect(try terminal.waitForExit() == .code(0))
        #expect(terminal.isRestored)
        #expect(terminal.screen.cursorVisible)
        #expect(terminal.screen.unknownSequences == [])
    }

    @Test("without a UTF-8 locale only ASCII is written", arguments: ["C", "POSIX", "de_DE.ISO-8859-1"])
    func ascii(locale: String) throws {
        let terminal = try startAndShow([], ["LC_ALL": locale])
        #expect(terminal.screen.lines[0].contains("utf8=false"))
        #expect(terminal.screen.lines[2].contains("* /news/2026/r?sum? ???? ?? ?[2J"))
        #expect(terminal.rawBytes.allSatisfy { $0 < 0x80 })
    }

    @Test("a UTF-8 locale that is not installed, or none at all, still is UTF-8", arguments: ["xx_XX.UTF-8", "unset"])
    func fallback(locale: String) throws {
        let terminal = try startAndShow([], ["LC_ALL": locale])
        #expect(terminal.screen.lines[0].contains("utf8=true"))
    }

    @Test("without colours no colour is sent")
    func monochrome() throws {
        let terminal = try startAndShow(["--no-color"])
        let styles = Set(terminal.screen.grid.flatMap { $0 }.map(\.style))
        #expect(styles.allSatisfy { $0.foreground == .standard && $0.background == .standard })
        #expect(styles.contains(Style(bold: true)))
        #expect(styles.contains(Style(reversed: true)))
    }
}
