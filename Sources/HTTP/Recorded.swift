// SPDX-License-Identifier: MIT

/// One request and what came of it, for a file that can be shown to others.
public struct Exchange: Hashable, Sendable {
    /// The request, its secrets taken out.
    public var request: Request
    /// The answer, its secrets taken out; `nil` when there was none.
    public var response: Response?
    /// The sentence of the error when there was no answer.
    public var error: String?

    /// An exchange.
    public init(request: Request, response: Response?, error: String? = nil) {
        self.request = request
        self.response = response
        self.error = error
    }
}

/// Hands each exchange to a sink: addresses and headers without secrets, requests without bodies.
///
/// An answer's body may still hold lock tokens: only who knows the protocol can find them, and `redacting` takes them
/// out.
public struct Recorded: Transport {
    private let base: any Transport
    private let redacting: @Sendable (Exchange) -> Exchange
    private let sink: @Sendable (Exchange) -> Void

    /// A recording around a transport.
    public init(
        _ base: any Transport, redacting: @escaping @Sendable (Exchange) -> Exchange,
        to sink: @escaping @Sendable (Exchange) -> Void
    ) {
        self.base = base
        self.redacting = redacting
        self.sink = sink
    }

    /// Sends the request and records it.
    public func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        var shown = request
        shown.url = Redaction.url(request.url)
        shown.headers = Redaction.headers(request.headers)
        // Sign-in forms are bodies.
        shown.body = nil
        do {
            let response = try await base.send(request, deadline: deadline)
            var clean = response
            clean.headers = Redaction.headers(response.headers)
            sink(redacting(Exchange(request: shown, response: clean)))
            return response
        } catch let error as TransportError {
            sink(redacting(Exchange(request: shown, response: nil, error: error.message)))
            throw error
        }
    }
}
