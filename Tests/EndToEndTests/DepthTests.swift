// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    /// What comes out for terminals of 256, 16, 8 and no colours: of each colour only the sequences that its terminal
    /// has, and of all of them only those that the theme wants.
    @Suite("As many colours as the terminal has")
    struct DepthTests {
        /// Of xterm with sixteen colours, which no package of the base system describes.
        private static let sixteen = """
            xterm-of-16|xterm with 16 colours, colors#16, pairs#256,
            \tsetab=\\E[%?%p1%{8}%<%t%p1%{40}%+%e%p1%{92}%+%;%dm,
            \tsetaf=\\E[%?%p1%{8}%<%t%p1%{30}%+%e%p1%{82}%+%;%dm, use=xterm-256color,

            """

        /// The numbers that set colours, each in the form in which it came: `32`, `92`, `38;5;130`.
        private func colors(_ bytes: [UInt8]) -> Set<String> {
            var found: Set<String> = []
            for sequence in String(decoding: bytes, as: UTF8.self).matches(of: /\u{1b}\[([0-9;]*)m/) {
                var numbers = sequence.output.1.split(separator: ";").compactMap { Int($0) }[...]
                while let first = numbers.popFirst() {
                    if first == 38 || first == 48 {
                        found.insert(([first] + numbers.prefix(2)).map(String.init).joined(separator: ";"))
                        numbers = numbers.dropFirst(2)
                    } else if (30...49).contains(first) || first >= 90 {
                        found.insert(String(first))
                    }
                }
            }
            return found.subtracting(["39", "49"])
        }

        @Test(
            "each terminal gets the colours that it has, and no others",
            arguments: [
                ("xterm-256color", "dark", ["32", "33"]), ("xterm-256color", "light", ["38;5;22", "38;5;25"]),
                ("screen-256color", "dark", ["32", "33"]), ("screen-256color", "light", ["38;5;22", "38;5;25"]),
                ("xterm-of-16", "dark", ["32", "33"]), ("xterm-of-16", "light", ["32", "34"]),
                ("linux", "dark", ["32", "33"]), ("linux", "light", ["32", "34"]),
                ("linux", "high-contrast", ["30", "42", "43"]), ("xterm-256color", "mono", []),
                ("vt100", "dark", []), ("vt100", "high-contrast", []),
            ])
        func depth(term: String, theme: String, wanted: [String]) async throws {
            try await inBusyOffice { office in
                var changes = ["TERM": term]
                if term == "xterm-of-16" {
                    try Office.write(Self.sixteen, to: office.home + "/sixteen.ti")
                    let made = try await Program.run(
                        "/usr/bin/tic", ["-x", "-o", office.home + "/terminfo", office.home + "/sixteen.ti"])
                    #expect(made.status == 0, "\(made)")
                    changes["TERMINFO"] = office.home + "/terminfo"
                }
                try await office.server.lock(path: "/news/agm", as: "mona")
                try await office.server.lock(path: "/news/launch", as: "bob")
                let terminal = try await office.opened(["--theme", theme], changes: changes)
                try await terminal.see("mine and another's") { screen in
                    screen.row("/news/agm")?.contains("you") ?? false
                        && screen.row("/news/launch")?.contains("bob") ?? false
                }
                #expect(colors(terminal.rawBytes) == Set(wanted), "\(terminal.screen.text)")
                terminal.type("q")
                #expect(try await terminal.ending() == .code(0))
                #expect(terminal.isRestored)
            }
        }

        @Test("NO_COLOR and --no-color go before any theme", arguments: [true, false])
        func none(byEnvironment: Bool) async throws {
            try await inBusyOffice { office in
                try await office.server.lock(path: "/news/launch", as: "bob")
                let terminal = try await office.opened(
                    ["--theme", "high-contrast"] + (byEnvironment ? [] : ["--no-color"]),
                    changes: byEnvironment ? ["NO_COLOR": "1"] : [:])
                try await terminal.see("another's") { $0.row("/news/launch")?.contains("bob") ?? false }
                #expect(colors(terminal.rawBytes) == [])
                try await terminal.quit()
            }
        }
    }
}
