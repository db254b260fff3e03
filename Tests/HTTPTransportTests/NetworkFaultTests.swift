// SPDX-License-Identifier: MIT
import HTTP
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct NetworkFaultTests {
    @Test(
        "A port where nobody listens: at once, by host and port, and surely not sent",
        arguments: ["127.0.0.1", "localhost"])
    func refused(host: String) async throws {
        let server = try await ScriptedServer { _ in }
        await server.stop()
        let start = ContinuousClock.now
        let error = try await failure(Request("POST", server.url("/", host: host)))
        #expect(
            error
                == TransportError(
                    .refused, "Nothing listens at \(host):\(server.port).", surelyNotSent: true))
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test("A name that no name server knows")
    func unknownName() async throws {
        let error = try await failure(Request("GET", "http://no-such-host.invalid/"))
        #expect(error.code == .hostNotFound)
        #expect(error.message.hasPrefix("The name no-such-host.invalid can't be resolved"))
        #expect(error.surelyNotSent)
    }

    @Test(
        "What is no web address is refused without a connection",
        arguments: [
            "ftp://127.0.0.1/", "127.0.0.1", "http://", "http://127.0.0.1:99999/", "http://u:canary@127.0.0.1/",
        ])
    func badAddress(url: String) async throws {
        let error = try await failure(Request("GET", url))
        #expect(error.code == .badAddress)
        #expect(error.surelyNotSent)
        #expect(!error.message.contains("canary"))
    }

    @Test("A server that never answers ends at the deadline")
    func hang() async throws {
        let server = try await ScriptedServer { _ in }
        let start = ContinuousClock.now
        let error = try await failure(Request("GET", server.url("/")), within: .milliseconds(200))
        #expect(
            error
                == TransportError(
                    .timedOut, "127.0.0.1:\(server.port) gave no whole answer in time.", surelyNotSent: false))
        #expect(ContinuousClock.now - start >= .milliseconds(200))
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test("A body that drips ends at the deadline too")
    func drip() async throws {
        let server = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            visit.repeat([0x78], everyMilliseconds: 20)
        }
        let start = ContinuousClock.now
        let error = try await failure(Request("GET", server.url("/")), within: .milliseconds(300))
        #expect(error.code == .timedOut)
        #expect(ContinuousClock.now - start < .seconds(2))
        try await eventually { server.closedConnections == server.connections }
    }

    @Test("A head that drips ends at the deadline too")
    func headDrip() async throws {
        let server = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 200 OK\r\nX-A: ")
            visit.repeat([0x78], everyMilliseconds: 20)
        }
        let error = try await failure(Request("GET", server.url("/")), within: .milliseconds(300))
        #expect(error.code == .timedOut)
    }

    @Test("A deadline that has passed sends nothing")
    func pastDeadline() async throws {
        let server = try await ScriptedServer { $0.answer() }
        let error = try await failure(Request("POST", server.url("/")), within: .zero)
        #expect(error.code == .timedOut)
        #expect(error.surelyNotSent)
        #expect(server.connections == 0)
    }

    @Test("A request that waits for a connection ends at its deadline, and was surely not sent")
    func busyConnections() async throws {
        let server = try await ScriptedServer { _ in }
        var options = NetworkOptions()
        options.connections = 1
        let transport = try NetworkTransport(options)
        let first = Task { try await transport.send(Request("GET", server.url("/")), deadline: soon(.seconds(60))) }
        try await eventually { server.visits.count == 1 }
        let start = ContinuousClock.now
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request("POST", server.url("/")), deadline: soon(.milliseconds(200)))
        }
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(error?.code == .timedOut)
        #expect(error?.surelyNotSent == true)
        #expect(error?.message == "All connections to 127.0.0.1:\(server.port) were busy for too long.")
        await transport.shutdown()
        await #expect(throws: TransportError.self) { try await first.value }
        #expect(server.visits.count == 1)
    }

    @Test("What a person waits for goes before readings that wait for a connection")
    func urgentFirst() async throws {
        let server = try await ScriptedServer { visit in if visit.number > 1 { visit.answer() } }
        var options = NetworkOptions()
        options.connections = 1
        let transport = try NetworkTransport(options)
        let first = Task {
            try await transport.send(Request("GET", server.url("/first"), for: .read), deadline: soon(.seconds(2)))
        }
        try await eventually { server.visits.count == 1 }
        let readings = (1...10).map { number in
            Task {
                try await transport.send(
                    Request("GET", server.url("/\(number)"), for: .read), deadline: soon(.seconds(60)))
            }
        }
        let urgent = Task {
            try await Limited.$isUrgent.withValue(true) {
                try await transport.send(Request("GET", server.url("/now"), for: .read), deadline: soon(.seconds(60)))
            }
        }
        let changed = Task {
            try await transport.send(Request("POST", server.url("/change")), deadline: soon(.seconds(60)))
        }
        // Its connection is free when its time is up.
        await #expect(throws: TransportError.self) { try await first.value }
        for task in readings + [urgent, changed] { _ = try await task.value }
        await transport.shutdown()
        let order = server.visits.map { $0.line.split(separator: " ")[1] }
        #expect(Set(order[1...2]) == ["/now", "/change"])
    }

    @Test("How long an answer took is told without the wait for a connection")
    func tookWithoutWaiting() async throws {
        let server = try await ScriptedServer { visit in if visit.number > 1 { visit.answer() } }
        var options = NetworkOptions()
        options.connections = 1
        let transport = try NetworkTransport(options)
        let first = Task {
            try await transport.send(Request("GET", server.url("/"), for: .read), deadline: soon(.seconds(1)))
        }
        try await eventually { server.visits.count == 1 }
        let start = ContinuousClock.now
        let second = try await transport.send(Request("GET", server.url("/"), for: .read), deadline: soon(.seconds(60)))
        let whole = ContinuousClock.now - start
        await #expect(throws: TransportError.self) { try await first.value }
        await transport.shutdown()
        let took = try #require(second.took)
        #expect(took > .zero && took < whole / 2)
    }

    @Test("A head without an end is read up to a limit", arguments: ["X-A: b\r\n", "HTTP/1.1 100 Continue\r\n\r\n"])
    func endlessHead(piece: String) async throws {
        let server = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 100 Continue\r\n")
            if !piece.hasPrefix("X") { visit.reply("\r\n") }
            visit.flood(Array(String(repeating: piece, count: 1000).utf8), counting: ScriptedServer.Tally())
        }
        let error = try await failure(Request("GET", server.url("/")))
        #expect(error.code == .tooLarge)
        try await eventually { server.closedConnections == 1 }
    }

    @Test("A connection that ends in the middle, in every way", arguments: Cut.allCases)
    func cut(how: Cut) async throws {
        let server = try await ScriptedServer { how.apply(to: $0) }
        let error = try await failure(Request("POST", server.url("/"), body: [1]))
        #expect(
            error
                == TransportError(
                    .connectionLost, "The connection to 127.0.0.1:\(server.port) ended before the answer was whole.",
                    surelyNotSent: false))
        #expect(server.visits.count == 1)
    }

    enum Cut: CaseIterable {
        case closeAtOnce, resetAtOnce, closeInHead, closeInBody, resetInBody, closeInChunk

        func apply(to visit: ScriptedServer.Visit) {
            switch self {
            case .closeAtOnce, .resetAtOnce: break
            case .closeInHead: visit.reply("HTTP/1.1 200 OK\r\nContent-Le")
            case .closeInBody, .resetInBody: visit.reply("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            case .closeInChunk: visit.reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal")
            }
            if self == .resetAtOnce || self == .resetInBody { visit.reset() } else { visit.close() }
        }
    }

    @Test("What is not HTTP is said to be none", arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "\u{1}\u{2}\u{3}\r\n\r\n"])
    func notHTTP(text: String) async throws {
        let server = try await ScriptedServer { $0.reply(text) }
        let error = try await failure(Request("GET", server.url("/")))
        #expect(
            error
                == TransportError(
                    .malformed, "What 127.0.0.1:\(server.port) answers is not HTTP.", surelyNotSent: false))
    }

    @Test("A body that is announced too large is not read")
    func announcedTooLarge() async throws {
        let server = try await ScriptedServer { $0.reply("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n") }
        let error = try await failure(Request("GET", server.url("/"))) { $0.maximumBytes = 1 << 20 }
        #expect(
            error
                == TransportError(
                    .tooLarge, "The answer of 127.0.0.1:\(server.port) is larger than 1 MiB, the most that is read.",
                    surelyNotSent: false))
        try await eventually { server.closedConnections == 1 }
    }

    @Test("A body without an end is read up to the limit, and no further")
    func endless() async throws {
        let sent = ScriptedServer.Tally()
        let server = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 200 OK\r\n\r\n")
            visit.flood(Array(repeating: 0x78, count: 64 << 10), counting: sent)
        }
        let error = try await failure(Request("GET", server.url("/"))) { $0.maximumBytes = 1 << 20 }
        #expect(error.code == .tooLarge)
        try await eventually { server.closedConnections == 1 }
        // The limit and what the two sockets hold.
        #expect(sent.value < 16 << 20)
    }

    @Test("A body that is exactly as large as allowed is read, one byte more is not")
    func exactLimit() async throws {
        let server = try await ScriptedServer { $0.answer(body: String(repeating: "x", count: 1000)) }
        #expect(try await send(Request("GET", server.url("/"))) { $0.maximumBytes = 1000 }.body.count == 1000)
        let error = try await failure(Request("GET", server.url("/"))) { $0.maximumBytes = 999 }
        #expect(error.code == .tooLarge)
        #expect(error.message.contains("999 bytes"))
    }

    @Test("A compressed body that swells is ended at the limit")
    func bomb() async throws {
        let server = try await ScriptedServer { $0.sendCompressed() }
        let error = try await failure(Request("GET", server.url("/"))) { $0.maximumBytes = 50_000 }
        #expect(error.code == .tooLarge)
        #expect(error.message.contains("50000 bytes"))
    }

    @Test("A compressed body that is damaged is said to be so")
    func damaged() async throws {
        let server = try await ScriptedServer { visit in
            visit.answer(headers: "Content-Encoding: gzip\r\n", body: "this is no gzip at all")
        }
        let error = try await failure(Request("GET", server.url("/")))
        #expect(
            error
                == TransportError(
                    .malformed, "The compressed answer of 127.0.0.1:\(server.port) is damaged.", surelyNotSent: false))
    }

    @Test("A header that would end early is not sent", arguments: ["a\r\nX-Evil: 1", "a\nb", "a\0"])
    func headerInjection(value: String) async throws {
        let server = try await ScriptedServer { $0.answer() }
        let error = try await failure(Request("GET", server.url("/"), headers: ["X-A": value]))
        #expect(error.code == .badAddress)
        #expect(error.surelyNotSent)
        #expect(server.visits.isEmpty)
    }
}
