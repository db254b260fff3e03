// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("The dashboard: a monkey at the keys")
    struct MonkeyTests {
        // Keys by their chance; Enter after an arrow could confirm a question rightly, so the sober monkey never presses it in a box.
        private static let letters = Array("jkgGnNoOaALlruFciDwWKZeEs?R.+-yY123456/ \t")
        private static let sequences = [
            "\u{1b}OA", "\u{1b}OB", "\u{1b}[5~", "\u{1b}[6~", "\u{1b}", "\u{1b}[", "\u{1b}[<0;10;5M", "\u{1b}[<64;3;3M",
            "\u{1b}[<0;9", "\u{1b}O",
            "\u{1b}[200~pasted\rtext\u{1b}[201~", "\u{1b}[200~never ended", "\u{1b}[201~", "\u{4}", "\u{15}", "\u{c}",
            "\u{12}", "\u{7f}",
            "é", "契", "\u{1b}[99;99R", "\u{1b}[1;5C", "\u{1b}]11;rgb:0/0/0\u{1b}\\",
        ]

        private func press(_ count: Int, seed: UInt64, on terminal: PseudoTerminal, withEnter: Bool) async throws {
            var dice = Dice(seed: seed)
            var pressed = 0
            while pressed < count {
                // Out of a paste that never ended, or the rest would be part of it.
                terminal.press(Array("\u{1b}[201~".utf8))
                for _ in 0..<17 {
                    var text = ""
                    // More at once is no typing, and commands nothing.
                    for _ in 0..<3 {
                        switch dice.below(20) {
                        case 0..<14: text.append(Self.letters[dice.below(Self.letters.count)])
                        case 14..<17: text += Self.sequences[dice.below(Self.sequences.count)]
                        case 17 where withEnter: text += "\r"
                        default: text += "\u{1b}OB"
                        }
                    }
                    terminal.press(Array(text.utf8))
                    terminal.idle(milliseconds: 6)
                    pressed += 3
                }
                if dice.below(20) == 0 {
                    terminal.resize(Size(columns: 1 + dice.below(150), rows: 1 + dice.below(60)))
                }
            }
            terminal.resize(Sizes.small)
            // Out of whatever is open, and out of a paste that never ended.
            terminal.type("\u{1b}[201~")
            try await terminal.see("it is still there", within: 60) { _ in
                terminal.press(.escape)
                terminal.settle(milliseconds: 160)
                return terminal.screen.lines[0].contains("locktop") && terminal.screen.hasNoBox
            }
            #expect(terminal.screen.unknownSequences == [])
            #expect(terminal.screen.dcsCount + terminal.screen.bellCount == 0)
        }

        private func leave(_ terminal: PseudoTerminal) async throws {
            for _ in 0..<20 {
                terminal.press(.escape)
                terminal.settle(milliseconds: 60)
            }
            // A box that opened by itself, perhaps only now, takes keys once the keyboard has been still.
            repeat {
                while !terminal.screen.hasNoBox {
                    try await terminal.see("a box that takes keys, or none") {
                        $0.hasNoBox || ["[Leave]", "[Close]", "[Cancel]"].contains(where: $0.contains)
                    }
                    terminal.press(.escape)
                    terminal.settle(milliseconds: 60)
                }
                terminal.type("q")
                terminal.settle(milliseconds: 300)
            } while !terminal.screen.hasNoBox && !terminal.screen.contains("Leave locktop?")
            // It asks when a lock is kept or something is under way.
            if terminal.screen.contains("Leave locktop?") {
                try await terminal.see("it takes keys") { $0.contains("[Cancel]") }
                terminal.press(.right)
                terminal.press(.enter)
            }
            do {
                #expect(try await terminal.ending() == .code(0))
            } catch {
                Issue.record("It did not leave:\n\(terminal.screen.text)")
                throw error
            }
            terminal.expectRestored()
        }

        @Test("in read-only mode 10,000 keys change nothing and break nothing")
        func readOnly() async throws {
            try await inBusyOffice { office in
                try await office.server.lock(path: "/news/launch", as: "bob")
                let terminal = try await office.opened(["--read-only"])
                try await press(10_000, seed: 1, on: terminal, withEnter: true)
                #expect(await office.changes == [])
                try await leave(terminal)
            }
        }

        @Test("without Enter no question is ever answered: 10,000 keys take nothing from anybody")
        func withoutEnter() async throws {
            try await inBusyOffice { office in
                for path in ["/news/launch", "/news/agm", "/news/autumn"] {
                    try await office.server.lock(path: path, as: "bob")
                }
                try await office.server.perform(.checkOut(path: "/news/brochure", by: "joao"))
                let terminal = try await office.opened()
                try await press(10_000, seed: 2, on: terminal, withEnter: false)
                try await leave(terminal)
                let rows = try await office.run("ls", "--json", "--config", office.configuration)
                for name in ["launch", "agm", "autumn"] {
                    #expect(rows.output.contains("/news/\(name)\""))
                }
                let held = try await office.run("ls", "--holder", "bob", "--columns", "item")
                #expect(held.lines.count == 4, "\(held)")
                #expect(
                    try await office.run("ls", "--holder", "joao", "--columns", "item").lines.contains("/news/brochure")
                )
            }
        }
    }
}
