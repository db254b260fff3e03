// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import TestSupport
import Testing

@testable import LockSystems

@Suite("What is said about Nick")
struct NickWordsTests {
    private let errors = NickErrors(
        voice: ServerVoice(
            server: "intranet", product: "Nick", place: "https://nick.example.org",
            now: { Date(timeIntervalSince1970: 1_775_664_000) }))

    @Test("All sentences are as somebody has read them")
    func sentences() throws {
        var lines: [String] = []
        func add(_ title: String, _ error: LockError) {
            lines.append(
                "\(title)\n    \(error.code.rawValue)\(error.mayHaveHappened ? ", may have happened" : "")\n    "
                    + error.description)
        }
        let bodies = [
            ("error object", #"{"error":{"type":"x","message":"y"}}"#), ("error text", #"{"error":"Not found: /a"}"#),
            ("message", #"{"message":"z"}"#), ("page", "<html></html>"),
        ]
        let purposes: [(String, NickPurpose)] = [
            ("read", .read), ("hold", .hold), ("force", .force), ("save", .save),
        ]
        for (name, purpose) in purposes {
            add("\(name), 401, error object", refusal(401, bodies[0].1, purpose))
        }
        for status in [301, 400, 403, 404, 405, 429, 500, 503] {
            for (name, body) in bodies.dropFirst(status == 404 ? 1 : 2) {
                for purpose in [NickPurpose.read, .hold] where status == 404 || name == "message" {
                    add("\(purpose == .read ? "read" : "hold"), \(status), \(name)", refusal(status, body, purpose))
                }
            }
        }
        add("sign-in", errors.voice.notSignedIn(nil))
        add("password", errors.voice.notSignedIn("ann"))
        add("too many sign-ins", errors.tooManySignIns(again: 340))
        add("too many searches", errors.tooManySearches(again: 61))
        add("not JSON", errors.voice.nonsense("The answer is empty.", status: 200, changing: true))
        add("another system", errors.wrongSystem(Response(status: 200, body: Array("<html>".utf8))))
        add("forbidden", errors.forbidden("/a", as: "ann", purpose: .save))
        for (code, name) in [(TransportError.Code.refused, "refused"), (.timedOut, "timed out"), (.proxy, "proxy")] {
            add(
                name,
                errors.voice.unreachable(TransportError(code, "It happened.", surelyNotSent: false), changing: true))
        }
        for operation in Operation.allCases {
            let offer = NickSystem.allOperations[operation]
            lines.append("\(operation.word): \(offer.isOffered ? "offered" : "not offered")\n    \(offer.why ?? "-")")
        }
        let root = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Words.swift"
        try Golden.check(lines.joined(separator: "\n") + "\n", named: "nick-words", beside: root)
    }

    private func refusal(_ status: Int, _ body: String, _ purpose: NickPurpose) -> LockError {
        let headers: Headers = status == 429 ? ["Retry-After": "30"] : status == 301 ? ["Location": "/b"] : [:]
        return errors.refusal(
            Response(status: status, headers: headers, body: Array(body.utf8)), path: "/a", purpose: purpose)
    }
}
