// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization
import Testing

@Suite("What a refusal of Nick's means") struct NickRefusalTests {
    @Test("A web server that lets in only who signs in as Windows does is named as such")
    func windows() async throws {
        let answer = Response(
            status: 401, headers: ["WWW-Authenticate": "Negotiate, NTLM", "Content-Type": "text/html"],
            body: Array("<html>401 - Unauthorized</html>".utf8))
        for kind in ["nick", "superoffice"] {
            let profile = SystemProfile(
                name: "inside", address: try WebAddress("http://inside.example.org"),
                login: .password(user: "ann", secret: { "secret" }, isBasic: true),
                transport: MemoryTransport { _ in answer }, now: { Date(timeIntervalSince1970: 1_775_664_000) })
            let system = try #require(Registry.kind(kind)?.make(profile))
            await #expect { _ = try await system.signIn() } throws: {
                let error = $0 as? LockError
                return error?.code == .notSignedIn && error?.message.contains("no Basic sign-in") == true
                    && error?.message.contains("Negotiate, NTLM") == true
            }
        }
    }

    @Test("A conflict is no reason to sign in", arguments: ["POST", "DELETE"])
    func tellsConflictsApart(_ method: String) async throws {
        let stage = try await NickStage.open()
        let item = try await stage.add()
        try await stage.client("bob").perform(.lock, item)
        let client = try stage.client("alice")
        let row = try await client.row(item)
        client.wire.forget()
        let system = try #require(client.system as? any Locking & ForceUnlocking)
        do {
            if method == "POST" {
                try await system.lock(row.item, .standard)
            } else {
                try await system.forceUnlock(row.item, seen: try #require(row.lock))
            }
            Issue.record("Another's lock gave way.")
        } catch let error as LockError {
            #expect(error.code == (method == "POST" ? .conflict : .forbidden))
            #expect(!error.mayHaveHappened)
        }
        #expect(client.wire.requests.count == 1)
        await stage.close()
    }

    @Test("A conflict is told in any language of the server")
    func ignoresTheLanguage() async throws {
        let stage = try await NickStage.open()
        let item = try await stage.add()
        try await stage.client("bob").perform(.lock, item)
        let client = try stage.client("alice") { $0.language = "de" }
        let system = try #require(client.system as? any Locking)
        await #expect(throws: LockError(.conflict, "\(item) on nick is locked by somebody else.")) {
            try await system.lock(Item(id: item, path: item, title: ""), .standard)
        }
        #expect(client.wire.requests.last?.headers["Accept-Language"] == "de")
        await stage.close()
    }

    @Test("A user who was deleted is asked to sign in, not told that the server is broken")
    func noticesDeletedUsers() async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        _ = try await client.system.signIn()
        try await stage.server.perform(.removeAccount("alice"))
        await stage.pass(61)
        do {
            _ = try await client.system.signIn()
            Issue.record("A deleted user was signed in.")
        } catch let error as LockError {
            #expect(error.code == .notSignedIn)
        }
        await stage.close()
    }
}
