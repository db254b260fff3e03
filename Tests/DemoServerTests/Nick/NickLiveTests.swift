// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Testing

@testable import DemoServer

/// Plays recordings of a running Nick to the demo's, and compares what it answers.
@Suite("The recorded exchanges of a running Nick")
struct NickLiveTests {
    /// In the order in which they were made. `+ page` makes an item, `+ wait` lets seconds pass, `+ lock` takes a lock
    /// that was not recorded.
    private static let script = """
        + page lab/l1
        lock-get-unlocked lock-get-unlocked-anonymous
        lock-post-anonymous lock-post-by-reader lock-post-by-contributor lock-patch-anonymous lock-patch-by-reader
        lock-delete-anonymous lock-delete-by-reader
        lock-post lock-get-by-owner lock-get-by-other lock-get-by-reader lock-get-anonymous
        lock-post-by-other-while-locked lock-post-by-other-force lock-post-by-admin-while-locked
        lock-patch-by-other-while-locked
        lock-delete-by-other lock-delete-by-other-force lock-delete-by-other-force-false lock-delete-by-admin-force
        lock-get-after-refused-deletes
        + wait 1
        lock-post-again-by-owner lock-post-again-by-owner-with-options
        lock-patch-refresh-by-owner lock-patch-refresh-with-timeout lock-patch-refresh-drops-options
        lock-delete-by-owner lock-get-after-delete-by-owner lock-post-by-other-after-delete-by-owner
        lock-delete-by-owner-force lock-get-after-delete-by-owner-force
        lock-patch-timeout-negative-release
        + wait 1
        lock-get-after-release lock-post-by-other-after-release
        + page lab/l2
        lock-delete-never-locked lock-delete-never-locked-force lock-patch-when-unlocked
        + page lab/l3
        lock-post-nonstealable lock-get-nonstealable-by-owner lock-get-nonstealable-by-other
        lock-delete-nonstealable-by-owner lock-delete-nonstealable-force-by-owner
        lock-delete-nonstealable-force-by-admin lock-get-nonstealable-after-deletes
        + page lab/l4
        lock-post-by-user-without-fullname
        + page lab/t-60
        lock-post-timeout-60 lock-get-timeout-60
        + page lab/t-string-3600
        lock-post-timeout-string-3600 lock-get-timeout-string-3600
        + page lab/t-text
        lock-post-timeout-text lock-get-timeout-text
        + page lab/t-object
        lock-post-timeout-object lock-get-timeout-object
        + page lab/t-true
        lock-post-timeout-true lock-get-timeout-true
        + wait 2
        lock-get-timeout-true-after-2-s
        + page lab/t-zero
        lock-post-timeout-zero lock-get-timeout-zero
        + page lab/t-null
        lock-post-timeout-null lock-get-timeout-null
        + page lab/t-empty
        lock-post-timeout-empty lock-get-timeout-empty
        + page lab/s-no
        lock-post-stealable-no lock-get-stealable-no
        + page lab/s-zero
        lock-post-stealable-zero lock-get-stealable-zero
        + page lab/s-true
        lock-post-stealable-true lock-get-stealable-true
        + page lab/exp
        lock-post-timeout-2-seconds
        + wait 2
        lock-get-at-created-plus-timeout
        + wait 1
        lock-get-after-expiry lock-post-by-other-after-expiry
        + page lab/b1
        lock-post-without-body
        + page lab/b2
        lock-post-without-content-type
        + page lab/b3
        lock-post-form-content-type
        + page lab/b4
        lock-post-charset-content-type
        + page lab/b5
        lock-post-json-suffix-content-type
        + page lab/b6
        lock-post-bad-json lock-post-json-null lock-post-json-text lock-get-after-bad-bodies lock-post-json-array
        + page lab/b7
        lock-post-latin1-charset
        + page lab/plain
        accept-none auth-basic-public auth-bearer-garbage-public auth-bearer-garbage-post-lock
        lock-trailing-slash lock-double-slash lock-upper-case lock-percent-encoded-at lock-head lock-options lock-put
        bad-percent-encoding not-found not-found-anonymous not-found-lock-get not-found-lock-post
        api-prefix-lock api-prefix-unknown
        working-copy-get working-copy-post
        """

    private static let root = "http://127.0.0.1:9990"
    private let core: Core

    init() {
        var options = DemoOptions(dialect: .nick, documents: 0, speed: 0, people: false)
        options.nick.languages = ["en"]
        options.nick.isLimited = false
        core = Core(options)
    }

    private func prepare() async throws {
        for (name, full, roles) in [
            ("alice", "Alice Ångström", ["Editor"]), ("bob", "Bob Builder", ["Editor"]), ("rita", "", ["Reader"]),
            ("carol", "", ["Contributor"]), ("nofull", "", ["Editor"]), ("mallory", "", []),
        ] {
            try await core.perform(
                .addAccount(
                    DemoAccount(name: name, password: name + "-password", fullName: full, roles: roles + ["Member"])))
        }
        try await core.perform(.add(path: "/lab", type: "Folder", title: "Lab", state: "published", by: "admin"))
    }

    private func token(_ user: String) async throws -> String {
        let password = user == "admin" ? "admin" : user + "-password"
        let answer = await core.answer(
            Request(
                "POST", Self.root + "/@login", headers: ["Content-Type": "application/json"],
                body: (["login": .string(user), "password": .string(password)] as JSON).encoded()))
        return "Bearer " + (try #require(try JSON(reading: answer.body)["token"]?.text))
    }

    @Test("are answered alike: status, type and body")
    func replay() async throws {
        try await prepare()
        var tokens: [String: String] = [:]
        var played = 0
        for line in Self.script.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
            let words = line.split(separator: " ").map(String.init)
            if words[0] == "+" {
                if words[1] == "wait" {
                    await core.advance(by: try #require(Double(words[2])))
                } else {
                    try await core.perform(
                        .add(path: "/" + words[2], type: "Document", title: "Lab", state: "published", by: "admin"))
                }
                continue
            }
            for name in words {
                let recording = try Recording(named: name, in: "nick-live")
                if let user = recording.user, tokens[user] == nil {
                    tokens[user] = try await token(user)
                }
                var headers = Headers()
                for (field, value) in recording.headers where field != "Host" {
                    let isSigned = field == "Authorization" && recording.user != nil
                    headers.add(field, isSigned ? tokens[recording.user ?? ""] ?? "" : value)
                }
                let answer = await core.answer(
                    Request(
                        Method(rawValue: recording.method), Self.root + recording.path, headers: headers,
                        body: recording.sentBody))
                played += 1
                #expect(answer.status == recording.status, "\(name)")
                #expect(answer.headers["Content-Type"] == recording.contentType, "\(name)")
                if recording.answer.fields != nil, recording.method != "HEAD" {
                    let body = try JSON(reading: answer.body)
                    #expect(JSONComparison(recording.answer, body).differences == [], "\(name)")
                }
            }
        }
        #expect(played > 90)
    }
}
