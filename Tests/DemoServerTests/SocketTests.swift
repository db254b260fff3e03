// SPDX-License-Identifier: MIT
import DemoServer
import HTTP
import NIOCore
import NIOPosix
import Testing

/// What came over a raw connection.
private enum Wire {
    /// Sends bytes and reads until the server closes the connection or `enough` of the text has come.
    static func send(
        _ text: String, to server: DemoServer, until enough: @Sendable (String) -> Bool = { _ in false }
    ) async throws -> String {
        let port = try #require(
            server.address.split(separator: ":").last?.split(separator: "/").first.flatMap { Int($0) })
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var received = ByteBuffer()
            do {
                for try await var piece in inbound {
                    received.writeBuffer(&piece)
                    if enough(String(buffer: received)) { break }
                }
            } catch is IOError {
                // The server cut the connection: what came until then counts.
            }
            return String(buffer: received)
        }
    }

    static func request(
        _ method: String, _ path: String, as user: String? = nil, _ body: String = "", closing: Bool = true
    ) -> String {
        var lines = ["\(method) /Plone\(path) HTTP/1.1", "Host: demo", "Accept: application/json"]
        // "alice:alice-pw" and "manager:manager-pw" in Base64.
        let credentials = ["alice": "YWxpY2U6YWxpY2UtcHc=", "manager": "bWFuYWdlcjptYW5hZ2VyLXB3"]
        if let code = user.flatMap({ credentials[$0] }) { lines.append("Authorization: Basic \(code)") }
        if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        if closing { lines.append("Connection: close") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}

@Suite("The server on a socket")
struct SocketTests {
    private func withServer(
        _ options: DemoOptions = DemoOptions(documents: 0, speed: 0, people: false),
        _ body: (DemoServer) async throws -> Void
    ) async throws {
        let server = try await DemoServer.start(options)
        do {
            try await server.perform(
                .add(path: "/one", type: "Document", title: "One", state: "published", by: "manager"))
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test("answers several requests on one connection, with length, date and name")
    func keepAlive() async throws {
        try await withServer { server in
            let text = try await Wire.send(
                Wire.request("POST", "/one/@lock", as: "alice", #"{"stealable": true}"#, closing: false)
                    + Wire.request("GET", "/one/@lock"), to: server)
            let answers = text.components(of: "HTTP/1.1 200 OK")
            #expect(answers.count == 3)
            #expect(answers.dropFirst().allSatisfy { $0.contains("\r\nServer: waitress") })
            #expect(answers.dropFirst().allSatisfy { $0.contains("\r\nContent-Length: ") && $0.contains(" GMT\r\n") })
            #expect(answers.last?.contains(#""creator": "alice""#) ?? false)
            let log = await server.requestLog
            #expect(log.map(\.user) == ["alice", nil])
            #expect(log.map(\.path) == ["/Plone/one/@lock", "/Plone/one/@lock"])
            await server.resetRequestLog()
            #expect(await server.requestCount == 0)
        }
    }

    @Test("takes WebDAV's verbs, and gives HEAD no body")
    func verbs() async throws {
        try await withServer { server in
            let lock = try await Wire.send(Wire.request("LOCK", "/one", as: "manager"), to: server)
            #expect(lock.contains("opaquelocktoken:"))
            let head = try await Wire.send(Wire.request("HEAD", "/one/@lock"), to: server)
            #expect(head.hasPrefix("HTTP/1.1 404") && head.hasSuffix("\r\n\r\n"))
            #expect(try await Wire.send(Wire.request("PROPFIND", "/one"), to: server).hasPrefix("HTTP/1.1 405"))
            #expect(try await Wire.send(Wire.request("BREW", "/one"), to: server).hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test("survives what is no HTTP, and bodies that are too large")
    func garbage() async throws {
        try await withServer { server in
            #expect(try await Wire.send("what is this?\r\n\r\n", to: server).hasPrefix("HTTP/1.1 400"))
            let huge = String(repeating: "x", count: 1_100_000)
            let answer = try await Wire.send(Wire.request("POST", "/one/@lock", as: "alice", huge), to: server)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 413"))
            #expect(try await Wire.send(Wire.request("GET", "/one/@lock"), to: server).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("a lost answer: the connection ends, and the lock is there all the same")
    func lostAnswer() async throws {
        try await withServer { server in
            await server.setFaults(Faults([Fault(.dropAfterEffect, method: "POST", next: 1)]))
            #expect(try await Wire.send(Wire.request("POST", "/one/@lock", as: "alice"), to: server) == "")
            let seen = try await Wire.send(Wire.request("GET", "/one/@lock"), to: server)
            #expect(seen.contains(#""creator": "alice""#))
        }
    }

    @Test("a dropped request has no effect, and the next one is answered")
    func dropped() async throws {
        try await withServer { server in
            await server.setFaults(Faults([Fault(.dropBeforeEffect, pathContains: "@lock", next: 1)]))
            #expect(try await Wire.send(Wire.request("POST", "/one/@lock", as: "alice"), to: server) == "")
            let seen = try await Wire.send(Wire.request("GET", "/one/@lock"), to: server)
            #expect(seen.contains(#""locked": false"#))
        }
    }

    @Test("a status, a sign-in page, half a body, none, and a large one")
    func answers() async throws {
        try await withServer { server in
            func get(_ fault: Fault.Kind) async throws -> String {
                await server.setFaults(Faults([Fault(fault)]))
                return try await Wire.send(Wire.request("GET", "/one/@lock"), to: server)
            }
            let away = try await get(.status(503, retryAfter: 7))
            #expect(away.hasPrefix("HTTP/1.1 503") && away.contains("Retry-After: 7\r\n"))
            let page = try await get(.loginPage)
            #expect(page.hasPrefix("HTTP/1.1 200") && page.contains("<form>"))
            let half = try await get(.truncatedJSON)
            #expect(half.contains("locked") && !half.contains("}"))
            #expect(try await get(.emptyBody).contains("Content-Length: 0\r\n"))
            #expect(try await get(.hugeBody(300_000)).utf8.count > 300_000)
        }
    }

    @Test("a slow drip arrives whole in the end; a delay only comes later")
    func slow() async throws {
        try await withServer { server in
            await server.setFaults(
                Faults([
                    Fault(.delay(.milliseconds(20))), Fault(.slowDrip(bytes: 10, pause: .milliseconds(1)), next: 1),
                ]))
            let drip = try await Wire.send(Wire.request("GET", "/one/@lock"), to: server)
            #expect(drip.contains(#""stealable": true"#))
            let start = ContinuousClock.now
            #expect(try await Wire.send(Wire.request("GET", "/one/@lock"), to: server).hasPrefix("HTTP/1.1 200"))
            #expect(start.duration(to: .now) >= .milliseconds(20))
        }
    }

    @Test("stopping ends a request that hangs")
    func hang() async throws {
        let server = try await DemoServer.start(DemoOptions(documents: 0, people: false))
        await server.setFaults(Faults([Fault(.hang)]))
        async let answer = Wire.send(Wire.request("GET", "/@site"), to: server)
        try await until { await server.requestCount == 1 }
        await server.stop()
        #expect(try await answer == "")
    }

    @Test("the date can be wrong while the locks keep the right time")
    func wrongDate() async throws {
        try await withServer { server in
            let right = await server.answer(Request("GET", "http://demo/Plone/@site"))
            await server.setFaults(Faults(clockOffset: 3 * 86_400))
            let wrong = await server.answer(Request("GET", "http://demo/Plone/@site"))
            #expect(right.headers["Date"] != wrong.headers["Date"])
        }
    }

    @Test("is away for 20 seconds of every minute when the scenario says so")
    func outage() async throws {
        try await withServer(DemoOptions(documents: 0, scenario: .outage, speed: 0, people: false)) { server in
            var statuses: [String] = []
            for _ in 0..<6 {
                statuses.append(
                    String(try await Wire.send(Wire.request("GET", "/@site"), to: server).prefix(12).suffix(3)))
                await server.advance(by: 10)
            }
            #expect(statuses == ["200", "200", "503", "503", "200", "200"])
        }
    }

    @Test("a client that leaves in the middle of an answer leaves the server unharmed")
    func leaving() async throws {
        try await withServer { server in
            await server.setFaults(Faults([Fault(.slowDrip(bytes: 1, pause: .milliseconds(1)), next: 5)]))
            for _ in 0..<5 {
                _ = try await Wire.send(Wire.request("GET", "/one"), to: server) { $0.contains("\r\n\r\n{") }
            }
            #expect(try await Wire.send(Wire.request("GET", "/one/@lock"), to: server).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("two clients that lock at the same time: both hear of the same one lock")
    func race() async throws {
        try await withServer { server in
            for _ in 0..<10 {
                async let one = Wire.send(Wire.request("POST", "/one/@lock", as: "alice"), to: server)
                async let other = Wire.send(Wire.request("POST", "/one/@lock", as: "manager"), to: server)
                let answers = try await [one, other]
                let winners = ["alice", "manager"].filter { name in
                    answers.allSatisfy { $0.contains(#""creator": "\#(name)""#) }
                }
                #expect(winners.count == 1)
                try await server.unlock(path: "/one")
            }
        }
    }

    @Test("two servers have two ports and two books")
    func two() async throws {
        try await withServer { one in
            try await withServer { other in
                #expect(one.address != other.address)
                _ = try await Wire.send(Wire.request("POST", "/one/@lock", as: "alice"), to: one)
                let seen = try await Wire.send(Wire.request("GET", "/one/@lock"), to: other)
                #expect(seen.contains(#""locked": false"#))
            }
        }
    }
}

/// Waits for a condition; fails after ten seconds.
private func until(_ condition: () async -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while await !condition() {
        try #require(ContinuousClock.now < deadline, "the condition did not come true in time")
        try await Task.sleep(for: .milliseconds(2))
    }
}

extension String {
    /// The pieces between the occurrences of a mark.
    fileprivate func components(of mark: String) -> [String] {
        split(separator: mark, omittingEmptySubsequences: false).map(String.init)
    }
}
