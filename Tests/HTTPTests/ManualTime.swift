// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Synchronization

/// A clock that stands still until a test moves it.
final class ManualTime: Sendable {
    private struct State {
        var now = ContinuousClock.now
        var sleepers: [Int: (until: ContinuousClock.Instant, wake: CheckedContinuation<Void, any Error>)] = [:]
        var next = 0
    }

    private let state = Mutex(State())
    let begin: ContinuousClock.Instant

    init() { begin = state.withLock { $0.now } }

    var now: ContinuousClock.Instant { state.withLock { $0.now } }
    /// How much time has gone by.
    var elapsed: Duration { now - begin }
    var sleepers: Int { state.withLock { $0.sleepers.count } }

    var source: TimeSource {
        TimeSource(
            now: { self.now },
            wall: { Date(timeIntervalSince1970: 784_111_777 + self.elapsed / .seconds(1)) },
            sleep: { try await self.sleep(until: $0) })
    }

    func advance(by span: Duration) { advance(to: now + span) }

    /// Moves to the first sleeper's time, if that is not too far away.
    /// - Returns: whether somebody was woken.
    func advanceToSleeper(within span: Duration) -> Bool {
        let first = state.withLock { state in state.sleepers.values.map(\.until).min() }
        guard let first, first <= now + span else { return false }
        advance(to: first)
        return true
    }

    private func advance(to instant: ContinuousClock.Instant) {
        let woken = state.withLock { state in
            state.now = max(state.now, instant)
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for key in due.keys { state.sleepers[key] = nil }
            return due.values.map(\.wake)
        }
        for wake in woken { wake.resume() }
    }

    private func sleep(until instant: ContinuousClock.Instant) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
                let isDue = state.withLock { state in
                    guard instant > state.now else { return true }
                    state.sleepers[number] = (instant, wake)
                    return false
                }
                if isDue { wake.resume() }
                if Task.isCancelled { cancel(number) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func cancel(_ number: Int) {
        state.withLock { $0.sleepers.removeValue(forKey: number) }?.wake.resume(throwing: CancellationError())
    }
}

/// What a sink was told, in order.
final class Lines<Line: Sendable>: Sendable {
    private let lines = Mutex<[Line]>([])
    var all: [Line] { lines.withLock { $0 } }
    func add(_ line: Line) { lines.withLock { $0.append(line) } }
}

/// Waits until something is so, for ten seconds at most; the only place here that sleeps.
func eventually(_ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    while !condition() {
        guard .now < end else { return false }
        try? await Task.sleep(for: .milliseconds(1))
    }
    return true
}
