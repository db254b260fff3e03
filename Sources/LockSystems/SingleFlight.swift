// SPDX-License-Identifier: MIT
import Synchronization

/// Work that several ask for at once and that is done once for all of them: a sign-in, a renewal, a look-up.
///
/// Who is cancelled stops waiting at once, and the others never notice. When nobody waits any more the work is cancelled.
final class SingleFlight<Value: Sendable>: Sendable {
    private struct State {
        /// What is under way. The number tells it from work that was given up and has not ended yet.
        var flight: (number: Int, task: Task<Void, Never>)?
        var waiting: [Int: CheckedContinuation<Value, any Error>] = [:]
        /// Cancelled before they waited.
        var gone: Set<Int> = []
        var last = 0
    }

    private let state = Mutex(State())

    /// How many wait.
    var waiters: Int { state.withLock { $0.waiting.count } }

    /// The value of the work under way, or else of this.
    /// - Throws: what the work throws; `CancellationError` when the caller is cancelled.
    func run(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let ticket = state.withLock { state in
            state.last += 1
            return state.last
        }
        defer { _ = state.withLock { $0.gone.remove(ticket) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { join(ticket, $0, work) }
        } onCancel: {
            leave(ticket)
        }
    }

    private func join(
        _ ticket: Int, _ waiter: CheckedContinuation<Value, any Error>,
        _ work: @escaping @Sendable () async throws -> Value
    ) {
        let isGone = state.withLock { state in
            guard !state.gone.contains(ticket) else { return true }
            state.waiting[ticket] = waiter
            guard state.flight == nil else { return false }
            let task = Task<Void, Never> { [self] in
                let result: Result<Value, any Error>
                do {
                    result = .success(try await work())
                } catch {
                    result = .failure(error)
                }
                land(ticket, result)
            }
            state.flight = (ticket, task)
            return false
        }
        if isGone { waiter.resume(throwing: CancellationError()) }
    }

    private func land(_ number: Int, _ result: Result<Value, any Error>) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
            guard state.flight?.number == number else { return [] }
            state.flight = nil
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for waiter in waiters { waiter.resume(with: result) }
    }

    private func leave(_ ticket: Int) {
        let (waiter, work) = state.withLock { state -> (CheckedContinuation<Value, any Error>?, Task<Void, Never>?) in
            guard let waiter = state.waiting.removeValue(forKey: ticket) else {
                state.gone.insert(ticket)
                return (nil, nil)
            }
            guard state.waiting.isEmpty else { return (waiter, nil) }
            defer { state.flight = nil }
            return (waiter, state.flight?.task)
        }
        work?.cancel()
        waiter?.resume(throwing: CancellationError())
    }
}
