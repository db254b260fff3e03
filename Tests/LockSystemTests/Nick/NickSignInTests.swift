// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization
import Testing

@Suite("Signing in on Nick")
struct NickSignInTests {
    private func signIns(_ client: Client) -> [String] {
        client.wire.requests.map(nickShort).filter { $0.contains("@login") }
    }

    @Test("One sign-in serves for everything, and the account is the token's")
    func signsInOnce() async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        let account = try await client.system.signIn().account
        #expect(account == Account(id: "alice", name: "Alice Ångström"))
        for _ in 0..<3 {
            _ = try await client.system.signIn()
            _ = try await client.system.items(after: nil)
            await stage.pass(30)
        }
        #expect(signIns(client) == ["POST /@login"])
        await stage.close()
    }

    @Test("A later run goes on with the token that was kept")
    func keepsTokens() async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        _ = try await stage.client("alice") { $0.tokens = tokens }.system.signIn()
        for _ in 0..<10 {
            let later = try stage.client("alice") { $0.tokens = tokens }
            #expect(try await later.system.signIn().account.id == "alice")
            #expect(signIns(later).isEmpty)
        }
        await stage.close()
    }

    @Test("Five sign-ins in a quarter of an hour are never exceeded, whatever runs how often")
    func keepsTheLimit() async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        var sent = 0
        for attempt in 0..<20 {
            let client = try stage.client("alice", password: "wrong") { $0.tokens = tokens }
            do {
                _ = try await client.system.signIn()
                Issue.record("A wrong password was accepted.")
            } catch let error as LockError {
                #expect(error.code == (sent < 4 || !signIns(client).isEmpty ? .notSignedIn : .slowDown))
                if error.code == .slowDown { #expect((error.retryAfter ?? 0) > 0) }
            }
            sent += signIns(client).count
            #expect(sent <= 4, "attempt \(attempt)")
            await stage.pass(10)
        }
        #expect(sent == 4)
        await stage.pass(900)
        let client = try stage.client("alice") { $0.tokens = tokens }
        #expect(try await client.system.signIn().account.id == "alice")
        #expect(await stage.server.requestLog.allSatisfy { $0.status != 429 })
        await stage.close()
    }

    @Test("A server that says that sign-ins are used up is left alone as long as it says")
    func heedsTheServer() async throws {
        let stage = try await NickStage.open()
        for _ in 0..<5 {
            _ = await stage.server.answer(
                Request(
                    "POST", stage.server.address + "/@login", headers: ["Content-Type": "application/json"],
                    body: Array(#"{"login":"x","password":"y"}"#.utf8)))
        }
        let client = try stage.client("alice")
        for _ in 0..<3 {
            await #expect(throws: LockError.self) { try await client.system.signIn() }
        }
        #expect(signIns(client).count == 1)
        do {
            _ = try await client.system.signIn()
        } catch let error as LockError {
            #expect(error.code == .slowDown)
            #expect(error.retryAfter == 900)
        }
        await stage.close()
    }

    @Test("A token is renewed before it ends, once")
    func renews() async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        _ = try await client.system.signIn()
        await stage.pass(7_000)
        for _ in 0..<5 {
            _ = try await client.system.signIn()
            await stage.pass(30)
        }
        #expect(signIns(client) == ["POST /@login", "POST /@login-renew"])
        await stage.close()
    }

    @Test("A kept sign-in serves the password it was made with, and no other")
    func otherSecret() async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        _ = try await stage.client("alice") { $0.tokens = tokens }.system.signIn()
        let kept = tokens.signIn("alice")
        let wrong = try stage.client("alice", password: "guess") { $0.tokens = tokens }
        await #expect { _ = try await wrong.system.signIn() } throws: { ($0 as? LockError)?.code == .notSignedIn }
        #expect(signIns(wrong) == ["POST /@login"])
        #expect(tokens.signIn("alice") == kept)
        let right = try stage.client("alice") { $0.tokens = tokens }
        _ = try await right.system.signIn()
        #expect(signIns(right).isEmpty)
        await stage.close()
    }

    private static func token(_ sub: String) -> String {
        let claims = Data("{\"sub\": \"\(sub)\", \"exp\": 4102444800}".utf8).base64EncodedString()
        return "e30." + claims.replacing("=", with: "") + ".x"
    }

    @Test(
        "A renewal that turns into somebody else, nobody or nonsense is none, and the password serves in the end",
        arguments: [#"{"token": "MALLORY"}"#, #"{"token": "NOBODY"}"#, #"{"token": "x"}"#, "{}", "", "<html>"])
    func oddRenewal(body: String) async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        let client = try stage.client("alice") { $0.tokens = tokens }
        _ = try await client.system.signIn()
        let kept = tokens.signIn("alice")
        let text = body.replacing("MALLORY", with: Self.token("mallory")).replacing("NOBODY", with: Self.token(""))
        client.wire.bend { request, next in
            guard request.url.hasSuffix("/@login-renew") else { return try await next(request) }
            return Response(status: 200, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
        }
        await stage.pass(7_000)
        #expect(try await client.system.signIn().account.id == "alice")
        #expect(tokens.signIn("alice") == kept)
        await stage.pass(1_000)
        #expect(try await client.system.signIn().account.id == "alice")
        #expect(signIns(client) == ["POST /@login", "POST /@login-renew", "POST /@login"])
        await stage.close()
    }

    @Test("Two programs of one user don't end each other's sign-in, and use up one renewal")
    func twoPrograms() async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        let first = try stage.client("alice") { $0.tokens = tokens }
        let second = try stage.client("alice") { $0.tokens = tokens }
        _ = try await first.system.signIn()
        _ = try await second.system.signIn()
        await stage.pass(7_000)
        _ = try await first.system.signIn()
        _ = try await second.system.signIn()
        #expect(signIns(first) == ["POST /@login", "POST /@login-renew"])
        #expect(signIns(second).isEmpty)
        await stage.close()
    }

    @Test("A refusal right after a proof is a refusal: nothing is asked again", arguments: NickOptions.Release.allCases)
    func manyRefusals(release: NickOptions.Release) async throws {
        let stage = try await NickStage.open { $0.nick.release = release }
        let path = try await stage.add()
        let client = try stage.client("mallory")
        let item = try await client.row(path).item
        let system = try #require(client.system as? any Locking)
        await stage.pass(30)
        client.wire.forget()
        for _ in 0..<20 {
            await #expect { try await system.lock(item, .standard) } throws: { ($0 as? LockError)?.code == .forbidden }
        }
        #expect(client.wire.changes.count == 20)
        #expect(client.wire.requests.count <= 21)
        await stage.close()
    }

    @Test("A clock that is set back neither prolongs a proof nor forgets a sign-in")
    func clockSetBack() async throws {
        let stage = try await NickStage.open()
        let back = Mutex(0.0)
        let client = try stage.client("alice", password: "wrong") { profile in
            let now = profile.now
            profile.now = { now().addingTimeInterval(-back.withLock(\.self)) }
        }
        for hour in 0..<10 {
            _ = try? await client.system.signIn()
            back.withLock { $0 = Double(hour) * 3_600 }
        }
        #expect(signIns(client).count == 4)
        await stage.close()
    }

    @Test("A token that has ended is replaced by a new sign-in, and the account stays")
    func signsInAgain() async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        let item = try await stage.add()
        _ = try await client.system.signIn()
        await stage.pass(8_000)
        #expect(await client.perform(.lock, item).outcome == .done)
        #expect(signIns(client) == ["POST /@login", "POST /@login"])
        await stage.close()
    }

    @Test("A token that was revoked is noticed within a minute, although public pages are served on")
    func noticesRevocation() async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        let client = try stage.client("alice") { $0.tokens = tokens }
        _ = try await client.system.signIn()
        let token = try #require(tokens.signIn("alice"))
        _ = await stage.server.answer(
            Request("POST", stage.server.address + "/@logout", headers: ["Authorization": "Bearer \(token)"]))
        await stage.pass(61)
        #expect(try await client.system.signIn().account.id == "alice")
        #expect(signIns(client).count == 2)
        #expect(tokens.signIn("alice") != token)
        await stage.close()
    }

    @Test("A change with a token that was revoked is sent again after a new sign-in: the first was refused for it")
    func repeatsWhatWasRefused() async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        let client = try stage.client("alice") { $0.tokens = tokens }
        let item = try await stage.add()
        _ = try await client.system.signIn()
        let token = try #require(tokens.signIn("alice"))
        _ = await stage.server.answer(
            Request("POST", stage.server.address + "/@logout", headers: ["Authorization": "Bearer \(token)"]))
        #expect(await client.perform(.lock, item).outcome == .done)
        await stage.close()
    }

    @Test(
        "A missing right is forbidden, on the old release too, where it has the status of a missing sign-in",
        arguments: NickOptions.Release.allCases)
    func tellsMissingRightsApart(_ release: NickOptions.Release) async throws {
        let stage = try await NickStage.open { $0.nick.release = release }
        let item = try await stage.add()
        let client = try stage.client("mallory")
        let result = await client.perform(.lock, item)
        #expect(result.reason == .forbidden)
        #expect(signIns(client).count == 1)
        await stage.close()
    }

    @Test(
        "The password is for a Nick alone: another server is told apart before it gets it",
        arguments: [
            Response(status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>Sign in</html>".utf8)),
            Response(status: 404, headers: ["Content-Type": "text/html"], body: Array("<html>Plone</html>".utf8)),
            Response(status: 200, body: []),
            Response(status: 200, headers: ["Content-Type": "application/json"], body: Array("[]".utf8)),
            Response(status: 301, headers: ["Location": "https://elsewhere.example.org/"]),
        ])
    func keepsThePassword(_ answer: Response) async throws {
        let transport = MemoryTransport { _ in answer }
        let profile = SystemProfile(
            name: "nick", address: try WebAddress("http://nick.example.org"),
            login: .password(user: "alice", secret: { "secret" }, isBasic: false), transport: transport,
            now: { Date(timeIntervalSince1970: 1_775_664_000) })
        do {
            _ = try await NickSystem(profile).signIn()
            Issue.record("It was taken for a Nick.")
        } catch let error as LockError {
            #expect(error.code == .wrongSystem)
        }
        #expect(transport.requests.allSatisfy { $0.method == "GET" && $0.headers["Authorization"] == nil })
    }

    @Test("A site behind a front end is found at the mark that the front end passes on")
    func findsTheTraverser() async throws {
        let stage = try await NickStage.open { $0.nick.prefix = "/++api++" }
        let item = try await stage.add()
        let client = try stage.client("alice")
        client.wire.bend { request, next in
            guard request.url.contains("++api++") else {
                return Response(status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>".utf8))
            }
            return try await next(request)
        }
        let result = await client.perform(.lock, item)
        #expect(result.outcome == .done, "\(result.why)")
        #expect(client.system.webAddress(of: Item(id: item, path: item, title: "")) == stage.server.address + item)
        await stage.close()
    }

    @Test("A prefix is kept in every request, though it is missing in every answer")
    func knowsAPrefix() async throws {
        let stage = try await NickStage.open { $0.nick.prefix = "/api" }
        let item = try await stage.add()
        let client = try stage.client("alice") {
            $0.address = (try? WebAddress(stage.server.address + "/api")) ?? $0.address
        }
        _ = try await client.system.signIn()
        let rows = try await client.system.items(after: nil).rows
        #expect(rows.map(\.item.id).contains(item))
        #expect(client.wire.requests.allSatisfy { nickShort($0).contains("/api/") })
        #expect(await client.perform(.lock, item).outcome == .done)
        await stage.close()
    }

    @Test("A token from elsewhere serves as it is, and a bad one is told")
    func takesTokens() async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        _ = try await stage.client("alice") { $0.tokens = tokens }.system.signIn()
        let token = try #require(tokens.signIn("alice"))
        let good = try stage.client("alice") { $0.login = .token({ token }) }
        #expect(try await good.system.signIn().account.id == "alice")
        for bad in ["nonsense", token + "x"] {
            let client = try stage.client("alice") { $0.login = .token({ bad }) }
            do {
                _ = try await client.system.signIn()
                Issue.record("A bad token was accepted.")
            } catch let error as LockError {
                #expect(error.code == .notSignedIn)
            }
        }
        await stage.close()
    }
}
