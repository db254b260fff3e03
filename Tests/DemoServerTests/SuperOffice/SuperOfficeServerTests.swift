// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("The demo's SuperOffice: sign-in, listing and tenants")
struct SuperOfficeServerTests {
    private let me = "/User/currentPrincipal"

    @Test("Who signs in by password, token or cookie; and who does not")
    func signIn() async throws {
        let desk = try await SuperOfficeDesk()
        #expect(await desk.ask("GET", me).status == 401)
        #expect(await desk.ask("GET", me, headers: ["Authorization": "Basic eDp5"]).status == 401)
        #expect(await desk.ask("GET", me, as: "alice").json["FullName"]?.text == "Alice Ångström")
        #expect(await desk.ask("GET", me, as: "manager").json["FunctionRights"]?.elements?.first == "admin-all")
        let token = try #require(await desk.ask("GET", "/User/currentToken", as: "bob").json.text)
        #expect(token.hasPrefix("8A:Cust12345."))
        let bearer = await desk.ask("GET", me, headers: ["Authorization": "Bearer \(token)"])
        #expect(bearer.json["UserName"]?.text == "bob")
        let cookie: Headers = ["Cookie": "SoSession=\(token); XSRF-TOKEN=abc"]
        #expect(await desk.ask("GET", me, headers: cookie).status == 401)
        var proven = cookie
        proven["X-XSRF-TOKEN"] = "abc"
        #expect(await desk.ask("GET", me, headers: proven).json["UserName"]?.text == "bob")
    }

    @Test("A ticket lives while it is used, and needs the application's token online")
    func ticket() async throws {
        let desk = try await SuperOfficeDesk()
        let body = """
            {"SignedSystemToken":"App-bob.202605041000.c2ln","ApplicationToken":"demo-app-token","ContextIdentifier":"Cust12345"}
            """
        let path = "/PartnerSystemUser/Authenticate"
        let answer = await desk.ask("POST", path, as: nil, body, at: "/Login/api")
        #expect(answer.names == (try SuperOfficeAnswer.recorded("made-partner-system-user-ok").fields?.map(\.key)))
        let claims = try #require(answer.json["Token"]?.text).split(separator: ".")[1]
        let bytes = try #require(Base64.decoded(String(claims)))
        let ticket = try #require(try JSON(reading: bytes)["http://schemes.superoffice.net/identity/ticket"]?.text)
        let header: Headers = ["Authorization": "SoTicket \(ticket)"]
        let twice: Headers = ["Authorization": "SOTICKET \(Base64.plain(Array(ticket.utf8)))"]
        #expect(await desk.ask("GET", me, headers: header).status == 200)
        #expect(await desk.ask("GET", me, headers: twice).status == 401)
        let online = "/Cust12345/api/v1"
        #expect(await desk.ask("GET", me, headers: header, at: online).status == 401)
        var both = header
        both["SO-AppToken"] = "demo-app-token"
        #expect(await desk.ask("GET", me, headers: both, at: online).status == 200)
        #expect(await desk.ask("GET", me, as: "bob", at: online).status == 401, "never by password")
        await desk.core.advance(by: 21_599)
        #expect(await desk.ask("GET", me, headers: header).status == 200)
        await desk.core.advance(by: 21_599)
        #expect(await desk.ask("GET", me, headers: header).status == 200)
        await desk.core.advance(by: 21_600)
        #expect(await desk.ask("GET", me, headers: header).status == 401)
        let refused = await desk.ask(
            "POST", path, as: nil, body.replacing("demo-app-token", with: "x"), at: "/Login/api")
        #expect(refused.json["IsSuccessful"] == false)
    }

    @Test(
        "A filter in SuperOffice's words, and pages in an order",
        arguments: [
            ("name contains 'OFF'", [2]), ("name begins 'Bro' or documentId = 4", [4, 3]),
            ("documentId in (2,4)", [4, 2]),
            ("documentId gt 2 and name isNot 'Minutes'", [3]), ("documentId le 3", [3, 2]),
            ("getAllRows set true", [4, 3, 2]),
            ("updatedDate after '2001-01-01'", [4, 3, 2]), ("type oneOf ('Page')", [4, 3, 2]),
            ("name is 'nothing'", []),
        ])
    func filter(_ filter: String, _ numbers: [Int]) async throws {
        let desk = try await SuperOfficeDesk()
        let query = "?$select=documentId&$orderBy=documentId desc&$filter=" + Call.quoted(filter)
        #expect(await desk.ask("GET", "/Document" + query, as: "bob").numbers == numbers)
        let twin = await desk.ask("POST", "/Archive/FindDocument", as: "bob", String(query.dropFirst()))
        #expect(twin.numbers == numbers)
    }

