// SPDX-License-Identifier: MIT
import FoundationEssentials
import LockSystemContract
import Locks
import TestSupport
import Testing

/// Subversion's own client beside this program, on one repository.
@Suite(
    .serialized, .enabled(if: RealServer.subversion.address != nil, "\(RealServer.subversion.reason)"))
struct SubversionClientTests {
    private static let svn = "/usr/bin/svn"

    private func run(_ arguments: [String], as user: String = "bob") async throws -> Program.Ending {
        try await Program.run(
            Self.svn,
            arguments + ["--username", user, "--password", user + "-pw", "--non-interactive", "--no-auth-cache"],
            environment: ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
    }

    private func onServer(_ body: (FileServer, String, String) async throws -> Void) async throws {
        try await FileServer.open(.subversion).during { server in
            let item = try await server.add("/hero image.psd")
            try await body(server, item, server.address + "/hero%20image.psd")
        }
    }

    @Test("svn shows our lock with its holder and its words, and can't take what we hold")
    func ours() async throws {
        try await onServer { server, item, url in
            let alice = try server.client(named: "alice")
            let wish = Wish(.lock, options: LockOptions(comment: "retouching, <back> on Friday"))
            #expect(await alice.perform(wish, item).outcome == .done)
            let info = try await run(["info", url])
            #expect(info.output.contains("Lock Owner: alice"), "\(info)")
            #expect(info.output.contains("retouching, <back> on Friday"), "\(info)")
            let taken = try await run(["lock", url])
            #expect(taken.errors.contains("already locked by user 'alice'"), "\(taken)")
            #expect(try await alice.row(item).lock?.holder.isMe == true)
        }
    }

    @Test("A lock that svn took is shown with its words, is mine when it is, and force breaks another's")
    func theirs() async throws {
        try await onServer { server, item, url in
            let locked = try await run(["lock", "-m", "until noon & no longer", url])
            #expect(locked.status == 0, "\(locked)")
            let alice = try server.client(named: "alice")
            let lock = try #require(try await alice.row(item).lock)
            #expect(lock.holder.id == "bob" && lock.comment == "until noon & no longer" && lock.expires == nil)
            #expect(try await (try server.client(named: "bob")).row(item).lock?.holder.isMe == true)
            let result = await alice.perform(Wish(.forceUnlock, expecting: .lock(lock.identity)), item)
            #expect(result.outcome == .done, "\(result.why)")
            let info = try await run(["info", url])
            #expect(info.status == 0 && !info.output.contains("Lock Owner"), "\(info)")
        }
    }

    @Test("A lock that svn steals from us is another's then, and is told so")
    func stolen() async throws {
        try await onServer { server, item, url in
            let alice = try server.client(named: "alice")
            #expect(await alice.perform(.lock, item).outcome == .done)
            let before = try await alice.row(item)
            let stolen = try await run(["lock", "--force", url])
            #expect(stolen.status == 0, "\(stolen)")
            let after = try await alice.row(item)
            #expect(LockEvent.between(before.reading, after, on: "files", at: alice.now())?.kind == .stolen)
            #expect(await alice.perform(.refresh, item).reason == .conflict)
        }
    }

    @Test("The words of a repository's own hooks are shown")
    func hooks() async throws {
        guard let folder = ProcessInfo.processInfo.environment["LOCKTOP_SVN_FOLDER"] else {
            throw NotReady("LOCKTOP_SVN_FOLDER does not say where the repository lies.")
        }
        try await onServer { server, item, _ in
            let alice = try server.client(named: "alice")
            let bob = try server.client(named: "bob")
            let other = try await server.add("/held.psd")
            #expect(await bob.perform(.lock, other).outcome == .done)
            let hooks = ["pre-lock", "pre-unlock"].map { "\(folder)/hooks/\($0)" }
            for hook in hooks {
                let script = "#!/bin/sh\necho 'Only on Fridays, says the art lead.' >&2\nexit 1\n"
                let isThere = FileManager.default.createFile(
                    atPath: hook, contents: Data(script.utf8), attributes: [.posixPermissions: 0o755])
                try #require(isThere)
            }
            defer { for hook in hooks { try? FileManager.default.removeItem(atPath: hook) } }
            let locked = await alice.perform(.lock, item)
            #expect(
                locked.reason == .forbidden && locked.why.contains("Only on Fridays, says the art lead."),
                "\(locked.why)")
            let broken = await alice.perform(.forceUnlock, other)
            #expect(broken.reason == .forbidden && broken.why.contains("Only on Fridays"), "\(broken.why)")
            #expect(try await alice.row(other).lock?.holder.id == "bob")
        }
    }
}
