// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing

@testable import LockSystems

@Suite("How a sign-in to Plone goes on, and when it does not")
struct PloneRenewalTests {
    private static func count(_ client: Client, _ service: String) -> Int {
        client.wire.requests.count { $0.url.hasSuffix(service) }
    }

    private static func json(_ text: String, _ status: Int = 200) -> Response {
        Response(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    private static func token(_ sub: String) -> String {
        let claims = Data("{\"sub\": \"\(sub)\", \"exp\": 4102444800}".utf8).base64EncodedString()
        return "e30." + claims.replacing("=", with: "") + ".x"
    }

    @Test("A kept sign-in serves the password it was made with, and no other")
    func otherSecret() async throws {
        let stage = try await DemoStage.open()
        let store = RememberedTokens()
        func client(_ password: String) throws -> Client {
            try stage.client(.account("alice", password: password)) { $0.tokens = store }
        }
        _ = try await client("alice-pw").system.signIn()
        let kept = store.all
        #expect(!kept.values.contains { $0.contains("alice-pw") })
        let wrong = try client("guess")
        await #expect { _ = try await wrong.system.signIn() } throws: { ($0 as? LockError)?.code == .notSignedIn }
        #expect(wrong.wire.requests.map(\.url) == [stage.server.address + "/@login"])
        #expect(store.all == kept, "who gave a wrong password takes nothing away from the right one")
        let right = try client("alice-pw")
        _ = try await right.system.signIn()
        #expect(Self.count(right, "/@login") == 0)
        await stage.close()
    }

    @Test("Where no password is configured a kept sign-in goes on, and without one the reason is told")
    func typedSecret() async throws {
        let stage = try await DemoStage.open()
        let store = RememberedTokens()
        let missing = LockError(.notSignedIn, "contract: there is no password for alice.")
        let login = SystemProfile.Login.password(user: "alice", secret: { throw missing }, isBasic: false)
        let before = try stage.client(login) { $0.tokens = store }
        await #expect(throws: missing) { _ = try await before.system.signIn() }
        #expect(before.wire.requests.isEmpty)
        _ = try await stage.client(.account("alice")) { $0.tokens = store }.system.signIn()
        let kept = store.all
        let after = try stage.client(login) { $0.tokens = store }
        #expect(try await after.system.signIn().account.id == "alice")
        #expect(Self.count(after, "/@login") == 0)
        #expect(store.all == kept)
        await stage.close()
    }

    @Test(
        "A renewal that turns into somebody else, into nobody or into nonsense falls back to the password",
        arguments: [
            #"{"token": "MALLORY"}"#, #"{"token": "opaque"}"#, #"{"token": "NOBODY"}"#, #"{"token": 7}"#, "{}", "[]",
            "null", "", "<html>Welcome</html>",
        ], [200, 404, 500])
    func oddRenewal(body: String, status: Int) async throws {
        let stage = try await DemoStage.open()
        let store = RememberedTokens()
        let client = try stage.client(.account("alice")) { $0.tokens = store }
        let path = try await stage.add()
        #expect(await client.perform(.lock, path).outcome == .done)
        let text = body.replacing("MALLORY", with: Self.token("mallory")).replacing("NOBODY", with: Self.token(""))
        client.wire.bend { request, next in
            guard request.url.hasSuffix("/@login-renew") else { return try await next(request) }
            return Self.json(text, status)
        }
        client.wire.forget()
        await stage.pass(61)
        #expect(try await client.system.signIn().account.id == "alice")
        #expect(Self.count(client, "/@login") == 1 && Self.count(client, "/@login-renew") == 1)
        #expect(try await client.row(path).lock?.holder.isMe == true)
        // A later run that finds the token of before is told the same way.
        let later = try stage.client(.account("alice")) { $0.tokens = store }
        later.wire.bend { request, next in
            guard request.url.hasSuffix("/@login-renew") else { return try await next(request) }
            return Self.json(text, status)
        }
        #expect(try await later.system.signIn().account.id == "alice")
        await stage.close()
    }

    @Test(
        "A token from elsewhere that a site can't renew is good until a request is refused",
        arguments: [
            (404, #"{"type": "NotFound", "message": "Resource not found"}"#), (404, ""), (404, "<html>Not here</html>"),
            (405, "<html>Not allowed</html>"), (403, "{}"), (501, "{}"), (500, #"{"type": "KeyError"}"#),
        ])
    func tokenWithoutRenewal(status: Int, body: String) async throws {
        let stage = try await DemoStage.open { $0.tokenLifetime = 3_600 }
        let login = await stage.server.answer(
            Request(
                "POST", stage.server.address + "/@login", headers: ["Accept": "application/json"],
                body: Array(#"{"login": "alice", "password": "alice-pw"}"#.utf8)))
        let token = try #require(try JSONBody.decode([String: String].self, from: login)["token"])
        let path = try await stage.add()
        func client(_ token: String) throws -> Client {
            let client = try stage.client(.token({ token }))
            client.wire.bend { request, next in
                request.url.hasSuffix("/@login-renew") ? Self.json(body, status) : try await next(request)
            }
            return client
        }
        let good = try client(token)
        #expect(try await good.system.signIn().account.id == "alice")
        await stage.pass(3_500)
        #expect(await good.perform(.lock, path).outcome == .done)
        #expect(try await good.row(path).lock?.holder.isMe == true)
        #expect(Self.count(good, "/@login-renew") == 2, "near its end it is asked about once, not with each request")
        await stage.pass(101)
        await #expect { _ = try await good.row(path) } throws: { ($0 as? LockError)?.code == .notSignedIn }
        let forged = try client(Self.token("alice"))
        await #expect { _ = try await forged.system.signIn() } throws: { ($0 as? LockError)?.code == .notSignedIn }
        await stage.close()
    }

    @Test("A token that nothing can be asked about is no proof of a Plone, and a web page is none")
    func tokenElsewhere() async throws {
        for (token, page, code) in [
            (Self.token("alice"), "<html>Welcome</html>", LockError.Code.wrongSystem),
            ("opaque", "<html>Welcome</html>", .wrongSystem), ("opaque", "{}", .notSignedIn),
        ] {
            let wire = MemoryTransport { Self.json(page, $0.method == "GET" ? 200 : 404) }
            let system = PloneSystem(
                SystemProfile(
                    name: "site", address: try WebAddress("https://cms.example.org"), login: .token({ token }),
                    transport: wire, now: { Date(timeIntervalSince1970: 1_800_000_000) }))
            await #expect { _ = try await system.signIn() } throws: { ($0 as? LockError)?.code == code }
        }
    }

    @Test("A server that fails altogether takes no kept sign-in away", arguments: [500, 502, 503])
    func failingServer(status: Int) async throws {
        let stage = try await DemoStage.open()
        let store = RememberedTokens()
        _ = try await stage.client(.account("alice")) { $0.tokens = store }.system.signIn()
        let kept = store.all
        let client = try stage.client(.account("alice"), over: MemoryTransport { _ in Self.json("{}", status) }) {
            $0.tokens = store
        }
        await #expect(throws: LockError.self) { _ = try await client.system.signIn() }
        #expect(!kept.isEmpty && store.all == kept)
        await stage.close()
    }

    @Test("Two programs of one user don't end each other's sign-in")
    func twoPrograms() async throws {
        let stage = try await DemoStage.open { $0.tokenLifetime = 3_600 }
        let store = RememberedTokens()
        let first = try stage.client(.account("alice")) { $0.tokens = store }
        let second = try stage.client(.account("alice")) { $0.tokens = store }
        _ = try await first.system.signIn()
        _ = try await second.system.signIn()
        await stage.pass(3_400)
        // The first renews; what it has kept serves the second, too.
        _ = try await first.system.signIn()
        let kept = store.all
        second.wire.forget()
        _ = try await second.system.items(after: nil)
        #expect(!second.wire.requests.contains { $0.purpose == .signIn })
        // The server refuses the second one's token only: the first one's, which is kept, stays.
        second.wire.bend { request, next in
            request.purpose == .signIn ? Self.json("{}", 401) : try await next(request)
        }
        await stage.pass(61)
        _ = try await first.system.signIn()
        let better = try #require(kept.first).key
        let fresh = "{\"token\":\"\(Self.token("alice"))\",\"mark\":\"another\"}"
        store.keep(fresh, for: better)
        await #expect(throws: LockError.self) { _ = try await second.system.signIn() }
        #expect(store.token(for: better) == fresh)
        await stage.close()
    }

    @Test("A proof once a minute writes nothing down as long as the kept token is about as good")
    func quietFile() async throws {
        let stage = try await DemoStage.open { $0.tokenLifetime = 3_600 }
        let store = CountedTokens()
        let client = try stage.client(.account("alice")) { $0.tokens = store }
        _ = try await client.system.signIn()
        #expect(store.changes == 1)
        await stage.pass(61)
        _ = try await client.system.signIn()
        #expect(Self.count(client, "/@login-renew") == 1)
        #expect(store.changes == 1)
        for _ in 0..<10 {
            await stage.pass(61)
            _ = try await client.system.signIn()
        }
        #expect((4...6).contains(store.changes))
        await stage.close()
    }

    /// A store that counts what is written.
    private final class CountedTokens: TokenStore {
        private let state = Mutex((text: [String: String](), changes: 0))
        var changes: Int { state.withLock { $0.changes } }
        func token(for key: String) -> String? { state.withLock { $0.text[key] } }
        func update(_ key: String, _ change: (String?) -> String?) {
            state.withLock { state in
                let fresh = change(state.text[key])
                if fresh != state.text[key] { state.changes += 1 }
                state.text[key] = fresh
            }
        }
    }

    @Test("Many refusals at once are one question, and each is told as forbidden after one request")
    func manyRefusals() async throws {
        let stage = try await DemoStage.open()
        let client = try await stage.client(.outsider)
        let path = try await stage.add()
        let item = try await client.row(path).item
        let plone = try #require(client.system as? PloneSystem)
        await stage.pass(30)
        client.wire.forget()
        await withTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    await #expect { try await plone.lock(item, .standard) } throws: {
                        ($0 as? LockError)?.code == .forbidden
                    }
                }
            }
        }
        #expect(client.wire.changes.count == 50)
        #expect(Self.count(client, "/@login-renew") == 1)
        await stage.close()
    }

    @Test("A session that has lost its account signs in anew after a refusal, and asks again")
    func endedSession() async throws {
        let stage = try await DemoStage.open()
        let client = try await stage.client(.first)
        let path = try await stage.add()
        let item = try await client.row(path).item
        let plone = try #require(client.system as? PloneSystem)
        await stage.pass(30)
        let isEnded = Mutex(true)
        client.wire.bend { request, next in
            if request.url.hasSuffix("/@login") { isEnded.withLock { $0 = false } }
            return isEnded.withLock(\.self) ? Self.json(#"{"type": "Unauthorized"}"#, 401) : try await next(request)
        }
        client.wire.forget()
        try await plone.lock(item, .standard)
        #expect(client.wire.changes.count == 2)
        #expect(Self.count(client, "/@login") == 1)
        #expect(try await client.row(path).lock?.holder.isMe == true)
        await stage.close()
    }

    @Test("A clock that is set back does not make an old proof good for longer")
    func clockSetBack() async throws {
        let stage = try await DemoStage.open()
        let back = Mutex(0.0)
        let client = try stage.client(.account("alice")) { profile in
            let now = profile.now
            profile.now = { now().addingTimeInterval(-back.withLock(\.self)) }
        }
        _ = try await client.system.signIn()
        client.wire.forget()
        back.withLock { $0 = 8 * 3_600 }
        await stage.pass(61)
        _ = try await client.system.signIn()
        #expect(Self.count(client, "/@login-renew") == 1)
        await stage.close()
    }

    @Test(
        "A web server that lets in only who signs in as Windows does is named as such",
        arguments: [
            (["Negotiate, NTLM"], "Negotiate, NTLM"), (["Negotiate", "NTLM"], "Negotiate, NTLM"),
            (["negotiate oXcwdaADCgEB"], "Negotiate"), (["NTLM"], "NTLM"),
        ])
    func windows(challenges: [String], names: String) async throws {
        let stage = try await DemoStage.open()
        var headers: Headers = ["Content-Type": "text/html"]
        for challenge in challenges { headers.add("WWW-Authenticate", challenge) }
        let answer = Response(status: 401, headers: headers, body: Array("<html>401 - Unauthorized</html>".utf8))
        for login in [SystemProfile.Login.account("ann"), .account("ann", isBasic: true), .token({ "t" }), .anonymous] {
            let client = try stage.client(login, over: MemoryTransport { _ in answer })
            await #expect { _ = try await client.system.signIn() } throws: {
                let error = $0 as? LockError
                return error?.code == .notSignedIn && error?.message.contains("no Basic sign-in") == true
                    && error?.message.contains("(\(names))") == true && error?.advice.isEmpty == false
            }
        }
        await stage.close()
    }

    @Test("A server that takes Basic beside it, and a wrong password there, are no Windows sign-in")
    func basicToo() async throws {
        let stage = try await DemoStage.open()
        let answer = Response(
            status: 401, headers: ["WWW-Authenticate": "Negotiate, Basic realm=\"Zope, NTLM\""], body: Array("{}".utf8))
        let client = try stage.client(.account("ann"), over: MemoryTransport { _ in answer })
        await #expect { _ = try await client.system.signIn() } throws: {
            ($0 as? LockError)?.message == "contract does not accept the password of ann."
        }
        await stage.close()
    }

    @Test("Who is not signed in asks once a minute whether a Plone is there")
    func anonymous() async throws {
        let stage = try await DemoStage.open()
        let client = try await stage.client(.nobody)
        try await stage.askOnceAMinute(client)
        await stage.close()
    }

    @Test("Of a redirect to a sign-in page only the origin is told")
    func redirect() async throws {
        let stage = try await DemoStage.open()
        let answer = Response(
            status: 302, headers: ["Location": "https://sso.example.org/s/abc;sid=1?ticket=ST-1&code=2#state=3"])
        let client = try stage.client(.account("alice"), over: MemoryTransport { _ in answer })
        await #expect { _ = try await client.system.signIn() } throws: {
            let text = ($0 as? LockError)?.description ?? ""
            return text.contains("redirects to https://sso.example.org.") && !text.contains("ST-1")
                && !text.contains("sid")
        }
        await stage.close()
    }

    @Test("A working copy is found in a folder of many")
    func manyBeside() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<250 { try await stage.add() }
        let path = try await stage.add()
        let first = try await stage.client(.first)
        #expect(await first.perform(.checkOut, path).outcome == .done)
        // Another run knows nothing of the copy, and the original has forgotten it.
        let client = try await stage.client(.first)
        client.wire.bend { request, next in
            var answer = try await next(request)
            answer.body = Array(
                String(decoding: answer.body, as: UTF8.self).replacing("\"working_copy\":", with: "\"x\":").utf8)
            return answer
        }
        #expect(await client.perform(.discard, path).outcome == .done)
        #expect(client.wire.requests.allSatisfy { !$0.url.contains("b_size=1000") })
        #expect(client.wire.requests.count { $0.url.contains("b_start") } >= 2)
        await stage.close()
    }
}
