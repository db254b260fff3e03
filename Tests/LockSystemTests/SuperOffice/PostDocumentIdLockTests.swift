// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing
import Watching

@testable import LockSystems

/// The page “POST Document/{id}/Lock” of the vendor's reference, section by section.
@Suite("POST Document/{id}/Lock")
struct PostDocumentIdLockTests {
    private static func query(_ request: Request) -> [String] {
        request.url.split(separator: "?").dropFirst().joined().split(separator: "&").map(String.init)
    }

    @Test("POST /api/v1/Document/{documentId}/Lock: checks out a document for editing by the current user")
    func post() async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client()
        let id = try await stage.add(titled: "Offer Acme.docx")
        #expect(await client.perform(.checkOut, id).outcome == .done)
        let change = try #require(client.wire.changes.first)
        #expect(change.method == "POST")
        #expect(change.url.hasPrefix("\(stage.origin)/SuperOffice/api/v1/Document/\(id)/Lock?"))
        #expect(change.body?.isEmpty == true, "an empty body, so that its length is told")
        let lock = try #require(try await client.row(id).lock)
        #expect(lock.kind == .checkout && lock.holder.isMe)
        await stage.close()
    }

    @Test("Path part: documentId is a whole number of 32 bits", arguments: ["", "x", "0", "-1", "2147483648", "1/2"])
    func path(_ name: String) async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client()
        _ = try await client.system.signIn()
        client.wire.forget()
        #expect(try await lockError { _ = try await client.system.find(name) }.code == .gone)
        #expect(client.wire.requests.isEmpty)
        await stage.close()
    }

    @Test("Query string parameters: allowedReturnTypes is repeated, not joined")
    func allowedReturnTypes() async throws {
        let ok = try SuperOfficeRecording.answer("made-returninfo-ok")
        let script = try SuperOfficeScript([("POST", "/Lock", ok)])
        try await script.system.checkOut(SuperOfficeScript.offer)
        let request = try #require(script.transport.requests.last)
        #expect(Self.query(request) == ["allowedReturnTypes=None", "allowedReturnTypes=Message"])
    }

    @Test("Request headers, Authorization: Basic, SoTicket and Bearer", arguments: ["Basic", "SOTicket", "Bearer"])
    func authorization(_ scheme: String) async throws {
        let ok = try SuperOfficeRecording.answer("made-returninfo-ok")
        let script = try SuperOfficeScript([("POST", "/Lock", ok)]) { profile in
            if scheme != "Basic" { profile.login = .token({ "7T:abc==\n" }, isTicket: scheme == "SOTicket") }
        }
        try await script.system.checkOut(SuperOfficeScript.offer)
        let header = script.transport.requests.last?.headers["Authorization"]
        #expect(header == (scheme == "Basic" ? "Basic SEFMOnNlY3JldA==" : "\(scheme) 7T:abc=="))
    }

    @Test("Request headers, SO-AppToken: sent beside a ticket and beside a token", arguments: [true, false])
    func appToken(_ isTicket: Bool) async throws {
        let ok = try SuperOfficeRecording.answer("made-returninfo-ok")
        let script = try SuperOfficeScript([("POST", "/Lock", ok)]) { profile in
            profile.login = .token({ "7T:abc==" }, isTicket: isTicket)
            profile.secrets["app_token"] = { "qw123" }
        }
        try await script.system.checkOut(SuperOfficeScript.offer)
        #expect(script.transport.requests.last?.headers["SO-AppToken"] == "qw123")
    }

    @Test("Request headers, Accept: JSON, always")
    func accept() async throws {
        let ok = try SuperOfficeRecording.answer("made-returninfo-ok")
        let script = try SuperOfficeScript([("POST", "/Lock", ok)])
        _ = try await script.system.signIn()
        try await script.system.checkOut(SuperOfficeScript.offer)
        #expect(script.transport.requests.count == 2)
        #expect(script.transport.requests.allSatisfy { $0.headers["Accept"] == "application/json" })
    }

    @Test("Request headers, Accept-Language: the configured language, else English", arguments: [nil, "sv", "*"])
    func language(_ language: String?) async throws {
        let ok = try SuperOfficeRecording.answer("made-returninfo-ok")
        let script = try SuperOfficeScript([("POST", "/Lock", ok)]) { $0.language = language }
        try await script.system.checkOut(SuperOfficeScript.offer)
        #expect(script.transport.requests.last?.headers["Accept-Language"] == language ?? "en")
    }

    @Test("Request headers, X-XSRF-TOKEN: not needed, because an Authorization is always there")
    func noCookies() async throws {
        let script = try SuperOfficeScript([]) { $0.login = .anonymous }
        #expect(try await lockError { try await script.system.checkOut(SuperOfficeScript.offer) }.code == .notSignedIn)
        #expect(script.transport.requests.isEmpty)
    }

    @Test("Response: 200 OK is no success", arguments: ["made-returninfo-refused-held", "made-returninfo-silent-noop"])
    func refused(_ name: String) async throws {
        let script = try SuperOfficeScript([("POST", "/Lock", try SuperOfficeRecording.answer(name))])
        let error = try await lockError { try await script.system.checkOut(SuperOfficeScript.offer) }
        #expect(!error.mayHaveHappened)
        #expect([.forbidden, .notLockable].contains(error.code))
    }

    @Test(
        "Response body: every property may be null or missing but Success",
        arguments: [
            #"{"Success":true}"#, #"{"ExternalReference":null,"Success":true,"Type":null,"Value":null}"#,
            #"{"Success":true,"Type":0,"Value":"","AdditionalInfo":""}"#,
        ])
    func properties(_ body: String) async throws {
        let answer = Response(status: 200, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
        let script = try SuperOfficeScript([("POST", "/Lock", answer)])
        try await script.system.checkOut(SuperOfficeScript.offer)
    }

    @Test(
        "Sample request: Basic, Swedish; sample response: CustomGui is a step for another program, refused or not",
        arguments: [("blanditiis", false, "est", "doloremque"), ("aut", true, "soluta", "consequatur")])
    func sample(_ version: String, _ success: Bool, _ value: String, _ more: String) async throws {
        let body = """
            {
              "ExternalReference": "quo",
              "VersionId": "\(version)",
              "Success": \(success),
              "Type": "CustomGui",
              "Value": "\(value)",
              "AdditionalInfo": "\(more)"
            }
            """
        let answer = Response(
            status: 200, headers: ["Content-Type": "application/json; charset=utf-8"], body: Array(body.utf8))
        let script = try SuperOfficeScript([("POST", "/Lock", answer)]) { profile in
            profile.login = .password(user: "tje0", secret: { "Tje0" }, isBasic: true)
            profile.language = "sv"
        }
        let error = try await lockError { try await script.system.checkOut(SuperOfficeScript.offer) }
        #expect(error.code == .needsAction)
        #expect(error.mayHaveHappened == success)
        #expect(error.message.contains("“\(value)” (\(more))"))
        let request = try #require(script.transport.requests.last)
        #expect(request.headers["Authorization"] == "Basic dGplMDpUamUw")
        #expect(request.headers["Accept-Language"] == "sv")
    }
}
