// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestSupport
import Testing

/// `curl`, as the documentations of Plone and Nick use it.
private enum Curl {
    static let path = ["/usr/bin/curl", "/bin/curl", "/usr/local/bin/curl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    struct Answer {
        let status: String
        let body: String

        /// Whether the body says so, however it is laid out.
        func says(_ text: String) -> Bool { body.filter { !$0.isWhitespace }.contains(text) }
        func text(_ key: String) -> String? {
            guard
                let start = body.firstRange(of: "\"\(key)\": \"")?.upperBound
                    ?? body.firstRange(of: "\"\(key)\":\"")?.upperBound
            else { return nil }
            return String(body[start...].prefix { $0 != "\"" })
        }
    }

    static func send(_ method: String, _ url: String, _ more: [String]) async throws -> Answer {
        let words = [
            "-s", "-S", "--noproxy", "*", "-X", method, url, "-w", "\n%{http_code}", "-H", "Accept: application/json",
        ]
        let ending = try await Program.run(try #require(path), words + more, environment: ["HOME": "/nonexistent"])
        guard ending.status == 0 else { throw Broken(description: "\(ending)") }
        let lines = ending.output.split(separator: "\n", omittingEmptySubsequences: false)
        return Answer(status: String(lines.last ?? ""), body: lines.dropLast().joined(separator: "\n"))
    }

    struct Broken: Error, CustomStringConvertible { let description: String }
}

@Suite("What the documentations do with curl", .enabled(if: Curl.path != nil, "curl is not installed"))
struct CurlTests {
    private func item(_ kind: DialectKind) async throws -> (DemoServer, String) {
        let server = try await DemoServer.start(DemoOptions(dialect: kind, documents: 0, speed: 0, people: false))
        try await server.add(path: "/front-page", title: "Welcome")
        return (server, server.address + "/front-page")
    }

    private static let json = ["-H", "Content-Type: application/json", "--data-raw"]

    @Test("Plone: lock, ask, refresh, save with the token, unlock, and force what another has")
    func plone() async throws {
        let (server, url) = try await item(.plone)
        func ask(_ method: String, _ user: String, _ more: String..., at rest: String = "/@lock") async throws
            -> Curl.Answer
        {
            try await Curl.send(method, url + rest, ["--user", "\(user):\(user)-pw"] + more)
        }
        let locked = try await ask("POST", "alice")
        #expect(locked.status == "200" && locked.says("\"locked\":true") && locked.says("\"creator\":\"alice\""))
        let token = try #require(locked.text("token"))
        #expect(try await ask("GET", "bob").says(#""token":"\#(token)""#))
        #expect(try await ask("PATCH", "alice").status == "200")
        let title = Self.json + [#"{"title": "New"}"#]
        let without = try await Curl.send("PATCH", url, ["--user", "bob:bob-pw"] + title)
        #expect(without.status == "403")
        let saved = try await Curl.send(
            "PATCH", url, ["--user", "alice:alice-pw", "-H", "Lock-Token: \(token)"] + title)
        #expect(saved.status == "204")
        let freed = try await ask("DELETE", "alice")
        #expect(freed.status == "200" && freed.says("\"locked\":false"))
        let options = Self.json + [#"{"stealable": false, "timeout": 3600}"#]
        let firm = try await Curl.send("POST", url + "/@lock", ["--user", "alice:alice-pw"] + options)
        #expect(
            firm.says("\"stealable\":true") && firm.says("\"timeout\":3600"), "to its holder every lock is stealable")
        #expect(try await ask("GET", "bob").says("\"stealable\":false"))
        let force = Self.json + [#"{"force": true}"#]
        // The first one takes the mark alone, as on a real Plone.
        for _ in 0..<2 {
            #expect(try await Curl.send("DELETE", url + "/@lock", ["--user", "bob:bob-pw"] + force).status == "200")
        }
        #expect(try await ask("GET", "bob").says("\"locked\":false"))
        await server.stop()
    }

    @Test("Nick: sign in, lock, ask, refresh, unlock; a force is refused, as the real one refuses it")
    func nick() async throws {
        let (server, url) = try await item(.nick)
        func bearer(_ user: String) async throws -> [String] {
            let body = #"{"login": "\#(user)", "password": "\#(user)-pw"}"#
            let answer = try await Curl.send("POST", server.address + "/@login", Self.json + [body])
            return ["-H", "Authorization: Bearer \(try #require(answer.text("token")))"]
        }
        let (alice, bob) = (try await bearer("alice"), try await bearer("bob"))
        let locked = try await Curl.send("POST", url + "/@lock", alice)
        #expect(locked.status == "200" && locked.says("\"locked\":true") && locked.says("\"creator\":\"alice\""))
        let shown = try await Curl.send("GET", url + "/@lock", bob)
        #expect(shown.status == "200" && shown.text("token") == locked.text("token"))
        let refreshed = try await Curl.send("PATCH", url + "/@lock", alice)
        #expect(refreshed.status == "200" && refreshed.says("\"locked\":true"))
        let options = Self.json + [#"{"stealable": false, "timeout": 3600}"#]
        let firm = try await Curl.send("PATCH", url + "/@lock", alice + options)
        #expect(firm.says("\"timeout\":3600") && firm.says("\"stealable\":false"))
        let force = Self.json + [#"{"force": true}"#]
        #expect(try await Curl.send("DELETE", url + "/@lock", bob + force).status == "401")
        let freed = try await Curl.send("DELETE", url + "/@lock", alice)
        #expect(freed.status == "200" && freed.says("\"locked\":false"))
        await server.stop()
    }
}
