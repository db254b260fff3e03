// SPDX-License-Identifier: MIT
import FoundationEssentials
import Settings
import Testing

@Suite("Commands that are run for events")
struct HookTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/hook-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func run(_ command: String, _ input: String = "", limit: Double = 10) async -> String? {
        await Hook(event: "locked", run: command).carryOut(
            input, environment: ["FOLDER": folder, "PATH": "/usr/bin:/bin"], limit: limit)
    }

    private func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("what is given is read on standard input, whatever is in it, and never by the shell")
    func input() async {
        let input = "{\"path\":\"$(touch $FOLDER/evil); `touch $FOLDER/evil` '\\\"\"}\n"
        #expect(await run("cat > \"$FOLDER/got\"", input) == nil)
        #expect(text("got") == input)
        #expect(text("evil") == nil)
    }

    @Test("a command that reads nothing, or only a part, is no failure, however much it is given")
    func unread() async {
        let much = String(repeating: "x", count: 1_000_000)
        #expect(await run("true", much) == nil)
        #expect(await run("head -c 10 > \"$FOLDER/part\"", much) == nil)
        #expect(text("part") == "xxxxxxxxxx")
        #expect(await run("cat > \"$FOLDER/all\"", much) == nil)
        #expect(text("all")?.utf8.count == 1_000_000)
    }

    @Test("what failed is told with the last that it said")
    func failing() async {
        #expect(await run("echo one >&2; echo two >&2; exit 3") == "failed with status 3: one; two")
        #expect(await run("kill -9 $$") == "was ended by signal 9")
    }

    @Test("what takes too long is ended, with all that it started")
    func slow() async throws {
        let why = await run("sleep 600 & echo $! > \"$FOLDER/child\"; cat; sleep 600", limit: 1)
        #expect(why == "took longer than 1s and was ended")
        let child = try #require(text("child").flatMap { Int32($0.filter(\.isNumber)) })
        func runs() -> Bool {
            // One that nobody has taken in yet runs no more.
            let state = FileManager.default.contents(atPath: "/proc/\(child)/stat") ?? Data()
            return !state.isEmpty && !String(decoding: state, as: UTF8.self).contains(") Z ")
        }
        let end = ContinuousClock.now + .seconds(5)
        while runs(), .now < end { await Task.yield() }
        #expect(!runs())
    }
}
