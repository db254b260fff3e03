// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization
import Testing

@Suite("Signing in to Plone")
struct PloneSignInTests {
    private static func logins(_ client: Client) -> Int { client.wire.requests.count { $0.url.hasSuffix("/@login") } }
    private static func renewals(_ client: Client) -> Int {
        client.wire.requests.count { $0.url.hasSuffix("/@login-renew") }
    }

    /// What the server says when it does not know the sender.
    fileprivate static func rejects(_ code: LockError.Code, _ body: () async throws -> Void) async -> LockError? {
        var found: LockError?
        await #expect(throws: LockError.self) {
            do { try await body() } catch let error as LockError {
                found = error
                throw error
            }
        }
        #expect(found?.code == code)
        return found
    }

    @Test("One sign-in is one request, and serves all that follow")
    func once() async throws {
        let stage = try await DemoStage.open()
        let client = try await stage.client(.first)
        let path = try await stage.add()
        let signIn = try await client.system.signIn()
        #expect(signIn.account == Account(id: "alice", name: "Alice Ångström"))
        #expect(client.wire.requests.count == 1)
        _ = try await client.system.items(after: nil)
        _ = try await client.row(path)
        #expect(Self.logins(client) == 1 && Self.renewals(client) == 0)
        await stage.close()
    }

    @Test("Many requests at once share one sign-in")
    func shared() async throws {
        let stage = try await DemoStage.open()
        let client = try await stage.client(.first)
        let path = try await stage.add()
        await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try? await client.system.find(path) } }
        }
        #expect(Self.logins(client) == 1)
        await stage.close()
    }

    @Test("A wrong password is told, once for each try", arguments: [false, true])
    func wrongPassword(isBasic: Bool) async throws {
        let stage = try await DemoStage.open()
        let client = try stage.client(.account("alice", password: "guess", isBasic: isBasic))
        let error = await Self.rejects(.notSignedIn) { _ = try await client.system.signIn() }
        #expect(error?.message == "contract does not accept the password of alice.")
        #expect(client.wire.requests.count == 1)
        // Public content would be answered to anybody; it is not asked for.
        _ = await Self.rejects(.notSignedIn) { _ = try await client.system.items(after: nil) }
        #expect(Self.logins(client) == 2)
        #expect(client.wire.requests.count == 2)
        await stage.close()
    }

    @Test("What is forbidden asks once who we are, and never for the password again")
    func noLoop() async throws {
        let stage = try await DemoStage.open()
        let client = try await stage.client(.outsider)
        let path = try await stage.add()
        for attempt in 0..<10 {
            // A proof of a moment ago answers the next refusals too.
            if attempt == 5 { await stage.pass(6) }
            let result = await client.perform(.lock, path)
            #expect(result.reason == .forbidden)
            #expect(
                result.why == "contract does not let mallory do that to \(path). "
                    + "It needs the right to modify it, which Editors and Managers have.")
        }
        #expect(Self.logins(client) == 1)
        #expect(Self.renewals(client) == 1)
        #expect(client.wire.changes.count == 10, "what is forbidden is not asked for twice")
        await stage.close()
    }

    @Test("A garbage or expired token from elsewhere is noticed, though public content is answered to anybody")
    func deadToken() async throws {
        let stage = try await DemoStage.open { $0.tokenLifetime = 600 }
        try await stage.add()
        let good = try await Self.token(of: "alice", on: stage)
        await stage.pass(700)
        for token in [good, "garbage", "a.b.c", ""] {
            let client = try stage.client(.token({ token }))
            let error = await Self.rejects(.notSignedIn) { _ = try await client.system.signIn() }
            #expect(error?.message == "contract does not accept the token: it has run out, or is for another site.")
            _ = await Self.rejects(.notSignedIn) { _ = try await client.system.items(after: nil) }
            #expect(!client.wire.requests.contains { $0.method == "GET" }, "nothing is read as nobody")
        }
        await stage.close()
    }

    @Test("A good token from elsewhere says who we are")
    func goodToken() async throws {
        let stage = try await DemoStage.open()
        let token = try await Self.token(of: "bob", on: stage)
        let client = try stage.client(.token({ token }))
        #expect(try await client.system.signIn().account.id == "bob")
        #expect(Self.logins(client) == 0)
        await stage.close()
    }

    private static func token(of user: String, on stage: DemoStage) async throws -> String {
        let body = try JSONBody.encode(["login": user, "password": user + "-pw"])
        let answer = await stage.server.answer(
            Request("POST", stage.server.address + "/@login", headers: ["Accept": "application/json"], body: body))
        return try #require(try JSONBody.decode([String: String].self, from: answer)["token"])
    }

    @Test("A token is renewed before it runs out, without the password")
    func renewal() async throws {
        let stage = try await DemoStage.open { $0.tokenLifetime = 3_600 }
        let client = try await stage.client(.first)
        let path = try await stage.add()
        _ = try await client.row(path)
        for _ in 0..<4 {
            await stage.pass(3_400)
            _ = try await client.system.find(path)
        }
        #expect(Self.logins(client) == 1)
        #expect(Self.renewals(client) == 4)
        #expect(await stage.server.requestLog.filter { $0.method == "GET" }.allSatisfy { $0.user == "alice" })
        await stage.close()
    }

    @Test("After a long sleep the password is used again, and nothing was read as nobody")
    func asleep() async throws {
        let stage = try await DemoStage.open()
        let client = try await stage.client(.first)
        let path = try await stage.add()
        _ = try await client.row(path)
        await stage.pass(100_000)
        _ = try await client.system.find(path)
        #expect(Self.logins(client) == 2)
        #expect(await stage.server.requestLog.filter { $0.method == "GET" }.allSatisfy { $0.user == "alice" })
        await stage.close()
    }

    @Test("Tokens that live for two minutes only are not renewed with every request")
    func shortLived() async throws {
        let stage = try await DemoStage.open { $0.tokenLifetime = 120 }
        let client = try await stage.client(.first)
        let path = try await stage.add()
        for _ in 0..<12 {
            _ = try await client.row(path)
            await stage.pass(10)
        }
        #expect(Self.logins(client) == 1)
        #expect(Self.renewals(client) <= 3)
        await stage.close()
    }

    @Test("Once a minute the server is asked whether it still knows us")
    func stillKnown() async throws {
        let stage = try await DemoStage.open()
        let client = try stage.client(.account("alice", isBasic: true))
        _ = try await client.system.signIn()
        client.wire.forget()
        for _ in 0..<10 { _ = try await client.system.signIn() }
        #expect(client.wire.requests.isEmpty)
        await stage.pass(61)
        _ = try await client.system.signIn()
        #expect(client.wire.requests.map(\.url) == [stage.server.address + "/@users/alice"])
        try await stage.server.perform(.removeAccount("alice"))
        await stage.pass(61)
        _ = await Self.rejects(.notSignedIn) { _ = try await client.system.signIn() }
        await stage.close()
    }

    @Test("Basic goes with every request, and a token with none")
    func basic() async throws {
        let stage = try await DemoStage.open()
        let client = try stage.client(.account("alice", isBasic: true))
        let path = try await stage.add()
        #expect(await client.perform(.lock, path).outcome == .done)
        let sent = client.wire.requests.filter { !$0.url.hasSuffix("/@login") }.map { $0.headers["Authorization"] }
        #expect(!sent.isEmpty && sent.allSatisfy { $0 == "Basic YWxpY2U6YWxpY2UtcHc=" })
        await stage.close()
    }

    @Test("The server's cookie is never sent back, and JSON is the only thing asked for")
    func headers() async throws {
        let stage = try await DemoStage.open()
        let client = try await stage.client(.first)
        let path = try await stage.add()
        for operation in [Locks.Operation.lock, .refresh, .unlock, .checkOut, .discard] {
            #expect(await client.perform(operation, path).outcome == .done)
        }
        for request in client.wire.requests {
            #expect(request.headers["Cookie"] == nil)
            #expect(request.headers.all("Accept") == ["application/json"])
        }
        await stage.close()
    }
}

