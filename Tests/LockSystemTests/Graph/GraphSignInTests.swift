// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing

@testable import LockSystems

@Suite("Signing in to Graph")
struct GraphSignInTests {
    private let code = SystemProfile.Login.code(clientID: GraphStage.application)

    private func failure(_ work: () async throws -> SignIn) async -> LockError? {
        do {
            _ = try await work()
            return nil
        } catch {
            return error as? LockError
        }
    }

    @Test("A code is shown, polled for as told, and confirmed by the demo's person after a moment")
    func confirmed() async throws {
        let stage = try await GraphStage.open {
            $0.graph.confirmation = .approves(afterPolls: 3)
            $0.graph.pollInterval = 5
        }
        let waits = Mutex<[Double]>([])
        let shown = Mutex<SignInCode?>(nil)
        let tokens = KeptTokens()
        let made = try stage.client(code, ClientSettings(), { $0.tokens = tokens }) { seconds in
            waits.withLock { $0.append(seconds) }
        }
        let signIn = try await made.system.signIn { code in shown.withLock { $0 = code } }
        #expect(signIn.account.name == "Mona Manager")
        #expect(waits.withLock(\.self) == [5, 5, 5])
        let seen = shown.withLock(\.self)
        let told = try #require(seen)
        #expect(told.code.count == 9)
        #expect(told.address == stage.server.address + "/device")
        #expect(told.expires == stage.now.addingTimeInterval(900))
        #expect(tokens.all.count == 1)
        // Another run goes on with what was kept, and asks for no code.
        let again = try stage.client(code, ClientSettings()) { $0.tokens = tokens }
        #expect(try await again.system.signIn().account == signIn.account)
        #expect(again.client.wire.signIns.map(\.url).filter { $0.contains("/oauth2/") }.isEmpty)
        await stage.close()
    }

    @Test("Two programs of one user don't end each other's sign-in")
    func twoPrograms() async throws {
        let stage = try await GraphStage.open {
            $0.tokenLifetime = 3_600
            $0.graph.confirmation = .approves(afterPolls: 1)
        }
        let tokens = KeptTokens()
        let first = try stage.client(code) { $0.tokens = tokens }
        _ = try await first.system.signIn { _ in }
        let second = try stage.client(code) { $0.tokens = tokens }
        let account = try await second.system.signIn().account
        await stage.pass(3_590)
        // The first one renews; the token that the second holds has served then.
        _ = try await first.system.signIn()
        _ = try await first.system.items(after: nil)
        let kept = tokens.all
        second.client.wire.forget()
        _ = try await second.system.items(after: nil)
        #expect(try await second.system.signIn().account == account)
        #expect(second.client.wire.requests.filter { $0.purpose == .signIn }.isEmpty)
        #expect(tokens.all == kept)
        await stage.close()
    }

    @Test("Told to slow down, it asks five seconds later each time")
    func slowDown() async throws {
        let stage = try await GraphStage.open {
            $0.graph.confirmation = .approves(afterPolls: 3)
            $0.graph.slowsFirstPoll = true
        }
        let waits = Mutex<[Double]>([])
        let made = try stage.client(code, ClientSettings()) { _ in
        } sleep: { seconds in
            waits.withLock { $0.append(seconds) }
        }
        _ = try await made.system.signIn { _ in }
        #expect(waits.withLock(\.self) == [1, 6, 6])
        await stage.close()
    }

    @Test("Declined, run out or not allowed: each is said for what it is")
    func refused() async throws {
        let declining = try await GraphStage.open { $0.graph.confirmation = .declines }
        let declined = try declining.client(code)
        #expect(
            await failure { try await declined.system.signIn { _ in } }?.message
                == "contract: the sign-in was declined.")
        let ignoring = try await GraphStage.open()
        let polls = Mutex(0)
        let ignored = try ignoring.client(code, ClientSettings()) { _ in
        } sleep: { _ in
            polls.withLock { $0 += 1 }
        }
        let expired = await failure { try await ignored.system.signIn { _ in } }
        #expect(expired?.message == "contract: the code was not confirmed in time.")
        #expect(polls.withLock(\.self) == 900)
        let timed = try ignoring.client(code, ClientSettings()) { _ in
        } sleep: { _ in
            await ignoring.pass(901)
        }
        #expect(await failure { try await timed.system.signIn { _ in } }?.code == .notSignedIn)
        let closed = try ignoring.client(code)
        closed.client.wire.bend { _, _ in
            Response(status: 401, body: Array(#"{"error":"invalid_client","error_description":"AADSTS7000218"}"#.utf8))
        }
        #expect(
            await failure { try await closed.system.signIn { _ in } }?.message
                == "contract: the app registration does not allow public client flows.")
        await declining.close()
        await ignoring.close()
    }

    @Test("Without a kept token nothing is sent, and the words name the command")
    func nothingKept() async throws {
        let stage = try await GraphStage.open()
        let made = try stage.client(code)
        let error = await failure { try await made.system.signIn() }
        #expect(error?.code == .notSignedIn)
        #expect(error?.advice == "Run: locktop login contract")
        #expect(made.client.wire.requests.isEmpty)
        await stage.close()
    }

