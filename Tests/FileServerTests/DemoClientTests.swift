// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import TestSupport
import Testing

/// Clients that are not ours, on the demo's own server.
@Suite(.serialized)
struct DemoClientTests {
    private static func isThere(_ program: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)")
    }

    /// A folder for what a client writes, and the demo's server.
    private func onDemo(_ body: (DemoServer, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "clients-\(UInt64.random(in: 0..<UInt64.max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await DemoServer.start(DemoOptions(dialect: .webdav, documents: 6, people: false))
        do {
            try await body(server, folder.path)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test(
        "litmus finds nothing wrong with how the demo locks, writes, copies and moves",
        .enabled(if: isThere("litmus"), "litmus is not installed: make test-servers installs it"),
        arguments: ["basic", "locks", "copymove"])
    func litmus(_ suite: String) async throws {
        try await onDemo { server, folder in
            let ending = try await Program.run(
                "/usr/bin/litmus", ["-k", server.address + "/docs/", "manager", "manager-pw"],
                environment: ["TESTS": suite, "PATH": "/usr/bin:/bin", "HOME": folder], directory: folder, within: 60)
            #expect(ending.status == 0 && ending.output.contains("0 failed. 100.0%"), "\(ending)")
        }
    }

    @Test(
        "cadaver locks, shows and unlocks on the demo, and ends what another has by its token",
        .enabled(if: isThere("cadaver"), "cadaver is not installed: make test-servers installs it"))
    func cadaver() async throws {
        try await onDemo { server, folder in
            let netrc = FileManager.default.createFile(
                atPath: folder + "/.netrc", contents: Data("machine 127.0.0.1 login bob password bob-pw\n".utf8),
                attributes: [.posixPermissions: 0o600])
            try #require(netrc)
            try await server.add(path: "/docs/held.txt", title: "Held")
            try await server.lock(path: "/docs/held.txt", as: "alice")
            try await server.add(path: "/docs/free.txt", title: "Free")
            let commands = [
                "discover held.txt", "steal held.txt", "unlock held.txt", "discover held.txt", "lock free.txt",
                "discover free.txt",
                "unlock free.txt", "discover free.txt", "quit",
            ]
            let ending = try await Program.run(
                "/usr/bin/cadaver", [server.address + "/docs/"],
                environment: ["PATH": "/usr/bin:/bin", "HOME": folder, "TERM": "dumb"],
                input: commands.map { $0 + "\n" }.joined(), directory: folder, within: 30)
            let output = ending.output
            #expect(output.contains("Owner: Alice Ångström"), "\(ending)")
            #expect(output.contains("Locking `free.txt': succeeded."), "\(ending)")
            #expect(output.contains("Unlocking `held.txt': succeeded."), "\(ending)")
            #expect(output.contains("Unlocking `free.txt': succeeded."), "\(ending)")
            #expect(output.split(separator: "no locks found", omittingEmptySubsequences: false).count == 3, "\(ending)")
        }
    }
}
