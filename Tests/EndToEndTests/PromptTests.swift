// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("Questions on a terminal: signals")
    struct PromptTests {
        private func asking(_ office: Office) async throws -> PseudoTerminal {
            let text = String(decoding: try Data(contentsOf: URL(filePath: office.configuration)), as: UTF8.self)
            try Office.write(
                text.replacing(", password_env: \(Office.variable)", with: ""), to: office.configuration)
            let terminal = try PseudoTerminal(
                program: try builtProgram("locktop"),
                arguments: ["login", "--config", office.configuration, "intranet"],
                environment: office.environment)
            try await terminal.see("the question") { $0.contains("Password of mona on intranet:") }
            return terminal
        }

        @Test(
            "one signal at the password ends it with the signal's status, and the terminal echoes again",
            arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
        func signal(number: Int32) async throws {
            try await inOffice { office in
                let terminal = try await asking(office)
                terminal.type("half a pass")
                terminal.send(signal: number)
                let status = try await terminal.ending(within: 5)
                #expect(status.shellStatus == 128 + number)
                #expect(terminal.isRestored)
                #expect(!terminal.screen.contains("half"))
            }
        }

        @Test("^C and ^\\ are keys at the password: one ends it", arguments: [("\u{3}", SIGINT), ("\u{1c}", SIGQUIT)])
        func key(key: String, number: Int32) async throws {
            try await inOffice { office in
                let terminal = try await asking(office)
                terminal.type(key)
                let status = try await terminal.ending(within: 5)
                #expect(status.shellStatus == 128 + number)
                #expect(terminal.isRestored)
            }
        }

        @Test("many signals at once leave the terminal as whole as one")
        func many() async throws {
            try await inOffice { office in
                for _ in 0..<10 {
                    let terminal = try await asking(office)
                    for number in [SIGTERM, SIGINT, SIGTERM, SIGINT, SIGHUP] { terminal.send(signal: number) }
                    let status = try await terminal.ending(within: 5)
                    #expect(status.shellStatus > 128)
                    #expect(terminal.isRestored)
                }
            }
        }

        @Test("^Z does nothing at the password, which is read and not shown")
        func password() async throws {
            try await inOffice { office in
                let terminal = try await asking(office)
                terminal.type("\u{1a}")
                terminal.type(Office.password + "\r")
                #expect(try await terminal.ending() == .code(0))
                #expect(terminal.screen.contains("Signed in on intranet as mona."))
                #expect(!terminal.screen.contains(Office.password))
                #expect(terminal.isRestored)
            }
        }

        @Test("one ^C or TERM at a question ends it, and nothing is done", arguments: [SIGINT, SIGTERM])
        func question(number: Int32) async throws {
            try await inOffice { office in
                try await office.server.lock(path: "/news/agm", as: "bob")
                let terminal = try PseudoTerminal(
                    program: try builtProgram("locktop"),
                    arguments: ["unlock", "--config", office.configuration, "--force", "/news/agm"],
                    environment: office.environment)
                try await terminal.see("the question") { $0.contains("go on:") }
                if number == SIGINT { terminal.type("\u{3}") } else { terminal.send(signal: number) }
                let status = try await terminal.ending(within: 5)
                #expect(status.shellStatus == 128 + number)
                #expect(terminal.isRestored)
                #expect(await office.changes == [])
            }
        }
    }
}
