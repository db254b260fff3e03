// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

@Suite("What every command says of itself")
struct HelpTests {
    static let commands = [
        "", "watch", "demo", "ls", "show", "lock", "refresh", "unlock", "check-out", "check-in", "discard", "plan",
        "apply", "events", "check", "metrics", "history", "replay", "servers", "add", "remove", "login", "logout",
        "config",
        "config check",
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
        #expect(ending.errors.hasPrefix("locktop: Unknown option '--frobnicate'"), "\(ending)")
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

    /// The command lines below a heading of a command's help.
    private func examples(_ command: String) async throws -> [String] {
        let help = try await Program.run(
            try builtProgram("locktop"), command.split(separator: " ").map(String.init) + ["--help"])
        let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.drop { $0 != "EXAMPLES:" }.dropFirst().prefix { $0.hasPrefix("  ") }.map {
            $0.dropFirst(2).description
        }
    }

    @Test("every command's help ends with two examples and its exit codes", arguments: commands)
    func endOfHelp(command: String) async throws {
        #expect(try await examples(command).count == 2)
        let help = try await Program.run(
            try builtProgram("locktop"), ["help"] + command.split(separator: " ").map(String.init))
        let codes = help.output.split(separator: "\n").drop { $0 != "EXIT CODES:" }.dropFirst()
        #expect(codes.count >= 2, "\(help)")
        for code in codes { #expect(code.wholeMatch(of: /[ ]{2}[ 0-9]{2}[0-9][ ]{2}[a-zA-Z].*/) != nil, "\(code)") }
    }

    /// What an example needs to be found before it.
    private static let before: [String: String] = [
        "refresh": "locktop lock /news/agm", "unlock": "locktop lock /news/agm",
        "check-in": "locktop check-out /news/autumn",
        "discard": "locktop check-out /news/autumn", "apply": "locktop plan unlock --force holder:bob > plan.json",
        "add": "mkdir -p .secrets && printf '\(Office.password)\\n' > .secrets/intranet && chmod 600 .secrets/intranet",
        "replay": "cp \(#filePath.replacing("HelpTests.swift", with: "Recordings/version-1.ndjson")) monday.ndjson",
        "login": "printf '\(Office.password)\\n' > password.txt",
    ]
    @Test("the examples work as they stand, but for a time that is shorter here", arguments: commands)
    func examplesWork(command: String) async throws {
        try await inOffice { office in
            let folder = office.home + "/.config/locktop"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Office.write(office.text(of: "config.yaml"), to: folder + "/config.yaml")
            let programs = try builtProgram("locktop").split(separator: "/").dropLast().joined(separator: "/")
            func shell(_ line: String) async throws -> Program.Ending {
                try await Program.run(
                    "/bin/sh", ["-c", line], environment: office.environment(["PATH": "/\(programs):/usr/bin:/bin"]),
                    input: "\(Office.password)\n", directory: office.home)
            }
            for example in try await examples(command) {
                // Bob has it when an example takes it from him; it is free where one waits for it.
                if example.contains("bob") { try? await office.server.lock(path: "/news/launch", as: "bob") }
                if let line = Self.before[command] { #expect(try await shell(line).status == 0, "\(line)") }
                // The exporter goes on until it is interrupted: that is another test's.
                if example.contains("--listen") { continue }
                var line = example.replacing("--for 1h", with: "--for 1s")
                // The server of the example is the office's own; it has a configuration already, and another account.
                let address = office.server.address
                line = line.replacing("https://intranet.example.org", with: address)
                    .replacing("https://admin@intranet.example.org", with: address.replacing("://", with: "://mona@"))
                    .replacing("INTRANET_PASSWORD", with: Office.variable).replacing(
                        "--user admin", with: "--user mona")
                if line.hasPrefix("locktop add http") {
                    line = line.replacing("locktop add", with: "locktop add fresh")
                }
                let ending = try await shell(line)
                #expect(ending.status == 0, "\(example): \(ending)")
            }
        }
    }
}
