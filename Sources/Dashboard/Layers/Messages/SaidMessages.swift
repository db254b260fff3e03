// SPDX-License-Identifier: MIT
import FoundationEssentials

/// What the message line said, so that what the next key took away can still be read.
struct SaidMessages: Hashable, Sendable {
    struct Said: Hashable, Sendable {
        /// Counts up.
        let number: Int
        let time: Date
        let message: Model.Message
    }

    /// How many are kept.
    static let most = 500

    /// The newest last.
    private(set) var all: [Said] = []
    private var count = 0

    mutating func note(_ message: Model.Message, at time: Date) {
        guard !message.isPassing else { return }
        count += 1
        all.append(Said(number: count, time: time, message: message))
        if all.count > Self.most { all.removeFirst(all.count - Self.most) }
    }
}
