// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import Glibc
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("The dashboard: signals, hang-ups, sizes")
    struct EndingTests {
        /// What the dashboard does when the signal comes.
        enum Moment: String, CaseIterable, Sendable {
            case idle, dialog, typing, inFlight
        }

        static let deadly: [Int32] = [
            SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE,
        ]

        @Test(
            "a signal that ends it restores the terminal, at any moment", arguments: EndToEndTests.EndingTests.deadly,
            Moment.allCases)
        func signals(signal: Int32, moment: Moment) async throws {
            try await inBusyOffice { office in
                try await office.server.lock(path: "/news/launch", as: "bob")
                let terminal = try await office.opened()
                switch moment {
                case .idle: break
                case .dialog:
                    try await terminal.select("/news/launch")
                    terminal.type("F")
                    try await terminal.see("the question") { $0.contains("[Cancel]") }
                case .typing:
                    terminal.type("/")
                    try await terminal.see("the filter's line") { $0.contains("Enter keeps the filter") }
                    terminal.type("new")
                    try await terminal.see("the filter") { $0.contains("filter: new") }
                case .inFlight:
                    await office.server.setFaults(Faults([Fault(.hang, method: "POST")]))
                    try await terminal.select("/news/agm")
                    terminal.type("l")
                    try await eventually("it is sent") {
                        await office.server.requestLog.contains { $0.method == "POST" && $0.path.contains("@lock") }
                    }
                }
                terminal.send(signal: signal)
                // The server never answers: whatever waits for it does not end.
                let status = try await terminal.ending()
                let isFatal = [SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE].contains(signal)
                #expect(status.shellStatus == 128 + signal)
                if isFatal { #expect(status == .signal(signal)) }
                terminal.expectRestored()
            }
        }

        @Test(
            "a request that is never answered keeps it from nothing: it ends, and the log has what was sent",
            arguments: [nil, SIGTERM])
        func unanswered(signal: Int32?) async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                try await terminal.select("/news/agm")
                await office.server.setFaults(Faults([Fault(.hang, method: "POST")]))
                terminal.type("l")
                try await eventually("it is sent") {
                    await office.server.requestLog.contains { $0.method == "POST" && $0.path.contains("@lock") }
                }
                if let signal {
                    terminal.send(signal: signal)
                } else {
                    terminal.type("q")
                    try await terminal.see("it takes keys") { $0.contains("[Cancel]") }
                    terminal.press(.right)
                    terminal.press(.enter)
                }
                #expect(try await terminal.ending().shellStatus == (signal.map { 128 + $0 } ?? 0))
                terminal.expectRestored()
                let log = try await office.run("history", "--json", "--ours")
                #expect(log.output.contains("lock"), "\(log)")
            }
        }

        @Test("killed in a way that no program can answer, it leaves the terminal whole all the same")
        func killed() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                terminal.send(signal: SIGKILL)
                #expect(try await terminal.ending() == .signal(SIGKILL))
                // Somebody else gives it back, perhaps only after the end.
                try await eventually("the terminal is whole") {
                    terminal.settle(milliseconds: 1)
                    return terminal.isRestored && !terminal.screen.isAlternate
                }
                terminal.expectRestored()
            }
        }

        @Test("SIGPIPE does not end it")
        func brokenPipe() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                terminal.send(signal: SIGPIPE)
                terminal.type("?")
                try await terminal.see("the help") { $0.contains("HELP") }
                try await terminal.quit()
            }
        }

        @Test("a terminal that goes away ends it")
        func hangUp() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                terminal.hangUp()
                let status = try terminal.waitForExitUnread()
                #expect(status.shellStatus == 129)
            }
        }

        @Test("^Z gives the shell its terminal back, and fg draws everything anew")
        func suspend() async throws {
            try await inBusyOffice { office in
                let terminal = try PseudoTerminal(
                    program: "/bin/bash", arguments: ["--norc", "--noprofile"],
                    environment: office.environment(["PS1": "shell> ", "BASH_SILENCE_DEPRECATION_WARNING": "1"]),
                    directory: office.home)
                try await terminal.see("the prompt") { $0.contains("shell>") }
                terminal.press(Array("\(try builtProgram("locktop")) watch --config \(office.configuration)\r".utf8))
                try await terminal.see("the table") { $0.row("/news/agm") != nil }
                terminal.press(.control("z"))
                try await terminal.see("the shell") { !$0.isAlternate && $0.contains("Stopped") && $0.cursorVisible }
                let count = await office.server.requestCount
                terminal.settle(milliseconds: 1_500)
                #expect(await office.server.requestCount <= count + 1)
                try await office.server.lock(path: "/news/agm", as: "bob")
                terminal.type("fg\r")
                try await terminal.see("the table, read anew") {
                    $0.isAlternate && ($0.row("/news/agm")?.contains("bob") ?? false)
                }
                terminal.type("q")
                try await terminal.see("the shell again") { !$0.isAlternate }
                terminal.type("exit\r")
                #expect(try await terminal.ending() == .code(0))
                #expect(terminal.isRestored)
            }
        }

        @Test("any size is survived, and the last grid is that of a fresh start at that size")
        func resizing() async throws {
            try await inOffice { office in
                let terminal = try await office.opened(["--no-clock"])
                var random = Dice(seed: 7)
                var sizes = [(1, 1), (2, 2), (80, 1), (1, 24), (10, 3), (5, 5), (500, 200)]
                for _ in 0..<200 { sizes.append((1 + random.below(220), 1 + random.below(60))) }
                for (columns, rows) in sizes { terminal.resize(Size(columns: columns, rows: rows)) }
                for size in [Sizes.small, Size(columns: 40, rows: 10), Sizes.large] {
                    terminal.resize(size)
                    let fresh = try await office.opened(["--no-clock"], size: size)
                    try await terminal.see("the same grid as a fresh start") {
                        // On a busy machine it is not there at once.
                        fresh.settle(milliseconds: 50)
                        return $0.grid == fresh.screen.grid
                    }
                    try await fresh.quit()
                }
                try await terminal.quit()
            }
        }

        @Test("a terminal that shrinks and is as large as before at once has lost its text, and is drawn anew")
        func shrunkAndBack() async throws {
            try await inOffice { office in
                let terminal = try await office.opened(["--no-clock"])
                let before = terminal.screen.grid
                // Mostly both come before the program looks: it finds the size that it knows.
                for _ in 0..<20 {
                    terminal.resize(Size(columns: 1, rows: 1))
                    terminal.resize(Sizes.small)
                    try await terminal.see("the same grid as before") { $0.grid == before }
                }
                try await terminal.quit()
            }
        }
    }
}

/// Random numbers that are the same for the same seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
