// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

/// Whoever begins with the README types what stands there.
@Suite("The README's command lines")
struct ReadmeCommandTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The lines of the blocks that are no other language's, without their remarks.
    static let lines: [String] = {
        let data = FileManager.default.contents(atPath: root + "/README.md") ?? Data()
        var (lines, language): ([String], Substring?) = ([], nil)
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("```") {
                language = language == nil ? line.dropFirst(3) : nil
            } else if language == "" {
                var command = line.prefix(upTo: line.firstRange(of: " #")?.lowerBound ?? line.endIndex)
                command = command.prefix(upTo: command.firstRange(of: "    ")?.lowerBound ?? command.endIndex)
                while command.last == " " { command.removeLast() }
                lines.append(String(command))
            }
        }
        return lines
    }()

    @Test("its configuration is right as it stands")
    func configuration() async throws {
        let data = FileManager.default.contents(atPath: Self.root + "/README.md") ?? Data()
        let blocks = String(decoding: data, as: UTF8.self).split(separator: "```yaml\n").dropFirst()
        #expect(!blocks.isEmpty)
        for block in blocks {
            let text = block[..<(block.firstRange(of: "```")?.lowerBound ?? block.endIndex)]
            let ending = try await Program.run(
                try builtProgram("locktop"), ["config", "check", "--config", "-"], environment: [:], input: String(text)
            )
            #expect(ending.status == 0, "\(ending)")
        }
    }

    @Test("there are some, and each is make's or the program's")
    func known() {
        #expect(Self.lines.count > 10)
        for line in Self.lines {
            #expect(["make ", "locktop", "source <(locktop "].contains { line.hasPrefix($0) }, "\(line)")
        }
    }

    @Test("what make is to make, it knows", arguments: lines.filter { $0.hasPrefix("make ") })
    func made(line: String) throws {
        let makefile = String(
            decoding: FileManager.default.contents(atPath: Self.root + "/Makefile") ?? Data(), as: UTF8.self)
        for target in line.split(separator: " ").dropFirst() {
            #expect(makefile.contains("\n\(target):"), "\(target)")
        }
    }

    /// What a line needs that no reader of the README has to be told.
    private func ready(_ line: String, _ office: Office) -> String {
        let address = office.server.address
        var line = line.replacing(
            "https://admin@intranet.example.org", with: address.replacing("://", with: "://mona@")
        )
        .replacing("make publish", with: "true")
        if line.hasPrefix("locktop add ") {
            line = line.replacing("add ", with: "add fresh ") + " --password-env \(Office.variable)"
        }
        if ["locktop add ", "locktop remove ", "locktop apply "].contains(where: line.hasPrefix) { line += " --yes" }
        if line.hasPrefix("locktop events"), !line.contains("--from") { line += " --for 1s" }
        // These go on until they are interrupted.
        if line.contains("--serve-only") || line.contains("--listen") {
            line = "timeout -s INT 2 " + line.replacing(":9618", with: ":0") + "; test $? -eq 124 -o $? -eq 0"
        }
        return line
    }

    /// What the README's recording is of.
    private func record(_ office: Office) async throws {
        let terminal = try PseudoTerminal(
            program: try builtProgram("locktop"), arguments: ["watch", "--record", "monday.ndjson"],
            environment: office.environment, directory: office.home)
        try await terminal.see("the items") { $0.contains("/news/agm") }
        terminal.type("q")
        #expect(try await terminal.ending() == .code(0))
    }

    @Test("the program's work as they stand", arguments: lines.filter { !$0.hasPrefix("make ") })
    func works(line: String) async throws {
        try await inOffice { office in
            let folder = office.home + "/.config/locktop"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Office.write(office.text(of: "config.yaml"), to: folder + "/config.yaml")
            try await office.server.lock(path: "/news/launch", as: "bob")
            if line.contains("--expect-holder bob") { try await office.server.lock(path: "/news/agm", as: "bob") }
            let programs = try builtProgram("locktop").split(separator: "/").dropLast().joined(separator: "/")
            func bash(_ line: String) async throws -> Program.Ending {
                try await Program.run(
                    "/bin/bash", ["-c", line],
                    environment: office.environment(["PATH": "/\(programs):/usr/bin:/bin"]),
                    input: "\(Office.password)\n", directory: office.home)
            }
            if line.contains(".ndjson") { try await record(office) }
            // Only a screen can be recorded, and that it was.
            if line.contains("--record") { return }
            if line.contains("apply") { _ = try await bash("locktop plan unlock --force holder:bob > plan.json") }
            let ending = try await bash(ready(line, office))
            // A monitor's command says by its code what it found.
            let isMonitor = line.hasPrefix("locktop check")
            #expect(isMonitor ? ending.status < 3 : ending.status == 0, "\(line): \(ending)")
        }
    }
}
