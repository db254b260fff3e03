// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import Glibc
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("The dashboard: a server in trouble")
    struct TroubleTests {
        struct Trouble: Sendable, CustomTestStringConvertible {
            var name: String
            var kind: Fault.Kind
            var testDescription: String { name }
        }

        // Presses cursor keys, each of which shows while the server is as it is.
        private func moveUpAndDown(_ terminal: PseudoTerminal) async throws {
            for step in 0..<20 {
                let place = terminal.screen.pointed
                terminal.press(step % 2 == 0 ? .down : .up)
                try await terminal.see("the cursor moves", within: 5) { $0.pointed != nil && $0.pointed != place }
            }
        }

        @Test(
            "rows are kept, the alert says why, keys go on, and all is well again afterwards",
            arguments: [
                Trouble(name: "slow", kind: .delay(.seconds(8))), Trouble(name: "hangs", kind: .hang),
                Trouble(name: "503", kind: .status(503, retryAfter: 1)),
                Trouble(name: "drops", kind: .dropBeforeEffect),
                Trouble(name: "half answers", kind: .truncatedJSON), Trouble(name: "login page", kind: .loginPage),
            ])
        func trouble(trouble: Trouble) async throws {
            try await inBusyOffice { office in
                try await office.server.lock(path: "/news/launch", as: "bob")
                let terminal = try await office.opened()
                try await terminal.see("all is read") { $0.row("/news/launch")?.contains("bob") ?? false }
                let count = await office.server.requestCount
                await office.server.setFaults(Faults([Fault(trouble.kind)]))
                try await eventually("a reading meets the trouble") {
                    await office.server.requestCount > count || trouble.name == "slow"
                }
                if trouble.name != "slow", trouble.name != "hangs" {
                    try await terminal.see("the alert") { $0.lines.contains { $0.contains("next try") } }
                }
                try await moveUpAndDown(terminal)
                #expect(terminal.screen.row("/news/launch")?.contains("bob") ?? false)
                await office.server.setFaults(.none)
                try await office.server.unlock(path: "/news/launch")
                if trouble.name == "hangs" {
                    // Nothing ever comes back for that reading: the time-out ends it, which is not waited for here.
                    try await terminal.quit()
                    return
                }
                terminal.type("R")
                try await terminal.see("all is well", within: 30) { screen in
                    (screen.row("/news/launch")?.contains("○") ?? false)
                        && !screen.lines.contains { $0.contains("next try") }
                }
                try await terminal.quit()
            }
        }

        @Test("what can't be written down, for another program keeps the history to itself, is said on the screen")
        func heldHistory() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened(["--no-clock"], size: Sizes.large)
                let file = unsafe open(office.home + "/.local/state/locktop/history.sqlite-shm", O_RDWR | O_CLOEXEC)
                try #require(file >= 0)
                defer { close(file) }
                // As SQLite's file format has it: who writes holds this byte.
                var writing = flock(
                    l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 120, l_len: 1, l_pid: 0)
                try await eventually("nobody else writes") { unsafe fcntl(file, F_SETLK, &writing) == 0 }
                try await office.server.lock(path: "/news/agm", as: "bob")
                try await terminal.see("the row") { $0.row("/news/agm")?.contains("bob") ?? false }
                try await terminal.see("what is not written", within: 30) { $0.contains("can't be kept in ") }
                terminal.type("q")
                #expect(try await terminal.ending() == .code(0))
                terminal.expectRestored()
            }
        }

        @Test("rows older than three polls are dimmed and have a sign, without waiting for the next minute")
        func oldRows() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                await office.server.setFaults(Faults([Fault(.status(503, retryAfter: 1))]))
                try await terminal.see("dimmed", within: 10) { screen in
                    guard let row = screen.lines.firstIndex(where: { $0.contains("/news/agm") }) else { return false }
                    let column = screen.lines[row].distance(
                        from: screen.lines[row].startIndex,
                        to: screen.lines[row].firstIndex(of: "/") ?? screen.lines[row].startIndex)
                    return screen.lines[row].contains("~")
                        && screen.cell(at: Position(column: column, row: row)).style.isDim
                }
                await office.server.setFaults(.none)
                try await terminal.quit()
            }
        }

        @Test("a server that is not there at first: the screen says so at once, and finds it when it comes")
        func comesLater() async throws {
            try await inBusyOffice { office in
                await office.server.setFaults(Faults([Fault(.status(503, retryAfter: 1))]))
                let terminal = try office.dashboard()
                try await terminal.see("the alert") { $0.contains("asks to be left alone") }
                await office.server.setFaults(.none)
                try await terminal.see("the table") { $0.row("/news/agm") != nil }
                try await terminal.quit()
            }
        }

        @Test("a wrong password: one sentence, no second sign-in within the minute, keys work")
        func wrongPassword() async throws {
            try await inBusyOffice { office in
                let terminal = try office.dashboard(changes: [Office.variable: "wrong"])
                try await terminal.see("the sentence") { $0.contains("does not accept the password of mona") }
                terminal.type("?")
                try await terminal.see("the help") { $0.contains("HELP") }
                terminal.settle(milliseconds: 1_500)
                let logins = await office.server.requestLog.filter { $0.path.contains("@login") }.count
                #expect(logins == 1)
                try await terminal.quit()
            }
        }

        @Test("an operation whose answer is lost is read before anything is said")
        func lostAnswer() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                try await terminal.select("/news/agm")
                await office.server.setFaults(
                    Faults([Fault(.dropAfterEffect, method: "POST", pathContains: "@lock", next: 1)]))
                terminal.type("l")
                try await terminal.see("it is mine, and said to be") {
                    ($0.row("/news/agm")?.contains("you") ?? false) && $0.contains("You locked")
                }
                #expect(await office.changes.count == 1)
                terminal.type("u")
                try await terminal.see("released") { $0.row("/news/agm")?.contains("○") ?? false }
                try await terminal.quit()
            }
        }
    }
}
