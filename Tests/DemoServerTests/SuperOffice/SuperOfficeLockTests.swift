// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("The demo's SuperOffice: check-outs")
struct SuperOfficeLockTests {
    private let lock = "/Document/2/Lock"

    @Test("A check-out, its state for the holder and for others, and its end by check-in or undo")
    func cycle() async throws {
        for ending in ["PUT", "DELETE"] {
            let desk = try await SuperOfficeDesk()
            #expect(await desk.ask("GET", lock, as: "alice").state == "NotCheckedOut")
            #expect(await desk.ask("POST", lock, as: "alice").isSuccess)
            #expect(await desk.ask("GET", lock, as: "alice").state == "CheckedOutOwn")
            let other = await desk.ask("GET", lock, as: "bob")
            #expect(other.state == "CheckedOutOther" && other.json["AssociateId"] == 7)
            #expect(other.json["Name"]?.text == "Alice Ångström")
            #expect(await desk.ask(ending, lock, as: "alice").isSuccess)
            #expect(await desk.ask("GET", lock, as: "bob").state == "NotCheckedOut")
        }
    }

    @Test("A polite archive refuses with status 200 and a message, word for word as recorded")
    func polite() async throws {
        let desk = try await SuperOfficeDesk()
        await desk.ask("POST", lock, as: "bob")
        let refused = await desk.ask("POST", lock, as: "alice")
        #expect(refused.status == 200)
        #expect(refused.json == (try SuperOfficeAnswer.recorded("made-returninfo-refused-held")))
        #expect(await desk.ask("PUT", lock, as: "alice").json["Value"]?.text == "Checked out to BOB")
        #expect(await desk.ask("DELETE", lock, as: "alice").json["Value"]?.text == "Checked out to BOB")
        #expect(await desk.ask("POST", lock, as: "bob").isSuccess, "the holder may ask again")
        await desk.ask("DELETE", lock, as: "bob")
        let none = await desk.ask("PUT", lock, as: "bob")
        #expect(none.json == (try SuperOfficeAnswer.recorded("made-returninfo-refused-not-checked-out")))
    }

