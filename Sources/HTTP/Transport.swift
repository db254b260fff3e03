// SPDX-License-Identifier: MIT

/// What sends requests. One adapter speaks to the network; retrying, limits, logs and recordings are
/// transports around a transport.
public protocol Transport: Sendable {
    /// Sends one request and reads the whole answer. Never follows a redirect, never repeats a request.
    /// - Throws: `TransportError`; `CancellationError` when the task is cancelled.
    func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response
}

/// Why there is no answer. The message is a whole sentence in plain words; no library's text is in it.
public struct TransportError: Error, Hashable, Sendable {
    /// What went wrong, as far as callers decide by it.
    public enum Code: Hashable, Sendable {
        /// Nobody listens at that port.
        case refused
        /// The name can't be resolved.
        case hostNotFound
        /// No answer before the deadline.
        case timedOut
        /// The connection ended before the answer was whole.
        case connectionLost
        /// The certificate does not verify, or no secure connection could be agreed on.
        case untrusted
        /// The answer is larger than the limit.
        case tooLarge
        /// What came back is not HTTP.
        case malformed
        /// The address can't be used: no URL, or plain http where it is not allowed.
        case badAddress
        /// The proxy refused or can't be reached.
        case proxy
        /// Kerberos gives no ticket for the server, or the server does not take it.
        case noTicket
    }

    /// What went wrong.
    public let code: Code
    /// One sentence: what happened, with which host.
    public let message: String
    /// Whether the request surely never reached the server, so that nothing can have changed there.
    public let surelyNotSent: Bool

    /// An error.
    public init(_ code: Code, _ message: String, surelyNotSent: Bool) {
        self.code = code
        self.message = message
        self.surelyNotSent = surelyNotSent
    }
}
