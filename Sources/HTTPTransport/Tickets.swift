// SPDX-License-Identifier: MIT
import CCurl
import CKerberos
import HTTP
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Asks Kerberos for what signs requests in.
///
/// libcurl could do so itself, but it asks the realm's servers on the network's thread, where a silent one held every
/// request for 25 seconds over all deadlines; and without a ticket it sends the request as anybody's. Here a thread of its
/// own asks, and nothing is sent without a ticket.
final class Tickets: Sendable {
    private struct Line {
        var waiting: [Wish] = []
        /// Whether the thread runs: it ends when nobody waits.
        var isServed = false
    }

    private let cache: String?
    private let line = Mutex(Line())

    init(cache: String?) { self.cache = cache }

    /// The bytes for one request to that server: the next request needs others.
    func token(
        for server: WebAddress, _ explanation: Explanation, deadline: ContinuousClock.Instant
    ) async throws -> [UInt8] {
        let wish = Wish(host: server.host)
        let alarm = Task.detached {
            try await Task.sleep(until: deadline, clock: .continuous)
            wish.end(.failure(explanation.ticketTimedOut))
        }
        defer { alarm.cancel() }
        let answer = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wish.wait(continuation)
                take(wish)
            }
        } onCancel: {
            wish.end(.failure(CancellationError()))
        }
        switch answer {
        case .token(let bytes): return bytes
        case .refusal(let result): throw explanation.noTicket(result)
        }
    }

    private func take(_ wish: Wish) {
        let startsNow = line.withLock { line in
            line.waiting.append(wish)
            defer { line.isServed = true }
            return !line.isServed
        }
        guard startsNow else { return }
        let this = unsafe Unmanaged.passRetained(self)
        let isStarted = unsafe cc_start_thread(this.toOpaque()) { context in
            unsafe Unmanaged<Tickets>.fromOpaque(context).takeRetainedValue().serve()
        }
        guard !isStarted else { return }
        unsafe this.release()
        while let wish = next() { wish.end(.success(.refusal(CK_FAILED))) }
    }

    private func serve() {
        while let wish = next() {
            if !wish.isOver { wish.end(.success(ask(wish.host))) }
        }
    }

    private func next() -> Wish? {
        line.withLock { line in
            line.isServed = !line.waiting.isEmpty
            return line.isServed ? line.waiting.removeFirst() : nil
        }
    }

    private func ask(_ host: String) -> Answer {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        let result = unsafe ck_token(host, cache, &bytes, &count)
        defer { unsafe free(bytes) }
        guard result == CK_READY, let bytes = unsafe bytes else { return .refusal(result) }
        return .token(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
    }
}

extension Tickets {
    fileprivate enum Answer {
        case token([UInt8])
        case refusal(ck_result)
    }

    /// Somebody who waits for a token, until there is one or it is too late.
    fileprivate final class Wish: Sendable {
        private struct State {
            var continuation: CheckedContinuation<Answer, any Error>?
            /// The answer, when it came before anybody waited for it.
            var early: Result<Answer, any Error>?
            var isOver = false
        }

        let host: String
        private let state = Mutex(State())

        init(host: String) { self.host = host }

        var isOver: Bool { state.withLock { $0.isOver } }

        func wait(_ continuation: CheckedContinuation<Answer, any Error>) {
            let early = state.withLock { state in
                if state.early == nil { state.continuation = continuation }
                return state.early
            }
            if let early { continuation.resume(with: early) }
        }

        /// The first end counts.
        func end(_ result: sending Result<Answer, any Error>) {
            let continuation = state.withLock { state -> CheckedContinuation<Answer, any Error>? in
                guard !state.isOver else { return nil }
                state.isOver = true
                if state.continuation == nil { state.early = result }
                defer { state.continuation = nil }
                return state.continuation
            }
            continuation?.resume(with: result)
        }
    }
}
