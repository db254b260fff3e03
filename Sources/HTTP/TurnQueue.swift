// SPDX-License-Identifier: MIT
import Synchronization

/// A number of turns, handed out in the order of asking; whoever is cancelled or late leaves the queue.
final class TurnQueue: Sendable {
    private struct State {
        var free: Int
        var nextTicket = 0
        var waiting: [(ticket: Int, isUrgent: Bool, turn: CheckedContinuation<Void, any Error>)] = []
        /// Cancelled before they stood in the queue.
        var gone: Set<Int> = []
    }

    private let state: Mutex<State>

    init(_ turns: Int) { state = Mutex(State(free: turns)) }

    /// How many stand in the queue.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Waits for a turn, which has to be given back. Urgent ones go in front of those that are not.
    /// - Returns: whether there was a turn before the deadline.
    func take(urgent: Bool, deadline: ContinuousClock.Instant, time: TimeSource) async throws -> Bool {
        try Task.checkCancellation()
        if takeNow() { return true }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await self.standInQueue(urgent: urgent)
                return true
            }
            group.addTask {
                try await time.sleep(deadline)
                return false
            }
            do {
                let first = try await group.next() ?? false
                group.cancelAll()
                if first { return true }
                // The turn may have come in the same moment.
                return try await group.next() ?? false
            } catch is CancellationError {
                group.cancelAll()
                try await self.giveBackAnyTurn(of: &group)
                try Task.checkCancellation()
                return false
            }
        }
    }

    /// Hands the turn to the next in the queue.
    func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().turn
        }
        next?.resume()
    }

    private func giveBackAnyTurn(of group: inout ThrowingTaskGroup<Bool, any Error>) async throws {
        while let result = await group.nextResult() {
            if case .success(true) = result { give() }
        }
    }

    private func takeNow() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    private func standInQueue(urgent: Bool) async throws {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        defer { _ = state.withLock { $0.gone.remove(ticket) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { turn in
                enqueue(ticket, urgent, turn)
            }
        } onCancel: {
            let turn = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                    state.gone.insert(ticket)
                    return nil
                }
                return state.waiting.remove(at: place).turn
            }
            turn?.resume(throwing: CancellationError())
        }
    }

    private func enqueue(_ ticket: Int, _ urgent: Bool, _ turn: CheckedContinuation<Void, any Error>) {
        let outcome = state.withLock { state -> Result<Void, any Error>? in
            if state.gone.contains(ticket) { return .failure(CancellationError()) }
            if state.free > 0 {
                state.free -= 1
                return .success(())
            }
            let place = urgent ? state.waiting.firstIndex { !$0.isUrgent } : nil
            state.waiting.insert((ticket, urgent, turn), at: place ?? state.waiting.count)
            return nil
        }
        if let outcome { turn.resume(with: outcome) }
    }
}
