// SPDX-License-Identifier: MIT

/// Tells one line about each request: method, address, status, time, and the server's own number of the request where it
/// gives one. No other header, never a body, no secret of the address.
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
            tell(request, "\(response.status)", since: start, id: Self.id(of: response))
            return response
        } catch {
            tell(request, (error as? TransportError).map { "\($0.code)" } ?? "cancelled", since: start)
            throw error
        }
    }

    /// What whoever runs the server can find the request by.
    private static func id(of response: Response) -> String? {
        let names = ["request-id", "X-Request-ID", "X-Correlation-ID"]
        guard let id = names.lazy.compactMap({ response.headers[$0] }).first, (1...64).contains(id.utf8.count),
            id.utf8.allSatisfy({ ("0"..."9").contains($0.letter) || $0.letter.isLetter || "-._".contains($0.letter) })
        else { return nil }
        return id
    }

    private func tell(
        _ request: Request, _ outcome: String, since start: ContinuousClock.Instant, id: String? = nil
    ) {
        let milliseconds = (time.now() - start) / .milliseconds(1)
        let told = id.map { " id=\($0)" } ?? ""
        sink(
            "\(request.method.rawValue) \(Redaction.url(request.url)) \(outcome) \(Int(milliseconds.rounded())) ms\(told)"
        )
    }
}

extension UInt8 {
    fileprivate var letter: Character { Character(Unicode.Scalar(self)) }
}
