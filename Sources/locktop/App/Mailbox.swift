// SPDX-License-Identifier: MIT
import Dashboard
import Locks
import Synchronization
import Terminal

/// The only way from the concurrent world to the screen. For each server the newest state replaces the older one, so a
/// slow terminal can't make it grow.
final class Mailbox: Sendable {
    private struct Contents {
        var updates: [String: ServerUpdate] = [:]
        var order: [String] = []
        var events: [Event] = []
    }
    private let contents = Mutex(Contents())

    func post(_ event: Event) {
        contents.withLock { contents in
            guard case .update(let update) = event else {
                contents.events.append(event)
                return
            }
            if contents.updates[update.server] == nil {
                contents.order.append(update.server)
                contents.updates[update.server] = update
            } else {
                contents.updates[update.server]?.replace(with: update)
            }
        }
        Waker.wake()
    }

    func drain() -> [Event] {
        contents.withLock { contents in
            let events = contents.order.compactMap { contents.updates[$0] }.map(Event.update) + contents.events
            contents = Contents()
            return events
        }
    }
}
