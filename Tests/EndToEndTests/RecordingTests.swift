// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("Recordings, played back")
    struct RecordingTests {
        /// Records a morning: Alice and Bob lock and release, Mona is refused once. Then reading is paused, so that
        /// nothing moves while two screens are compared.
        private func record(
            _ words: [String] = [], in office: Office, size: Size = Sizes.small,
            looking: (PseudoTerminal) async throws -> Void = { _ in }
        ) async throws -> VirtualScreen {
            let live = try await office.opened(["--record", "morning.ndjson"] + words, size: size)
            try await office.server.lock(path: "/news/agm", as: "alice")
            try await live.see("alice has it") { $0.row("/news/agm")?.contains("alice") ?? false }
            try await office.server.lock(path: "/news/launch", as: "bob", timeout: 86_400, age: 57_700)
            try await live.see("bob has it") { $0.row("/news/launch")?.contains("bob") ?? false }
            try await office.server.unlock(path: "/news/agm")
            try await live.see("released") { $0.row("/news/agm")?.contains("○") ?? false }
            live.type("gl")
            try await live.see("refused") { $0.hasBox("Conflict") && $0.contains("[Leave]") }
            live.press(.escape)
            try await live.see("left at that") { $0.hasNoBox }
            try await looking(live)
            live.type(".")
            try await live.see("paused") { $0.lines[0].contains("PAUSED") }
            // The mark of what has just changed goes by itself.
            try await live.see("nothing is new any more") { screen in
                screen.lines.indices.dropFirst(3).allSatisfy { row in
                    let styles = [3, 5].map { screen.cell(at: Position(column: $0, row: row)).style.isReversed }
                    return styles[0] == styles[1]
                }
            }
            live.settle(milliseconds: 300)
            let screen = live.screen
            live.type("q")
            #expect(try await live.ending() == .code(0))
            return screen
        }

        // A blank that is bold looks as one that is not, and curses takes the one for the other.
        private func seen(_ screen: VirtualScreen) -> [[String]] {
            screen.grid.dropLast().map { row in
                row.map { $0.text == " " && !$0.style.isReversed ? " " : "\($0.text) \($0.style)" }
            }
        }

        /// Plays a file in a home without a configuration.
        private func play(
            _ file: String, in office: Office, _ words: [String] = [], size: Size = Sizes.small
        ) async throws -> PseudoTerminal {
            let terminal = try PseudoTerminal(
                program: try builtProgram("locktop"), arguments: ["replay", file] + words,
                environment: [
                    "HOME": office.home + "/nobody", "PATH": "/usr/bin:/bin", "TERM": "xterm-256color",
                    "LC_ALL": "C.UTF-8", "TZ": "UTC",
                ], size: size, directory: office.home)
            try await terminal.see("the playing") { $0.contains("PLAYING") || $0.contains("THE END") }
            return terminal
        }

        @Test("the last screen is the recorded one, and no request is sent", arguments: [Sizes.small, Sizes.large])
        func lastScreen(size: Size) async throws {
            try await inBusyOffice { office in
                let live = try await record(in: office, size: size)
                let requests = await office.server.requestCount
                let replay = try await play("morning.ndjson", in: office, size: size)
                replay.press(.end)
                try await replay.see("the end") { $0.contains("THE END") }
                replay.settle(milliseconds: 300)
                // The footer tells of the playing.
                #expect(Array(replay.screen.grid.dropLast()) == Array(live.grid.dropLast()), "\(replay.screen.text)")
                try await replay.quit()
                #expect(await office.server.requestCount == requests)
            }
        }

        @Test(
            "other columns, groups, a view and an order are played as they were seen; groups fold while it is watched")
        func outlook() async throws {
            try await inBusyOffice(top: ["views: {press: \"path:/news\"}"]) { office in
                let live = try await record(in: office) { live in
                    live.type("|")
                    try await live.see("the columns") { $0.contains("COLUMNS") && $0.contains("yes   kind") }
                    live.type("jj >")
                    try await live.see("without the kind") { $0.contains("-     kind") }
                    live.press(.enter)
                    try await live.see("the table without it") { !$0.contains("KIND") && $0.contains("HOLDER") }
                    live.type("7b")
                    try await live.see("the saved view, under headings") {
                        $0.row("bob")?.contains("oldest") ?? false
                    }
                    live.type("oOg")
                    try await live.see("another order") { $0.contains("Sorted by") || $0.contains("ITEM▼") }
                }
                let replay = try await play("morning.ndjson", in: office)
                replay.press(.end)
                try await replay.see("the end") { $0.contains("THE END") && $0.contains("7 press") }
                replay.settle(milliseconds: 300)
                #expect(Array(replay.screen.lines.dropLast()) == Array(live.lines.dropLast()))
                #expect(seen(replay.screen) == seen(live), "\(replay.screen.text)")
                let rows = replay.screen.lines.count { $0.contains("/news/") && !$0.contains(":") }
                replay.press(.left)
                try await replay.see("the group folded") { screen in
                    screen.lines.count { $0.contains("/news/") && !$0.contains(":") } < rows
                }
                replay.press(.right)
                try await replay.see("and shown again") { screen in
                    screen.lines.count { $0.contains("/news/") && !$0.contains(":") } == rows
                }
                #expect(replay.screen.contains("THE END"))
                replay.press(.home)
                try await replay.see("the start") { $0.contains("0 items") }
                replay.type(">")
                try await replay.see("a line further") { $0.contains("PAUSED ") }
                try await replay.quit()
            }
        }

        @Test("its events are those that the store has of that session")
        func events() async throws {
            try await inBusyOffice { office in
                _ = try await record(in: office)
                // An object a line, with brackets and commas around them.
                let stored = try await office.run("history", "--json").lines
                    .map { $0.trimmingPrefix(/[ \[]+/).replacing(/[\],]$/, with: "") }
                    .filter { $0.contains("\"event\":") }
                let told = try await Program.run(
                    try builtProgram("locktop"), ["events", "--from", "morning.ndjson", "--json"],
                    environment: ["HOME": office.home + "/nobody"], directory: office.home)
                #expect(told.status == 0 && told.errors == "", "\(told)")
                #expect(told.lines.count >= 4)
                // The store never knows a token, which the screen does.
                let lines = told.lines.map { $0.replacing("\"tokenKnown\":true", with: "\"tokenKnown\":false") }
                #expect(lines == stored.map(String.init))
            }
        }

        @Test("Space pauses, Right steps, n goes to the conflict, Home to the start, + and - change the speed")
        func keys() async throws {
            try await inBusyOffice { office in
                _ = try await record(in: office)
                let replay = try await play("morning.ndjson", in: office)
                replay.type(" ")
                try await replay.see("paused") { $0.contains("PAUSED") }
                replay.press(.home)
                try await replay.see("the start, before any answer") {
                    $0.contains("PAUSED 0/") && $0.contains("0 items") && $0.row("/news/agm") == nil
                }
                replay.press(.right)
                try await replay.see("the first line") { $0.contains("PAUSED 1/") }
                for _ in 0..<40 where !(replay.screen.row("/news/agm")?.contains("alice") ?? false) {
                    let line = replay.screen.lines.last
                    replay.press(.right)
                    try await replay.see("a line further") { $0.lines.last != line }
                }
                #expect(replay.screen.row("/news/agm")?.contains("alice") ?? false, "\(replay.screen.text)")
                replay.type("n")
                try await replay.see("the conflict, with the cursor on it") { $0.isSelected("/news/launch") }
                #expect(replay.screen.contains("PAUSED") && replay.screen.hasNoBox)
                #expect(replay.screen.contains("conflict: you asked, bob has it"), "\(replay.screen.text)")
                replay.type("++ ")
                try await replay.see("on, four times as fast, to the end") {
                    $0.contains("PLAYING 4x") || $0.contains("THE END 4x")
                }
                try await replay.see("the end") { $0.contains("THE END") && $0.contains("The recording ends here.") }
                replay.type("-")
                try await replay.see("half as fast") { $0.contains("THE END 2x") }
                try await replay.quit()
            }
        }

        private func expectRefusal(of key: String, on replay: PseudoTerminal) async throws {
            replay.type("A")
            try await replay.see("nothing is said before \(key)") { !$0.contains("nothing is sent") }
            replay.type(key)
            if key.hasPrefix(":") {
                try await replay.see("the line") { $0.contains(key) }
                replay.press(.enter)
            }
            try await replay.see("\(key) is refused") { $0.contains("This is a recording: nothing is sent.") }
            #expect(replay.screen.hasNoBox)
        }

        @Test("all that only looks works; every operation is refused in words")
        func looking() async throws {
            try await inBusyOffice { office in
                _ = try await record(in: office)
                let changes = await office.changes.count
                let replay = try await play("morning.ndjson", in: office)
                replay.press(.end)
                try await replay.see("the end") { $0.contains("THE END") }
                for key in ["l", "L", "r", "u", "F", "c", "i", "D", "w", "K", "Z", "R", "."] {
                    try await expectRefusal(of: key, on: replay)
                }
                for command in [":lock", ":poll 10s"] { try await expectRefusal(of: command, on: replay) }
                replay.type("p")
                try await replay.see("people") { $0.contains("PEOPLE") && $0.contains("Bob Builder (bob)") }
                replay.type("F")
                try await replay.see("refused there too") { $0.contains("nothing is sent") && $0.hasNoBox }
                replay.press(.escape)
                replay.type("E")
                try await replay.see("events") { $0.contains("EVENTS") && $0.contains("alice no longer has it") }
                replay.press(.escape)
                try await replay.filter("launch")
                try await replay.see("the filter") { $0.row("/news/launch") != nil && $0.row("/news/agm") == nil }
                replay.press(.enter)
                try await replay.see("details") { $0.contains("DETAILS") && $0.contains("Bob Builder (bob)") }
                replay.press(.escape)
                replay.type("s")
                try await replay.see("servers") { $0.contains("LATENCY") && $0.contains("Mona Man") }
                replay.press(.escape)
                try await replay.quit()
                #expect(await office.changes.count == changes)
            }
        }

        @Test("an anonymous recording names nobody, and still tells who has what apart")
        func anonymous() async throws {
            try await inBusyOffice(top: ["departed: [bob]", "views: {bobs: \"holder:bob\"}"]) { office in
                _ = try await record(["--anonymous"], in: office) { live in
                    live.type("7")
                    try await live.see("Bob's") { $0.contains("holder:bob") }
                    live.press(.escape)
                    try await live.see("all again") { !$0.contains("holder:bob") }
                }
                let text = office.text(of: "morning.ndjson")
                for name in ["alice", "Alice", "Ångström", "bob", "Bob", "Builder", "mona", "Mona"] {
                    #expect(!text.contains(name), "\(name) is in it")
                }
                #expect(!text.contains(Office.password))
                let replay = try await play("morning.ndjson", in: office)
                replay.press(.end)
                try await replay.see("the end") { $0.contains("THE END") }
                let holder = try #require(replay.screen.row("/news/launch")?.firstMatch(of: /person-[0-9]+/)?.output)
                replay.type("p")
                try await replay.see("one person, who has left") { screen in
                    screen.contains("PEOPLE")
                        && screen.lines.contains { $0.contains("(\(holder)), departed") && $0.contains("Person ") }
                }
                replay.press(.escape)
                try await replay.quit()
            }
        }

        @Test("a file that is there is not written over, and is said before anything is watched")
        func existing() async throws {
            try await inBusyOffice { office in
                try Office.write("mine\n", to: office.home + "/morning.ndjson")
                let terminal = try office.dashboard("--record", "morning.ndjson")
                #expect(try await terminal.ending() == .code(64))
                #expect(terminal.screen.contains("morning.ndjson is there already"), "\(terminal.screen.text)")
                terminal.expectRestored()
                #expect(office.text(of: "morning.ndjson") == "mine\n")
            }
        }

        @Test("what is killed leaves a recording that plays up to there, and says so")
        func killed() async throws {
            try await inBusyOffice { office in
                let live = try await office.opened(["--record", "morning.ndjson"])
                try await office.server.lock(path: "/news/agm", as: "alice")
                try await live.see("alice has it") { $0.row("/news/agm")?.contains("alice") ?? false }
                try await eventually("it is written") { office.text(of: "morning.ndjson").contains("alice took it") }
                live.send(signal: 9)
                try await live.ending()
                let replay = try await play("morning.ndjson", in: office)
                replay.press(.end)
                try await replay.see("the cut") {
                    $0.contains("THE END") && $0.contains("morning.ndjson was cut after line ")
                }
                #expect(replay.screen.row("/news/agm")?.contains("alice") ?? false)
                replay.type("q")
                #expect(try await replay.ending() == .code(0))
            }
        }
    }
}