    @Test("Pages, and what is wrong with a search")
    func pages() async throws {
        let desk = try await SuperOfficeDesk { $0.needsFilter = true }
        let base = "/Document?$select=documentId&$orderBy=documentId&$filter=documentId gt 0"
        #expect(await desk.ask("GET", base + "&$top=2", as: "bob").numbers == [2, 3])
        #expect(await desk.ask("GET", base + "&$top=2&$skip=2", as: "bob").numbers == [4])
        #expect(await desk.ask("GET", "/Document?$select=documentId", as: "bob").numbers == [])
        #expect(await desk.ask("GET", "/Document?$filter=colour is 'red'", as: "bob").status == 500)
        #expect(await desk.ask("GET", "/Document?$filter=name is 'x", as: "bob").status == 500)
        #expect(await desk.ask("GET", base + "&$top=x", as: "bob").status == 400)
    }

    @Test("A tenant that has moved answers 421 at its old address, and its state tells the new one")
    func tenant() async throws {
        let desk = try await SuperOfficeDesk()
        let token = try #require(await desk.ask("GET", "/User/currentToken", as: "bob").json.text)
        let header: Headers = ["Authorization": "Bearer \(token)"]
        let online = "/Cust12345/api/v1"
        #expect(await desk.ask("GET", me, headers: header, at: online).status == 200)
        try await desk.core.perform(.moveTenant(to: "localhost"))
        #expect(await desk.ask("GET", me, headers: header, at: online).status == 421)
        let state = await desk.ask("GET", "/Cust12345", at: "/api/state")
        #expect(state.json["Api"]?.text == "http://localhost:8080/Cust12345/api")
        #expect(await desk.ask("GET", me, headers: header, at: online, host: "localhost:8080").status == 200)
        try await desk.core.perform(.setTenant(state: "OfflineMaintenance"))
        let off = await desk.ask("GET", "/Cust12345", at: "/api/state")
        #expect(off.json["IsRunning"] == false && off.json["Api"] == .null)
        #expect(await desk.ask("GET", "/Cust99999", at: "/api/state").status == 404)
    }

    @Test("Who does not ask for JSON gets XML; the root tells the version to anybody")
    func accept() async throws {
        let desk = try await SuperOfficeDesk()
        let xml = await desk.ask("GET", "/Document/2/Lock", as: "bob", headers: ["Accept": "text/xml"])
        #expect(xml.response.headers["Content-Type"]?.contains("xml") == true)
        #expect(String(decoding: xml.response.body, as: UTF8.self).contains("<State>NotCheckedOut</State>"))
        #expect(await desk.ask("GET", "", at: "/SuperOffice/api").json["Version"] == "v1")
        #expect(await desk.ask("GET", "/nothing", as: "bob").status == 404)
    }

    @Test(
        "A missing document reads as configured",
        arguments: [
            (SuperOfficeOptions.Missing.notFound, 404), (.failure, 500), (.free, 200),
        ])
    func missing(_ missing: SuperOfficeOptions.Missing, _ status: Int) async throws {
        let desk = try await SuperOfficeDesk { $0.missing = missing }
        #expect(await desk.ask("GET", "/Document/99/Lock", as: "bob").status == status)
        #expect(await desk.ask("POST", "/Document/99/Lock", as: "bob").status == 404)
    }

    @Test("A blank name is found in the list of users")
    func users() async throws {
        let desk = try await SuperOfficeDesk { $0.hidesNames = true }
        await desk.ask("POST", "/Document/2/Lock", as: "bob")
        #expect(await desk.ask("GET", "/Document/2/Lock", as: "alice").json["Name"]?.text == "")
        let query = "/Archive/InternalUsers?$select=fullName&$filter=associateDbId eq 8"
        let users = await desk.ask("GET", query, as: "alice").json["value"]?.elements ?? []
        #expect(users.map { $0["fullName"]?.text } == ["Bob Builder"])
    }
}
