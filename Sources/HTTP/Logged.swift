// SPDX-License-Identifier: MIT

/// Tells one line about each request: method, address, status, time. Never a header, never a body, no secret of the
/// address.
public struct Logged: Transport {
    private let base: any Transport
    private let time: TimeSource
    private let sink: @Sendable (String) -> Void

    /// A log around a transport.
    public init(_ base: any Transport, time: TimeSource, to sink: @escaping @Sendable (String) -> Void) {
        self.base = base
        self.time = time
        self.sink = sink
    }

    /// Sends the request and tells about it.
    public func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        let start = time.now()
        do {
            let response = try await base.send(request, deadline: deadline)
            tell(request, "\(response.status)", since: start)
            return response
        } catch {
            tell(request, (error as? TransportError).map { "\($0.code)" } ?? "cancelled", since: start)
            throw error
        }
    }

    private func tell(_ request: Request, _ outcome: String, since start: ContinuousClock.Instant) {
        let milliseconds = (time.now() - start) / .milliseconds(1)
        sink("\(request.method.rawValue) \(Redaction.url(request.url)) \(outcome) \(Int(milliseconds.rounded())) ms")
    }
}
