// SPDX-License-Identifier: MIT
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

@Suite("locktop replay and events --from, without a terminal")
struct ReplayTests {
    /// What version 1 wrote: eight documents of the demo's Plone, on which two people quarrel. It stays as it is:
    /// every later version has to play it.
    private static let kept = #filePath.replacing("ReplayTests.swift", with: "Recordings/version-1.ndjson")

    private func locktop(_ words: String..., input: String = "") async throws -> Program.Ending {
        try await Program.run(
            try builtProgram("locktop"), words,
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"], input: input)
    }

    private var text: String {
        get throws { String(decoding: try Data(contentsOf: URL(filePath: Self.kept)), as: UTF8.self) }
    }

    private func lines(_ count: Int) throws -> String {
        try text.split(separator: "\n").prefix(count).joined(separator: "\n") + "\n"
    }

    @Test("a recording of version 1 has the table and the events that it had, with no configuration")
    func kept() async throws {
        let table = try await locktop("replay", Self.kept)
        #expect(table.status == 0 && table.errors == "", "\(table)")
        try Golden.check(table.output, named: "Replay/table")
        let events = try await locktop("events", "--from", Self.kept)
        #expect(events.status == 0 && events.errors == "", "\(events)")
        try Golden.check(events.output, named: "Replay/events")
        let json = try await locktop("events", "--from", Self.kept, "--json")
        #expect(json.status == 0 && json.errors == "", "\(json)")
        try Golden.check(json.output, named: "Replay/events-json")
    }

    /// What version 2 wrote, which keeps how the rows were looked at as well. It stays as it is, too.
    @Test("a recording of version 2 has the table and the events that it had")
    func keptOfVersion2() async throws {
        let second = Self.kept.replacing("version-1", with: "version-2")
        let table = try await locktop("replay", second)
        #expect(table.status == 0 && table.errors == "", "\(table)")
        try Golden.check(table.output, named: "Replay/table-2")
        let events = try await locktop("events", "--from", second)
        #expect(events.status == 0 && events.errors == "", "\(events)")
        try Golden.check(events.output, named: "Replay/events-2")
    }

    @Test("queries narrow both, and standard input will do")
    func narrowed() async throws {
        let all = try await locktop("events", "--from", Self.kept)
        let some = try await locktop("events", "--from", "-", "holder:bob", input: text)
        #expect(some.status == 0, "\(some)")
        #expect(!some.lines.isEmpty && some.lines.count < all.lines.count)
        #expect(some.lines.allSatisfy(all.lines.contains))
        let table = try await locktop("replay", "-", "state:free", input: text)
        #expect(table.status == 0, "\(table)")
        #expect(table.lines.count > 1 && table.lines.dropFirst().allSatisfy { $0.hasPrefix("free") })
    }

    @Test("a recording that is cut, between lines or within one, is told up to the cut, which is said")
    func cut() async throws {
        let whole = try await locktop("replay", Self.kept)
        let between = try await locktop("replay", "-", input: try lines(3))
        #expect(between.status == 0, "\(between)")
        #expect(between.errors == "locktop: standard input was cut after line 3: it has no end.\n")
        #expect(between.lines.count > 1 && between.lines[0] == whole.lines[0])
        let within = try await locktop("events", "--from", "-", input: String(text.dropLast(60)))
        #expect(within.status == 0, "\(within)")
        #expect(within.errors.contains("standard input was cut in the middle of line "), "\(within.errors)")
        #expect(!within.lines.isEmpty)
    }

    @Test("what comes after a damaged line is not played, and the line is named")
    func damaged() async throws {
        let broken = try lines(2) + "{\"version\":1,\"at\":\"yesterday\"}\n" + lines(3)
        let ending = try await locktop("replay", "-", input: broken)
        #expect(ending.status == 0, "\(ending)")
        #expect(
            ending.errors == "locktop: standard input is damaged on line 3: nothing after it can be played.\n")
    }

    @Test("a newer version is refused and named, on whichever line")
    func newer() async throws {
        for input in [
            "{\"version\":3,\"when\":1}\n", try lines(2) + "{\"version\":3,\"event\":{\"dance\":{}}}\n",
        ] {
            let ending = try await locktop("replay", "-", input: input)
            #expect(ending.status == 78 && ending.output == "", "\(ending)")
            #expect(ending.errors.contains("this is a recording of version 3, and this locktop plays up to version 2"))
        }
    }

    @Test(
        "what is no recording is refused with 78",
        arguments: ["", "\n", "hello\n", "{}\n", "[1,2]\n", "{\"version\":1}\n", "\u{0}\u{1}\u{2}"])
    func none(input: String) async throws {
        for words in [["replay", "-"], ["events", "--from", "-"]] {
            let ending = try await Program.run(
                try builtProgram("locktop"), words, environment: ["HOME": "/nonexistent"], input: input)
            #expect(ending.status == 78 && ending.output == "", "\(ending)")
            #expect(ending.errors.contains("standard input is no recording of locktop"), "\(ending)")
        }
    }

    @Test("a file that is not there, and words that don't fit, are said")
    func wrongWords() async throws {
        let missing = try await locktop("replay", "/nonexistent.ndjson")
        #expect(missing.status == 78 && missing.errors.contains("/nonexistent.ndjson can't be read"), "\(missing)")
        let followed = try await locktop("events", "--from", Self.kept, "--for", "1s")
        #expect(followed.status == 64 && followed.errors.contains("--from reads a recording"), "\(followed)")
        let stranger = try await locktop("events", "--from", Self.kept, "--server", "files")
        #expect(stranger.status == 64 && stranger.errors.contains("No server of this recording is called files."))
        let alone = try await locktop("watch", "--anonymous")
        #expect(alone.status == 64 && alone.errors.contains("--record FILE"), "\(alone)")
        let blind = try await locktop("demo", "--record", "/tmp/never.ndjson")
        #expect(blind.status == 64 && blind.errors.contains("--record wants the screen"), "\(blind)")
    }

    @Test("a recording from elsewhere can't act on the terminal, nor make the program run wild")
    func hostile() async throws {
        let first = try lines(1)
        let status = #"{"phase":"watching","requests":1,"failures":0,"poll":1}"#
        let row =
            #"{"number":4294967295,"id":"/a","title":"\u001b[2J\u0007\u202e","type":"","state":"free"}"#
        let line =
            #"{"version":1,"at":"2026-11-26T12:00:00Z","event":{"update":{"server":"intranet","rows":[\#(row)],"#
            + #""read":[{"from":0,"count":4294967295}],"gone":["/b"],"status":\#(status)}}}"#
        let ending = try await Program.run(
            try builtProgram("locktop"), ["replay", "-"], environment: ["HOME": "/nonexistent"],
            input: first + line + "\n", within: 20)
        #expect(ending.status == 0, "\(ending)")
        #expect(!ending.output.contains("\u{1b}") && !ending.output.contains("\u{202e}"))
        #expect(ending.output.contains("/a"))
    }
}
