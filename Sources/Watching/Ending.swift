// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// When a lock of mine ends, by the clock that goes on whatever is done to the one on the wall.
struct Ending: Sendable {
    /// What the server said, as the clock on the wall stood then.
    let expires: Date
    let at: ContinuousClock.Instant
}

extension ServerWatch {
    /// Notes when a lock of mine ends, as the reading tells it.
    func noteEnding(of row: Row) {
        guard let lock = row.lock, lock.holder.isMe, let expires = lock.expires else {
            if !endings.isEmpty { endings[row.item.id] = nil }
            return
        }
        // What is told again ends when it was first said to end: the clock may have been set between.
        if endings[row.item.id]?.expires == expires { return }
        let left = max(-86_400, min(expires.timeIntervalSince(time.wall()), 1e9))
        endings[row.item.id] = Ending(expires: expires, at: time.now().advanced(by: .seconds(left)))
    }
}
