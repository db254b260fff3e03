// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("The dashboard: looking")
    struct LookingTests {
        private func furnish(_ office: Office) async throws {
            try await office.server.lock(path: "/news/launch", as: "bob", timeout: 172_800, age: 58_000)
            try await office.server.lock(path: "/news/brochure", as: "alice", timeout: 7_600, age: 65)
            try await office.server.lock(path: "/legal/terms", as: "mona", timeout: 7_600, age: 65)
            try await office.server.perform(.checkOut(path: "/news/agm", by: "joao"))
        }

        struct Look: Sendable, CustomTestStringConvertible {
            var name: String
            var size = Sizes.small
            var arguments: [String] = []
            var changes: [String: String] = [:]
            var testDescription: String { name }
        }

        static let looks = [
            Look(name: "80x24"), Look(name: "200x50", size: Sizes.large),
            Look(name: "40x10", size: Size(columns: 40, rows: 10)),
            Look(name: "120x30", size: Size(columns: 120, rows: 30)), Look(name: "ascii", arguments: ["--ascii"]),
            Look(name: "c-locale", changes: ["LC_ALL": "C"]), Look(name: "accessible", arguments: ["--accessible"]),
            Look(name: "low-bandwidth", arguments: ["--low-bandwidth"]),
            Look(name: "no-color", changes: ["NO_COLOR": "1"]),
        ]

        @Test("the first frame in each size and way of drawing", arguments: looks)
        func firstFrame(look: Look) async throws {
            try await inOffice { office in
                try await furnish(office)
                let terminal = try await office.opened(
                    ["--no-clock"] + look.arguments, size: look.size, changes: look.changes)
                try await terminal.see("all is read") { screen in
                    let isBusy = ["listing", "connecting"].contains { screen.lines[0].contains($0) }
                    return !isBusy && (screen.row("/news/launch")?.contains("bob") ?? false)
                }
                // The rest of that frame may still be on its way.
                terminal.settle(milliseconds: 100)
                let text = terminal.screen.text.replacing(/\d\d:\d\d/, with: "hh:mm")
                try Golden.check(text + "\n", named: "Frames/\(look.name)")
                #expect(terminal.screen.oscCount + terminal.screen.dcsCount + terminal.screen.bellCount == 0)
                #expect(terminal.screen.unknownSequences == [])
                if look.name == "ascii" || look.name == "c-locale" {
                    #expect(!terminal.rawBytes.contains { $0 >= 0x80 })
                }
                if look.name == "no-color" {
                    let colours = terminal.screen.grid.joined().filter {
                        $0.style.foreground != .standard || $0.style.background != .standard
                    }
                    #expect(colours.isEmpty)
                    let raw = String(decoding: terminal.rawBytes, as: UTF8.self)
                    #expect(raw.firstMatch(of: /\u{1b}\[[0-9;]*[34][0-7][;m]/) == nil)
                }
                try await terminal.quit()
            }
        }

        @Test("cursor keys, pages, ends: one row is the selected one")
        func cursor() async throws {
            try await inOffice(DemoOptions(documents: 60, people: false)) { office in
                let terminal = try PseudoTerminal(
                    program: try builtProgram("locktop"), arguments: ["watch", "--config", office.configuration],
                    environment: office.environment, directory: office.home)
                try await terminal.see("the table") { $0.lines.filter { $0.contains("○") }.count > 10 }
                func pointed() -> Int? { terminal.screen.lines.firstIndex { $0.contains("▸") } }
                let top = try #require(pointed())
                for (keys, distance) in [("j", 1), ("j", 2), ("k", 1), ("g", 0)] {
                    terminal.type(keys)
                    try await terminal.see("\(keys)") { _ in pointed() == top + distance }
                }
                terminal.press(.down)
                try await terminal.see("down") { _ in pointed() == top + 1 }
                terminal.press(.up)
                try await terminal.see("up") { _ in pointed() == top }
                let first = terminal.screen.lines[top]
                for (there, back) in [
                    (Key.end, Key.home), (.character("G"), .character("g")), (.pageDown, .pageUp),
                    (.control("d"), .control("u")),
                ] {
                    terminal.press(there)
                    try await terminal.see("\(there)") { _ in pointed() != top }
                    terminal.press(back)
                    try await terminal.see("\(back)") { $0.lines[top] == first }
                }
                #expect(terminal.screen.lines.filter { $0.contains("▸") }.count == 1)
                try await terminal.quit()
            }
        }

        @Test("the six views show what they say")
        func views() async throws {
            try await inOffice { office in
                try await furnish(office)
                let terminal = try await office.opened()
                let expected: [(String, shown: String, hidden: String)] = [
                    ("2", "/news/launch", "/news/autumn"), ("3", "/legal/terms", "/news/launch"),
                    ("4", "/news/brochure", "/legal/terms"), ("5", "/news/launch", "/news/brochure"),
                ]
                for (key, shown, hidden) in expected {
                    terminal.type(key)
                    try await terminal.see("view \(key)") { $0.row(shown) != nil && $0.row(hidden) == nil }
                }
                terminal.type("6")
                try await terminal.see("view 6") { $0.contains("No conflicts since the start.") }
                terminal.type("1")
                try await terminal.see("view 1") { $0.row("/news/autumn") != nil }
                terminal.press(.tab)
                try await terminal.see("the next view") {
                    $0.row("/news/autumn") == nil && $0.row("/news/launch") != nil
                }
                terminal.press(.backTab)
                try await terminal.see("back") { $0.row("/news/autumn") != nil }
                try await terminal.quit()
            }
        }

        @Test("the filter works while it is typed; Enter keeps it, Esc goes back to the one before")
        func filter() async throws {
            try await inOffice { office in
                try await furnish(office)
                let terminal = try await office.opened()
                terminal.type("/launch")
                try await terminal.see("one row") { $0.row("/news/launch") != nil && $0.row("/news/agm") == nil }
                terminal.press(.enter)
                try await terminal.see("the line is closed") { !$0.cursorVisible }
                terminal.type("/")
                try await terminal.see("the line again") { $0.contains("Enter keeps the filter") }
                terminal.press(.control("u"))
                try await terminal.see("an empty line") { !$0.lines[1].contains("launch") }
                terminal.type("state:held path:/legal")
                try await terminal.see("another row") { $0.row("/legal/terms") != nil && $0.row("/news/launch") == nil }
                terminal.press(.escape)
                try await terminal.see("the filter before") {
                    $0.row("/news/launch") != nil && $0.row("/legal/terms") == nil
                }
                terminal.press(.escape)
                try await terminal.see("no filter") {
                    $0.row("/legal/contract") != nil && $0.row("/news/launch") != nil
                }
                terminal.type("/holder:nobody-at-all")
                try await terminal.see("nothing, and why") { $0.contains("Nothing matches the filter.") }
                terminal.press(.escape)
                terminal.type("/quick q l u F")
                try await terminal.see("letters are letters in a filter") { $0.contains("quick q l u F") }
                #expect(await office.changes == [])
                terminal.press(.escape)
                try await terminal.see("closed") { $0.row("/legal/contract") != nil }
                try await terminal.quit()
            }
        }

        @Test("sorting by the next column, and the other way round")
        func sorting() async throws {
            try await inOffice { office in
                try await furnish(office)
                let terminal = try await office.opened()
                func order() -> [String] {
                    terminal.screen.lines.dropFirst(3).compactMap {
                        $0.firstMatch(of: /\/(news|legal)\/\S+/).map { String($0.output.0) }
                    }
                }
                let before = order()
                terminal.type("O")
                try await terminal.see("the other way round") { _ in order() == Array(before.reversed()) }
                terminal.type("Oo")
                try await terminal.see("by another column") { $0.contains("Sorted by") }
                try await terminal.quit()
            }
        }

        @Test("details, events, servers and help open, scroll and close")
        func pages() async throws {
            try await inBusyOffice { office in
                try await furnish(office)
                let terminal = try await office.opened()
                try await terminal.select("/news/launch")
                terminal.press(.enter)
                try await terminal.see("the details") { $0.contains("DETAILS") && $0.contains("Bob Builder (bob)") }
                terminal.press(.escape)
                try await terminal.see("closed") { !$0.contains("DETAILS") }
                try await office.server.lock(path: "/news/autumn", as: "yuki")
                try await terminal.see("the event in the strip") { screen in
                    screen.lines.contains { $0.contains("/news/autumn") && $0.contains("yuki") && $0.contains(":") }
                }
                terminal.type("E")
                try await terminal.see("all events") {
                    $0.contains("EVENTS, newest first") && $0.contains("/news/autumn")
                }
                terminal.type("Ee")
                try await terminal.see("the strip is hidden") { screen in
                    !screen.lines.contains {
                        $0.contains("/news/autumn") && $0.contains(":") && $0.contains("yuki") && !$0.contains("○")
                            && !$0.contains("◆")
                    }
                }
                terminal.type("s")
                try await terminal.see("the servers") { $0.contains("SERVERS") && $0.contains("answers") }
                terminal.press(.enter)
                try await terminal.see("one whole") { $0.contains("SERVER ") && $0.contains("Mona Manager (mona)") }
                terminal.type("?")
                try await terminal.see("the help") { $0.contains("HELP") && $0.contains("Lock the item.") }
                terminal.press(.end)
                try await terminal.see("its end") { $0.contains("marked") }
                terminal.press(.escape)
                try await terminal.see("the server again") { $0.contains("SERVER ") && !$0.contains("HELP") }
                terminal.press(.escape)
                try await terminal.see("the servers again") { $0.contains("SERVERS") }
                terminal.press(.escape)
                try await terminal.see("the table") { $0.row("/news/launch") != nil && !$0.contains("HELP") }
                try await terminal.quit()
            }
        }

        @Test("pause stops reading, the poll interval changes, and the terminal's clipboard is asked to copy")
        func reading() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                terminal.type(".")
                try await terminal.see("paused") { $0.contains("PAUSED") }
                try await office.server.lock(path: "/news/agm", as: "bob")
                terminal.type(".")
                try await terminal.see("read at once") { $0.row("/news/agm")?.contains("bob") ?? false }
                terminal.type("+")
                try await terminal.see("slower") { $0.contains("Reading every 2s") }
                terminal.type("-")
                try await terminal.see("faster") { $0.contains("Reading every 1s") }
                try await terminal.select("/news/agm")
                terminal.type("y")
                try await terminal.see("the clipboard is asked") { $0.oscCount == 1 }
                #expect(terminal.screen.lastOSC == "52;c;L25ld3MvYWdt")
                try await terminal.quit()
            }
        }

        @Test("the mouse selects, scrolls, clicks tabs and headings")
        func mouse() async throws {
            try await inOffice { office in
                try await furnish(office)
                let terminal = try await office.opened()
                let row = try #require(terminal.screen.lines.firstIndex { $0.contains("/news/launch") })
                terminal.press(.mouse(Mouse(position: Position(column: 10, row: row), kind: .press)))
                try await terminal.see("selected") { $0.isSelected("/news/launch") }
                let column = try #require(terminal.screen.column(of: "[3", row: 1))
                terminal.press(.mouse(Mouse(position: Position(column: column + 1, row: 1), kind: .press)))
                try await terminal.see("my own") { $0.row("/news/launch") == nil && $0.row("/legal/terms") != nil }
                try await terminal.quit()
            }
        }
    }
}
