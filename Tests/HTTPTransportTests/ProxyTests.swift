// SPDX-License-Identifier: MIT
import HTTP
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ProxyTests {
    @Test("What is secured goes through a tunnel; the proxy gets its own credentials and not the server's")
    func tunnel() async throws {
        let server = try await ScriptedServer(tls: Fixture.server("server")) { $0.answer(body: "far") }
        let proxy = try await ScriptedServer { $0.tunnel(to: server.port) }
        let url = server.url("/x", scheme: "https", host: "localhost")
        let response = try await send(Request("GET", url, headers: ["Authorization": "Bearer canary"])) {
            $0.proxy = "http://me:p%40ss@127.0.0.1:\(proxy.port)"
            $0.caFile = Fixture.path("authority.pem")
        }
        #expect(response.body == Array("far".utf8))
        let connect = try #require(proxy.visits.first?.text)
        #expect(connect.hasPrefix("CONNECT localhost:\(server.port) HTTP/1.1\r\n"))
        #expect(connect.lowercased().contains("proxy-authorization: basic bwu6cebzcw==\r\n"))
        #expect(!connect.contains("canary"))
        let inside = try #require(server.visits.last?.text)
        #expect(inside.hasPrefix("GET /x HTTP/1.1\r\n"))
        #expect(!inside.lowercased().contains("proxy-"))
    }

    @Test("What is not secured is asked of the proxy by its whole address, without a tunnel")
    func plainThroughProxy() async throws {
        let proxy = try await ScriptedServer { $0.answer(body: "far") }
        let response = try await send(Request("GET", "http://far.example/x?y=1")) {
            $0.proxy = "http://me:p%40ss@127.0.0.1:\(proxy.port)"
        }
        #expect(response.body == Array("far".utf8))
        #expect(proxy.visits.map(\.line) == ["GET http://far.example/x?y=1 HTTP/1.1"])
        let text = try #require(proxy.visits.first?.text.lowercased())
        #expect(text.contains("host: far.example\r\n"))
        #expect(text.contains("proxy-authorization: basic bwu6cebzcw==\r\n"))
    }

    @Test("A proxy that wants a sign-in for what is not secured says so, and nothing has reached the server")
    func plainRefused() async throws {
        let proxy = try await ScriptedServer { $0.answer("407 Proxy Authentication Required") }
        let error = try await failure(Request("POST", "http://far.example/")) {
            $0.proxy = "http://127.0.0.1:\(proxy.port)"
        }
        #expect(
            error
                == TransportError(
                    .proxy,
                    "The proxy 127.0.0.1:\(proxy.port) wants a user and a password, or refuses those it got.",
                    surelyNotSent: true))
    }

    @Test(
        "A proxy that refuses says so",
        arguments: [
            ("407 Proxy Authentication Required", "wants a user and a password, or refuses those it got."),
            ("403 Forbidden", "does not allow anybody to connect to far.example:443 through it."),
            ("502 Bad Gateway", "does not reach far.example:443."),
            ("503 Service Unavailable", "does not reach far.example:443."),
            ("418 I'm a teapot", "refused to connect to far.example:443."),
            ("302 Found\r\nLocation: https://elsewhere.example/", "refused to connect to far.example:443."),
        ])
    func refusing(status: String, why: String) async throws {
        let proxy = try await ScriptedServer { $0.answer(status) }
        let error = try await failure(Request("POST", "https://far.example/")) {
            $0.proxy = "http://me:canary@127.0.0.1:\(proxy.port)"
        }
        #expect(
            error
                == TransportError(
                    .proxy, "The proxy 127.0.0.1:\(proxy.port) \(why)", surelyNotSent: true))
    }

    @Test("A SOCKS proxy carries the connection, and looks up the name where it is told to")
    func socks() async throws {
        let names = ScriptedServer.Names()
        let proxy = try await ScriptedServer(socks: names) { $0.answer(body: "far") }
        let response = try await send(Request("GET", "http://far.example/x")) {
            $0.proxy = "socks5h://127.0.0.1:\(proxy.port)"
        }
        #expect(response.body == Array("far".utf8))
        #expect(names.all == ["far.example:80"])
        #expect(proxy.visits.map(\.line) == ["GET /x HTTP/1.1"])
    }

    @Test("A proxy is spoken to over TLS where its address says so, if its certificate is good")
    func securedProxy() async throws {
        let proxy = try await ScriptedServer(tls: Fixture.server("server")) { $0.answer(body: "far") }
        let request = Request("GET", "http://far.example/x")
        let response = try await send(request) {
            $0.proxy = "https://localhost:\(proxy.port)"
            $0.systemCAFile = Fixture.path("authority.pem")
        }
        #expect(response.body == Array("far".utf8))
        #expect(proxy.visits.map(\.line) == ["GET http://far.example/x HTTP/1.1"])
        let error = try await failure(request) { $0.proxy = "https://localhost:\(proxy.port)" }
        #expect(
            error
                == TransportError(
                    .proxy, "The proxy localhost:\(proxy.port) shows a certificate that does not verify.",
                    surelyNotSent: true))
        #expect(proxy.visits.count == 1)
    }

    @Test("A proxy that is not there is named, and its password is not")
    func missing() async throws {
        let proxy = try await ScriptedServer { _ in }
        await proxy.stop()
        let error = try await failure(Request("GET", "http://far.example/")) {
            $0.proxy = "http://me:canary@127.0.0.1:\(proxy.port)"
        }
        #expect(
            error
                == TransportError(
                    .proxy, "The proxy 127.0.0.1:\(proxy.port) can't be reached: nothing listens there.",
                    surelyNotSent: true))
    }

    @Test(
        "A proxy's address that can't be used is refused at once, without its password",
        arguments: [
            "ftp://me:canary@host:1080", "http://me:canary@:1", "http://me:canary@a b",
        ])
    func badProxy(text: String) throws {
        var options = NetworkOptions()
        options.proxy = text
        let error = #expect(throws: TransportError.self) { try NetworkTransport(options) }
        #expect(error?.code == .badAddress)
        #expect(error?.message.contains("canary") == false)
    }
}
