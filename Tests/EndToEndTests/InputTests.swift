// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("The dashboard: what comes in that nobody typed")
    struct InputTests {
        /// Bytes and the pauses between them.
        struct Input: Sendable, CustomTestStringConvertible {
            enum Step: Sendable { case bytes(String), pause(Int32), trickle(String, Int32) }
            let name: String
            let steps: [Step]
            let term: String
            init(_ name: String, _ steps: [Step], term: String = "xterm-256color") {
                self.name = name
                self.steps = steps
                self.term = term
            }
            var testDescription: String { name }
        }

        private static let e = "\u{1b}"

        static let inputs: [Input] = [
            Input("an arrow, cut behind Esc", [.bytes(e), .pause(60), .bytes("[C")]),
            Input("keys byte by byte", [.trickle("\(e)[C\(e)OC\(e)[D\(e)[C", 70)]),
            Input(
                "a name and a colour, late",
                [
                    .bytes("\(e)P>|mlterm(3.9.3)\(e)\\"), .pause(500), .bytes("\(e)]11;rgb:0000/0000/0000\u{7}"),
                    .pause(500), .bytes("\(e)P>|alacritty 0.1 luFcDa\(e)\\"),
                ]),
            Input("a name in two pieces", [.bytes("\(e)P>|tmux 3"), .pause(700), .bytes(".4 all\(e)\\")]),
            Input("a title byte by byte", [.trickle("\(e)]lall\(e)\\", 60)]),
            Input(
                "a paste without brackets", [.bytes("hello, please unlock all of it")], term: "vt220"),
            Input("a paste on a serial line", [.trickle("hello, please unlock all of it\r", 1)], term: "vt220"),
            Input("a burst that begins with keys that move", [.bytes("jkkjlluFcDa\r")], term: "vt220"),
            Input("a paste that pauses", [.bytes("\(e)[200~hello w"), .pause(900), .bytes("orld l\ra\(e)[201~")]),
            Input("Alt with a letter", [.bytes("\(e)l"), .pause(200), .bytes("\(e)c"), .pause(200), .bytes("\(e)a")]),
            Input("Alt in two pieces", [.bytes(e), .pause(50), .bytes("l")]),
            Input("keys that are let go", [.bytes("\(e)[108;1:3u\(e)[97;1:3u\(e)[113;1:3u")]),
            Input("answers, focus, old mouse", [.bytes("\(e)[?62;22c\(e)[I\(e)[M lq\(e)[O\(e)[?0u\(e)_Gi=1;OK\(e)\\")]),
        ]

        @Test("it changes nothing, and the next key works", arguments: EndToEndTests.InputTests.inputs)
        func changesNothing(input: Input) async throws {
            try await inOffice(top: ["poll: 60s"]) { office in
                try await office.server.lock(path: "/news/launch", as: "bob")
                let terminal = try await office.opened(["--no-clock"], changes: ["TERM": input.term])
                try await terminal.select("/news/agm")
                terminal.settle(milliseconds: 200)
                let table = Array(terminal.screen.lines.dropLast())
                for step in input.steps {
                    switch step {
                    case .bytes(let text): terminal.press(Array(text.utf8))
                    case .pause(let milliseconds): terminal.idle(milliseconds: milliseconds)
                    case .trickle(let text, let gap):
                        for byte in text.utf8 {
                            terminal.press([byte])
                            terminal.idle(milliseconds: gap)
                        }
                    }
                }
                // Longer than anything unfinished is waited for.
                terminal.idle(milliseconds: 400)
                terminal.settle(milliseconds: 100)
                let after = Array(terminal.screen.lines.dropLast())
                #expect(after == table)
                #expect(await office.changes == [])
                let place = try #require(terminal.screen.pointed)
                terminal.type("j")
                try await terminal.see("the next row", within: 2) { $0.pointed == place + 1 }
                try await terminal.quit()
            }
        }

        @Test("a paste onto the table is said to be no command")
        func pasteIsSaid() async throws {
            try await inOffice { office in
                let terminal = try await office.opened()
                terminal.press(Array("hello, please unlock all of it\r".utf8))
                try await terminal.see("the word") { $0.lines.last?.contains("is no command") ?? false }
                try await terminal.quit()
            }
        }

        @Test("Esc alone closes the help, without another key")
        func escape() async throws {
            try await inOffice { office in
                let terminal = try await office.opened()
                terminal.type("?")
                try await terminal.see("the help") { $0.contains("HELP") }
                terminal.press(.escape)
                try await terminal.see("the table") { !$0.contains("HELP") }
                try await terminal.quit()
            }
        }

        @Test("with kitty's keyboard protocol left on, arrows, Esc and q still work")
        func kitty() async throws {
            try await inOffice { office in
                let terminal = try await office.opened()
                try await terminal.select("/news/agm")
                let place = try #require(terminal.screen.pointed)
                terminal.press(Array("\u{1b}[1;1:1B\u{1b}[1;1:3B".utf8))
                try await terminal.see("the next row") { $0.pointed == place + 1 }
                terminal.press(Array("\u{1b}[63u".utf8))
                try await terminal.see("the help") { $0.contains("HELP") }
                terminal.press(Array("\u{1b}[27u\u{1b}[27;1:3u".utf8))
                try await terminal.see("the table") { !$0.contains("HELP") }
                terminal.press(Array("\u{1b}[113;1:1u".utf8))
                #expect(try await terminal.ending() == .code(0))
                terminal.expectRestored()
            }
        }

        @Test("what comes at once into the filter is typed there, and confirms nothing")
        func burstInLine() async throws {
            try await inOffice { office in
                let terminal = try await office.opened()
                terminal.type("/")
                try await terminal.see("the line") { $0.cursorVisible }
                terminal.press(Array("launch\r".utf8))
                try await terminal.see("one row, the line still open") {
                    $0.row("/news/launch") != nil && $0.row("/news/agm") == nil && $0.cursorVisible
                }
                terminal.press(.escape)
                try await terminal.see("all rows") { $0.row("/news/agm") != nil }
                try await terminal.quit()
            }
        }
    }
}
