// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing
import Watching

@testable import LockSystems

@Suite("Signing in to SuperOffice, and finding a tenant")
struct SuperOfficeSignInTests {
    /// A ticket of the demo's tenant, by its exchange of a signed system token.
    private func ticket(_ stage: SuperOfficeStage, _ person: String) async throws -> String {
        let body = """
            {"SignedSystemToken":"App-\(person).202605041000.c2ln","ApplicationToken":"demo-app-token",\
            "ContextIdentifier":"Cust12345","ReturnTokenType":"JWT"}
            """
        let answer = await stage.server.answer(
            Request("POST", "\(stage.origin)/Login/api/PartnerSystemUser/Authenticate", body: Array(body.utf8)))
        struct Envelope: Decodable { var Token: String }
        let token = try JSONBody.decode(Envelope.self, from: answer).Token
        var middle = token.split(separator: ".")[1].replacing("-", with: "+").replacing("_", with: "/")
        middle += String(repeating: "=", count: (4 - middle.utf8.count % 4) % 4)
        let data = try #require(Data(base64Encoded: String(middle)))
        let claims = try JSONDecoder().decode([String: String].self, from: data)
        return try #require(claims["http://schemes.superoffice.net/identity/ticket"])
    }

    private func online(
        _ stage: SuperOfficeStage, _ login: SystemProfile.Login,
        _ change: @escaping (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        let state = "\(stage.origin)/api/state"
        return try stage.client(login) { profile in
            profile.options.tenant = "Cust12345"
            profile.options.put("state_url", state)
            profile.secrets["app_token"] = { "demo-app-token" }
            change(&profile)
        }
    }

    @Test("By password: the account's number and name", arguments: ["", "/api", "/api/v1", "/api/"])
    func password(_ ending: String) async throws {
        let stage = try await SuperOfficeStage.open()
        let address = stage.server.address + ending
        let client = try stage.client { $0.address = (try? WebAddress(address)) ?? $0.address }
        #expect(try await client.system.signIn().account == Account(id: "7", name: "Alice Ångström"))
        try await stage.askOnceAMinute(client)
        await stage.close()
    }

    @Test("A wrong password is tried once, and no further")
    func wrong() async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client(.account("alice", password: "wrong"))
        #expect(try await lockError { _ = try await client.system.signIn() }.code == .notSignedIn)
        #expect(client.wire.requests.count == 1)
        await stage.close()
    }

    @Test("A ticket that has run out is fetched anew once, and a token that is the same is not tried again")
    func renewal() async throws {
        let stage = try await SuperOfficeStage.open { $0.ticketLifetime = 100 }
        let fetched = Mutex(0)
        let client = try stage.client(
            .token(
                { [self] in
                    fetched.withLock { $0 += 1 }
                    return try await ticket(stage, "bob")
                }, isTicket: true))
        #expect(try await client.system.signIn().account.name == "Bob Builder")
        await stage.pass(101)
        #expect(try await client.system.signIn().account.name == "Bob Builder")
        #expect(fetched.withLock(\.self) == 2)
        let dead = try stage.client(.token({ "7T:dead" }, isTicket: true))
        #expect(try await lockError { _ = try await dead.system.signIn() }.code == .notSignedIn)
        #expect(dead.wire.requests.count == 1)
        await stage.close()
    }

