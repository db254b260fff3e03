// SPDX-License-Identifier: MIT
import Locks
import Synchronization

/// What the watches publish, for a reader who takes his time: events one after another, and of each server only its
/// newest state.
final class EventFeed: Sendable {
    /// What came since the last look.
    struct Batch: Sendable {
        /// Events in the order in which they came, each with the item as it is now, where it is known.
        var events: [(event: LockEvent, item: Item?)] = []
        /// How many events were left out because nobody took them.
        var leftOut = 0
        /// The newest state of each server that published anything.
        var updates: [String: ServerUpdate] = [:]
    }

    private static let limit = 100_000

    private let batch = Mutex(Batch())
    private let signal: AsyncStream<Void>.Continuation
    /// One element for each time that there may be something new; it ends with `finish`.
    let news: AsyncStream<Void>

    init() { (news, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func post(_ update: ServerUpdate) {
        batch.withLock { batch in
            let room = max(0, Self.limit - batch.events.count)
            batch.events += update.events.prefix(room).map { ($0, update.catalog[$0.ref.id]?.item) }
            batch.leftOut += max(0, update.events.count - room)
            batch.updates[update.server] = update
        }
        signal.yield()
    }

    /// Lets the reader look although nothing was published.
    func wake() { signal.yield() }

    func finish() { signal.finish() }

    func take() -> Batch {
        batch.withLock { batch in
            let taken = batch
            batch = Batch()
            return taken
        }
    }
}
