// SPDX-License-Identifier: MIT
public import HTTP
import Synchronization

/// A transport around a transport that keeps what went through it, and lets a test bend it.
public final class Wire: Transport {
    /// Sends a request on.
    public typealias Next = @Sendable (Request) async throws -> Response
    /// What happens to a request instead of simply being sent on.
    public typealias Rule = @Sendable (Request, Next) async throws -> Response

    private struct State {
        var requests: [Request] = []
        var rule: Rule?
    }

    private let base: any Transport
    private let isSignIn: @Sendable (Request) -> Bool
    private let state = Mutex(State())

    /// A wire around a transport; `isSignIn` tells which requests are a part of signing in.
    public init(_ base: any Transport, isSignIn: @escaping @Sendable (Request) -> Bool = { _ in false }) {
        self.base = base
        self.isSignIn = isSignIn
    }

    /// Everything that was sent since the last `forget()`, oldest first.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// What was sent to change something; signing in is not among it.
    public var changes: [Request] { requests.filter { isChange($0) } }

    /// What was sent to sign in.
    public var signIns: [Request] { requests.filter(isSignIn) }

    /// Whether a request is sent to change something.
    public func isChange(_ request: Request) -> Bool { request.purpose == .change }

    /// Starts counting anew.
    public func forget() { state.withLock { $0.requests = [] } }

    /// Bends all requests from now on; `nil` sends them straight on.
    public func bend(_ rule: Rule?) { state.withLock { $0.rule = rule } }

    /// Bends the requests that change something.
    public func bendChanges(_ rule: @escaping Rule) {
        bend { request, next in
            guard request.purpose == .change else { return try await next(request) }
            return try await rule(request, next)
        }
    }

    /// Keeps the request, and sends it as the rule wants it.
    public func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        let rule = state.withLock { state in
            state.requests.append(request)
            return state.rule
        }
        let next: Next = { [base] in try await base.send($0, deadline: deadline) }
        guard let rule else { return try await next(request) }
        return try await rule(request, next)
    }
}

/// Holds everybody back until as many have come as it was made for.
public actor Gate {
    private let size: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isOpen = false

    /// A gate for so many.
    public init(for size: Int) { self.size = size }

    /// Waits for the others.
    public func pass() async {
        guard !isOpen else { return }
        if waiting.count + 1 == size {
            isOpen = true
            waiting.forEach { $0.resume() }
            waiting = []
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }
}
