// SPDX-License-Identifier: MIT
import DemoServer
import HTTP
import LockSystems
import Locks
import Testing

@Suite("Finding out what a server is")
struct DetectionTests {
    private func look(_ address: String, _ reply: @escaping MemoryTransport.Reply) async throws -> Detection.Finding {
        try await Detection(over: MemoryTransport(reply)).look(at: try WebAddress(address))
    }

    private func found(_ finding: Detection.Finding) -> (kind: String, sighting: Sighting)? {
        if case .found(let kind, let sighting) = finding { (kind.word, sighting) } else { nil }
    }

    private func refusal(
        _ address: String = "https://intranet.example.org", _ reply: @escaping MemoryTransport.Reply
    ) async throws -> LockError {
        try #require(
            await #expect(throws: LockError.self) {
                _ = try await Detection(over: MemoryTransport(reply)).look(at: try WebAddress(address))
            })
    }

    private static func page(_ body: String, status: Int = 200, headers: Headers = [:]) -> Response {
        var headers = headers
        headers["Content-Type"] = "text/html; charset=utf-8"
        return Response(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test("each system of the demo is found by its own signs", arguments: DialectKind.allCases)
    func demo(kind: DialectKind) async throws {
        let server = try await DemoServer.start(DemoOptions(dialect: kind, documents: 5, people: false))
        let address = try WebAddress(server.address)
        let detection = Detection(over: InProcess(server: server))
        var finding = try await detection.look(at: address)
        if case .closed = finding {
            let inside = try await detection.look(at: address, with: .basic(user: "admin", password: "admin"))
            finding = .found(inside.kind, inside.sighting)
        }
        let sight = try #require(found(finding), "\(finding)")
        #expect(sight.kind == kind.rawValue)
        #expect(sight.sighting.address == address)
        #expect(sight.sighting.path == nil)
        await server.stop()
    }

    @Test(
        "a page below the site leads to the site, and to the folder to list",
        arguments: [
            (DialectKind.plone, "/news/view", "/news"), (.plone, "/news/a%20b", "/news/a b"),
            (.plone, "/++api++", ""), (.nick, "/news/edit", "/news"), (.superoffice, "/api/v1", ""),
            (.msgraph, "/v1.0", ""),
        ])
    func pageBelow(kind: DialectKind, below: String, path: String) async throws {
        let server = try await DemoServer.start(DemoOptions(dialect: kind, documents: 5, people: false))
        let finding = try await Detection(over: InProcess(server: server))
            .look(at: try WebAddress(server.address + below))
        let sight = try #require(found(finding), "\(finding)")
        #expect(sight.kind == kind.rawValue)
        #expect(sight.sighting.address == (try WebAddress(server.address)))
        #expect(sight.sighting.path == (path.isEmpty ? nil : path))
        await server.stop()
    }

    @Test(
        "a vendor's host is known by its name",
        arguments: [
            ("https://graph.microsoft.com/v1.0/me", "msgraph", "", ""),
            (
                "https://contoso.sharepoint.com/sites/legal/Shared%20Documents", "msgraph", "contoso.onmicrosoft.com",
                "site:contoso.sharepoint.com:/sites/legal"
            ),
            ("https://contoso-my.sharepoint.com/personal/bob", "msgraph", "contoso.onmicrosoft.com", "me"),
            ("https://online3.superoffice.com/Cust12345/default.aspx", "superoffice", "Cust12345", ""),
        ])
    func vendor(address: String, kind: String, tenant: String, drive: String) async throws {
        let sight = try #require(
            found(try await look(address) { _ in Self.page("<title>Sign in</title>", status: 403) }))
        #expect(sight.kind == kind)
        #expect(sight.sighting.address == nil)
        #expect(sight.sighting.values.text("tenant") ?? "" == tenant)
        #expect(sight.sighting.values.list("drives").first ?? "" == drive)
    }

    @Test(
        "a page of another program is named for what it is",
        arguments: [
            ("<title>Apache2 Debian Default Page: It works</title>", "the welcome page of an Apache web server"),
            ("<html><body><h1>It works!</h1></body></html>", "the welcome page of an Apache web server"),
            ("<h1>Welcome to nginx!</h1>", "the welcome page of an nginx web server"),
            ("<!doctype html><title>Grafana</title>", "a Grafana"),
            ("<html><title>Home</title><form><input type=\"password\"></form>", "a sign-in page with the title “Home”"),
            ("<html><meta name=\"generator\" content=\"Hugo 0.1\">", "a page that hugo has made"),
            ("<html><title>Bäckerei\n Kurz</title>", "a web page with the title “Bäckerei Kurz”"),
        ])
    func stranger(body: String, name: String) async throws {
        let error = try await refusal { _ in Self.page(body) }
        #expect(error.code == .wrongSystem)
        #expect(error.message == "https://intranet.example.org is no lock system that locktop knows: it is \(name).")
        #expect(!error.advice.isEmpty)
    }

    @Test("a page to which a server leads from its root is what is named")
    func landing() async throws {
        let error = try await refusal { request in
            request.url.hasSuffix("/login")
                ? Self.page("<title>Grafana</title>") : Response(status: 302, headers: ["Location": "/login"])
        }
        #expect(error.message.hasSuffix("it is a Grafana."))
    }

    @Test("the page that every Grafana sends is known by what is in it, whatever it is titled")
    func grafana() async throws {
        // What is the same in all of its versions; the rest is scripts.
        let body = """
            <!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width" />
            <title>Harbour monitoring</title><base href="/" /><link rel="icon" type="image/png" href="public/img/fav32.png" />
            </head><body class="theme-dark app-grafana"><div id="reactRoot"></div><script nonce="">
            window.grafanaBootData = {"user":{"isSignedIn":false},"settings":{"appSubUrl":""}};
            </script></body></html>
            """
        let error = try await refusal { request in
            request.url.hasSuffix("/login")
                ? Self.page(body)
                : Self.page("<a href=\"/login\">Found</a>.", status: 302, headers: ["Location": "/login"])
        }
        #expect(error.message.hasSuffix("it is a Grafana."))
    }

    @Test("a page that a server knows only with the slash at its end is found there", arguments: [404, 301])
    func slash(status: Int) async throws {
        let error = try await refusal("https://intranet.example.org/wiki/") { request in
            if request.url == "https://intranet.example.org/wiki/" { return Self.page("<title>Wiki</title>") }
            // As the network tells such a redirect.
            if status == 301, request.url.hasSuffix("/wiki") {
                throw TransportError(.badAddress, "Only a slash is added.", surelyNotSent: false)
            }
            return Self.page("<title>Not Found</title>", status: 404)
        }
        #expect(error.message.hasSuffix("it is a web page with the title “Wiki”."), "\(error)")
    }

    @Test("a user or password that is not taken is said so, and not that one should sign in")
    func notTaken() async throws {
        let error = try #require(
            await #expect(throws: LockError.self) {
                let transport = MemoryTransport { _ in
                    Self.page("no", status: 401, headers: ["WWW-Authenticate": "Basic realm=\"x\""])
                }
                _ = try await Detection(over: transport).look(
                    at: try WebAddress("https://intranet.example.org"), with: .basic(user: "mona", password: "pw"))
            })
        #expect(error.code == .notSignedIn)
        #expect(error.description == "https://intranet.example.org does not accept this user and password.")
    }

    @Test("who wants Digest alone is taken for a file server, and the sign-in shows whether it is one")
    func digest() async throws {
        let sight = try #require(
            found(
                try await look("https://files.example.org/dav") { _ in
                    let challenge = "Digest realm=\"files\", nonce=\"1\", qop=\"auth\""
                    return Self.page("no", status: 401, headers: ["WWW-Authenticate": challenge])
                }))
        #expect(sight.kind == "webdav")
        #expect(sight.sighting.address?.description == "https://files.example.org/dav")
    }

    @Test("what Plone's sites lie in, which is a file server too, is told from a site")
    func zope() async throws {
        let error = try await refusal("http://127.0.0.1:8080") { request in
            if request.method == "OPTIONS" { return Response(status: 200, headers: ["DAV": "1,2"]) }
            guard request.url == "http://127.0.0.1:8080/" else { return Response(status: 404) }
            return Self.page("<title>Plone</title><form action=\"http://127.0.0.1:8080/@@plone-addsite\"></form>")
        }
        #expect(
            error.description
                == "http://127.0.0.1:8080 is what Plone's sites lie in, and no site. Give the address of the site, as "
                + "http://127.0.0.1:8080/Plone.")
    }

    @Test("JSON of another interface is no page")
    func otherInterface() async throws {
        let error = try await refusal { _ in
            Response(status: 200, headers: ["Content-Type": "application/json"], body: Array("{}".utf8))
        }
        #expect(error.message.hasSuffix("it is a server that answers with application/json."))
    }

    @Test("a proxy's error says that what is behind it is down", arguments: [502, 503, 504])
    func proxy(status: Int) async throws {
        let error = try await refusal { _ in
            Self.page("<h1>oops</h1>", status: status, headers: ["Server": "nginx/1.22"])
        }
        #expect(error.code == .unreachable)
        #expect(
            error.message
                == "https://intranet.example.org does not answer: a proxy (nginx) stands there and says \(status), "
                + "for what is behind it is down.")
    }

    @Test("nobody at the port is said before anything else is asked")
    func nobody() async throws {
        let transport = MemoryTransport { _ in
            throw TransportError(.refused, "Nobody listens on port 81 of intranet.example.org.", surelyNotSent: true)
        }
        let error = try #require(
            await #expect(throws: LockError.self) {
                _ = try await Detection(over: transport).look(at: try WebAddress("http://intranet.example.org:81"))
            })
        #expect(error.code == .unreachable)
        #expect(error.message == "Nobody listens on port 81 of intranet.example.org.")
        #expect(transport.requests.count == 1)
    }

    @Test(
        "single sign-on is named with the host that it sends to, and never with what it sends along",
        arguments: [
            "https://login.example.com/saml2?SAMLRequest=secret", "https://sso.example.com/adfs/ls/?wa=secret",
            "https://login.microsoftonline.com/x/oauth2/authorize?state=secret",
        ])
    func singleSignOn(target: String) async throws {
        let error = try await refusal { _ in Response(status: 302, headers: ["Location": target]) }
        let host = try WebAddress(originOf: target).origin
        #expect(error.code == .notSignedIn)
        #expect(error.message.contains("is behind a single sign-on: it sends to \(host),"))
        #expect(!error.description.contains("secret"))
    }

    @Test("a site that has moved to another host is not followed there")
    func moved() async throws {
        let transport = MemoryTransport { _ in
            Response(status: 301, headers: ["Location": "https://www.example.com/"])
        }
        let error = try #require(
            await #expect(throws: LockError.self) {
                _ = try await Detection(over: transport).look(at: try WebAddress("https://example.com"))
            })
        #expect(error.message == "https://example.com points to https://www.example.com.")
        #expect(transport.requests.allSatisfy { $0.url.hasPrefix("https://example.com/") })
    }

    @Test("an address that only leads to its secure one is found there")
    func secure() async throws {
        let sight = try #require(
            found(
                try await look("http://intranet.example.org/news") { request in
                    guard request.url.hasPrefix("https://") else {
                        return Response(status: 301, headers: ["Location": "https://intranet.example.org/news"])
                    }
                    guard request.url == "https://intranet.example.org/@site", request.headers["Accept"] != nil else {
                        return Self.page("<title>News</title>", status: 404)
                    }
                    return Response(status: 200, body: Array("{\"@id\":\"https://intranet.example.org/@site\"}".utf8))
                }))
        #expect(sight.sighting.address?.description == "https://intranet.example.org")
        #expect(sight.sighting.path == "/news")
    }

    @Test("a server that tells nothing without a password says so, and is asked again with it")
    func closed() async throws {
        let reply: MemoryTransport.Reply = { request in
            guard request.headers["Authorization"] != nil else {
                return Self.page("no", status: 401, headers: ["WWW-Authenticate": "Basic realm=\"Staff only\""])
            }
            return Self.page("<title>Grafana</title>")
        }
        let finding = try await look("https://intranet.example.org", reply)
        guard case .closed(let end, let realm) = finding else {
            Issue.record("\(finding)")
            return
        }
        #expect(end.description == "https://intranet.example.org")
        #expect(realm == "Staff only")
        let error = try #require(
            await #expect(throws: LockError.self) {
                _ = try await Detection(over: MemoryTransport(reply)).look(
                    at: try WebAddress("https://intranet.example.org"), with: .basic(user: "mona", password: "pw"))
            })
        #expect(error.message.hasSuffix("it is a Grafana."))
    }

    @Test("a closed server to which a plain address leads is told with its secure one, where alone one signs in")
    func closedBehindUpgrade() async throws {
        let transport = MemoryTransport { request in
            guard request.url.hasPrefix("https://") else {
                return Response(status: 301, headers: ["Location": "https://intranet.example.org/dav"])
            }
            guard request.headers["Authorization"] != nil else {
                return Self.page("no", status: 401, headers: ["WWW-Authenticate": "Basic realm=\"Staff only\""])
            }
            return request.method == "OPTIONS"
                ? Response(status: 200, headers: ["DAV": "1, 2"]) : Response(status: 404)
        }
        let detection = Detection(over: transport)
        guard case .closed(let end, _) = try await detection.look(at: try WebAddress("http://intranet.example.org/dav"))
        else {
            Issue.record("it is not closed")
            return
        }
        #expect(end.description == "https://intranet.example.org/dav")
        let inside = try await detection.look(at: end, with: .basic(user: "mona", password: "pw"))
        #expect(inside.sighting.address == end)
        let signedIn = transport.requests.filter { $0.headers["Authorization"] != nil }
        #expect(!signedIn.isEmpty && signedIn.allSatisfy { $0.url.hasPrefix("https://") })
    }

    @Test(
        "nothing that signs in is sent by plain HTTP to another machine",
        arguments: [
            "http://intranet.example.org", "http://10.0.0.1:8080/Plone", "http://[fe80::1]/x", "http://0.0.0.0",
            "http://localhost.example.org", "http://127.0.0.1.example.org",
        ])
    func plain(address: String) async throws {
        let transport = MemoryTransport { _ in Response(status: 200, headers: ["DAV": "1, 2"]) }
        for credentials in [Credentials.basic(user: "mona", password: "pw"), .bearer(token: "t")] {
            let error = try #require(
                await #expect(throws: LockError.self) {
                    _ = try await Detection(over: transport).look(at: try WebAddress(address), with: credentials)
                })
            #expect(error.message.hasPrefix("Nobody signs in at \(address), for everybody on the way could read"))
        }
        #expect(transport.requests.isEmpty)
    }

    @Test(
        "one signs in where nobody stands on the way",
        arguments: ["https://intranet.example.org", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:81"])
    func inPrivate(address: String) async throws {
        let transport = MemoryTransport { request in
            request.method == "OPTIONS" ? Response(status: 200, headers: ["DAV": "1, 2"]) : Response(status: 404)
        }
        let place = try WebAddress(address)
        let inside = try await Detection(over: transport).look(at: place, with: .basic(user: "mona", password: "pw"))
        #expect(inside.kind.word == "webdav")
        #expect(transport.requests.allSatisfy { $0.headers["Authorization"]?.hasPrefix("Basic ") ?? false })
    }

    @Test("what asks for Windows' own sign-in only is said to do so")
    func windows() async throws {
        let error = try await refusal { _ in Response(status: 401, headers: ["WWW-Authenticate": "NTLM"]) }
        #expect(error.code == .notSignedIn)
        #expect(error.message.contains("NTLM"))
    }
}