    @Test("What is answered has the names of the recordings, in their order")
    func shapes() async throws {
        let desk = try await SuperOfficeDesk()
        func names(_ recording: String) throws -> [String] {
            try SuperOfficeAnswer.recorded(recording).fields?.map(\.key) ?? []
        }
        #expect(
            await desk.ask("GET", lock, as: "bob").json == (try SuperOfficeAnswer.recorded("made-checkoutinfo-free")))
        #expect(await desk.ask("POST", lock, as: "bob").json == (try SuperOfficeAnswer.recorded("made-returninfo-ok")))
        #expect(await desk.ask("PUT", lock, as: "bob").names == (try names("made-returninfo-ok")))
        let version = await desk.ask("GET", "/Document/2/Version", as: "bob").json.elements?.first?.fields?.map(\.key)
        let recorded = try SuperOfficeAnswer.recorded("made-versions").elements?.first?.fields?.map(\.key)
        #expect(version == recorded)
        #expect(
            await desk.ask("GET", "/User/currentPrincipal", as: "bob").names == (try names("made-current-principal")))
        #expect(
            await desk.ask("GET", "/Document?$filter=documentId gt 0", as: "bob").names
                == (try names("made-documents-page")))
        #expect(
            await desk.ask("GET", "/Document/99999", as: "bob").json
                == (try SuperOfficeAnswer.recorded("made-error-404-document")))
        let state = await desk.ask("GET", "/Cust12345", at: "/api/state")
        #expect(state.names == (try names("made-tenant-state-running")))
        #expect(
            await desk.ask("GET", "/Document/Plugin/0", as: "bob").json
                == (try SuperOfficeAnswer.recorded("made-plugin-capabilities-test")))
    }

    @Test("The standard archive fails where somebody is in the way, and undoes what is free")
    func standard() async throws {
        let desk = try await SuperOfficeDesk { $0.archive = .standard }
        #expect(await desk.ask("DELETE", lock, as: "bob").isSuccess)
        #expect(await desk.ask("POST", lock, as: "bob").isSuccess)
        let again = await desk.ask("POST", lock, as: "bob")
        #expect(again.status == 500 && again.json["ErrorType"]?.text == "IOException")
        #expect(again.names == (try SuperOfficeAnswer.recorded("made-error-500-already-locked").fields?.map(\.key)))
        #expect(await desk.ask("PUT", lock, as: "alice").isSuccess, "it does not look who asks")
        #expect(
            await desk.ask("GET", "/Document/Plugin/0", as: "bob").json
                == (try SuperOfficeAnswer.recorded("made-plugin-capabilities-soarc")))
    }

    @Test("Office's lock has number -1 and can't be ended; a stranger's has number 0")
    func outsiders() async throws {
        let desk = try await SuperOfficeDesk()
        try await desk.core.perform(.lockByProgram(path: "/docs/brochure", by: "bob"))
        let office = await desk.ask("GET", "/Document/3/Lock", as: "alice")
        #expect(office.state == "CheckedOutOther" && office.json["AssociateId"] == .int(-1))
        let error = await desk.ask("DELETE", "/Document/3/Lock", as: "manager")
        #expect(error.status == 500)
        let recorded = try SuperOfficeAnswer.recorded("made-error-500-office-lock")["ErrorMessage"]?.text
        #expect(error.json["ErrorMessage"]?.text == recorded?.replacing("Bob Moe", with: "Bob Builder"))
        try await desk.core.perform(.lock(path: "/docs/minutes", by: "DOMAIN\\svc-scan"))
        let outsider = await desk.ask("GET", "/Document/4/Lock", as: "alice")
        #expect(outsider.json == (try SuperOfficeAnswer.recorded("made-checkoutinfo-outsider")))
    }

    @Test("Joined return types are refused; repeated ones are taken; without Message there is no message")
    func returnTypes() async throws {
        let desk = try await SuperOfficeDesk()
        await desk.ask("POST", lock, as: "bob")
        #expect(await desk.ask("POST", lock + "?allowedReturnTypes=None,Message", as: "alice").status == 400)
        let both = await desk.ask("POST", lock + "?allowedReturnTypes=None&allowedReturnTypes=Message", as: "alice")
        #expect(both.json["Type"]?.text == "Message")
        let none = await desk.ask("POST", lock + "?allowedReturnTypes=None", as: "alice")
        #expect(none.json == (try SuperOfficeAnswer.recorded("made-returninfo-silent-noop")))
    }

    @Test("Who may not change it is told by an exception, with the configured status", arguments: [403, 500])
    func sentry(_ status: Int) async throws {
        let desk = try await SuperOfficeDesk { $0.sentryStatus = status }
        let answer = await desk.ask("POST", lock, as: "mallory")
        #expect(answer.status == status)
        #expect(answer.json == (try SuperOfficeAnswer.recorded("made-error-sentry")))
    }

    @Test("A document that can't be locked says so")
    func unsupported() async throws {
        let desk = try await SuperOfficeDesk()
        try await desk.core.perform(
            .add(path: "/docs/file", type: "File", title: "File", state: "published", by: "admin"))
        let answer = await desk.ask("GET", "/Document/5/Lock", as: "alice")
        #expect(answer.json == (try SuperOfficeAnswer.recorded("made-checkoutinfo-unsupported")))
        #expect(!(await desk.ask("POST", "/Document/5/Lock", as: "alice").isSuccess))
    }

    @Test("The procedures of the same names do the same")
    func agents() async throws {
        let desk = try await SuperOfficeDesk()
        func call(_ name: String, _ person: String) async -> SuperOfficeAnswer {
            await desk.ask(
                "POST", "/Agents/Document/\(name)", as: person,
                #"{"DocumentId":2,"AllowedReturnTypes":["None","Message"]}"#)
        }
        #expect(await call("CheckoutDocument", "bob").isSuccess)
        #expect(await call("GetCheckoutState", "bob").state == "CheckedOutOwn")
        #expect(!(await call("UndoCheckoutDocument", "alice").isSuccess))
        #expect(await call("CheckinDocument", "bob").isSuccess)
        #expect(await desk.ask("POST", "/Agents/Document/CheckoutDocument", as: "bob", "{}").status == 400)
    }

    @Test("People check out and in, and nothing they hold runs out")
    func story() async throws {
        var options = DemoOptions(dialect: .superoffice, documents: 40, speed: 0)
        options.superOffice.archive = .standard
        let core = Core(options)
        func held() async -> [Int: String] {
            var held: [Int: String] = [:]
            let basic = "Basic " + Base64.plain(Array("admin:admin".utf8))
            let headers: Headers = ["Accept": "application/json", "Authorization": basic]
            let root = "http://127.0.0.1/SuperOffice/api/v1/Document"
            let page = SuperOfficeAnswer(
                response: await core.answer(Request("GET", root + "?$top=100", headers: headers)))
            for number in page.numbers {
                let answer = await core.answer(Request("GET", "\(root)/\(number)/Lock", headers: headers))
                let state = SuperOfficeAnswer(response: answer)
                if state.state?.hasPrefix("CheckedOut") == true { held[number] = state.json["Name"]?.text }
            }
            return held
        }
        let before = await held()
        #expect(before.count > 5)
        await core.advance(by: 600)
        let after = await held()
        #expect(after != before)
        #expect(!after.isEmpty)
    }
}
