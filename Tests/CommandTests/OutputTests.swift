// SPDX-License-Identifier: MIT
import DemoServer
import TestOffice
import TestSupport
import Testing

@Suite("Output that nobody gets")
struct OutputTests {
    private func shell(_ office: Office, _ line: String) async throws -> Program.Ending {
        try await Program.run(
            "/bin/sh", ["-c", line],
            environment: office.environment([
                "LOCKTOP": try builtProgram("locktop"), "CONFIG": office.configuration,
            ]))
    }

    @Test(
        "a full disk and a closed stream end with 1 and a sentence",
        arguments: [
            "ls --config $CONFIG", "ls --config $CONFIG --json", "ls --config $CONFIG --csv",
            "show /news/agm --config $CONFIG",
            "servers --config $CONFIG", "lock /news/agm --config $CONFIG", "config example",
            "config check --config $CONFIG",
            "--help", "--version", "watch --config $CONFIG",
        ])
    func lost(words: String) async throws {
        try await inOffice { office in
            let full = try await shell(office, "$LOCKTOP \(words) > /dev/full")
            #expect(full.status == 1, "\(full)")
            #expect(full.errors.hasPrefix("locktop: the output could not be written: No space left on device."))
            let closed = try await shell(office, "$LOCKTOP \(words) >&-")
            #expect(closed.status == 1, "\(closed)")
            #expect(closed.errors.hasPrefix("locktop: the output could not be written:"), "\(closed)")
        }
    }

    @Test("a command that runs under a lock keeps its own status when our lines are lost")
    func commandStatus() async throws {
        try await inOffice { office in
            let ending = try await shell(
                office, "$LOCKTOP lock /news/agm --config $CONFIG -- sh -c 'exit 7' > /dev/full")
            #expect(ending.status == 7, "\(ending)")
            #expect(try await office.run("show", "/news/agm", "--json").json["lock"] == .null)
        }
    }

    @Test("following ends when its reader has left")
    func readerLeft() async throws {
        try await inOffice { office in
            let program = try office.start("events", "--poll", "1s")
            try await eventually("the base line is read") {
                await office.server.requestLog.contains { $0.path.contains("@search") }
            }
            program.closeOutput()
            try await office.server.lock(path: "/news/launch", as: "alice")
            #expect(try await program.finish().status == 0)
        }
    }

    @Test("a lock that is kept is kept, and given back, when its reader has left")
    func keptWithoutReader() async throws {
        try await inOffice { office in
            let program = try office.start("lock", "--keep", "/news/agm")
            try await program.waitUntil("it is locked") { $0.contains("locked") }
            program.closeOutput()
            program.send(signal: 2)
            #expect(try await program.finish().status == 0)
            #expect(try await office.run("show", "/news/agm", "--json").json["lock"] == .null)
        }
    }
}