    @Test("A token is renewed before it ends, the new refresh token is kept, and the old one dropped")
    func renewal() async throws {
        let stage = try await GraphStage.open { $0.tokenLifetime = 3_600 }
        let tokens = KeptTokens()
        let made = try await stage.person("alice", ClientSettings()) { $0.tokens = tokens }
        let first = tokens.all
        for _ in 0..<3 {
            await stage.pass(3_560)
            made.client.wire.forget()
            #expect(try await made.client.row("/Documents").item.type == "folder")
            #expect(made.client.wire.requests.filter { $0.url.hasSuffix("/token") }.count == 1)
        }
        #expect(tokens.all.keys == first.keys)
        #expect(tokens.all.values.first != first.values.first)
        await stage.close()
    }

    @Test("A token that the server refuses is renewed once, and the request repeated once")
    func refusedToken() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let made = try await stage.person("alice")
        let once = Once()
        made.client.wire.bendChanges { request, next in
            once.take() ? Response(status: 401) : try await next(request)
        }
        let result = await made.client.perform(.checkOut, id)
        #expect(result.outcome == .done)
        #expect(made.client.wire.changes.count == 2)
        #expect(made.client.wire.requests.filter { $0.url.hasSuffix("/token") }.count == 1)
        await stage.close()
    }

    @Test("A stricter rule of the organisation ends in a new sign-in, and no renewal is tried")
    func claims() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let made = try await stage.person("alice")
        made.client.wire.bendChanges { _, _ in
            Response(status: 401, headers: ["WWW-Authenticate": "Bearer error=\"insufficient_claims\", claims=\"e30\""])
        }
        #expect(await made.client.perform(.checkOut, id).reason == .signIn)
        #expect(made.client.wire.changes.count == 1)
        await stage.close()
    }

    @Test("A revoked refresh token is forgotten, and a person has to sign in again")
    func revoked() async throws {
        let stage = try await GraphStage.open { $0.tokenLifetime = 3_600 }
        let tokens = KeptTokens()
        let made = try await stage.person("alice", ClientSettings()) { $0.tokens = tokens }
        try await stage.server.perform(.removeAccount("alice"))
        await stage.pass(3_590)
        let error = await failure {
            _ = try await made.client.row("/Documents")
            return try await made.system.signIn()
        }
        #expect(error?.code == .notSignedIn)
        #expect(tokens.all.isEmpty)
        await stage.close()
    }

    @Test("An application signs in by itself, is nobody's “me”, and keeps no token")
    func program() async throws {
        let stage = try await GraphStage.open()
        let tokens = KeptTokens()
        let made = try stage.client(.application, ClientSettings()) { $0.tokens = tokens }
        #expect(try await made.system.signIn().account.id == GraphStage.application)
        #expect(!made.client.wire.requests.contains { $0.url.contains("/me") })
        #expect(tokens.all.isEmpty)
        let wrong = try stage.client(.program(clientID: "a", secret: { "wrong" }))
        #expect(
            await failure { try await wrong.system.signIn() }?.message
                == "contract: the sign-in was refused. AADSTS7000215: Invalid client secret provided.")
        let mine = try stage.client(.application) { $0.options.put("drives", []) }
        #expect(await failure { try await mine.system.signIn() }?.code == .unsupported)
        await stage.close()
    }

    @Test("A token from a command is asked for anew when the server refuses it, and an application's is recognised")
    func command() async throws {
        let stage = try await GraphStage.open { $0.tokenLifetime = 600 }
        let giver = try stage.client(.application)
        let asked = Mutex(0)
        let made = try stage.client(
            .token({
                asked.withLock { $0 += 1 }
                return try await giver.system.site.session.token()
            }))
        #expect(try await made.system.signIn().account.id == GraphStage.application)
        #expect(await made.system.site.session.isApplication)
        await stage.pass(700)
        #expect(try await made.client.row("/Documents").item.type == "folder")
        #expect(asked.withLock(\.self) == 2)
        await stage.close()
    }

    @Test("Each cloud has its own sign-in host, and scopes name the host that is called")
    func clouds() async throws {
        let hosts = [
            "graph.microsoft.com": "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token",
            "graph.microsoft.us": "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token",
            "dod-graph.microsoft.us": "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token",
            "microsoftgraph.chinacloudapi.cn": "https://login.chinacloudapi.cn/contoso.example/oauth2/v2.0/token",
        ]
        for (host, login) in hosts {
            let transport = MemoryTransport { _ in Response(status: 500) }
            var profile = SystemProfile(
                name: "files", address: try WebAddress("https://\(host)"), login: .application, transport: transport,
                now: { Date() })
            profile.options.tenant = "contoso.example"
            _ = await failure { try await GraphSystem(profile).signIn() }
            #expect(transport.requests.map(\.url) == [login])
            let body = String(decoding: transport.requests[0].body ?? [], as: UTF8.self)
            #expect(body.contains("scope=https%3A%2F%2F\(host)%2F.default"))
        }
        let strange = SystemProfile(
            name: "files", address: try WebAddress("https://graph.example"), login: .application,
            transport: MemoryTransport(answers: []), now: { Date() })
        #expect(
            await failure { try await GraphSystem(strange).signIn() }?.advice == "Set login_url in the configuration.")
    }
}
