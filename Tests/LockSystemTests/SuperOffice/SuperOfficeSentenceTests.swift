// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import TestSupport
import Testing

@testable import LockSystems

@Suite("What is said about SuperOffice")
struct SuperOfficeSentenceTests {
    private static let errors = SuperOfficeErrors(
        voice: SuperOfficeErrors.voice(
            server: "crm", place: "https://crm.example.org/SuperOffice", now: { Date(timeIntervalSince1970: 0) }))
    private static let path = "/Document/141"

    private static func problem(_ type: String, _ text: String, _ status: Int) -> LockError {
        let body = #"{"Error":true,"ErrorType":"\#(type)","ErrorMessage":"\#(text)","ErrorSource":"secret.dll"}"#
        return errors.refusal(
            Response(status: status, headers: ["Content-Type": "application/json"], body: Array(body.utf8)),
            of: path, changing: true)
    }

    private static func bare(_ status: Int, _ headers: Headers = [:]) -> LockError {
        errors.refusal(Response(status: status, headers: headers), of: path, changing: true)
    }

    private static func reply(
        _ type: String, _ value: String, _ success: Bool, _ operation: Locks.Operation = .checkOut
    ) throws -> LockError? {
        let body = #"{"Success":\#(success),"Type":"\#(type)","Value":"\#(value)","AdditionalInfo":"docid=141"}"#
        let wire = try JSONBody.decode(SuperOfficeReply.self, from: Array(body.utf8))
        return errors.verdict(wire, on: SuperOfficeScript.offer, operation)
    }

    private static let held = Lock(
        kind: .checkout, holder: Holder(id: nil, name: "Bob Moe"), identity: LockIdentity(of: "office Bob Moe"))

    private static func all() throws -> [(String, LockError?)] {
        let html = Response(status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>".utf8))
        let lost = TransportError(.connectionLost, "The connection to crm.example.org was lost.", surelyNotSent: false)
        return [
            ("lost", errors.voice.unreachable(lost, changing: true)), ("page", errors.wrongSystem(html)),
            ("nonsense", errors.voice.nonsense("The answer is empty.", status: 200, changing: true)),
            ("password", errors.notSignedIn("HAL")), ("token", errors.notSignedIn(nil)), ("nobody", errors.nobody()),
            ("no tenant", errors.noTenant("Cust12345")),
            ("away", errors.tenantAway("Cust12345", "OfflineMaintenance", retryAfter: 60)),
            ("deleted", errors.tenantAway("Cust12345", "Deleted", retryAfter: nil)),
            ("strange host", errors.strangeHost("evil.example.org")), ("gone", errors.voice.gone(path)),
            ("SoNotFoundException", problem("SoNotFoundException", "Document id 141 not found", 404)),
            ("SoSentryException", problem("SoSentryException", "You are not allowed to update this document", 500)),
            ("SoLicenseException", problem("SoLicenseException", "No licence", 500)),
            ("SoSessionException", problem("SoSessionException", "", 500)),
            ("SoNotSupportedException", problem("SoNotSupportedException", "Not supported", 500)),
            ("IOException", problem("IOException", "The file 'x.lock' already exists.", 500)),
            ("302", bare(302, ["Location": "https://login.example.org/"])), ("403", bare(403)), ("405", bare(405)),
            ("409", bare(409)), ("418", bare(418)), ("421", bare(421)), ("429", bare(429, ["Retry-After": "90"])),
            ("500", bare(500)), ("503", bare(503)),
            ("filter", errors.badFilter("colour is 'red'", Response(status: 500))),
            ("None, refused", try reply("None", "", false)),
            ("None, discard refused", try reply("None", "", false, .discard)),
            ("Message, refused", try reply("Message", "Checked out by BOB", false)),
            ("Message, done", try reply("Message", "Checked out by BOB", true)),
            ("SoProtocol", try reply("SoProtocol", "contact.main?contact_id=123", true)),
            ("CustomGui", try reply("CustomGui", "AskForVersionComment", false, .checkIn)),
            ("Other", try reply("Other", "X", false)),
            ("URL", try reply("URL", "https://docs.example.org/edit/141", true)),
            ("URL that is none", try reply("URL", "javascript:alert(1)", true)),
            ("unknown", try reply("Hologram", "X", false)),
            ("office", errors.heldByOffice(SuperOfficeScript.offer, held)),
            ("another's", errors.othersCheckOut(SuperOfficeScript.offer, held)),
        ]
    }

    @Test(
        "Of a redirect to a sign-in page only the origin is told, for an installation and for a tenant",
        arguments: ["https://crm.example.org/SuperOffice", "Cust12345"])
    func redirectSecrets(place: String) {
        let errors = SuperOfficeErrors(
            voice: SuperOfficeErrors.voice(server: "crm", place: place, now: { Date(timeIntervalSince1970: 0) }))
        let answer = Response(
            status: 302, headers: ["Location": "https://sso.example.org/s/abc;sid=1?ticket=ST-1&code=2#state=3"])
        let error = errors.refusal(answer, of: "/Document/141", changing: false)
        #expect(error.message == "crm: \(place) points to https://sso.example.org.")
        let bare = errors.refusal(Response(status: 302), of: "/Document/141", changing: false)
        #expect(bare.message == "crm: \(place) points elsewhere.")
    }

    @Test("Every sentence is as it was when people looked at it")
    func golden() throws {
        var text = ""
        for (name, error) in try Self.all() {
            text += "\(name)\n"
            guard let error else {
                text += "  -\n"
                continue
            }
            let marks = [
                error.mayHaveHappened ? "may have happened" : nil, error.retryAfter.map { "after \(Int($0)) s" },
            ]
            text += "  \(error.code.rawValue)\(marks.compactMap(\.self).map { ", " + $0 }.joined())\n  \(error)\n"
        }
        for operation in Locks.Operation.allCases {
            text += "\(operation.word)\n  \(SuperOfficeSystem.allOperations[operation].why ?? "-")\n"
        }
        #expect(!text.contains("secret.dll"))
        let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        try Golden.check(text, named: "superoffice-sentences", beside: folder + "/any.swift")
    }
}
