// SPDX-License-Identifier: MIT
import DemoServer
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing

@Suite("Odd answers of a host of Git LFS")
struct GitLFSAnswerTests {
    private static func error(_ answer: Response) async throws -> LockError {
        let script = try GitLFSScript { _ in answer }
        return try await lockError { _ = try await script.system.signIn() }
    }

    @Test("A web page is no list of locks, and says what to set", arguments: ["text/html", "application/json"])
    func page(_ type: String) async throws {
        let body = Array("<!DOCTYPE html><html><body>Sign in</body></html>".utf8)
        let error = try await Self.error(Response(status: 200, headers: ["Content-Type": type], body: body))
        #expect(error.code == .wrongSystem)
        #expect(
            error.message
                == "game: https://git.example.org/studio/game.git/info/lfs is no Git LFS server: it answered 200 with a web page."
        )
        #expect(error.advice.contains("Set url to the repository"))
    }

    @Test("A host without locks says so, whatever it says it with", arguments: [404, 405, 410, 501])
    func noLocks(_ status: Int) async throws {
        for body in [#"{"message":"Not found"}"#, "<html>nothing</html>", ""] {
            let error = try await Self.error(Response(status: status, body: Array(body.utf8)))
            #expect(error.code == .unsupported)
            #expect(
                error.message
                    == "game: https://git.example.org/studio/game.git/info/lfs has no lock API: it answered \(status).")
        }
        let stage = try await GitLFSStage.open { $0.noLocks = status }
        let client = try await stage.client(.first)
        let result = await client.perform(.lock, "/docs/map")
        #expect(result.outcome == .refused && result.reason == .unsupported && result.exitCode == 1)
        await stage.close()
    }

    @Test(
        "What is JSON and no list of locks is nonsense, never an empty list",
        arguments: ["{}", "[]", "null", "7", #"{"ours":7}"#, #"{"locks":{}}"#, "", #"{"ours":["#])
    func nonsense(_ body: String) async throws {
        let error = try await Self.error(GitLFSScript.json(body))
        #expect(error.code == .nonsense)
    }

    @Test("Words in the place of a list are told, and are no empty list; beside a list they take nothing away")
    func words() async throws {
        let error = try await Self.error(
            GitLFSScript.json(#"{"ours":null,"theirs":null,"message":"cursor (x) not found"}"#))
        #expect(error.code == .nonsense && error.message.contains("cursor (x) not found"))
        let script = try GitLFSScript { _ in GitLFSScript.json(#"{"ours":[],"theirs":null,"message":"slow today"}"#) }
        #expect(try await script.system.items(after: nil).rows.isEmpty)
    }

    @Test("A repository that has moved says where, and nothing follows it there")
    func moved() async throws {
        let headers: Headers = ["Location": "https://git.example.org/studio/renamed.git/info/lfs/locks/verify"]
        let script = try GitLFSScript { _ in Response(status: 301, headers: headers) }
        let error = try await lockError { _ = try await script.system.signIn() }
        #expect(error.code == .wrongSystem && error.message.contains("renamed.git"))
        #expect(script.transport.requests.count == 1)
    }

    @Test("A password that is refused is refused by whose it is, and not tried twice")
    func password() async throws {
        let script = try GitLFSScript { _ in GitLFSScript.json(#"{"message":"Credentials needed"}"#, status: 401) }
        let error = try await lockError { _ = try await script.system.signIn() }
        #expect(error.code == .notSignedIn && error.message.contains("ines"))
        // Once each for what tells ours from theirs and for what everybody may read.
        #expect(script.transport.requests.map(\.method) == ["POST", "GET"])
        // Once it is known what the refusal means, a wrong password is one try a round.
        _ = try await lockError { _ = try await script.system.signIn() }
        #expect(script.transport.requests.map(\.method) == ["POST", "GET", "POST"])
    }

    @Test("A server that is slow, busy or broken is that, for as long as it says")
    func busy() async throws {
        let busy = try await Self.error(Response(status: 429, headers: ["Retry-After": "7"]))
        #expect(busy.code == .slowDown && busy.retryAfter == 7)
        #expect(try await Self.error(Response(status: 503)).code == .slowDown)
        let broken = try await Self.error(GitLFSScript.json(#"{"message":"database\u001b[31m is away"}"#, status: 500))
        #expect(broken.code == .nonsense && broken.message.contains("is away"))
        #expect(try await Self.error(Response(status: 415)).message.contains("does not take the form"))
    }
}
