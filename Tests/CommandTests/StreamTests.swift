// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

@Suite("Strange terminals and missing streams")
struct StreamTests {
    @Test(
        "a terminal that can't be used: one sentence, and the table once",
        arguments: ["unset", "dumb", "no-such-terminal"])
    func terminals(term: String) async throws {
        try await inOffice { office in
            let terminal = try office.dashboard(size: Size(columns: 100, rows: 30), changes: ["TERM": term])
            try await terminal.see("the table") { $0.contains("/news/agm") && $0.contains("/legal/terms") }
            #expect(try await terminal.ending() == .code(0))
            #expect(terminal.screen.lines[0].hasPrefix("locktop: "), "\(terminal.screen.text)")
            #expect(terminal.screen.transitions == [])
            #expect(!terminal.rawBytes.contains(0x1b))
            #expect(terminal.isRestored)
        }
    }

    @Test("watch without a terminal prints the table once")
    func notATerminal() async throws {
        try await inOffice { office in
            let ending = try await office.run("watch", "path:/legal")
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.lines.count == 3)
            let bare = try await Program.run(
                try builtProgram("locktop"), ["--config", office.configuration], environment: office.environment)
            #expect(bare.status == 0, "\(bare)")
            #expect(bare.lines.count == 8)
            let words = try await office.run("watch", "title:Annual General")
            #expect(words.lines.count == 2, "\(words)")
        }
    }

    @Test("watch without a terminal has the screen's order: mine, others', and then what is free, each by its path")
    func order() async throws {
        try await inOffice { office in
            try await ListTests.scene(office)
            let ending = try await office.run("watch")
            let paths = ending.lines.dropFirst().compactMap { line in
                line.split(separator: " ").first { $0.hasPrefix("/") }.map(String.init)
            }
            #expect(
                paths == [
                    "/legal/terms", "/news/agm", "/news/brochure", "/news/launch", "/legal/contract", "/news/autumn",
                    "/news/copy_of_agm", "/news/résumé",
                ], "\(ending)")
        }
    }

    @Test("words of the command line are one word each in the dashboard's filter too")
    func filterOfWords() async throws {
        try await inOffice { office in
            let terminal = try office.dashboard(
                "title:Annual General", "not:the brochure", size: Size(columns: 120, rows: 24))
            try await terminal.see("the one row") { $0.contains("/news/agm") && !$0.contains("/news/launch") }
            #expect(terminal.screen.text.contains("Annual General\" not:\"the brochure\""))
            terminal.type("q")
            #expect(try await terminal.ending() == .code(0))
        }
    }

    @Test("a missing input or error stream is no trouble", arguments: [Program.Stream.input, .errors])
    func missingStream(stream: Program.Stream) async throws {
        try await inOffice { office in
            let list = try await office.run("ls", without: [stream])
            #expect(list.status == 0, "\(list)")
            let lock = try await office.run("lock", "/news/agm", without: [stream])
            #expect(lock.status == 0, "\(lock)")
            #expect(office.text(of: "config.yaml").contains("servers:"))
            let unlock = try await office.run("unlock", "/news/agm")
            #expect(unlock.output.contains("released"), "\(unlock)")
        }
    }

    @Test("a reader that leaves early, as head does, ends nothing badly")
    func earlyReader() async throws {
        try await inOffice(DemoOptions(documents: 2_000, people: false)) { office in
            let ending = try await Program.run(
                "/bin/sh",
                [
                    "-c",
                    "{ \(try builtProgram("locktop")) ls --config \(office.configuration) --json; echo status $? >&2; } | head -n 1",
                ],
                environment: office.environment)
            #expect(ending.lines.count == 1)
            #expect(ending.errors == "status 0\n", "\(ending.errors)")
        }
    }

    @Test("the question on a terminal: anything but yes leaves it alone")
    func question() async throws {
        try await inOffice { office in
            for (answer, isDone) in [("no", false), ("", false), ("y", false), ("yes", true)] {
                try await office.server.lock(path: "/news/agm", as: "bob")
                let terminal = try PseudoTerminal(
                    program: try builtProgram("locktop"),
                    arguments: ["unlock", "--config", office.configuration, "--force", "/news/agm"],
                    environment: office.environment)
                try await terminal.see("the question") {
                    $0.contains("End Bob Builder (bob)'s lock on /news/agm") && $0.contains("go on:")
                }
                terminal.type(answer + "\r")
                #expect(try await terminal.ending() == .code(isDone ? 0 : 1), "\(terminal.screen.text)")
                let held = try await office.run("show", "/news/agm", "--json").json["lock"] != .null
                #expect(held == !isDone)
            }
        }
    }

    @Test("one ^C at the question ends it with 130 and leaves the lock alone")
    func questionInterrupted() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let terminal = try PseudoTerminal(
                program: try builtProgram("locktop"),
                arguments: ["unlock", "--config", office.configuration, "--force", "/news/agm"],
                environment: office.environment)
            try await terminal.see("the question") { $0.contains("go on:") }
            terminal.type("\u{3}")
            #expect(try await terminal.ending() == .code(130), "\(terminal.screen.text)")
            #expect(try await office.run("show", "/news/agm", "--json").json["lock"] != .null)
        }
    }

    @Test("one signal ends the wait for items on standard input")
    func itemsInterrupted() async throws {
        try await inOffice { office in
            let program = try office.start("lock", "-")
            program.write("/news/agm\n")
            try await eventually("the signal is its own to take") {
                let status = try await Program.run("/bin/sh", ["-c", "cat /proc/\(program.process)/status"]).output
                let caught = status.firstMatch(of: /SigCgt:\t([0-9a-f]+)/).flatMap { UInt64($0.output.1, radix: 16) }
                return (caught ?? 0) & 2 != 0
            }
            program.send(signal: 2)
            #expect(try await program.finish().status == 130)
            #expect(await office.server.requestCount == 0)
        }
    }

    @Test("hostile text in titles and paths never reaches a terminal raw, and JSON has it whole")
    func hostile() async throws {
        try await inOffice { office in
            let evil = "a\u{1b}]0;owned\u{07}b\u{9b}2Jc\u{202e}d\u{200b}e\nf\tg\u{7f}h"
            try await office.server.add(path: "/news/evil", title: evil)
            for words in [
                ["ls", "--columns", "item,title"], ["ls", "--csv", "--columns", "title"], ["show", "/news/evil"],
            ] {
                let ending = try await Program.run(
                    try builtProgram("locktop"), [words[0], "--config", office.configuration] + words.dropFirst(),
                    environment: office.environment)
                #expect(ending.status == 0, "\(ending)")
                let bad = ending.output.unicodeScalars.filter {
                    ($0.value < 0x20 && $0 != "\n" && $0 != "\r") || (0x7f..<0xa0).contains($0.value)
                        || $0 == "\u{202e}" || $0 == "\u{200b}"
                }
                #expect(bad.isEmpty, "\(words): \(Array(bad))")
            }
            let json = try await office.run("show", "/news/evil", "--json")
            #expect(!json.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
            #expect(try json.json["title"]?.text == evil)
        }
    }
}
