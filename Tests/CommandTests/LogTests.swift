// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport
import Testing

@Suite("Logs, and what the program says of itself")
struct LogTests {
    @Test("--log writes each request to a private file, with no secret in it")
    func file() async throws {
        try await inOffice { office in
            let ending = try await office.run("ls", "--log", office.home + "/log")
            #expect(ending.status == 0 && ending.errors == "", "\(ending)")
            let lines = office.text(of: "log").split(separator: "\n")
            #expect(lines.contains { $0.contains("POST \(office.server.address)/@login 200 ") })
            for line in lines { #expect(line.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \d+ [A-Z]+ http/), "\(line)") }
            #expect(!office.text(of: "log").contains(Office.password))
            let mode = try FileManager.default.attributesOfItem(atPath: office.home + "/log")[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("a log of 10 MB becomes FILE.1, and a new one begins")
    func rotation() async throws {
        try await inOffice { office in
            try Office.write(String(repeating: "x", count: 10 << 20), to: office.home + "/log")
            #expect(try await office.run("ls", "--log", office.home + "/log").status == 0)
            #expect(office.text(of: "log.1").count == 10 << 20)
            #expect(office.text(of: "log").hasPrefix("20"))
        }
    }

    @Test("a log that can't be written is said, and nothing is asked of a server")
    func unwritable() async throws {
        try await inOffice { office in
            let ending = try await office.run("ls", "--log", "/nonexistent/log")
            #expect(ending.status == 73, "\(ending)")
            #expect(await office.server.requestLog.isEmpty)
        }
    }

    @Test("-v does not write over the dashboard")
    func overTheScreen() async throws {
        try await inOffice { office in
            let terminal = try PseudoTerminal(
                program: try builtProgram("locktop"), arguments: ["watch", "-v", "--config", office.configuration],
                environment: office.environment)
            #expect(try await terminal.ending() == .code(64))
            #expect(terminal.screen.contains("use --log FILE"))
        }
    }

    @Test("--version --verbose says what it is built with, and what it speaks", arguments: ["--verbose", "-v"])
    func version(word: String) async throws {
        let ending = try await Program.run(try builtProgram("locktop"), ["--version", word])
        #expect(ending.status == 0)
        #expect(ending.lines.count == 4, "\(ending)")
        #expect(ending.output.contains("built with Swift 6.") && ending.output.contains("speaks plone, "))
    }
}
