// SPDX-License-Identifier: MIT
import Dispatch
import Glibc
import Synchronization

/// A value that one thread waits for and another sets.
final class Latch<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func set(_ new: Value) {
        value.withLock { $0 = new }
        semaphore.signal()
    }

    func get() -> Value {
        while true {
            semaphore.wait()
            if let value = value.withLock(\.self) { return value }
        }
    }
}

/// Signals that end a command that has no screen: what was begun is given back before it ends.
enum Interrupt {
    private struct State: Sendable {
        var signal: Int32 = 0
        var actions: [@Sendable () -> Void] = []
    }
    private static let state = Mutex(State())
    private static let watched = Mutex<Set<Int32>>([])

    /// The signal that came; 0: none.
    static var signal: Int32 { state.withLock(\.signal) }

    /// What to do when SIGINT, SIGTERM or SIGHUP comes; a second one ends the program at once.
    static func onSignal(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.actions.append(action) }
        for number in [SIGINT, SIGTERM, SIGHUP] { watch(number) }
    }

    private static func watch(_ number: Int32) {
        guard watched.withLock({ $0.insert(number).inserted }) else { return }
        Glibc.signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        // Its own closure keeps the source for as long as the program runs.
        source.setEventHandler {
            _ = source
            received(number)
        }
        source.resume()
    }

    private static func received(_ number: Int32) {
        let (actions, isSecond) = state.withLock { state in
            let isSecond = state.signal != 0
            state.signal = number
            return (state.actions, isSecond)
        }
        if isSecond { _exit(128 + number) }
        for action in actions { action() }
    }
}
