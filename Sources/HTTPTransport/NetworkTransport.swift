// SPDX-License-Identifier: MIT
import AsyncHTTPClient
public import HTTP
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL
import Synchronization

/// The one transport that speaks to the network.
///
/// It sends each request once: no redirect is followed, nothing is repeated, no cookie is kept. The deadline covers
/// everything from the name's look-up to the body's last byte. Connections are made with the first request, so that
/// making a transport costs nothing.
public final class NetworkTransport: Transport {
    private let options: NetworkOptions
    private let configuration: HTTPClient.Configuration
    private let client = Mutex<State>(.new)

    private enum State {
        case new
        case running(HTTPClient)
        case shutDown

        /// The client to shut down, if there was one.
        mutating func leave() -> HTTPClient? {
            defer { self = .shutDown }
            guard case .running(let client) = self else { return nil }
            return client
        }
    }

    /// A transport; reads the certificate files that the options name.
    /// - Throws: `.badAddress` for a file that is missing or can't be read, or a proxy that is none.
    public init(_ options: NetworkOptions = NetworkOptions()) throws(TransportError) {
        self.options = options
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try options.tlsConfiguration(),
            redirectConfiguration: .disallow,
            timeout: .init(connect: options.connectTimeout.timeAmount),
            // No ratio: a long listing of like items compresses well. What counts is the size it has in the end.
            decompression: .enabled(limit: .size(options.maximumBytes)))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, options.connections)
        configuration.connectionPool.idleTimeout = options.idleTimeout.timeAmount
        if let proxy = options.proxy { configuration.proxy = try Self.proxy(proxy) }
        self.configuration = configuration
    }

    deinit {
        // The client insists on being shut down; nobody can be waiting for an answer any more.
        if let client = client.withLock({ $0.leave() }) { client.shutdown { _ in } }
    }

    /// Closes all connections; requests on the way end with an error. The transport can't be used any more.
    public func shutdown() async {
        guard let client = client.withLock({ $0.leave() }) else { return }
        try? await client.shutdown().get()
    }

    /// Sends one request and reads the whole answer.
    public func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        try Task.checkCancellation()
        let server = try WebAddress(originOf: request.url)
        let explanation = Explanation(server: server, options: options)
        let left = deadline - .now
        guard left > .zero else { throw explanation.timedOut(surelyNotSent: true) }
        guard request.isWellFormed else { throw explanation.unsendable }
        do {
            let prepared = try HTTPClient.Request(
                url: request.url, method: HTTPMethod(rawValue: request.method.rawValue),
                headers: request.networkHeaders,
                body: request.body.map { .bytes($0) })
            let task = try running().execute(
                request: prepared, delegate: AnswerReader(limit: options.maximumBytes, server: server),
                deadline: .now() + left.timeAmount)
            return try await withTaskCancellationHandler {
                try await task.futureResult.get()
            } onCancel: {
                task.cancel()
            }
        } catch {
            // Whatever a cancelled request ended with: its caller is gone and waits for nothing else.
            try Task.checkCancellation()
            let explained = await explanation.error(for: error, deadline: deadline)
            try Task.checkCancellation()
            throw explained
        }
    }

    private func running() throws(TransportError) -> HTTPClient {
        let running: HTTPClient? = client.withLock { state in
            switch state {
            case .running(let client): return client
            case .shutDown: return nil
            case .new:
                let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
                state = .running(client)
                return client
            }
        }
        guard let running else {
            throw TransportError(.connectionLost, "The connections are closed already.", surelyNotSent: true)
        }
        return running
    }

    private static func proxy(_ text: String) throws(TransportError) -> HTTPClient.Configuration.Proxy {
        let proxy = try ProxyAddress(text)
        guard case .basic(let user, let password) = proxy.credentials else {
            return .server(host: proxy.host, port: proxy.port)
        }
        return .server(
            host: proxy.host, port: proxy.port, authorization: .basic(username: user, password: password))
    }
}

extension Duration {
    /// The same span, cut to what the network library can count.
    var timeAmount: TimeAmount {
        let (seconds, attoseconds) = components
        guard seconds < 1_000_000_000 else { return .seconds(1_000_000_000) }
        return .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

extension Request {
    /// Whether no part of the head could end it early or begin another one.
    var isWellFormed: Bool {
        let words = [method.rawValue] + headers.fields.map(\.name)
        return words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A } }
            && headers.fields.allSatisfy { $0.value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) } }
    }

    var networkHeaders: HTTPHeaders {
        var fields = HTTPHeaders(headers.fields.map { ($0.name, $0.value) })
        // Both are the transport's to write; a second Content-Length would be a way to smuggle a request.
        fields.remove(name: "Host")
        fields.remove(name: "Content-Length")
        if !fields.contains(name: "Accept-Encoding") { fields.add(name: "Accept-Encoding", value: "gzip, deflate") }
        return fields
    }
}
