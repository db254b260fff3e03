// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Noon of the day all these tests play on.
let noon = Date(timeIntervalSince1970: 1_700_000_000)

/// A clock that stands still until a test moves it. It knows who sleeps on it, so a test can wait until all is quiet.
final class ManualTime: Sendable {
    private struct Sleeper {
        let number: Int
        let until: ContinuousClock.Instant
        let wake: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var passed = Duration.zero
        var wrong: Double = 0
        var sleepers: [Sleeper] = []
        var lengths: [Double] = []
        var cancelled: Set<Int> = []
        var watchers: [(naps: Int, wake: CheckedContinuation<Void, Never>)] = []
    }
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    var source: TimeSource {
        TimeSource(now: { self.instant }, wall: { self.wall }, sleep: { try await self.sleep($0) })
    }
    private var instant: ContinuousClock.Instant { start.advanced(by: state.withLock { $0.passed }) }
    var wall: Date { state.withLock { noon.addingTimeInterval($0.passed / .seconds(1) + $0.wrong) } }

    /// Sets the clock on the wall; time itself goes on as before.
    func setClock(by seconds: Double) { state.withLock { $0.wrong += seconds } }

    /// How long each sleep was meant to be, in seconds.
    var naps: [Double] { state.withLock { $0.lengths } }

    private func sleep(_ until: ContinuousClock.Instant) async throws {
        let number = state.withLock { state in
            state.lengths.append((until - start.advanced(by: state.passed)) / .seconds(1))
            return state.lengths.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in lie(Sleeper(number: number, until: until, wake: wake)) }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                state.cancelled.insert(number)
                guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else { return nil }
                return state.sleepers.remove(at: index)
            }
            sleeper?.wake.resume(throwing: CancellationError())
        }
    }

    private func lie(_ sleeper: Sleeper) {
        var over: Result<Void, any Error>?
        let watchers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            if state.cancelled.contains(sleeper.number) {
                over = .failure(CancellationError())
            } else if sleeper.until <= start.advanced(by: state.passed) {
                over = .success(())
            } else {
                state.sleepers.append(sleeper)
                let ready = state.watchers.filter { $0.naps < state.lengths.count }
                state.watchers.removeAll { $0.naps < state.lengths.count }
                return ready.map(\.wake)
            }
            return []
        }
        if let over { sleeper.wake.resume(with: over) }
        for watcher in watchers { watcher.resume() }
    }

    /// Lets time pass.
    func advance(by seconds: Double) {
        let due = state.withLock { state -> [Sleeper] in
            state.passed += .seconds(seconds)
            let now = start.advanced(by: state.passed)
            let due = state.sleepers.filter { $0.until <= now }
            state.sleepers.removeAll { $0.until <= now }
            return due
        }
        for sleeper in due { sleeper.wake.resume() }
    }

    /// Waits until somebody lies down after that many naps.
    func quiet(after naps: Int) async {
        await withCheckedContinuation { wake in
            let isQuiet = state.withLock { state in
                if state.lengths.count > naps, !state.sleepers.isEmpty { return true }
                state.watchers.append((naps, wake))
                return false
            }
            if isQuiet { wake.resume() }
        }
    }
}

/// A door that holds up whoever comes, until it is opened.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var arrived = 0
        var held: [CheckedContinuation<Void, Never>] = []
        var watchers: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    func pass() async {
        await withCheckedContinuation { wake in
            let (isOpen, watchers) = state.withLock { state in
                state.arrived += 1
                if !state.isOpen { state.held.append(wake) }
                let ready = state.watchers.filter { $0.count <= state.arrived }
                state.watchers.removeAll { $0.count <= state.arrived }
                return (state.isOpen, ready)
            }
            for watcher in watchers { watcher.wake.resume() }
            if isOpen { wake.resume() }
        }
    }

    func open() {
        let held = state.withLock { state in
            state.isOpen = true
            defer { state.held = [] }
            return state.held
        }
        for wake in held { wake.resume() }
    }

    /// Waits until that many have come.
    func arrived(_ count: Int = 1) async {
        await withCheckedContinuation { wake in
            let isThere = state.withLock { state in
                if state.arrived >= count { return true }
                state.watchers.append((count, wake))
                return false
            }
            if isThere { wake.resume() }
        }
    }
}
