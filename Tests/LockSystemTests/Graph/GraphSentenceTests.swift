// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import TestSupport
import Testing

@testable import LockSystems

@Suite("What Graph's errors say")
struct GraphSentenceTests {
    @Test("Every sentence is as somebody has read it")
    func sentences() throws {
        let errors = GraphErrors(
            voice: GraphErrors.voice(
                server: "files", address: "https://graph.microsoft.com", now: { Date(timeIntervalSince1970: 0) }))
        var lines: [String] = []
        func add(_ name: String, _ error: LockError) {
            let wait = error.retryAfter.map { " [wait \($0)]" } ?? ""
            lines.append("\(name): \(error.code)\(error.mayHaveHappened ? ", perhaps done" : "")\(wait): \(error)")
        }
        for status in [301, 400, 401, 403, 404, 405, 409, 410, 412, 418, 423, 429, 500, 503, 507, 509] {
            let headers: Headers = status == 429 ? ["Retry-After": "2.128"] : [:]
            add(
                "\(status)",
                errors.refusal(Response(status: status, headers: headers), "/Documents/a.docx", changing: true))
        }
        for text in ["API not found", "Resource not found for the segment 'lock'.", "The file is not checked out."] {
            let body = Array("{\"error\":{\"code\":\"invalidRequest\",\"message\":\"\(text)\"}}".utf8)
            add("400 \(text)", errors.refusal(Response(status: 400, body: body), "/Documents/a.docx", changing: true))
        }
        let claims = Array(#"{"error":{"code":"accessDenied","innerError":{"code":"insufficient_claims"}}}"#.utf8)
        add("403 claims", errors.refusal(Response(status: 403, body: claims), "/Documents/a.docx", changing: true))
        for word in [
            "authorization_declined", "expired_token", "bad_verification_code", "invalid_grant", "interaction_required",
            "invalid_client", "invalid_scope",
        ] {
            add(word, errors.signIn(GraphOAuthProblem(error: word), status: 400, isProgram: false))
        }
        add("secret", errors.signIn(GraphOAuthProblem(error: "invalid_client"), status: 401, isProgram: true))
        add("no word", errors.signIn(nil, status: 502, isProgram: true))
        add("page", errors.wrongSystem(Response(status: 200, body: Array("<html>".utf8)), changing: false))
        add("authority", errors.wrongAuthority(Response(status: 404), "login.example"))
        add("nonsense", errors.voice.nonsense("The answer is empty.", status: 200, changing: true))
        add("quiet", errors.stillWaiting(2.5))
        add("holder", errors.onlyHolder(Holder(id: nil, name: "Bob Moe"), "/Documents/a.docx"))
        add(
            "lost",
            errors.voice.unreachable(
                TransportError(.connectionLost, "The connection was lost.", surelyNotSent: false), changing: true))
        for operation in Locks.Operation.allCases {
            let offer = GraphSystem.allOperations[operation]
            lines.append("\(operation.word): \(offer.isOffered ? "yes" : "no"): \(offer.why ?? "")")
        }
        try Golden.check(lines.joined(separator: "\n") + "\n", named: "sentences")
    }
}
