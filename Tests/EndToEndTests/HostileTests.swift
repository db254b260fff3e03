// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("The dashboard: hostile text")
    struct HostileTests {
        static let payloads: [String] =
            [
                "\u{1b}]0;owned\u{07}", "\u{1b}]52;c;b3duZWQ=\u{07}", "\u{1b}]8;;http://evil\u{1b}\\link",
                "\u{1b}P+q544e\u{1b}\\",
                "\u{1b}_apc\u{1b}\\", "\u{1b}[2J", "\u{1b}[10A", "\u{1b}[6n", "\u{1b}c", "\u{1b}]0;never ends",
                "\u{9b}2J", "\u{9d}0;x\u{9c}",
                "\u{90}x\u{9c}", "\u{85}next", "a\rb", "a\u{8}\u{8}b", "a\tb", "a\nb", "\u{2028}x\u{2029}",
                "\u{202e}gnp.txt", "\u{2066}x\u{2069}",
                "\u{200b}\u{200d}\u{feff}zero", "\u{e0041}tag", "e" + String(repeating: "\u{301}", count: 100),
                "\u{7f}del", "\u{0}nul",
                "\u{1b}[31mred", "\u{1b}[?1049l", "\u{1b}[?1000l", "\u{1b}(0lqk", "\u{0e}shift", "wide 契約 🔒 👩‍👩‍👧",
                String(repeating: "long", count: 4_000),
            ] + (0..<0x20).map { "c0-\(Character(Unicode.Scalar(UInt8($0))))-x" }
            + (0x80..<0xa0).compactMap { Unicode.Scalar($0).map { "c1-\(Character($0))-x" } }

        @Test(
            "titles and holders full of sequences: none reaches the terminal, and columns stay aligned",
            arguments: [Sizes.small, Sizes.large])
        func titles(size: Size) async throws {
            try await inOffice { office in
                for (number, payload) in Self.payloads.enumerated() {
                    let path = "/news/evil-\(number)"
                    try await office.server.add(path: path, title: payload)
                    let name = "p\(number)\(payload.prefix(40))"
                    try await office.server.perform(
                        .addAccount(
                            DemoAccount(name: name, password: "x", fullName: payload, roles: ["Member", "Editor"])))
                    try await office.server.lock(path: path, as: name, age: 120)
                }
                let terminal = try await office.opened(size: size)
                try await terminal.see("the evil ones are read") { $0.contains("/news/evil-") }
                for keys in ["\r", "\u{1b}", "F", "\u{1b}", "l", "\u{1b}", "E", "E"] {
                    terminal.type(keys)
                    terminal.settle(milliseconds: 60)
                }
                let count = (Self.payloads.count + 7)
                for place in 0..<count {
                    terminal.press(.down)
                    if place % 6 == 0 {
                        terminal.type("\r")
                        terminal.settle(milliseconds: 30)
                        terminal.type("\u{1b}")
                    }
                    terminal.settle(milliseconds: 15)
                    expectHarmless(terminal)
                    expectAligned(terminal.screen)
                }
                terminal.press(.escape)
                try await terminal.quit()
            }
        }

        private func expectHarmless(_ terminal: PseudoTerminal) {
            #expect(terminal.screen.unknownSequences == [])
            #expect(terminal.screen.oscCount + terminal.screen.dcsCount + terminal.screen.bellCount == 0)
            #expect(terminal.screen.isAlternate && terminal.screen.mouseOn)
        }

        // The heading tells where the columns begin; before each there is a blank in every row of the table.
        private func expectAligned(_ screen: VirtualScreen) {
            guard let heading = screen.lines.firstIndex(where: { $0.contains("ITEM") && $0.contains("HOLDER") }) else {
                return
            }
            guard let column = screen.column(of: "HOLDER", row: heading) else { return }
            for row in (heading + 1)..<screen.size.rows {
                guard screen.cell(at: Position(column: 5, row: row)).text == "/",
                    screen.cell(at: Position(column: 3, row: row)).text != " "
                else { continue }
                #expect(screen.cell(at: Position(column: column - 1, row: row)).text == " ", "\(screen.lines[row])")
            }
        }

        @Test("hostile words in an error of the server are shown cleaned")
        func errors() async throws {
            try await inOffice { office in
                let stub = try StubServer(
                    answer:
                        "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 77\r\n"
                        + "Connection: close\r\n\r\n{\"type\":\"X\",\"message\":\"\\u001b]0;x\\u0007\\u009b2J\\u202e\\u0085\\u200b evil evil\"}"
                )
                try Office.write(
                    office.text(of: "config.yaml").replacing(
                        office.server.address, with: "http://127.0.0.1:\(stub.port)"),
                    to: office.configuration)
                let terminal = try office.dashboard()
                try await terminal.see("the alert") { $0.contains("intranet") && $0.contains("next try") }
                expectHarmless(terminal)
                try await terminal.quit()
            }
        }
    }
}
