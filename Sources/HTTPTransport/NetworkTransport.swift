// SPDX-License-Identifier: MIT
public import HTTP
import Synchronization

/// The one transport that speaks to the network.
///
/// It sends each request once: no redirect is followed, no cookie is kept, and only a reading whose kept connection died
/// before the first byte of an answer goes again. What is no reading has a connection of its own, used once. The deadline
/// covers everything from the name's look-up to the body's last byte. The network's thread begins with the first
/// request, so that making a transport costs nothing.
public final class NetworkTransport: Transport {
    private let options: NetworkOptions
    private let orders = Orders()
    private let isStarted = Atomic(false)
    private let tickets: Tickets?
    /// Whom the last request went to: mostly the next one goes there too.
    private let lastServer = Mutex<WebAddress?>(nil)

    /// A transport; reads the certificate files that the options name.
    /// - Throws: `.badAddress` for a file that is missing or can't be read, or a proxy that is none.
    public init(_ options: NetworkOptions = NetworkOptions()) throws(TransportError) {
        try options.checkFiles()
        if let proxy = options.proxy { _ = try ProxyAddress(proxy) }
        self.options = options
        tickets = options.signsInByTicket ? Tickets(cache: options.ticketCache) : nil
    }

    deinit { orders.close() }

    /// Closes all connections; requests on the way end with an error. The transport can't be used any more.
    public func shutdown() async {
        if startsNow { orders.end() }
        await orders.closed()
    }

    /// Sends one request and reads the whole answer.
    public func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        try Task.checkCancellation()
        let server = try server(of: request)
        let explanation = Explanation(server: server, options: options)
        guard deadline > .now else { throw explanation.timedOut(surelyNotSent: true) }
        guard request.isWellFormed else { throw explanation.unsendable }
        guard let tickets else { return try await carry(request, to: server, deadline: deadline) }
        var signed = request
        signed.headers["Authorization"] =
            Credentials.negotiate(token: try await tickets.token(for: server, explanation, deadline: deadline)).header
        let response = try await carry(signed, to: server, deadline: deadline)
        if response.status == 401, Self.wantsTicket(response) { throw explanation.ticketRefused }
        return response
    }

    /// Whether the server asks for a ticket, though it has just been shown one.
    private static func wantsTicket(_ response: Response) -> Bool {
        response.headers.all("WWW-Authenticate").joined(separator: ",").split(separator: ",").contains {
            $0.drop { $0 == " " }.prefix { $0 != " " }.lowercased() == "negotiate"
        }
    }

    private func carry(
        _ request: Request, to server: WebAddress, deadline: ContinuousClock.Instant
    ) async throws -> Response {
        if startsNow { TransferLoop.start(orders, options) }
        let ticket = Order.Ticket()
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    orders.leave(
                        Order(
                            request: request, server: server, deadline: deadline, ticket: ticket,
                            isUrgent: Limited.isUrgent || request.purpose != .read,
                            continuation: continuation))
                }
            } onCancel: {
                ticket.cancel()
                orders.wake()
            }
        } catch {
            // Whatever a cancelled request ended with: its caller is gone and waits for nothing else.
            try Task.checkCancellation()
            throw error
        }
    }

    private func server(of request: Request) throws(TransportError) -> WebAddress {
        if let known = lastServer.withLock(\.self), known.isOrigin(of: request.url) { return known }
        let server = try WebAddress(originOf: request.url)
        lastServer.withLock { $0 = server }
        return server
    }

    /// Whether this is the first time that the thread is needed.
    private var startsNow: Bool { !isStarted.exchange(true, ordering: .acquiringAndReleasing) }
}