    @Test("A token with control characters or blanks goes nowhere", arguments: ["", "a b c", "a\u{7}b", "ü"])
    func badToken(_ token: String) async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client(.token({ token }))
        #expect(try await lockError { _ = try await client.system.signIn() }.code == .notSignedIn)
        #expect(client.wire.requests.isEmpty)
        await stage.close()
    }

    @Test("Online: the tenant is asked for, and a ticket goes with the application's token")
    func tenant() async throws {
        let stage = try await SuperOfficeStage.open()
        let secret = try await ticket(stage, "alice")
        let client = try online(stage, .token({ secret }, isTicket: true))
        let id = try await stage.add()
        #expect(await client.perform(.checkOut, id).outcome == .done)
        let urls = client.wire.requests.map(\.url)
        #expect(urls.first == "\(stage.origin)/api/state/Cust12345")
        #expect(urls.dropFirst().allSatisfy { $0.hasPrefix("\(stage.origin)/Cust12345/api/v1/") })
        #expect(urls.count { $0.contains("/api/state/") } == 1)
        #expect(client.wire.requests[0].headers["Authorization"] == nil)
        await stage.close()
    }

    @Test("Online, what can't work is refused without a request")
    func onlineRefusals() async throws {
        let stage = try await SuperOfficeStage.open()
        let byPassword = try online(stage, .account("alice"))
        let withoutApp = try online(stage, .token({ "7T:x" }, isTicket: true)) { $0.secrets["app_token"] = nil }
        for client in [byPassword, withoutApp] {
            #expect(try await lockError { _ = try await client.system.signIn() }.code == .notSignedIn)
            #expect(client.wire.requests.allSatisfy { $0.url.contains("/api/state/") })
        }
        await stage.close()
    }

    @Test("A tenant that has moved is found again after a 421, and the change is made once")
    func moved() async throws {
        let stage = try await SuperOfficeStage.open()
        let secret = try await ticket(stage, "alice")
        let client = try online(stage, .token({ secret }, isTicket: true))
        let id = try await stage.add()
        _ = try await client.row(id)
        try await stage.server.perform(.moveTenant(to: "localhost"))
        client.wire.forget()
        #expect(await client.perform(.checkOut, id).outcome == .done)
        #expect(client.wire.requests.count { $0.url.contains("/api/state/") } == 1)
        #expect(client.wire.changes.count == 1)
        #expect(client.wire.changes[0].url.hasPrefix("http://localhost:"))
        try await stage.server.perform(.setTenant(state: "OfflineMaintenance"))
        await stage.pass(4000)
        let error = try await lockError { _ = try await client.row(id) }
        #expect(error.code == .unreachable && error.message.contains("OfflineMaintenance"))
        await stage.close()
    }

    @Test("When its address has run out it is asked for again")
    func validUntil() async throws {
        let stage = try await SuperOfficeStage.open { $0.addressLifetime = 300 }
        let secret = try await ticket(stage, "alice")
        let client = try online(stage, .token({ secret }, isTicket: true))
        let id = try await stage.add()
        for (seconds, questions) in [(0.0, 1), (200, 1), (200, 2)] {
            await stage.pass(seconds)
            _ = try await client.row(id)
            #expect(client.wire.requests.count { $0.url.contains("/api/state/") } == questions)
        }
        await stage.close()
    }

    @Test(
        "The environments, by their hosts",
        arguments: [
            (String?.none, "online"), ("online", "online"), ("stage", "qaonline"), ("sod", "sod"),
        ])
    func environments(_ name: String?, _ host: String) async throws {
        let state = try SuperOfficeRecording.answer("made-tenant-state-running")
        let script = try SuperOfficeScript([("GET", "/api/state/", state)]) { profile in
            profile.login = .token({ "8A:Cust12345.x" })
            profile.options.tenant = "Cust12345"
            profile.options.put("environment", name)
        }
        #expect(try await script.system.signIn().account.id == "5")
        #expect(
            script.transport.requests.map(\.url) == [
                "https://\(host).superoffice.com/api/state/Cust12345",
                "https://online2.superoffice.com/Cust12345/api/v1/User/currentPrincipal",
            ])
        #expect(
            script.system.webAddress(of: SuperOfficeScript.offer)
                == "https://online2.superoffice.com/Cust12345/default.aspx?document_id=141")
    }

    @Test(
        "Secrets go to no host but the vendor's",
        arguments: [
            "https://evil.example.org/Cust12345/api", "http://online2.superoffice.com/Cust12345/api",
            "https://superoffice.com.evil.example/api", "https://127.0.0.1/api", "https://evilsuperoffice.com/api",
        ])
    func strangeHost(_ api: String) async throws {
        let state = #"{"State":"Running","IsRunning":true,"Api":"\#(api)"}"#
        let script = try SuperOfficeScript([("GET", "/api/state/", Response(status: 200, body: Array(state.utf8)))]) {
            $0.login = .token({ "8A:Cust12345.x" })
            $0.options.tenant = "Cust12345"
        }
        #expect(try await lockError { _ = try await script.system.signIn() }.code == .wrongSystem)
        #expect(script.transport.requests.count == 1)
    }

    @Test(
        "What is no SuperOffice is named so, with what was found",
        arguments: [
            Response(status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>".utf8)),
            Response(status: 404, headers: ["Content-Type": "text/html"], body: Array("<html>".utf8)),
            Response(status: 200, headers: ["Content-Type": "application/json"], body: Array(#"{"hello":1}"#.utf8)),
            Response(status: 302, headers: ["Location": "https://login.example.org/"]),
        ])
    func wrongSystem(_ answer: Response) async throws {
        let script = try SuperOfficeScript([("GET", "currentPrincipal", answer)])
        #expect(try await lockError { _ = try await script.system.signIn() }.code == .wrongSystem)
    }

    @Test("Nobody is told that nobody is signed in, without a request")
    func nobody() async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client(.anonymous)
        let offered = try await client.system.signIn().operations
        #expect(Locks.Operation.allCases.allSatisfy { !offered[$0].isOffered })
        #expect(try await lockError { _ = try await client.system.items(after: nil) }.code == .notSignedIn)
        #expect(client.wire.requests.isEmpty)
        await stage.close()
    }
}
