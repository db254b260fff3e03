// SPDX-License-Identifier: MIT
import HTTP
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct NetworkTransportTests {
    @Test("An answer comes back whole: status, headers that come twice, body")
    func wholeAnswer() async throws {
        let server = try await ScriptedServer { visit in
            visit.answer("207 Multi-Status", headers: "X-A: 1\r\nX-A: 2\r\nContent-Type: text/xml\r\n", body: "<ok/>")
        }
        let response = try await send(Request("PROPFIND", server.url("/dav/a%20b?x=1"), headers: ["Depth": "1"]))
        #expect(response.status == 207)
        #expect(response.headers.all("x-a") == ["1", "2"])
        #expect(response.body == Array("<ok/>".utf8))
        #expect(server.visits.first?.line == "PROPFIND /dav/a%20b?x=1 HTTP/1.1")
        #expect(server.visits.first?.text.contains("Depth: 1\r\n") == true)
    }

    @Test(
        "What is percent-encoded stays as it is on the wire",
        arguments: [
            "/Plone/@search?b_size=100&q=a%26b", "/++api++/news", "/a%2Fb/%C3%A9", "/root:/x:/children", "/a//b/", "/",
        ])
    func untouchedPath(path: String) async throws {
        let server = try await ScriptedServer { $0.answer() }
        try await send(Request("GET", server.url(path)))
        #expect(server.visits.first?.line == "GET \(path) HTTP/1.1")
    }

    @Test("A body is sent with its length, and a length that the caller wrote is not")
    func bodyLength() async throws {
        let server = try await ScriptedServer { $0.answer("204 No Content") }
        let response = try await send(
            Request(
                "POST", server.url("/@lock"), headers: ["Content-Length": "99", "Host": "other.example"],
                body: Array("{}".utf8)))
        #expect(response.status == 204)
        let text = try #require(server.visits.first?.text)
        #expect(text.lowercased().contains("content-length: 2\r\n"))
        #expect(!text.contains("99"))
        #expect(text.lowercased().contains("host: 127.0.0.1:\(server.port)\r\n"))
        #expect(!text.contains("other.example"))
    }

    @Test("One connection serves one request after the other")
    func keepAlive() async throws {
        let server = try await ScriptedServer { $0.answer(body: "x") }
        let transport = try NetworkTransport()
        for _ in 0..<5 { _ = try await transport.send(Request("GET", server.url("/")), deadline: soon()) }
        await transport.shutdown()
        #expect(server.visits.count == 5)
        #expect(server.connections == 1)
    }

    @Test("No more connections than allowed are made at a time")
    func connectionLimit() async throws {
        let server = try await ScriptedServer { $0.answer(body: "x") }
        var options = NetworkOptions()
        options.connections = 2
        let transport = try NetworkTransport(options)
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 {
                group.addTask { _ = try await transport.send(Request("GET", server.url("/")), deadline: soon()) }
            }
            try await group.waitForAll()
        }
        await transport.shutdown()
        #expect(server.visits.count == 20)
        #expect(server.connections <= 2)
    }

    @Test("A cookie that a server sets is not sent back")
    func noCookies() async throws {
        let server = try await ScriptedServer { $0.answer(headers: "Set-Cookie: a=b\r\n") }
        let transport = try NetworkTransport()
        for _ in 0..<2 { _ = try await transport.send(Request("GET", server.url("/")), deadline: soon()) }
        await transport.shutdown()
        #expect(server.visits.allSatisfy { !$0.text.lowercased().contains("cookie") })
    }

    @Test("A redirect is an answer like any other: the other server hears nothing")
    func redirect() async throws {
        let other = try await ScriptedServer { $0.answer() }
        let location = other.url("/elsewhere")
        let server = try await ScriptedServer { $0.answer("302 Found", headers: "Location: \(location)\r\n") }
        let response = try await send(
            Request("GET", server.url("/"), headers: ["Authorization": "Basic x", "X-Token": "t"]))
        #expect(response.status == 302)
        #expect(response.headers["Location"] == location)
        #expect(other.connections == 0)
    }

    @Test(
        "An error's answer is an answer: the transport repeats nothing",
        arguments: ["401 Unauthorized", "423 Locked", "429 Too Many Requests", "503 Service Unavailable"])
    func statusSurfaces(status: String) async throws {
        let server = try await ScriptedServer { visit in
            visit.answer(
                status, headers: "Retry-After: 7\r\nWWW-Authenticate: Basic realm=\"x\"\r\n", body: "<html>no</html>")
        }
        let response = try await send(Request("GET", server.url("/")))
        #expect(status.hasPrefix("\(response.status) "))
        #expect(response.headers["retry-after"] == "7")
        #expect(server.visits.count == 1)
    }

    @Test("A compressed body arrives plain, without the headers that tell of the compressed one")
    func compressed() async throws {
        let server = try await ScriptedServer { $0.sendCompressed() }
        let response = try await send(Request("GET", server.url("/")))
        #expect(response.body.count == 100_000)
        #expect(response.body.allSatisfy { $0 == UInt8(ascii: "0") })
        #expect(response.headers["Content-Encoding"] == nil)
        #expect(response.headers["Content-Length"] == nil)
        #expect(server.visits.first?.text.contains("gzip") == true)
    }

    @Test("Cancelling ends the wait at once, and the connection with it")
    func cancellation() async throws {
        let server = try await ScriptedServer { _ in }
        let transport = try NetworkTransport()
        var spans: [Duration] = []
        for number in 1...5 {
            let task = Task { try await transport.send(Request("GET", server.url("/")), deadline: soon(.seconds(60))) }
            try await eventually { server.visits.count == number }
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            spans.append(ContinuousClock.now - start)
            try await eventually { server.closedConnections == number }
        }
        // The middle one: the machine may be busy with other tests.
        #expect(spans.sorted()[2] < .milliseconds(100))
        await transport.shutdown()
    }

    @Test("A task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        let server = try await ScriptedServer { $0.answer() }
        let transport = try NetworkTransport()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await transport.send(Request("POST", server.url("/")), deadline: soon())
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await transport.shutdown()
        #expect(server.connections == 0)
    }

    @Test("After the end nothing is sent, and ending twice does no harm")
    func shutdown() async throws {
        let server = try await ScriptedServer { $0.answer() }
        let transport = try NetworkTransport()
        _ = try await transport.send(Request("GET", server.url("/")), deadline: soon())
        await transport.shutdown()
        await transport.shutdown()
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request("GET", server.url("/")), deadline: soon())
        }
        #expect(error?.surelyNotSent == true)
        #expect(server.visits.count == 1)
    }

    @Test("A transport that is dropped without an end closes its connections")
    func dropped() async throws {
        let server = try await ScriptedServer { $0.answer() }
        var transport: NetworkTransport? = try NetworkTransport()
        _ = try await transport?.send(Request("GET", server.url("/")), deadline: soon())
        #expect(server.closedConnections == 0)
        transport = nil
        try await eventually { server.closedConnections == 1 }
    }
}
