// SPDX-License-Identifier: MIT
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

/// The server with which git-lfs tests itself; `Tests/Servers/gitlfs.sh` builds and starts it.
private enum GitServer {
    static let address = ProcessInfo.processInfo.environment["LOCKTOP_GIT_LFS_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
    static let reason = "LOCKTOP_GIT_LFS_SERVER names no running server: Tests/Servers/test-servers.sh starts one"
}

@Suite("git-lfs' own test server", .enabled(if: GitServer.address != nil, Comment(rawValue: GitServer.reason)))
struct GitLFSServerTests {
    /// An office whose server has a repository that nobody has named before.
    private func inRepository(_ body: (Office) async throws -> Void) async throws {
        try await inOffice { office in
            let url = "\(try #require(GitServer.address))/game-\(UInt32.random(in: 0 ... .max))"
            try Office.write("pass\n", to: office.home + "/password")
            _ = try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: office.home + "/password")
            let auth = "{user: user, password_file: \(office.home)/password}"
            try Office.write(
                "servers:\n  - {name: game, kind: gitlfs, url: \"\(url)\", auth: \(auth)}\n", to: office.configuration)
            try await body(office)
        }
    }

    @Test("What is locked there is listed and ours, what is theirs is in the way, and both are ended by their ids")
    func wholeStory() async throws {
        try await inRepository { office in
            #expect(try await office.run("ls", "--json").json == .array([]))
            #expect(try await office.run("lock", "Assets/hero #1.fbx").status == 0)
            #expect(try await office.run("lock", "Assets/hero #1.fbx", "--json").json["outcome"]?.text == "unchanged")
            // Whatever has "theirs" in its path is another's there, whoever has locked it.
            let lost = try await office.run("lock", "theirs/map.umap", "--json")
            #expect(lost.status == 75)
            #expect(try lost.json["after"]?["holder"]?["name"]?.text == "Git LFS Tests")
            let rows = try await office.run("ls", "--json").json.values
            #expect(rows.map { $0["id"]?.text } == ["Assets/hero #1.fbx", "theirs/map.umap"])
            #expect(rows.map { $0["lock"]?["holder"]?["isMe"] } == [.bool(true), .bool(false)])
            #expect(rows.allSatisfy { $0["lock"]?["since"]?.text != nil })
            #expect(try await office.run("unlock", "theirs/map.umap").status == 75)
            let forced = try await office.run("unlock", "--force", "theirs/map.umap", "--yes", "--json")
            #expect(try forced.json["outcome"]?.text == "done", "\(forced)")
            #expect(try await office.run("unlock", "Assets/hero #1.fbx").status == 0)
            #expect(try await office.run("ls", "--json").json == .array([]))
        }
    }

    @Test("A wrong password is refused there with 403: signed in, and not allowed to look")
    func wrongPassword() async throws {
        try await inRepository { office in
            try Office.write("wrong\n", to: office.home + "/password")
            let ending = try await office.run("ls")
            #expect(ending.status == 77 && ending.errors.contains("does not let user see"), "\(ending)")
        }
    }
}
