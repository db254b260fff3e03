// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

/// A server whose rows are locks, and that knows no files: the commands take any path.
@Suite("Commands where every path can be locked")
struct LocksOfPathsTests {
    private func inRepository(auth: String, _ body: (Office) async throws -> Void) async throws {
        let server = try await DemoServer.start(
            DemoOptions(dialect: .gitlfs, documents: 0, speed: 0, people: false))
        let office = try await Office.open(server, as: "alice", password: "alice-pw")
        let text =
            "servers:\n  - {name: assets, kind: gitlfs, url: \"\(server.address)\", auth: \(auth.replacing("HOME", with: office.home))}\n"
        try Office.write(text, to: office.configuration)
        do {
            try await body(office)
        } catch {
            await office.close()
            throw error
        }
        await office.close()
    }

    private static let password = "{user: alice, password_file: HOME/password}"

    @Test("A path that no row has is locked, shown, listed, released, and a row no more")
    func anyPath() async throws {
        try await inRepository(auth: Self.password) { office in
            #expect(try await office.run("ls", "--json").json == .array([]))
            let locked = try await office.run("lock", "Assets/hero.fbx", "--json")
            #expect(locked.status == 0 && (try? locked.json["outcome"]?.text) == "done", "\(locked)")
            let rows = try await office.run("ls", "--json").json
            #expect(rows.values.map { $0["id"]?.text } == ["Assets/hero.fbx"])
            #expect(rows[0]?["path"]?.text == "/Assets/hero.fbx" && rows[0]?["lock"]?["holder"]?["isMe"] == .bool(true))
            let shown = try await office.run("show", "/Assets/hero.fbx", "--json").json
            #expect(shown["state"]?.text == "held" && shown["operations"] == .array([.text("unlock")]))
            #expect(try await office.run("unlock", "assets:/Assets/hero.fbx").status == 0)
            #expect(try await office.run("ls", "--json").json == .array([]))
            #expect(try await office.run("show", "Assets/hero.fbx", "--json").json["state"]?.text == "free")
            // There is no place for a comment on the server: the history keeps it.
            #expect(try await office.run("lock", "--comment", "for the trailer", "b.psd").status == 0)
            let history = try await office.run("history", "--ours", "--json")
            #expect(history.output.contains(#""note":"for the trailer""#), "\(history)")
            let timed = try await office.run("lock", "--timeout", "1h", "a.psd")
            #expect(timed.status == 1 && timed.errors.contains("Locks of Git LFS do not expire. Leave out --timeout."))
        }
    }

    @Test("A host without locks is unsupported and ends with 1 for an operation, whatever the path")
    func noLocks() async throws {
        try await inRepository(auth: Self.password) { office in
            let text = office.text(of: "config.yaml").replacing("/office.git", with: "/elsewhere.git")
            try Office.write(text, to: office.configuration)
            let ending = try await office.run("lock", "a.psd")
            #expect(ending.status == 1 && ending.errors.contains("has no lock API: it answered 404."), "\(ending)")
        }
    }

    @Test("login says that there is no token to keep where the password goes with every request")
    func login() async throws {
        try await inRepository(auth: "{user: alice}") { office in
            let ending = try await office.run("login", "assets", input: "alice-pw\n")
            #expect(ending.status == 78 && ending.errors.contains("gives no token that could be kept"), "\(ending)")
            #expect(try await office.run("login", "assets", input: "wrong\n").status == 77)
        }
    }

    @Test("What git's helpers give signs in, and is written down nowhere")
    func gitCredential() async throws {
        try await inRepository(auth: "{git_credential: true}") { office in
            let port = office.server.address.split(separator: ":").last?.prefix { $0 != "/" } ?? ""
            try Office.write("http://bob:bob-pw@127.0.0.1%3a\(port)\n", to: office.home + "/.git-credentials")
            try Office.write("[credential]\n\thelper = store\n", to: office.home + "/.gitconfig")
            let changes = ["HOME": office.home]
            let locked = try await office.run("lock", "a.psd", changes: changes)
            #expect(locked.status == 0, "\(locked)")
            let rows = try await office.run("ls", "--json", changes: changes).json
            #expect(rows[0]?["lock"]?["holder"]?["name"]?.text == "bob")
            for name in try FileManager.default.contentsOfDirectory(atPath: office.state) {
                let bytes = FileManager.default.contents(atPath: "\(office.state)/\(name)") ?? Data()
                #expect(bytes.firstRange(of: Data("bob-pw".utf8)) == nil, "\(name)")
            }
            try FileManager.default.removeItem(atPath: office.home + "/.git-credentials")
            let without = try await office.run("ls", changes: changes)
            #expect(
                without.status == 77 && without.errors.contains("git has no user and password for 127.0.0.1:\(port)"))
        }
    }
}
