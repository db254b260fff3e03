// SPDX-License-Identifier: MIT
import CNetworkProbe
import FoundationEssentials
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
        #expect(!text.lowercased().contains("content-length: 99"))
        #expect(text.lowercased().contains("host: 127.0.0.1:\(server.port)\r\n"))
        #expect(!text.contains("other.example"))
    }

    @Test("One connection serves one reading after the other")
    func keepAlive() async throws {
        let server = try await ScriptedServer { $0.answer(body: "x") }
        let transport = try NetworkTransport()
        for _ in 0..<5 {
            _ = try await transport.send(Request("GET", server.url("/"), for: .read), deadline: soon())
        }
        await transport.shutdown()
        #expect(server.visits.count == 5)
        #expect(server.connections == 1)
    }

    @Test(
        "What is no reading has a connection of its own, which is closed after the answer",
        arguments: [.change, .signIn] as [Request.Purpose])
    func ownConnection(purpose: Request.Purpose) async throws {
        let server = try await ScriptedServer { $0.answer(body: "x") }
        let transport = try NetworkTransport()
        let reading = Request("GET", server.url("/"), for: .read)
        _ = try await transport.send(reading, deadline: soon())
        for _ in 0..<3 {
            _ = try await transport.send(Request("POST", server.url("/"), for: purpose), deadline: soon())
        }
        _ = try await transport.send(reading, deadline: soon())
        #expect(server.visits.map(\.connection) == [1, 2, 3, 4, 1])
        try await eventually { server.closedConnections == 3 }
        await transport.shutdown()
    }

    @Test("A child of this process inherits no connection")
    func closedInChildren() async throws {
        let server = try await ScriptedServer { $0.answer(body: "x") }
        let transport = try NetworkTransport()
        _ = try await transport.send(Request("GET", server.url("/"), for: .read), deadline: soon())
        var inherited: Int32 = -1
        #expect(unsafe sockets_to(Int32(server.port), &inherited) == 1)
        #expect(inherited == 0)
        await transport.shutdown()
        #expect(unsafe sockets_to(Int32(server.port), &inherited) == 0)
    }

    @Test("No signal reaches the network's thread: writing to a connection that is gone would end the program")
    func noSignals() async throws {
        let server = try await ScriptedServer { $0.answer(body: "x") }
        let transport = try NetworkTransport()
        _ = try await transport.send(Request("GET", server.url("/"), for: .read), deadline: soon())
        let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
        let blocked = tasks.compactMap { task -> UInt64? in
            let status = FileManager.default.contents(atPath: "/proc/self/task/\(task)/status")
            let lines = String(decoding: status ?? Data(), as: UTF8.self).split(separator: "\n")
            guard lines.first == "Name:\tnetwork", let line = lines.first(where: { $0.hasPrefix("SigBlk:") }) else {
                return nil
            }
            return UInt64(line.dropFirst(7).drop { $0.isWhitespace }, radix: 16)
        }
        await transport.shutdown()
        #expect(!blocked.isEmpty)
        #expect(blocked.allSatisfy { $0 & 1 << 12 != 0 })
    }

    @Test("No more connections than allowed are made at a time")
    func connectionLimit() async throws {
        let server = try await ScriptedServer { $0.answer(body: "x") }
        var options = NetworkOptions()
        options.connections = 2
        let transport = try NetworkTransport(options)
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    _ = try await transport.send(Request("GET", server.url("/"), for: .read), deadline: soon())
                }
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

    @Test("A redirect that only adds a slash is named for what it is", arguments: [301, 302, 307, 308])
    func addedSlash(status: Int) async throws {
        let server = try await ScriptedServer { visit in
            let path = visit.line.split(separator: " ")[1].prefix { $0 != "?" }
            visit.answer("\(status) Moved", headers: "Location: http://127.0.0.1\(path)/?ticket=canary\r\n")
        }
        let error = try await failure(Request("POST", server.url("/a/@lock?x=1")))
        #expect(
            error
                == TransportError(
                    .badAddress,
                    "127.0.0.1:\(server.port) does nothing at /a/@lock but point to the same address with a slash at its "
                        + "end: what stands before the server must not add one.",
                    surelyNotSent: false))
        #expect(server.visits.count == 1)
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

    @Test("A head is read as it is written: no reason, blanks around a value, a value over two lines")
    func looseHead() async throws {
        let server = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 404\r\nX-A:  one \t\r\nx-b:two\r\n\tthree\r\nContent-Length: 2, 2\r\n\r\n{}")
        }
        let transport = try NetworkTransport()
        let response = try await transport.send(Request("GET", server.url("/"), for: .read), deadline: soon())
        await transport.shutdown()
        #expect(response.status == 404)
        #expect(response.headers["x-a"] == "one")
        #expect(response.headers["X-B"] == "two three")
        #expect(response.body == Array("{}".utf8))
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

    @Test("An answer in pieces is whole without what follows its body, and after an interim answer")
    func piecesAndTrailers() async throws {
        let server = try await ScriptedServer { visit in
            visit.reply(
                "HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\nHTTP/1.1 200 OK\r\nX-A: late\r\nX-Folded: a\r\n b\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-A: trailer\r\n\r\n")
        }
        let response = try await send(Request("GET", server.url("/")))
        #expect(response.status == 200)
        #expect(response.headers.all("X-A") == ["late"])
        #expect(response.headers["X-Folded"] == "a b")
        #expect(response.body == Array("ok".utf8))
    }

    @Test("Nothing is sent but what the request says, a host, and what packing is understood")
    func nothingAdded() async throws {
        let server = try await ScriptedServer { $0.answer() }
        try await send(Request("POST", server.url("/"), headers: ["X-Empty": ""], body: [1]))
        let lines = try #require(server.visits.first?.text.split(separator: "\r\n").dropFirst().dropLast())
        #expect(
            Set(lines.map { $0.split(separator: ":")[0].lowercased() })
                == ["host", "accept-encoding", "x-empty", "content-length"])
    }

    @Test("A packing that was not asked for is undone where it is known, and named where it is not")
    func unaskedPacking() async throws {
        let known = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\n")
            visit.send([0x0B, 0x00, 0x80, 0x78, 0x03])
        }
        #expect(try await send(Request("GET", known.url("/"))).body == [0x78])
        let odd = try await ScriptedServer { $0.answer(headers: "Content-Encoding: lzma\r\n", body: "x") }
        let error = try await failure(Request("GET", odd.url("/")))
        #expect(
            error
                == TransportError(
                    .malformed, "127.0.0.1:\(odd.port) packs its answer in a way that was not asked for (lzma).",
                    surelyNotSent: false))
    }

    @Test("Cancelling during a name's look-up ends that request at once, and holds no other")
    func cancelledLookUp() async throws {
        names_hold()
        defer { names_release() }
        let server = try await ScriptedServer { $0.answer() }
        let transport = try NetworkTransport()
        let task = Task {
            try await transport.send(Request("GET", "http://a.slow.test/"), deadline: soon(.seconds(60)))
        }
        try await eventually { names_waiting() == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await transport.send(Request("GET", server.url("/")), deadline: soon()).status == 200)
        await transport.shutdown()
        #expect(names_waiting() == 1)
    }

    @Test("A look-up that takes too long ends at the deadline, and was surely not sent")
    func slowLookUp() async throws {
        names_hold()
        defer { names_release() }
        let error = try await failure(Request("POST", "http://b.slow.test/"), within: .milliseconds(200))
        #expect(error.code == .timedOut)
        #expect(error.surelyNotSent)
        #expect(error.message == "The name b.slow.test was not resolved in time: check the name server.")
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
        _ = try await transport?.send(Request("GET", server.url("/"), for: .read), deadline: soon())
        #expect(server.closedConnections == 0)
        transport = nil
        try await eventually { server.closedConnections == 1 }
    }
}
