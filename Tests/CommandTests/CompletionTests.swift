// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

@Suite("Completion in the shell")
struct CompletionTests {
    /// An office whose configuration lies where the program looks for it, and whose items have been seen once.
    private func inSeenOffice(_ work: (Office, [String: String]) async throws -> Void) async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/launch", as: "bob")
            let folder = office.home + "/.config/locktop"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Office.write(office.text(of: "config.yaml"), to: folder + "/config.yaml")
            let seen = try await Program.run(
                try builtProgram("locktop"), ["events", "--for", "1s"], environment: office.environment)
            #expect(seen.status == 0, "\(seen)")
            let programs = try builtProgram("locktop").split(separator: "/").dropLast().joined(separator: "/")
            try await work(office, office.environment(["PATH": "/\(programs):/usr/bin:/bin", "PS1": "$ "]))
        }
    }

    private static let typed: [(String, String)] = [
        ("locktop unl", "locktop unlock "), ("locktop ls --stat", "locktop ls --state "),
        ("locktop ls --state sta", "locktop ls --state stale "),
        ("locktop ls --state free,un", "locktop ls --state free,unknown "),
        ("locktop ls --columns item,hol", "locktop ls --columns item,holder "),
        ("locktop ls --sort hel", "locktop ls --sort held"),
        ("locktop ls --server intr", "locktop ls --server intranet "),
        ("locktop ls --holder bo", "locktop ls --holder bob "), ("locktop ls holder:b", "locktop ls holder:bob "),
        ("locktop ls own", "locktop ls own"), ("locktop ls old", "locktop ls older:"),
        ("locktop ls state:sta", "locktop ls state:stale "),
        ("locktop show intr", "locktop show intranet:/"),
        ("locktop show intranet:/news/aut", "locktop show intranet:/news/autumn "),
        (
            "locktop lock intranet:/news/agm intranet:/legal/con",
            "locktop lock intranet:/news/agm intranet:/legal/contract "
        ),
        ("locktop events --until-free intranet:/news/lau", "locktop events --until-free intranet:/news/launch "),
        ("locktop plan disc", "locktop plan discard "), ("locktop completion ba", "locktop completion bash "),
        ("locktop config exa", "locktop config example "),
        ("locktop demo --scenario conf", "locktop demo --scenario conflict "),
    ]

    /// Types each line and a Tab into a shell, and looks at what becomes of it.
    private func complete(
        _ lines: [(String, String)], in shell: String, _ arguments: [String], learning words: String
    ) async throws {
        try await inSeenOffice { office, environment in
            let terminal = try PseudoTerminal(
                program: shell, arguments: arguments, environment: environment, directory: office.home)
            try await terminal.see("the prompt") { $0.contains("$") }
            terminal.type("\(words); clear\r")
            try await terminal.see("an empty screen") {
                $0.lines.first?.hasPrefix("$") ?? false && !$0.contains("clear")
            }
            for (line, completed) in lines {
                // What is typed after it shows where the completed word ends.
                terminal.type(line + "\tX")
                try await terminal.see("\(line) completed to \(completed)") {
                    $0.lines.contains { $0.hasPrefix("$ \(completed)X") }
                }
                terminal.type("\u{15}clear\r")
                try await terminal.see("an empty screen") { $0.lines.first == "$" && !$0.contains("locktop") }
            }
            terminal.type("exit\r")
            #expect(try await terminal.ending().shellStatus == 0)
        }
    }

    @Test("bash completes commands, options, servers, items, holders, states and columns")
    func bash() async throws {
        try await complete(
            Self.typed, in: "/bin/bash", ["--norc", "--noprofile", "-i"], learning: "source <(locktop completion bash)")
    }

    @Test("zsh completes them too, where it is installed")
    func zsh() async throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/zsh") else {
            print("skipped: zsh is not installed, so it completes nothing")
            return
        }
        // A space goes where a word is whole, also behind the colon of a field: zsh knows no other end.
        let lines = Self.typed.filter { !$0.1.hasSuffix(":") && !$0.1.hasSuffix("/") && !$0.0.hasSuffix("hel") }
        try await complete(
            lines, in: "/usr/bin/zsh", ["-f", "-i"],
            learning:
                "mkdir f; locktop completion zsh > f/_locktop; fpath=(f $fpath); autoload -Uz compinit; compinit -u -D")
    }

    @Test("the scripts of zsh and fish are scripts of theirs", arguments: ["zsh", "fish"])
    func otherShells(shell: String) async throws {
        try await inOffice { office in
            let script = try await Program.run(
                try builtProgram("locktop"), ["completion", shell], environment: office.environment)
            #expect(script.status == 0, "\(script)")
            #expect(script.output.contains("locktop"))
            guard FileManager.default.isExecutableFile(atPath: "/usr/bin/\(shell)") else {
                print("skipped: \(shell) is not installed, so it judges no script")
                return
            }
            try Office.write(script.output, to: office.home + "/script")
            let judged = try await Program.run(
                "/usr/bin/\(shell)", ["-n", office.home + "/script"], environment: office.environment)
            #expect(judged.status == 0, "\(judged)")
            #expect(judged.errors == "")
        }
    }

    @Test("an item's colon is no description to zsh, and none is escaped for the others", arguments: ["zsh", "fish"])
    func colons(shell: String) async throws {
        try await inSeenOffice { office, environment in
            let ending = try await Program.run(
                try builtProgram("locktop"),
                ["---completion", "show", "--", "positional@0", "2", "18", "locktop", "show", "intranet:/news/aut"],
                environment: environment.merging(["SAP_SHELL": shell]) { $1 })
            #expect(ending.status == 0, "\(ending)")
            #expect(
                ending.lines.first == (shell == "zsh" ? "intranet\\:/news/autumn" : "intranet:/news/autumn"),
                "\(ending)")
        }
    }

    @Test(
        "without a configuration, or with a wrong one, nothing is offered and nothing said",
        arguments: ["", "servers: 3\n"])
    func unconfigured(text: String) async throws {
        let home = try Office.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: home) }
        if !text.isEmpty { try Office.write(text, to: home + "/config.yaml") }
        for (command, argument) in [("ls", "--server"), ("show", "positional@0"), ("ls", "--holder")] {
            let ending = try await Program.run(
                try builtProgram("locktop"),
                [
                    "---completion", command, "--", argument, "4", "0", "locktop", command, "--config",
                    home + "/config.yaml", "",
                ],
                environment: ["HOME": home, "LC_ALL": "C.UTF-8"])
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output.filter { !$0.isNewline } == "", "\(ending)")
            #expect(ending.errors == "")
        }
    }

    @Test("another shell is refused with 64 and the nearest")
    func unknown() async throws {
        let ending = try await Program.run(try builtProgram("locktop"), ["completion", "bsh"])
        #expect(ending.status == 64, "\(ending)")
        #expect(ending.errors.contains("Did you mean bash?"))
    }
}