/// Keeps tokens in memory.
final class RememberedTokens: TokenStore {
    private let tokens = Mutex<[String: String]>([:])
    var all: [String: String] { tokens.withLock { $0 } }
    func token(for key: String) -> String? { tokens.withLock { $0[key] } }
    func update(_ key: String, _ change: (String?) -> String?) { tokens.withLock { $0[key] = change($0[key]) } }
}

@Suite("Tokens that are kept, and sites that are set up otherwise")
struct PloneSignInVariantTests {
    @Test("A kept token saves the password; one that is no longer good does not")
    func kept() async throws {
        let stage = try await DemoStage.open { $0.tokenLifetime = 3_600 }
        let store = RememberedTokens()
        func logins() async throws -> Int {
            let client = try stage.client(.account("alice")) { $0.tokens = store }
            #expect(try await client.system.signIn().account.id == "alice")
            return client.wire.requests.count { $0.url.hasSuffix("/@login") }
        }
        #expect(try await logins() == 1)
        #expect(store.all.keys.sorted() == ["\(stage.server.address) alice"])
        await stage.pass(1_800)
        #expect(try await logins() == 0)
        await stage.pass(3_000)
        #expect(try await logins() == 0, "the token that was renewed is the one that is kept")
        await stage.pass(4_000)
        #expect(try await logins() == 1)
        for key in store.all.keys { store.keep("not.a.token", for: key) }
        #expect(try await logins() == 1)
        await stage.close()
    }

