// SPDX-License-Identifier: MIT
import CCurl
import HTTP
import Synchronization

/// What has been ordered and not been begun: the way from the callers to the network's thread.
final class Orders: Sendable {
    private struct State {
        var waiting: [Order] = []
        var isClosed = false
        /// Why nothing can be sent any more.
        var end: TransportError?
        /// Whether the thread has ended, and all connections with it.
        var isOver = false
        /// The address of the handle to wake; `nil` before the thread has made it, and after it has freed it.
        var multi: UInt?
        var farewells: [CheckedContinuation<Void, Never>] = []
        /// Whether the thread is to look at its transfers before it sleeps.
        var isCalled = false
        /// Whether the thread sleeps, or is about to.
        var isAsleep = false

        // Under the lock, so that the handle can't be freed meanwhile. Who is awake looks by itself: waking costs
        // a call into the kernel here and another one there.
        mutating func call() {
            isCalled = true
            guard isAsleep, let multi, let handle = unsafe UnsafeMutableRawPointer(bitPattern: multi) else { return }
            isAsleep = false
            unsafe cc_multi_wake(handle)
        }
    }

    private let state = Mutex(State())

    /// Hands over an order. It is answered even when nothing can be sent any more.
    func leave(_ order: Order) {
        let refusal = state.withLock { state -> TransportError? in
            if state.isClosed || state.end != nil { return state.end ?? Self.closed }
            state.waiting.append(order)
            state.call()
            return nil
        }
        if let refusal { order.continuation.resume(throwing: refusal) }
    }

    /// Makes the thread look whether an order was cancelled.
    func wake() {
        state.withLock { $0.call() }
    }

    /// Lets the thread end.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.call()
        }
    }

    /// Lets the thread end, and waits until it has.
    func closed() async {
        close()
        await withCheckedContinuation { farewell in
            let isOver = state.withLock { state in
                if !state.isOver { state.farewells.append(farewell) }
                return state.isOver
            }
            if isOver { farewell.resume() }
        }
    }

    // MARK: For the thread

    /// Says whom to wake.
    func serve(_ multi: UInt) {
        state.withLock { $0.multi = multi }
    }

    /// The new orders; `nil`: it is time to end.
    func take() -> [Order]? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            (state.isCalled, state.isAsleep) = (false, false)
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// Whether the thread may sleep: nobody has called since it took what there was. From now on it is woken.
    func maySleep() -> Bool {
        state.withLock { state in
            state.isAsleep = !state.isCalled
            return state.isAsleep
        }
    }

    /// Nothing is sent from now on, and nobody is woken: what still waits gets the reason.
    func refuse(_ reason: TransportError = Orders.closed) {
        let waiting = state.withLock { state in
            state.end = reason
            state.multi = nil
            defer { state.waiting = [] }
            return state.waiting
        }
        for order in waiting { order.continuation.resume(throwing: reason) }
    }

    /// All is closed, or was never opened: nothing is sent from now on.
    func end(_ reason: TransportError = Orders.closed) {
        refuse(reason)
        let farewells = state.withLock { state in
            state.isOver = true
            defer { state.farewells = [] }
            return state.farewells
        }
        for farewell in farewells { farewell.resume() }
    }

    static let closed = TransportError(
        .connectionLost, "The connections are closed already.", surelyNotSent: true)
}
