// SPDX-License-Identifier: MIT
import TestOffice
import TestSupport
import Testing

@Suite("What every command says of itself")
struct HelpTests {
    static let commands = [
        "", "watch", "demo", "ls", "show", "lock", "refresh", "unlock", "check-out", "check-in", "discard", "plan",
        "apply", "events", "check", "metrics", "history", "servers", "login", "logout", "config", "config check",
        "config path", "config example", "completion",
    ]

    @Test("the help of each command is what people have looked at", arguments: commands)
    func help(command: String) async throws {
        let words = command.split(separator: " ").map(String.init)
        let ending = try await Program.run(
            try builtProgram("locktop"), words + ["--help"], environment: ["LC_ALL": "C.UTF-8", "COLUMNS": "80"])
        #expect(ending.status == 0)
        #expect(ending.errors == "")
        let name = command.isEmpty ? "locktop" : command.split(separator: " ").joined(separator: "-")
        try Golden.check(ending.output, named: "Help/\(name)")
    }

    @Test("the version is three numbers")
    func version() async throws {
        let ending = try await Program.run(try builtProgram("locktop"), ["--version"])
        #expect(ending.status == 0)
        #expect(ending.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test("a flag that does not exist ends with 64 and names it", arguments: ["ls", "lock", "events", "demo"])
    func unknownFlag(command: String) async throws {
        let ending = try await Program.run(try builtProgram("locktop"), [command, "--frobnicate"])
        #expect(ending.status == 64)
        #expect(ending.output == "")
        #expect(ending.errors.contains("--frobnicate"))
    }

    @Test(
        "a value that does not fit ends with 64",
        arguments: [
            ["events", "--for", "soon"], ["demo", "--port", "x"], ["history", "--since", "-3d"],
            ["lock", "/a", "--timeout", "0"],
        ])
    func badValue(words: [String]) async throws {
        let ending = try await Program.run(try builtProgram("locktop"), words)
        #expect(ending.status == 64)
        #expect(ending.output == "")
    }
}
