// SPDX-License-Identifier: MIT
import Canvas
import Glibc
import TestSupport
import Testing

@Suite("A screen on a real terminal")
struct ScreenTests {
    let usual = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]

    func start(
        _ arguments: [String] = [], _ changes: [String: String] = [:], size: Size = Size(columns: 80, rows: 24)
    ) throws -> PseudoTerminal {
        let environment = usual.merging(changes) { $1 }.filter { $0.value != "unset" }
        let terminal = try PseudoTerminal(
            program: builtProgram("ScreenSample"), arguments: arguments, environment: environment, size: size)
        return terminal
    }

    func startAndShow(_ arguments: [String] = [], _ changes: [String: String] = [:]) throws -> PseudoTerminal {
        let terminal = try start(arguments, changes)
        try terminal.waitUntil("the first frame") { $0.contains(" 21 ") && $0.contains("size 80x24") }
        return terminal
    }

    func expectRestored(_ terminal: PseudoTerminal) {
        #expect(terminal.isRestored)
        #expect(!terminal.screen.isAlternate)
        #expect(terminal.screen.cursorVisible)
        #expect(!terminal.screen.mouseOn)
        #expect(!terminal.screen.pasteOn)
        #expect(terminal.screen.style == .plain)
        #expect(terminal.screen.unknownSequences == [])
    }

    @Test("shows its frame, cleaned, with colours, and nothing that is not known")
    func firstFrame() throws {
        let terminal = try startAndShow()
        #expect(terminal.screen.lines[0] == "size 80x24 utf8=true color=true wakes=0")
        #expect(terminal.screen.lines[2].contains("résumé 契約 🔒 ␛[2J\\u{9b}\\u{202e}evil"))
        #expect(terminal.screen.cell(at: Position(column: 0, row: 0)).style == Style(.green, bold: true))
        #expect(terminal.screen.cell(at: Position(column: 0, row: 2)).style == Style(.cyan).reversed)
        #expect(terminal.screen.oscCount + terminal.screen.dcsCount + terminal.screen.bellCount == 0)
        terminal.settle()
        print("first frame: \(terminal.byteCount) bytes")
        #expect(terminal.byteCount <= 2_600)
        let before = terminal.byteCount
        terminal.press(.down)
        try terminal.waitUntil("the selection moves") {
            $0.cell(at: Position(column: 0, row: 3)).style == Style(.cyan).reversed && $0.lines[1] == "keys Down"
        }
        terminal.settle()
        print("cursor key: \(terminal.byteCount - before) bytes")
        #expect(terminal.byteCount - before <= 260)
        terminal.type("q")
        #expect(try terminal.waitForExit() == .code(0))
        expectRestored(terminal)
    }

    @Test("keys arrive as keys, in every form that terminals send")
    func keys() throws {
        let terminal = try startAndShow()
        terminal.type("\u{1b}OA\u{1b}[A\u{1b}[B\u{1b}OC\u{1b}[D")
        try terminal.waitUntil("arrows") { $0.lines[1] == "keys Up Up Down Right Left" }
        terminal.type("é契")
        terminal.type("\u{1b}[5~\u{1b}[6~\u{1b}[H\u{1b}OF\u{1b}[3~\u{1b}[Z")
        try terminal.waitUntil("others") { $0.lines[1] == "keys é 契 PgUp PgDn Home End Del Shift-Tab" }
        terminal.type("\u{1b}[15~")
        terminal.type("\r\t\u{7f}\u{12} ")
        try terminal.waitUntil("controls") { $0.lines[1] == "keys Del Shift-Tab F5 Enter Tab Backspace ^r Space" }
    }

    @Test("Esc alone acts, without another key")
    func escape() throws {
        let terminal = try startAndShow()
        terminal.press(.escape)
        try terminal.waitUntil("Esc") { $0.lines[1] == "keys Esc" }
    }

    @Test("a paste is one key")
    func paste() throws {
        let terminal = try startAndShow()
        #expect(terminal.screen.pasteOn)
        terminal.press(.paste("q\rF\u{1b}[A y"))
        try terminal.waitUntil("the paste") { $0.lines[1].hasPrefix("keys Paste(") }
        terminal.press(.paste(String(repeating: "x", count: 100_000)))
        try terminal.waitUntil("the long paste") { $0.lines[1].contains("Paste(65536:xxx") }
    }

    @Test("the mouse reports only when it is asked for")
    func mouse() throws {
        let quiet = try startAndShow()
        #expect(!quiet.screen.transitions.contains(.mouse(true)))
        let terminal = try startAndShow(["--mouse"])
        #expect(terminal.screen.mouseOn)
        terminal.press(.mouse(Mouse(position: Position(column: 3, row: 5), kind: .doubleClick)))
        try terminal.waitUntil("clicks") { $0.lines[1] == "keys Click@3,5 Double-click@3,5" }
        terminal.press(.mouse(Mouse(position: Position(column: 150, row: 5), kind: .wheelDown)))
        try terminal.waitUntil("the wheel") { $0.lines[1].hasSuffix("Wheel down@150,5") }
        terminal.type("q")
        try terminal.waitForExit()
        expectRestored(terminal)
    }

    @Test(
        "a signal that ends the program restores the terminal and is told as 128 + n",
        arguments: [
            SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE,
        ])
    func signals(signal: Int32) throws {
        let terminal = try startAndShow(["--mouse"])
        terminal.send(signal: signal)
        let status = try terminal.waitForExit()
        #expect(status.shellStatus == 128 + signal)
        expectRestored(terminal)
    }

    @Test("a crash of Swift's own restores the terminal and shows its message on the normal screen")
    func crash() throws {
        let terminal = try startAndShow()
        terminal.type("!")
        let status = try terminal.waitForExit()
        #expect([128 + SIGILL, 128 + SIGTRAP].contains(status.shellStatus))
        expectRestored(terminal)
        #expect(terminal.screen.contains("the sample crashes"))
    }

    /// Waits until somebody else than the program has given the terminal back.
    private func awaitRescue(_ terminal: PseudoTerminal) {
        let deadline = ContinuousClock.now.advanced(by: .seconds(10))
        while !terminal.isRestored || terminal.screen.isAlternate, ContinuousClock.now < deadline {
            terminal.idle(milliseconds: 2)
        }
        expectRestored(terminal)
    }

    @Test("a stack that overflows on another thread than the terminal's leaves it whole")
    func overflow() throws {
        let terminal = try startAndShow(["--mouse"])
        terminal.type("o")
        #expect(try terminal.waitForExit() == .signal(SIGSEGV))
        awaitRescue(terminal)
    }

    @Test("killed in a way that no program can answer, it leaves the terminal whole all the same")
    func killed() throws {
        let terminal = try startAndShow(["--mouse"])
        terminal.send(signal: SIGKILL)
        #expect(try terminal.waitForExit() == .signal(SIGKILL))
        awaitRescue(terminal)
    }

    @Test("killed while it is stopped, it changes nothing on a terminal that is the shell's again")
    func killedWhileStopped() throws {
        let program = try builtProgram("ScreenSample")
        let terminal = try PseudoTerminal(
            program: "/bin/bash", arguments: ["--norc", "--noediting", "-i"],
            environment: usual.merging(["PS1": "$ "]) { $1 })
        try terminal.waitUntil("the prompt") { $0.contains("$") }
        terminal.press(Array("stty -echo; \(program)\n".utf8))
        try terminal.waitUntil("the frame") { $0.contains("size 80x24") && $0.contains(" 21 ") }
        terminal.press(.control("z"))
        try terminal.waitUntil("stopped") { !$0.isAlternate && $0.contains("Stopped") }
        // The rescuer is no job of the shell's, and ends with the program.
        terminal.press(
            Array(
                "R=$(pgrep -P $(jobs -p)); kill -9 %1; wait; while grep -qs '^State:.[^Z]' /proc/$R/status; do :; done; echo over$R.\n"
                    .utf8))
        try terminal.waitUntil("the end of both") { screen in
            screen.lines.contains { $0.firstMatch(of: /over[0-9]+\./) != nil }
        }
        #expect(terminal.screen.transitions.filter { $0 == .alternate(false) }.count == 1)
    }

    @Test("standard error is held back while the screen is up")
    func standardError() throws {
        let terminal = try startAndShow()
        terminal.type("ea")
        try terminal.waitUntil("the next key") { $0.lines[1] == "keys e a" }
        #expect(!terminal.screen.contains("held back"))
        terminal.type("q")
        try terminal.waitForExit()
        #expect(terminal.screen.contains("held back"))
    }

    @Test("a broken pipe is no reason to end")
    func pipe() throws {
        let terminal = try startAndShow()
        terminal.send(signal: SIGPIPE)
        terminal.type("x")
        try terminal.waitUntil("a key") { $0.lines[1] == "keys x" }
    }

    @Test("^z leaves the screen, and it comes back whole")
    func suspend() throws {
        let terminal = try startAndShow(["--mouse"])
        terminal.press(.control("z"))
        // The leader of a session has nobody to wake it, so the kernel does not stop it: it comes straight back.
        try terminal.waitUntil("back") { $0.lines[1] == "keys ^z" && $0.isAlternate && $0.mouseOn && $0.pasteOn }
        let changes = terminal.screen.transitions
        #expect(changes.filter { $0 == .alternate(false) }.count == 1)
        #expect(changes.filter { $0 == .alternate(true) }.count == 2)
        #expect(changes.filter { $0 == .paste(false) }.count == 1)
    }

    @Test("under a shell, ^z stops the program and fg brings it back")
    func jobControl() throws {
        let program = try builtProgram("ScreenSample")
        let terminal = try PseudoTerminal(
            program: "/bin/bash", arguments: ["--norc", "--noediting", "-i"],
            environment: usual.merging(["PS1": "$ "]) { $1 })
        try terminal.waitUntil("the prompt") { $0.contains("$") }
        terminal.press(Array("stty -echo; \(program)\n".utf8))
        try terminal.waitUntil("the frame") { $0.contains("size 80x24") && $0.contains(" 21 ") }
        terminal.press(.control("z"))
        try terminal.waitUntil("stopped") { !$0.isAlternate && $0.contains("Stopped") && !$0.pasteOn }
        #expect(terminal.screen.cursorVisible)
        terminal.type("fg\n")
        try terminal.waitUntil("the frame again") { $0.isAlternate && $0.contains("size 80x24") && $0.contains(" 21 ") }
        terminal.type("q")
        try terminal.waitUntil("the shell again") { !$0.isAlternate }
        #expect(terminal.screen.unknownSequences == [])
    }

    @Test("a terminal that goes away ends the program")
    func hangUp() throws {
        let terminal = try startAndShow()
        terminal.hangUp()
        #expect(try terminal.waitForExit() == .code(129))
    }

    @Test("a signal restores everything although the program is busy")
    func busy() throws {
        let terminal = try startAndShow(["--mouse"])
        terminal.type("b")
        try terminal.waitUntil("it is busy") { $0.lines[0].hasPrefix("busy") }
        terminal.send(signal: SIGTERM)
        #expect(try terminal.waitForExit() == .signal(SIGTERM))
        expectRestored(terminal)
    }

    @Test(
        "output that nobody reads does not keep a crash from ending the program, and the way back is not lost",
        arguments: [SIGTERM, SIGSEGV, SIGABRT])
    func stuckCrash(signal: Int32) throws {
        let terminal = try startAndShow(["--mouse"])
        terminal.settle()
        let before = terminal.byteCount
        terminal.type("f")
        try terminal.waitUntil("the flood") { _ in terminal.byteCount > before }
        try terminal.waitUntilStuck()
        terminal.send(signal: signal)
        #expect(try terminal.waitForExitUnread() == .signal(signal))
        #expect(terminal.isRestored)
        // What is still on its way comes piece by piece.
        terminal.idle(milliseconds: 300)
        #expect(!terminal.screen.isAlternate)
        #expect(terminal.screen.cursorVisible)
        #expect(!terminal.screen.mouseOn)
        #expect(!terminal.screen.pasteOn)
    }

    @Test("of what is held back the last megabyte is shown, and how much was not kept")
    func muchStandardError() throws {
        let terminal = try startAndShow()
        terminal.type("E")
        try terminal.waitUntil("the key") { $0.lines[1].hasPrefix("keys E") }
        let before = terminal.byteCount
        terminal.type("q")
        try terminal.waitForExit()
        let text = String(decoding: terminal.rawBytes[before...], as: UTF8.self)
        #expect(text.contains("line 39999 of"))
        #expect(!text.contains("line 0 of"))
        #expect(text.contains("locktop: of what was written here meanwhile, the first "))
        #expect(text.utf8.count < 1_200_000 && text.utf8.count > 900_000)
    }

    @Test("stopped from outside without a warning, it comes back whole")
    func stopped() throws {
        let terminal = try startAndShow(["--mouse"])
        terminal.settle()
        terminal.send(signal: SIGSTOP)
        // What a shell does meanwhile.
        terminal.cook()
        let before = terminal.byteCount
        terminal.send(signal: SIGCONT)
        try terminal.waitUntil("everything again") { _ in
            terminal.byteCount - before > 1_000 && terminal.screen.isAlternate && terminal.screen.mouseOn
        }
        terminal.type("x")
        try terminal.waitUntil("a key without Enter") { $0.lines[1] == "keys x" && !$0.cursorVisible }
        terminal.type("q")
        #expect(try terminal.waitForExit() == .code(0))
        expectRestored(terminal)
    }

    @Test("kill -TSTP from outside gives the shell its terminal, and fg brings the screen back")
    func stoppedPolitely() throws {
        let program = try builtProgram("ScreenSample")
        let terminal = try PseudoTerminal(
            program: "/bin/bash", arguments: ["--norc", "--noediting", "-i"],
            environment: usual.merging(["PS1": "$ "]) { $1 })
        try terminal.waitUntil("the prompt") { $0.contains("$") }
        terminal.press(Array("stty -echo; bash -c 'echo PID=$$.; exec \(program)'\n".utf8))
        try terminal.waitUntil("the frame") { $0.contains("size 80x24") && $0.contains(" 21 ") }
        let said = String(decoding: terminal.rawBytes, as: UTF8.self).split(separator: "PID=").last ?? ""
        let process = try #require(Int32(said.prefix { $0 != "." }))
        kill(process, SIGTSTP)
        try terminal.waitUntil("stopped") { !$0.isAlternate && $0.contains("Stopped") && !$0.pasteOn }
        #expect(terminal.screen.cursorVisible)
        terminal.press(Array("fg\n".utf8))
        try terminal.waitUntil("the frame again") { $0.isAlternate && $0.contains("size 80x24") && $0.contains(" 21 ") }
        terminal.type("q")
        try terminal.waitUntil("the shell again") { !$0.isAlternate }
        #expect(terminal.screen.unknownSequences == [])
    }

    @Test("white is white also where the terminal has few pairs of colours")
    func fewPairs() throws {
        let terminal = try startAndShow(["--white"], ["TERM": "xterm"])
        #expect(terminal.screen.lines[1].hasSuffix("white"))
        #expect(terminal.screen.cell(at: Position(column: 75, row: 1)).style == Style(.white))
    }

    @Test("a terminal that goes away ends the program also when it ignores SIGHUP")
    func hangUpIgnored() throws {
        let program = try builtProgram("ScreenSample")
        let terminal = try PseudoTerminal(
            program: "/bin/sh", arguments: ["-c", "trap '' HUP; exec \(program)"], environment: usual)
        try terminal.waitUntil("the frame") { $0.contains(" 21 ") }
        terminal.hangUp()
        #expect(try terminal.waitForExit() == .code(129))
    }

    @Test("asleep it uses no processor time and writes nothing; another thread wakes it")
    func idle() throws {
        let terminal = try startAndShow()
        terminal.settle()
        let bytes = terminal.byteCount
        let ticks = try #require(terminal.processorTicks)
        terminal.settle(milliseconds: 500)
        #expect(terminal.byteCount == bytes)
        #expect(try #require(terminal.processorTicks) - ticks <= 1)
        terminal.type("w")
        try terminal.waitUntil("woken") { $0.lines[0].hasSuffix("wakes=1") }
    }

    @Test("the clipboard gets text as base64, the only such sequence")
    func clipboard() throws {
        let terminal = try startAndShow()
        terminal.type("y")
        try terminal.waitUntil("the clipboard") { $0.oscCount == 1 && $0.lines[1] == "keys y" }
        #expect(terminal.screen.lastOSC == "52;c;aMOpbGxv")
    }

    @Test("^l sends everything again")
    func redraw() throws {
        let terminal = try startAndShow()
        terminal.settle()
        let before = terminal.byteCount
        terminal.press(.control("l"))
        try terminal.waitUntil("all again") { $0.lines[1] == "keys ^l" && $0.contains(" 21 ") }
        terminal.settle()
        #expect(terminal.byteCount - before > 1_000)
    }
}
