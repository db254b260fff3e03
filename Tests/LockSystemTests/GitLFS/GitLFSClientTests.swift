// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import TestSupport
import Testing

/// A throw-away repository of the real client, whose Git LFS server is a stage's.
private final class Clone {
    static let git = ProcessInfo.processInfo.environment["LOCKTOP_GIT_LFS"].flatMap { $0.isEmpty ? nil : $0 }
    static let reason = "LOCKTOP_GIT_LFS does not name git with git-lfs: Tests/Servers/test-servers.sh does"

    struct NotMade: Error, CustomStringConvertible { let description: String }

    private let folder: String
    private let variables: [String: String]

    init(_ stage: GitLFSStage, as person: String) async throws {
        folder = FileManager.default.temporaryDirectory.path + "/gitlfs-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/home", withIntermediateDirectories: true)
        variables = [
            "HOME": folder + "/home", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8",
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        ]
        let password = person == "admin" ? person : person + "-pw"
        let url = stage.server.address.replacing("http://", with: "http://\(person):\(password)@")
        try await must(
            ["init", "-q", "-b", "main", "."], ["lfs", "install", "--local"],
            ["config", "lfs.url", url + "/info/lfs"], ["remote", "add", "origin", url],
            ["config", "user.name", person], ["config", "user.email", person + "@example.org"])
    }

    private func must(_ calls: [String]...) async throws {
        for words in calls {
            let ending = try await run(words)
            guard ending.status == 0 else { throw NotMade(description: "\(words): \(ending)") }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Puts a file there and commits it: the client ends no lock of what has changed since.
    func touch(_ path: String) async throws {
        let place = folder + "/" + path
        let parent = place.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "/" + parent, withIntermediateDirectories: true)
        try Data("asset".utf8).write(to: URL(filePath: place))
        try await must(["add", path], ["commit", "-q", "-m", "Add an asset"])
    }

    func run(_ words: [String]) async throws -> Program.Ending {
        try await Program.run(Self.git ?? "git", words, environment: variables, directory: folder, within: 60)
    }

    func lfs(_ words: String...) async throws -> Program.Ending { try await run(["lfs"] + words) }

    private struct Told: Decodable {
        struct Owner: Decodable { var name: String }
        var path: String
        var id: String
        var owner: Owner?
    }

    /// What the client says is locked: path and holder.
    func locks() async throws -> [String] {
        let ending = try await lfs("locks", "--json")
        return try JSONDecoder().decode([Told].self, from: Data(ending.output.utf8))
            .map { "\($0.path) \($0.owner?.name ?? "-")" }.sorted()
    }
}

@Suite(
    "The git-lfs client on the demo server", .enabled(if: Clone.git != nil, Comment(rawValue: Clone.reason)),
    .timeLimit(.minutes(5)))
struct GitLFSClientTests {
    @Test("What the client locks is held by whom it says, what we lock the client lists, and each ends the other's")
    func both() async throws {
        let stage = try await GitLFSStage.open()
        let clone = try await Clone(stage, as: "alice")
        let path = "Assets/Hero 100%/hero#1.fbx"
        try await clone.touch(path)
        let locked = try await clone.lfs("lock", path)
        #expect(locked.status == 0, "\(locked)")
        let bob = try await stage.client(.second)
        let seen = try await bob.row(path)
        #expect(seen.lock?.holder.name == "alice" && seen.lock?.holder.ownership == .other)
        #expect(try await stage.client(.first).row(path).lock?.holder.ownership == .mine)
        #expect(await bob.perform(.lock, "Map/a.umap").outcome == .done)
        #expect(try await clone.locks() == ["\(path) alice", "Map/a.umap bob"])
        // The client marks its own.
        let verified = try await clone.lfs("locks", "--verify")
        #expect(verified.output.contains("O \(path)") && verified.output.contains("  Map/a.umap"), "\(verified)")
        let result = await bob.perform(.forceUnlock, path)
        #expect(result.outcome == .done)
        try await clone.touch("Map/a.umap")
        let refused = try await clone.lfs("unlock", "Map/a.umap")
        #expect(refused.status != 0 && (refused.output + refused.errors).contains("bob"), "\(refused)")
        let forced = try await clone.lfs("unlock", "--force", "Map/a.umap")
        #expect(forced.status == 0, "\(forced)")
        #expect(try await clone.locks() == [])
        #expect(try await bob.row("Map/a.umap").reading.state == .free)
        await stage.close()
    }

    @Test("The client ends its own lock by its path and by its id, and is told who has what it can't lock")
    func own() async throws {
        let stage = try await GitLFSStage.open()
        let clone = try await Clone(stage, as: "alice")
        try await clone.touch("a.psd")
        #expect(try await clone.lfs("lock", "a.psd").status == 0)
        let again = try await clone.lfs("lock", "a.psd")
        #expect(again.status != 0 && (again.output + again.errors).contains("already"), "\(again)")
        #expect(try await clone.lfs("unlock", "a.psd").status == 0)
        #expect(try await clone.lfs("lock", "a.psd").status == 0)
        let id = try #require(try await stage.client(.first).row("a.psd").lock?.serverID)
        let ending = try await clone.lfs("unlock", "--id", id)
        #expect(ending.status == 0, "\(ending)")
        #expect(try await clone.locks() == [])
        await stage.close()
    }

    @Test(
        "Every way a host may be is one that the client takes", arguments: [GitLFSOptions.Host.plain, .gitlab, .gitea])
    func hosts(_ host: GitLFSOptions.Host) async throws {
        let stage = try await GitLFSStage.open { $0.host = host }
        _ = try await stage.fillListing()
        let clone = try await Clone(stage, as: "alice")
        try await clone.touch("a.psd")
        let locked = try await clone.lfs("lock", "a.psd")
        #expect(locked.status == 0, "\(locked)")
        #expect(try await clone.locks().count == 251)
        #expect(try await clone.lfs("unlock", "a.psd").status == 0)
        await stage.close()
    }

    @Test("Who may only read lists, and is told in the server's words that locking wants more")
    func reader() async throws {
        let stage = try await GitLFSStage.open()
        await (try await stage.client(.first)).perform(.lock, "a.psd")
        let clone = try await Clone(stage, as: "mallory")
        try await clone.touch("b.psd")
        #expect(try await clone.locks() == ["a.psd alice"])
        let refused = try await clone.lfs("lock", "b.psd")
        #expect(refused.status != 0 && (refused.output + refused.errors).contains("push access"), "\(refused)")
        await stage.close()
    }
}
