// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import HTTPTransport
import Testing

/// The proxies that `Tests/Servers/proxies.sh` starts, as `host:port`.
private enum Foreign {
    static func proxy(_ name: String) -> String {
        let text = ProcessInfo.processInfo.environment[name] ?? ""
        return String(text.split(separator: "/").last ?? "")
    }
    static let squid = proxy("LOCKTOP_SQUID")
    static let squidPassword = proxy("LOCKTOP_SQUID_PASSWORD")
    static let dante = proxy("LOCKTOP_DANTE")
    static let dantePassword = proxy("LOCKTOP_DANTE_PASSWORD")
    static let reason = "LOCKTOP_SQUID does not name a running squid: Tests/Servers/test-servers.sh starts one"
}

@Suite(
    "Through squid and dante", .enabled(if: !Foreign.squid.isEmpty, Comment(rawValue: Foreign.reason)),
    .timeLimit(.minutes(2)))
struct ForeignProxyTests {
    /// A way through one of them, as it stands in a configuration.
    struct Way: CustomTestStringConvertible, Sendable {
        let proxy: String
        let testDescription: String

        init(_ scheme: String, _ proxy: String, user: String = "") {
            self.proxy = "\(scheme)://\(user)\(proxy)"
            testDescription = "\(scheme)\(user.isEmpty ? "" : " with a password")"
        }
    }

    private static let open = [
        Way("http", Foreign.squid), Way("http", Foreign.squidPassword, user: "ann:p%40ss@"),
        Way("socks5", Foreign.dante), Way("socks5h", Foreign.dante), Way("socks4", Foreign.dante),
    ]

    @Test("Plain and secured requests get through, and each arrives once", arguments: open)
    func through(way: Way) async throws {
        let plain = try await ScriptedServer { $0.answer(body: "plain") }
        let secured = try await ScriptedServer(tls: Fixture.server("server")) { $0.answer(body: "secured") }
        for (server, scheme) in [(plain, "http"), (secured, "https")] {
            let request = Request("POST", server.url("/change", scheme: scheme), body: Array("whole".utf8))
            let response = try await send(request) {
                $0.proxy = way.proxy
                $0.caFile = Fixture.path("authority.pem")
            }
            #expect(response.body == Array((scheme == "http" ? "plain" : "secured").utf8))
            #expect(server.visits.map(\.line) == ["POST /change HTTP/1.1"])
            #expect(server.visits[0].text.hasSuffix("whole"))
            #expect(!server.visits[0].text.lowercased().contains("proxy-authorization"))
        }
    }

    @Test("A server that ends every kept connection behind a proxy: readings go on, and no change arrives twice")
    func closingServer() async throws {
        let server = try await ScriptedServer(tls: Fixture.server("server")) { visit in
            visit.answer()
            visit.close()
        }
        var options = NetworkOptions()
        options.proxy = "http://" + Foreign.squid
        options.caFile = Fixture.path("authority.pem")
        let transport = try NetworkTransport(options)
        for number in 0..<20 {
            let url = server.url("/\(number)-", scheme: "https")
            _ = try? await transport.send(Request("POST", url, body: [1]), deadline: soon())
            _ = try? await transport.send(Request("GET", url, for: .read), deadline: soon())
        }
        await transport.shutdown()
        let changes = server.visits.filter { $0.line.hasPrefix("POST") }.map(\.line)
        #expect(!changes.isEmpty)
        #expect(Set(changes).count == changes.count)
    }

    @Test(
        "A refusal says why: the proxy, the server, and whether it forbids, fails or wants a sign-in",
        arguments: [
            (
                Way("http", Foreign.squid), "https://127.0.0.1:9",
                "does not allow anybody to connect to 127.0.0.1:9 through it."
            ),
            (Way("http", Foreign.squid), "https://127.0.0.1:1", "does not reach 127.0.0.1:1."),
            (
                Way("http", Foreign.squidPassword), "https://127.0.0.1:1",
                "wants a user and a password, or refuses those it got."
            ),
            (
                Way("http", Foreign.squidPassword), "http://127.0.0.1:1",
                "wants a user and a password, or refuses those it got."
            ),
            (
                Way("http", Foreign.squidPassword, user: "ann:canary@"), "https://127.0.0.1:1",
                "wants a user and a password, or refuses those it got."
            ),
            (
                Way("socks5h", Foreign.dante), "http://127.0.0.1:9",
                "does not allow anybody to connect to 127.0.0.1:9 through it."
            ),
            (Way("socks5h", Foreign.dante), "http://127.0.0.1:1", "does not reach 127.0.0.1:1."),
            (Way("socks4", Foreign.dante), "http://127.0.0.1:9", "refused to connect to 127.0.0.1:9."),
            (
                Way("socks5h", Foreign.dantePassword), "http://127.0.0.1:1",
                "wants a user and a password, or refuses those it got."
            ),
            (
                Way("socks5h", Foreign.dantePassword, user: "nobody:canary@"), "http://127.0.0.1:1",
                "wants a user and a password, or refuses those it got."
            ),
        ])
    func refused(way: Way, address: String, why: String) async throws {
        let error = try await failure(Request("POST", address + "/change", body: [1])) { $0.proxy = way.proxy }
        let proxy = way.proxy.split(whereSeparator: { "/@".contains($0) }).last ?? ""
        #expect(error == TransportError(.proxy, "The proxy \(proxy) \(why)", surelyNotSent: true))
    }
}
