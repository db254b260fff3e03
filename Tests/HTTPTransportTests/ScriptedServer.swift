// SPDX-License-Identifier: MIT
import CNetworkProbe
import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A server on this machine that answers byte for byte what a test says, right or wrong.
final class ScriptedServer: Sendable {
    /// One request as it came, and the connection to answer it on.
    struct Visit: Sendable {
        /// The head and the body.
        let text: String
        /// Which connection it came on, from 1.
        let connection: Int
        /// Which request it is on all connections, from 1.
        let number: Int
        fileprivate let channel: any Channel

        /// The first line.
        var line: String { String(text.prefix { $0 != "\r\n" }) }

        func reply(_ text: String) { send(Array(text.utf8)) }

        func send(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

        /// Answers whole, and keeps the connection.
        func answer(_ status: String = "200 OK", headers: String = "", body: String = "") {
            reply("HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }

        /// Says that a way is open, and lets everything through to another port of this machine.
        func tunnel(to port: Int) {
            let client = channel
            ClientBootstrap(group: client.eventLoop)
                .channelInitializer { $0.pipeline.addHandler(Pipe(to: client)) }
                .connect(host: "127.0.0.1", port: port)
                .flatMap { inside in client.pipeline.addHandler(Pipe(to: inside), position: .first) }
                .whenSuccess { reply("HTTP/1.1 200 OK\r\n\r\n") }
        }

        func close() { channel.close(mode: .all, promise: nil) }

        /// Ends the connection as a crash does.
        func reset() {
            guard let socket = channel as? any SocketOptionProvider else { return close() }
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in close() }
        }

        /// Sends something again and again until the connection ends.
        func `repeat`(_ bytes: [UInt8], everyMilliseconds span: Int64) {
            let span = TimeAmount.milliseconds(span)
            let task = channel.eventLoop.scheduleRepeatedTask(initialDelay: span, delay: span) { _ in send(bytes) }
            channel.closeFuture.whenComplete { _ in task.cancel() }
        }

        /// Sends something as fast as it is taken, until the connection ends.
        func flood(_ bytes: [UInt8], counting sent: Tally) {
            channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess {
                sent.add(bytes.count)
                flood(bytes, counting: sent)
            }
        }
    }

    /// A number that several threads count up.
    final class Tally: Sendable {
        private let number = Mutex(0)
        var value: Int { number.withLock { $0 } }
        @discardableResult
        func add(_ more: Int) -> Int {
            number.withLock { number in
                number += more
                return number
            }
        }
    }

    /// How a server shows who it is.
    struct TLS {
        let certificate: String
        let key: String
        /// Whose certificates it wants to see; `nil`: it asks for none.
        var authority: String?
    }

    struct NoTLS: Error {}

    /// What several threads write down.
    final class Names: Sendable {
        private let list = Mutex<[String]>([])
        var all: [String] { list.withLock { $0 } }
        func add(_ name: String) { list.withLock { $0.append(name) } }
    }

    private let channel: any Channel
    private let front: Int32?
    private let log: Log

    fileprivate final class Log: Sendable {
        let visits = Mutex<[Visit]>([])
        let connections = Tally()
        let closed = Tally()
    }

    /// Every request so far.
    var visits: [Visit] { log.visits.withLock { $0 } }
    /// How many connections were made.
    var connections: Int { log.connections.value }
    /// How many of them have ended.
    var closedConnections: Int { log.closed.value }
    let port: Int

    init(
        tls: TLS? = nil, greeting: String? = nil, socks: Names? = nil, isForgetful: Bool = false,
        _ answer: @escaping @Sendable (Visit) -> Void
    ) async throws {
        let log = Log()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = log.connections.add(1)
                    channel.closeFuture.whenComplete { _ in log.closed.add(1) }
                    try channel.pipeline.syncOperations.addHandler(
                        Reader(log: log, connection: number, isForgetful: isForgetful, answer: answer))
                    if let socks { try channel.pipeline.syncOperations.addHandler(Socks(socks), position: .first) }
                    guard let greeting else { return }
                    // To whatever comes first: what a server of another protocol does.
                    try channel.pipeline.syncOperations.addHandler(Greeter(text: greeting), position: .first)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let plainPort = channel.localAddress?.port ?? 0
        self.log = log
        guard let tls else {
            (port, front) = (plainPort, nil)
            return
        }
        var securePort: Int32 = 0
        let front = unsafe tls_server_start(tls.certificate, tls.key, tls.authority, Int32(plainPort), &securePort)
        guard front >= 0 else { throw NoTLS() }
        (port, self.front) = (Int(securePort), front)
    }

    deinit {
        channel.close(mode: .all, promise: nil)
        if let front { tls_server_stop(front) }
    }

    /// Closes the door: nobody listens any more.
    func stop() async { try? await channel.close().get() }

    /// Answers the first bytes, whatever they are; hangs up if it has nothing to say.
    private final class Greeter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let text: String

        init(text: String) { self.text = text }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !text.isEmpty else { return context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }
    }

    /// Agrees to everything that a SOCKS 5 client asks for, and plays the server that it asks for.
    private final class Socks: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let names: Names
        private var step = 0

        init(_ names: Names) { self.names = names }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView)
            step += 1
            switch step {
            case 1: context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: [5, 0])), promise: nil)
            case 2:
                // Version, CONNECT, a nought, the kind "name", its length, the name, the port.
                let name = String(decoding: bytes.dropFirst(5).dropLast(2), as: UTF8.self)
                let port = bytes.suffix(2).reduce(0) { $0 << 8 | Int($1) }
                names.add(bytes[3] == 3 ? "\(name):\(port)" : "an address")
                context.writeAndFlush(
                    wrapOutboundOut(ByteBuffer(bytes: [5, 0, 0, 1, 0, 0, 0, 0, 0, 0])), promise: nil)
            default: context.fireChannelRead(data)
            }
        }
    }

    /// Hands over what comes in, as it is, and ends with it.
    private final class Pipe: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let other: any Channel

        init(to other: any Channel) { self.other = other }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
    }

    /// Gathers the bytes of whole requests.
    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let log: Log
        private let connection: Int
        private let isForgetful: Bool
        private let answer: @Sendable (Visit) -> Void
        private var pending = ""

        init(log: Log, connection: Int, isForgetful: Bool, answer: @escaping @Sendable (Visit) -> Void) {
            self.log = log
            self.connection = connection
            self.isForgetful = isForgetful
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending += String(buffer: unwrapInboundIn(data))
            while let head = pending.firstRange(of: "\r\n\r\n") {
                let length =
                    pending[..<head.lowerBound].lowercased().split(separator: "\r\n")
                    .first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
                let body = pending[head.upperBound...]
                guard body.utf8.count >= length else { return }
                let text = String(pending[..<head.upperBound]) + String(body.prefix(length))
                pending = String(body.dropFirst(length))
                let visit = log.visits.withLock { visits in
                    let visit = Visit(
                        text: text, connection: connection, number: visits.count + 1, channel: context.channel)
                    if !isForgetful { visits.append(visit) }
                    return visit
                }
                answer(visit)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
