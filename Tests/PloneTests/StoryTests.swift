// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import Stories
import Testing

extension OnRealPlone {
    /// The stories of the manual, where a real Plone holds the locks.
    @Suite("Stories") struct StoryTests {
        private func play(_ story: (Workplace) async throws -> Void) async throws {
            let server = try await PloneServer.open()
            let home =
                FileManager.default.temporaryDirectory.path + "/locktop-story-\(UInt64.random(in: 0..<UInt64.max))"
            defer { try? FileManager.default.removeItem(atPath: home) }
            do {
                try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
                try await story(try await workplace(on: server, home))
            } catch {
                await server.close()
                throw error
            }
            await server.close()
        }

        private func workplace(on server: PloneServer, _ home: String) async throws -> Workplace {
            for name in ["agm", "autumn", "brochure", "launch"] {
                let fields = ["@type": "Document", "id": name, "title": name]
                try await server.ask(
                    "POST", server.folder, String(decoding: try JSONBody.encode(fields), as: UTF8.self))
                try await server.ask("POST", "\(server.folder)/\(name)/@workflow/publish", "{}")
            }
            let configuration = """
                poll: 1s
                departed: [bob]
                servers:
                  - name: site
                    kind: plone
                    url: \(server.address)
                    auth: {user: manager, password_env: SITE_PASSWORD}
                    items: {path: \(server.folder), types: [Document]}

                """
            try Data(configuration.utf8).write(to: URL(filePath: home + "/config.yaml"))
            return Workplace(
                folder: server.folder, home: home, configuration: home + "/config.yaml",
                variables: [
                    "HOME": home, "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                    "SITE_PASSWORD": "manager-pw",
                ],
                take: { path, person in try await expectDone(server, "POST", path, person) },
                giveBack: { path, person in try await expectDone(server, "DELETE", path, person) })
        }

        @Test("Bob left: all that he holds is found and released, with a reason, and the record tells it")
        func bobLeaves() async throws { try await play(bobLeft) }

        @Test("The brochure is taken the moment it is free")
        func brochure() async throws { try await play(takeTheBrochure) }

        @Test("Who blocked whom this morning is told in the afternoon")
        func blocking() async throws { try await play(whoBlockedWhom) }
    }
}

private func expectDone(_ server: PloneServer, _ method: HTTP.Method, _ path: String, _ person: String) async throws {
    let answer = try await server.send(method, path + "/@lock", as: person, "{}")
    guard (200..<300).contains(answer.status) else {
        throw NotReady("\(method.rawValue) \(path)/@lock as \(person): \(answer.status)")
    }
}
