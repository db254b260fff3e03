// SPDX-License-Identifier: MIT
public import HTTP
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
private typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

/// The largest request body that is read; more is answered 413.
private let bodyLimit = 1 << 20

/// A listening HTTP/1.1 server.
public struct HTTPServer: Sendable {
    /// The port that it listens on.
    public let port: Int
    private let task: Task<Void, Never>

    /// Stops listening, ends every connection and waits until all of that is done.
    public func stop() async {
        task.cancel()
        await task.value
    }

    /// Listens on an address and answers each request by `handle`.
    /// - Parameters:
    ///   - atMost: how many connections there may be at a time; who comes beyond is turned away. `nil`: any number.
    ///   - patience: for how long a connection may be silent before it is closed; `nil`: for ever.
    ///   - handle: gets the request with its absolute URL, and what it names as the host.
    /// - Throws: what the system says when the address can't be had.
    public static func serve(
        host: String, port: Int, atMost: Int? = nil, patience: Duration? = nil,
        handle: @escaping @Sendable (Request) async -> Delivery
    ) async throws -> HTTPServer {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    if let patience {
                        let silence = IdleStateHandler(allTimeout: TimeAmount(patience))
                        try channel.pipeline.syncOperations.addHandlers([silence, SilenceEnder()])
                    }
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        let bound = listener.channel.localAddress?.port ?? port
        let origin = "http://\(host):\(bound)"
        let room = Room(atMost: atMost)
        let task = Task<Void, Never> {
            // Ends when it is cancelled; there is nobody left to tell of an error.
            _ = try? await listener.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        // Counted in the order in which they come, not in that in which their tasks begin.
                        let hasRoom = room.enter()
                        group.addTask {
                            defer { room.leave() }
                            if hasRoom { return await converse(connection, origin: origin, handle: handle) }
                            // One who is turned away, or breaks off, must not end the others.
                            _ = try? await connection.executeThenClose { _, _ in }
                        }
                    }
                }
            }
        }
        return HTTPServer(port: bound, task: task)
    }

    /// Answers one client after the other request until it leaves.
    private static func converse(
        _ connection: Connection, origin: String, handle: @Sendable (Request) async -> Delivery
    ) async {
        // A client that leaves in the middle, or speaks no HTTP, ends its own connection and nothing else.
        try? await connection.executeThenClose { inbound, outbound in
            var head: HTTPRequestHead?
            var body = ByteBuffer()
            for try await part in inbound {
                switch part {
                case .head(let received):
                    head = received
                    body.clear()
                    // A client with much to send may ask first; what it sends is looked at when all is there.
                    if received.headers["Expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                        try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
                    }
                case .body(var piece):
                    body.writeBuffer(&piece)
                    guard body.readableBytes <= bodyLimit else {
                        try await write(Response(status: 413), for: head, closing: true, to: outbound)
                        return
                    }
                case .end:
                    guard let received = head else { return }
                    let delivery = await handle(request(received, body, origin: origin))
                    guard try await deliver(delivery, for: received, to: outbound) else { return }
                    head = nil
                }
            }
        }
    }

    private static func request(_ head: HTTPRequestHead, _ body: ByteBuffer, origin: String) -> Request {
        var headers = Headers()
        for (name, value) in head.headers { headers.add(name, value) }
        let site = headers["Host"].map { "http://\($0)" } ?? origin
        let target = head.uri.hasPrefix("/") ? site + head.uri : head.uri
        return Request(
            Method(rawValue: head.method.rawValue), target, headers: headers,
            body: body.readableBytes == 0 ? nil : Array(body.readableBytesView))
    }

    /// Sends an answer; false when the connection is over after it.
    private static func deliver(
        _ delivery: Delivery, for head: HTTPRequestHead, to outbound: Outbound
    ) async throws -> Bool {
        switch delivery {
        case .whole(let response):
            let closing = !head.isKeepAlive || response.headers["Connection"] == "close"
            try await write(response, for: head, closing: closing, to: outbound)
            return !closing
        case .dripping(let response, let bytes, let pause):
            try await outbound.write(.head(responseHead(response, closing: true)))
            var rest = response.body[...]
            while !rest.isEmpty {
                try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: rest.prefix(max(bytes, 1))))))
                rest = rest.dropFirst(max(bytes, 1))
                try await Task.sleep(for: pause)
            }
            try await outbound.write(.end(nil))
            return false
        case .dropped:
            return false
        case .never:
            while !Task.isCancelled { try await Task.sleep(for: .seconds(3600)) }
            return false
        }
    }

    private static func write(
        _ response: Response, for head: HTTPRequestHead?, closing: Bool, to outbound: Outbound
    ) async throws {
        var parts: [HTTPServerResponsePart] = [.head(responseHead(response, closing: closing))]
        if head?.method != .HEAD, !response.body.isEmpty {
            parts.append(.body(.byteBuffer(ByteBuffer(bytes: response.body))))
        }
        parts.append(.end(nil))
        try await outbound.write(contentsOf: parts)
    }

    private static func responseHead(_ response: Response, closing: Bool) -> HTTPResponseHead {
        var headers = HTTPHeaders(response.headers.fields.map { ($0.name, $0.value) })
        if response.status != 204, response.status != 304 {
            headers.replaceOrAdd(name: "Content-Length", value: String(response.body.count))
        }
        if closing { headers.replaceOrAdd(name: "Connection", value: "close") }
        return HTTPResponseHead(version: .http1_1, status: .init(statusCode: response.status), headers: headers)
    }
}

/// How many connections there are.
private final class Room: Sendable {
    private let most: Int
    private let open = Mutex(0)

    init(atMost most: Int?) { self.most = most ?? .max }

    /// Counts one more; `false` when that is one too many, which counts until it leaves all the same.
    func enter() -> Bool {
        open.withLock { open in
            open += 1
            return open <= most
        }
    }

    func leave() { open.withLock { $0 -= 1 } }
}

/// Closes a connection on which nothing goes either way.
private final class SilenceEnder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
