// SPDX-License-Identifier: MIT
import HTTP
import HTTPTransport
import Testing

/// A request that stands still half-way, wherever that is.
@Suite(.timeLimit(.minutes(1)))
struct StageTests {
    enum Stage: CaseIterable, Sendable {
        case securing, tunnelling, waiting, inHead, inBody

        /// A server, or a proxy, that goes so far and no further.
        func server() async throws -> ScriptedServer {
            try await ScriptedServer { visit in
                switch self {
                case .securing, .tunnelling, .waiting: break
                case .inHead: visit.reply("HTTP/1.1 200 OK\r\nContent-Le")
                case .inBody: visit.reply("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                }
            }
        }

        func request(_ server: ScriptedServer) -> Request {
            switch self {
            case .securing: Request("POST", server.url("/", scheme: "https"), body: [1])
            case .tunnelling: Request("POST", "https://far.example/", body: [1])
            default: Request("POST", server.url("/"), body: [1])
            }
        }

        func options(_ server: ScriptedServer) -> NetworkOptions {
            var options = NetworkOptions()
            if self == .tunnelling { options.proxy = "http://127.0.0.1:\(server.port)" }
            return options
        }

        func isReached(_ server: ScriptedServer) -> Bool {
            self == .securing ? server.connections == 1 : server.visits.count == 1
        }

        /// Whether the request itself has not begun to go.
        var isEarly: Bool { self == .securing || self == .tunnelling }
    }

    @Test(
        "Cancelling ends it at once, with its connection, and the next request goes its way", arguments: Stage.allCases)
    func cancelled(stage: Stage) async throws {
        let server = try await stage.server()
        let transport = try NetworkTransport(stage.options(server))
        let request = stage.request(server)
        let task = Task { try await transport.send(request, deadline: soon(.seconds(60))) }
        try await eventually { stage.isReached(server) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await eventually { server.closedConnections == 1 }
        #expect(server.connections == 1)
        if stage != .tunnelling {
            let other = try await ScriptedServer { $0.answer() }
            #expect(try await transport.send(Request("GET", other.url("/")), deadline: soon()).status == 200)
        }
        await transport.shutdown()
    }

    @Test("The deadline ends it, with its connection, and tells whether it may have arrived", arguments: Stage.allCases)
    func late(stage: Stage) async throws {
        let server = try await stage.server()
        let transport = try NetworkTransport(stage.options(server))
        let start = ContinuousClock.now
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(stage.request(server), deadline: soon(.milliseconds(300)))
        }
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(error?.code == (stage == .tunnelling ? .proxy : .timedOut))
        #expect(error?.surelyNotSent == stage.isEarly)
        try await eventually { server.closedConnections == 1 }
        #expect(server.connections == 1)
        await transport.shutdown()
    }

    @Test("Closing the transport ends it, and tells whether it may have arrived", arguments: Stage.allCases)
    func closed(stage: Stage) async throws {
        let server = try await stage.server()
        let transport = try NetworkTransport(stage.options(server))
        let request = stage.request(server)
        let task = Task { try await transport.send(request, deadline: soon(.seconds(60))) }
        try await eventually { stage.isReached(server) }
        await transport.shutdown()
        let error = await #expect(throws: TransportError.self) { try await task.value }
        #expect(error?.surelyNotSent == stage.isEarly)
        try await eventually { server.closedConnections == 1 }
    }
}
