// SPDX-License-Identifier: MIT
import HTTP
import Synchronization

/// A request that somebody waits for.
struct Order: Sendable {
    let request: Request
    let server: WebAddress
    let deadline: ContinuousClock.Instant
    let ticket: Ticket
    /// Whether it goes before others that wait for a connection.
    let isUrgent: Bool
    let continuation: CheckedContinuation<Response, any Error>

    /// Says that nobody waits any more. It may say so before the order has reached the network's thread.
    final class Ticket: Sendable {
        private let flag = Atomic(false)
        var isCancelled: Bool { flag.load(ordering: .acquiring) }
        func cancel() { flag.store(true, ordering: .releasing) }
    }
}
