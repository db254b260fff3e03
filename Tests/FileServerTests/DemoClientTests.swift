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
    private func onDemo(
        _ change: (inout WebDAVSwitches) -> Void = { _ in }, _ body: (DemoServer, String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "clients-\(UInt64.random(in: 0..<UInt64.max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var options = DemoOptions(dialect: .webdav, documents: 6, people: false)
        change(&options.webDAV)
        let server = try await DemoServer.start(options)
        do {
            try await body(server, folder.path)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test(
        "litmus finds nothing wrong with how the demo locks, writes, copies, moves and keeps properties",
        .enabled(if: isThere("litmus"), "litmus is not installed: make test-servers installs it"),
        arguments: ["basic", "locks", "copymove", "props", "http"])
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

    @Test(
        "svn lists, shows, locks, steals, unlocks and breaks on the demo's repository, and is told who has what",
        .enabled(if: isThere("svn"), "svn is not installed: make test-servers installs it"))
    func svn() async throws {
        try await onDemo({ $0.isSubversion = true }) { server, folder in
            func svn(_ words: String..., as user: String = "bob") async throws -> Program.Ending {
                try await Program.run(
                    "/usr/bin/svn",
                    words + ["--username", user, "--password", user + "-pw", "--non-interactive", "--no-auth-cache"],
                    environment: ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": folder], within: 30)
            }
            try await server.add(path: "/docs/høst plan.psd", title: "høst plan.psd")
            let url = server.address + "/docs/h%C3%B8st%20plan.psd"

            let free = try await svn("info", url)
            #expect(free.status == 0 && free.output.contains("Repository Root: \(server.address)\n"), "\(free)")
            #expect(free.output.contains("Node Kind: file\n") && !free.output.contains("Lock"), "\(free)")
            #expect(try await svn("cat", url).output == "høst plan.psd\n")

            let locked = try await svn("lock", "-m", "until noon & no longer", url)
            #expect(locked.status == 0 && locked.output.contains("locked by user 'bob'"), "\(locked)")
            let held = try await svn("info", url, as: "alice")
            #expect(held.output.contains("Lock Owner: bob\n"), "\(held)")
            #expect(held.output.contains("Lock Comment (1 line):\nuntil noon & no longer\n"), "\(held)")
            let list = try await svn("ls", "-v", server.address + "/docs")
            let line = list.lines.first { $0.hasSuffix("høst plan.psd") } ?? ""
            #expect(line.contains(" O ") && list.lines.contains { $0.hasSuffix("./") }, "\(list)")

            let refused = try await svn("lock", url, as: "alice")
            #expect(refused.errors.contains("already locked by user 'bob'"), "\(refused)")
            let stolen = try await svn("lock", "--force", url, as: "alice")
            #expect(stolen.status == 0 && stolen.output.contains("locked by user 'alice'"), "\(stolen)")
            let kept = try await svn("unlock", url)
            #expect(kept.errors.contains("owned by 'alice'"), "\(kept)")
            let broken = try await svn("unlock", "--force", url)
            #expect(broken.status == 0 && broken.output.contains("unlocked"), "\(broken)")
            #expect(try await !svn("info", url).output.contains("Lock Owner"))
        }
    }
}
