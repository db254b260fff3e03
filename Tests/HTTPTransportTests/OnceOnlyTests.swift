// SPDX-License-Identifier: MIT
import HTTP
import HTTPTransport
import Testing

/// A request that changes something must never arrive twice.
@Suite(.timeLimit(.minutes(1)))
struct OnceOnlyTests {
    @Test(
        "A connection that dies under a change: the change arrives once and is not repeated",
        arguments: ["POST", "LOCK", "DELETE", "GET"] as [Method], [false, true])
    func staleConnection(method: Method, byReset: Bool) async throws {
        let server = try await ScriptedServer { visit in
            if visit.number == 1 { return visit.answer() }
            if byReset { visit.reset() } else { visit.close() }
        }
        let transport = try NetworkTransport()
        _ = try await transport.send(Request("GET", server.url("/first"), for: .read), deadline: soon())
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(method, server.url("/second"), body: [1]), deadline: soon())
        }
        #expect(error?.code == .connectionLost)
        #expect(error?.surelyNotSent == false)
        // A late repetition would come on a new connection: a request after it shows that there was none.
        _ = try? await transport.send(Request("GET", server.url("/third")), deadline: soon(.milliseconds(500)))
        await transport.shutdown()
        #expect(server.visits.filter { $0.line.contains("/second") }.count == 1)
        #expect(server.visits.first { $0.line.contains("/second") }?.connection == 2)
    }

    @Test("A reading whose kept connection dies under it goes once more, over another one", arguments: [false, true])
    func staleReading(byReset: Bool) async throws {
        let server = try await ScriptedServer { visit in
            if visit.number != 2 { return visit.answer(body: "\(visit.number)") }
            if byReset { visit.reset() } else { visit.close() }
        }
        let transport = try NetworkTransport()
        let reading = Request("GET", server.url("/"), for: .read)
        _ = try await transport.send(reading, deadline: soon())
        let second = try await transport.send(reading, deadline: soon())
        await transport.shutdown()
        #expect(second.body == Array("3".utf8))
        #expect(server.visits.map(\.connection) == [1, 1, 2])
    }

    @Test("A server that ends every connection under a reading is not asked for ever")
    func dyingReading() async throws {
        let server = try await ScriptedServer { $0.number == 1 ? $0.answer() : $0.close() }
        let transport = try NetworkTransport()
        let reading = Request("GET", server.url("/"), for: .read)
        _ = try await transport.send(reading, deadline: soon())
        let error = await #expect(throws: TransportError.self) { try await transport.send(reading, deadline: soon()) }
        await transport.shutdown()
        #expect(error?.code == .connectionLost)
        #expect(server.visits.map(\.connection) == [1, 1, 2])
    }

    @Test("A server that closes its connection just after an answer: each change arrives at most once")
    func closingServer() async throws {
        let server = try await ScriptedServer { visit in
            visit.answer()
            visit.close()
        }
        let transport = try NetworkTransport()
        var answered = 0
        for number in 0..<40 {
            let request = Request("POST", server.url("/change-\(number)-"), body: [1])
            if (try? await transport.send(request, deadline: soon())) != nil { answered += 1 }
        }
        await transport.shutdown()
        for number in 0..<40 {
            #expect(server.visits.filter { $0.line.contains("/change-\(number)-") }.count <= 1)
        }
        #expect(server.visits.count >= answered)
        #expect(answered > 0)
    }

    @Test("A server that is gone after the first answer: what follows is surely not sent")
    func gone() async throws {
        let server = try await ScriptedServer { visit in
            visit.answer(headers: "Connection: close\r\n")
            visit.close()
        }
        let transport = try NetworkTransport()
        _ = try await transport.send(Request("GET", server.url("/")), deadline: soon())
        await server.stop()
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request("POST", server.url("/")), deadline: soon())
        }
        await transport.shutdown()
        #expect(error?.code == .refused)
        #expect(error?.surelyNotSent == true)
        #expect(server.visits.count == 1)
    }
}
