// SPDX-License-Identifier: MIT
import Canvas
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    /// The presenter's scripts of the README, key by key.
    @Suite("The demo's scenarios")
    struct ScenarioTests {
        /// Opens the demo as the README says, on one server, and waits until the table is there.
        private func demo(_ scenario: String, _ words: [String] = []) async throws -> PseudoTerminal {
            let terminal = try PseudoTerminal(
                program: try builtProgram("locktop"),
                arguments: ["demo", "--dialect", "plone", "--seed", "7", "--scenario", scenario] + words,
                environment: ["PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TZ": "UTC"])
            try await terminal.see("the table", within: 30) { $0.contains("◆") && $0.contains("[2 Held") }
            return terminal
        }

        @Test("office: who has most, since when, and a document of one's own")
        func office() async throws {
            let terminal = try await demo("office")
            terminal.type("p")
            try await terminal.see("people, most first") { screen in
                let held = screen.lines.compactMap { line in
                    line.firstMatch(of: #/\([a-z]+\) +([0-9]+) /#).flatMap { Int($0.output.1) }
                }
                return held.count > 3 && held == held.sorted(by: >)
            }
            terminal.press(.enter)
            try await terminal.see("what one person has") { $0.contains("PERSON ") && $0.contains("◆") == false }
            terminal.press(.escape)
            terminal.press(.escape)
            try await terminal.see("the table again") { !$0.contains("PEOPLE") && $0.contains("◆") }
            terminal.type("5")
            try await terminal.see("what nobody is likely to use") { $0.contains("11h!") && $0.contains("nguyen") }
            terminal.press(.enter)
            try await terminal.see("why") { $0.contains("Stale") && $0.contains("held for 11h") }
            terminal.press(.escape)
            terminal.type("1")
            terminal.type("G")
            try await terminal.see("the last row, which is free") { screen in
                screen.lines.contains { $0.contains("▸") && $0.contains("○") }
            }
            terminal.type("l")
            try await terminal.see("mine") { $0.lines[0].contains("1 mine") && $0.contains("You locked ") }
            terminal.type("u")
            try await terminal.see("free again") { $0.lines[0].contains("0 mine") }
            try await terminal.quit()
        }

        @Test("conflict: asked for, refused by name, waited for, and had")
        func conflict() async throws {
            let terminal = try await demo("conflict")
            try await terminal.see("somebody took something") { $0.contains("took it") }
            terminal.type("gl")
            try await terminal.see("who has it, and the choices") {
                $0.hasBox("Conflict") && $0.contains("Holder ") && $0.contains("[Leave]")
                    && $0.contains("Wait and take") && $0.contains("Force…")
            }
            terminal.press(.right)
            try await terminal.see("the second button") { $0.contains("[Wait and take]") }
            terminal.press(.enter)
            try await terminal.see("it waits") { $0.hasNoBox && $0.lines.contains { $0.hasPrefix(" ▸w") } }
            try await terminal.see("it is mine, although two people quarrel about it", within: 120) {
                $0.lines[0].contains("1 mine") && $0.contains("you locked it")
            }
            terminal.type("3u")
            try await terminal.see("given back") { $0.lines[0].contains("0 mine") }
            try await terminal.quit()
        }

        @Test("abandoned: one question ends all that a person left behind, with a reason")
        func abandoned() async throws {
            let terminal = try await demo("abandoned")
            terminal.type("5")
            try await terminal.see("many old locks") { screen in screen.lines.count { $0.contains("d!") } > 8 }
            terminal.type("p")
            try await terminal.see("people") { $0.contains("PEOPLE") && $0.contains("Alice Ångström (alice)") }
            terminal.type("F")
            try await terminal.see("one question with all of it") {
                $0.hasBox("Force-unlock") && $0.contains("End these 4 locks?") && $0.contains("[Cancel]")
            }
            terminal.press(.up)
            terminal.type("on leave")
            try await terminal.see("the reason") { $0.contains("on leave") }
            terminal.press(.enter)
            terminal.press(.right)
            try await terminal.see("the button") { $0.contains("[Force unlock 4]") }
            terminal.press(.enter)
            try await terminal.see("what came of it", within: 60) {
                $0.hasBox("force-unlock: 4 of 4 done") && $0.contains("[Close]")
            }
            terminal.press(.enter)
            terminal.press(.escape)
            try await terminal.see("four fewer") { $0.hasNoBox && $0.lines[0].contains("11 stale") }
            try await terminal.quit()
        }

        @Test("storm: rows change all the time, and stand still while one looks")
        func storm() async throws {
            let terminal = try await demo("storm")
            terminal.type("E")
            try await terminal.see("a stream of events", within: 60) { screen in
                screen.lines.count { $0.contains("took it") || $0.contains("no longer has it") } > 8
            }
            terminal.type(".")
            try await terminal.see("paused") { $0.lines[0].contains("PAUSED") }
            try await terminal.filter("olga")
            try await terminal.see("one person's alone") { screen in
                let told = screen.lines.dropFirst(3).filter { $0.contains(" took it") || $0.contains("checked it") }
                return !told.isEmpty && told.allSatisfy { $0.contains("olga") }
            }
            terminal.press(.escape)
            terminal.press(.escape)
            terminal.type(".")
            try await terminal.see("on again") { !$0.lines[0].contains("PAUSED") && !$0.contains("EVENTS") }
            try await terminal.quit()
        }

        @Test("outage: rows stay, the alert says why and when next, and all is well again")
        func outage() async throws {
            let terminal = try await demo("outage")
            try await terminal.see("the server is gone, its rows are not", within: 60) {
                $0.lines.contains { $0.contains("next try") } && $0.contains("◆")
            }
            terminal.type("s")
            try await terminal.see("the server's page says so") { screen in
                screen.contains("LATENCY")
                    && screen.lines.contains { $0.hasPrefix(" ▸ intranet") && $0.contains(#/ \d\d:\d\d:\d\d /#) }
            }
            terminal.press(.escape)
            try await terminal.see("it answers again", within: 60) { screen in
                !screen.lines.contains { $0.contains("next try") } && screen.contains("◆")
            }
            try await terminal.quit()
        }
    }
}
