// SPDX-License-Identifier: MIT
import Synchronization

/// A transport without a network: it answers from a script, or by a function, and keeps what it was asked.
public final class MemoryTransport: Transport {
    /// What happens to one request.
    public typealias Reply = @Sendable (Request) async throws -> Response

    private struct State {
        var requests: [Request] = []
        var script: [Result<Response, TransportError>]
    }

    private let state: Mutex<State>
    private let reply: Reply?

    /// Answers in order; a request after the last one is refused.
    public init(_ script: [Result<Response, TransportError>]) {
        state = Mutex(State(script: script))
        reply = nil
    }

    /// Answers in order; a request after the last one is refused.
    public convenience init(answers: [Response]) {
        self.init(answers.map { .success($0) })
    }

    /// Answers by a function, which may run for many requests at a time.
    public init(_ reply: @escaping Reply) {
        state = Mutex(State(script: []))
        self.reply = reply
    }

    /// What was asked so far, in order.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// How many answers of the script are left.
    public var remaining: Int { state.withLock { $0.script.count } }

    /// Answers.
    public func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        try Task.checkCancellation()
        let next = state.withLock { state -> Result<Response, TransportError>? in
            state.requests.append(request)
            return reply != nil || state.script.isEmpty ? nil : state.script.removeFirst()
        }
        if let reply { return try await reply(request) }
        guard let next else {
            throw TransportError(.refused, "The script has no answer left for this request.", surelyNotSent: true)
        }
        return try next.get()
    }
}