    @Test("While the server can't be reached a kept token proves nothing, and is kept all the same")
    func keptUnreachable() async throws {
        let stage = try await DemoStage.open()
        let store = RememberedTokens()
        let first = try stage.client(.account("alice")) { $0.tokens = store }
        _ = try await first.system.signIn()
        let kept = store.all
        let deaf = MemoryTransport([])
        let client = try stage.client(.account("alice"), over: deaf) { $0.tokens = store }
        await #expect { _ = try await client.system.signIn() } throws: { ($0 as? LockError)?.code == .unreachable }
        #expect(store.all == kept)
        await stage.close()
    }

    private static func token(_ sub: String, fullname: String? = nil) -> String {
        let name = fullname.map { "\"\($0)\"" } ?? "null"
        let claims = Data("{\"sub\": \"\(sub)\", \"exp\": 4102444800, \"fullname\": \(name)}".utf8)
            .base64EncodedString()
        return "e30." + claims.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "") + ".x"
    }

    private static func json(_ status: Int, _ text: String) -> Response {
        Response(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    private func system(_ login: SystemProfile.Login, _ reply: @escaping MemoryTransport.Reply) throws -> PloneSystem {
        PloneSystem(
            SystemProfile(
                name: "site", address: try WebAddress("https://cms.example.org"), login: login,
                transport: MemoryTransport(reply), now: { Date(timeIntervalSince1970: 1_800_000_000) }))
    }

    @Test("The account is who the token names, not what was typed", arguments: [false, true])
    func subject(isBasic: Bool) async throws {
        let token = Self.token("editor-17", fullname: "E. Ditor")
        let site = try system(.account("E.Ditor@Example.org", isBasic: isBasic)) { _ in
            Self.json(200, "{\"token\": \"\(token)\"}")
        }
        #expect(try await site.signIn().account == Account(id: "editor-17", name: "E. Ditor"))
    }

    @Test("Without the token add-on Basic is used, and proven by a question", arguments: [200, 401])
    func noTokens(status: Int) async throws {
        let refused = #"{"error": {"type": "Login failed", "message": "JWT authentication plugin not installed."}}"#
        let site = try system(.account("alice")) { request in
            request.url.hasSuffix("/@login")
                ? Self.json(501, refused)
                : Self.json(status, #"{"type": "Unauthorized", "message": "no", "id": "alice"}"#)
        }
        if status == 200 {
            #expect(try await site.signIn().account.id == "alice")
        } else {
            await #expect { _ = try await site.signIn() } throws: { ($0 as? LockError)?.code == .notSignedIn }
        }
    }

    @Test("A token that tells nobody's name is no sign-in")
    func nameless() async throws {
        let site = try system(.token({ "opaque" })) { _ in Self.json(200, #"{"token": "opaque-too"}"#) }
        await #expect { _ = try await site.signIn() } throws: { ($0 as? LockError)?.code == .notSignedIn }
    }

    @Test("A site that refuses every sign-in is a site, and its own words are told")
    func closedSite() async throws {
        let site = try system(.account("alice")) { _ in
            Self.json(403, #"{"type": "Forbidden", "message": "Closed for the audit"}"#)
        }
        let error = await PloneSignInTests.rejects(.forbidden) { _ = try await site.signIn() }
        #expect(error?.description.contains("Closed for the audit") == true)
    }

    @Test("Anonymous reads, and is told for each operation why it can't have it")
    func anonymous() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        let client = try await stage.client(.nobody)
        let signIn = try await client.system.signIn()
        #expect(signIn.account.id == nil)
        #expect(Locks.Operation.allCases.allSatisfy { !signIn.operations[$0].isOffered })
        #expect(try await client.row(path).reading.state == .free)
        #expect(client.wire.requests.allSatisfy { $0.headers["Authorization"] == nil })
        await stage.close()
    }

    /// A front end that has the site's data under `++api++` only.
    private struct FrontEnd: Transport {
        let stage: DemoStage
        func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
            guard request.url.contains("/Plone/++api++") else {
                return Response(
                    status: request.method == "GET" ? 200 : 404, headers: ["Content-Type": "text/html; charset=utf-8"],
                    body: Array("<!doctype html><title>Site</title>".utf8))
            }
            return await stage.server.answer(request)
        }
    }

    @Test("Behind a front end the interface is found, or taken from the address", arguments: [false, true])
    func traverser(isConfigured: Bool) async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        let address = stage.server.address + (isConfigured ? "/++api++" : "")
        for login in [SystemProfile.Login.account("alice"), .anonymous] {
            let client = try stage.client(login, at: address, over: FrontEnd(stage: stage))
            _ = try await client.system.signIn()
            let row = try await client.row(path)
            #expect(row.item.path == path)
            #expect(client.system.webAddress(of: row.item) == stage.server.address + path)
            #expect(try await client.system.items(after: nil).rows.map(\.item.path).contains(path))
            #expect(client.wire.requests.suffix(2).allSatisfy { $0.url.contains("/Plone/++api++/") })
        }
        let client = try stage.client(.account("alice"), at: address, over: FrontEnd(stage: stage))
        #expect(await client.perform(.lock, path).outcome == .done)
        #expect(await client.perform(.checkOut, path).reason == .conflict)
        await stage.close()
    }

    @Test("Behind a front end a wrong password is a wrong password, not a wrong server")
    func traverserRefused() async throws {
        let stage = try await DemoStage.open()
        let client = try stage.client(.account("alice", password: "guess"), over: FrontEnd(stage: stage))
        await #expect { _ = try await client.system.signIn() } throws: { ($0 as? LockError)?.code == .notSignedIn }
        await stage.close()
    }

    @Test("A kind of sign-in that Plone does not know is refused without a request")
    func unknownLogin() async throws {
        let stage = try await DemoStage.open()
        let client = try stage.client(.code(clientID: "x"))
        await #expect { _ = try await client.system.signIn() } throws: { ($0 as? LockError)?.code == .notSignedIn }
        #expect(client.wire.requests.isEmpty)
        await stage.close()
    }
}
