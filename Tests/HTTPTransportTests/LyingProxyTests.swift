// SPDX-License-Identifier: MIT
import HTTP
import HTTPTransport
import Testing

/// A proxy sees all that goes through it: what it says must not be taken for the server's word.
@Suite(.timeLimit(.minutes(1)))
struct LyingProxyTests {
    /// What a tunnel's far end is when it is not the server.
    enum Lie: CaseIterable, Sendable {
        case nonsense, plainAnswer, silence, end

        func apply(to visit: ScriptedServer.Visit) {
            visit.reply("HTTP/1.1 200 Connection established\r\n\r\n")
            switch self {
            case .nonsense: visit.reply(String(repeating: "nonsense ", count: 100))
            case .plainAnswer: visit.answer(body: "{\"items\": []}")
            case .silence: break
            case .end: visit.close()
            }
        }

        var code: TransportError.Code { self == .silence ? .proxy : .untrusted }
    }

    @Test("A tunnel that does not lead to the server: no byte of a request goes through it", arguments: Lie.allCases)
    func tunnel(lie: Lie) async throws {
        let proxy = try await ScriptedServer { lie.apply(to: $0) }
        let error = try await failure(
            Request("POST", "https://far.example/change", headers: ["Authorization": "Bearer canary"]),
            within: lie == .silence ? .milliseconds(400) : .seconds(10)
        ) { $0.proxy = "http://127.0.0.1:\(proxy.port)" }
        #expect(error.code == lie.code)
        #expect(error.surelyNotSent)
        #expect(proxy.visits.map(\.line) == ["CONNECT far.example:443 HTTP/1.1"])
        #expect(!proxy.visits[0].text.contains("canary"))
    }

    @Test("A proxy that answers in the server's place with a certificate of its own is not believed")
    func ownCertificate() async throws {
        let impostor = try await ScriptedServer(tls: Fixture.server("selfsigned")) { $0.answer(body: "mine") }
        let proxy = try await ScriptedServer { $0.tunnel(to: impostor.port) }
        let error = try await failure(Request("POST", "https://far.example/change")) {
            $0.proxy = "http://127.0.0.1:\(proxy.port)"
            $0.caFile = Fixture.path("authority.pem")
        }
        #expect(error.code == .untrusted)
        #expect(error.message.hasPrefix("The certificate of far.example:443 does not verify: it is self-signed."))
        #expect(error.surelyNotSent)
        #expect(impostor.visits.isEmpty)
    }

    @Test("A proxy whose head never ends is read up to a limit")
    func endlessHead() async throws {
        let sent = ScriptedServer.Tally()
        let proxy = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 200 OK\r\n")
            visit.flood(Array(String(repeating: "X-A: b\r\n", count: 1000).utf8), counting: sent)
        }
        let error = try await failure(Request("POST", "https://far.example/")) {
            $0.proxy = "http://127.0.0.1:\(proxy.port)"
        }
        #expect(
            error
                == TransportError(
                    .proxy, "The proxy 127.0.0.1:\(proxy.port) gave no connection to far.example:443.",
                    surelyNotSent: true))
        try await eventually { proxy.closedConnections == 1 }
        #expect(sent.value < 16 << 20)
    }

    @Test("A proxy that gives a refusal's page of 1 GB is not read to its end")
    func endlessRefusal() async throws {
        let sent = ScriptedServer.Tally()
        let proxy = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 403 Forbidden\r\nContent-Length: 1073741824\r\n\r\n")
            visit.flood(Array(repeating: 0x78, count: 64 << 10), counting: sent)
        }
        let error = try await failure(Request("POST", "https://far.example/")) {
            $0.proxy = "http://127.0.0.1:\(proxy.port)"
        }
        #expect(error.code == .proxy)
        #expect(error.surelyNotSent)
        try await eventually { proxy.closedConnections == 1 }
        #expect(sent.value < 64 << 20)
    }

    @Test("What claims to be a SOCKS proxy and speaks something else is named as such")
    func notSocks() async throws {
        let proxy = try await ScriptedServer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n") { _ in }
        let error = try await failure(Request("POST", "http://far.example/")) {
            $0.proxy = "socks5h://127.0.0.1:\(proxy.port)"
        }
        #expect(
            error
                == TransportError(
                    .proxy, "The proxy 127.0.0.1:\(proxy.port) does not speak SOCKS.", surelyNotSent: true))
    }
}
