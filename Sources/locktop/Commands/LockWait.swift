// SPDX-License-Identifier: MIT
import Locks
import Watching

/// Trying for one item's lock until it is there.
struct LockWait: Sendable {
    private let connection: Connection
    private let name: String
    private let wish: Wish

    init(_ undertaking: Undertaking) {
        connection = undertaking.connection
        name = undertaking.name
        wish = undertaking.wish
    }

    /// Tries until it is had, until it can't be had any more, or until the time is over.
    /// - Returns: how the last attempt ended, and whether it was the time that ended the wait.
    func take(within patience: Double) async -> (result: OperationResult, hasRunOut: Bool) {
        let deadline = ContinuousClock.now + .seconds(min(patience, 1e9))
        let poll = max(0.2, connection.facts.pace.poll)
        var isSeen = false
        var troubles = 0
        while true {
            let result = await connection.performer.perform(wish, on: name).result
            if result.reason == .conflict { isSeen = true }
            guard goesOn(after: result, isSeen: isSeen), !Task.isCancelled else { return (result, false) }
            if result.reason == .conflict {
                if troubles > 0 { Out.say("\(connection.facts.name) answers again.") }
                troubles = 0
            } else {
                if troubles == 0, patience > 0 { Out.say("\(name): \(result.why) The wait goes on.") }
                troubles += 1
            }
            let left = (deadline - .now) / .seconds(1)
            guard left > 0 else { return (result, patience > 0) }
            try? await Task.sleep(for: .seconds(min(poll * Double(1 << min(troubles, 4)), left)))
            if Task.isCancelled { return (result, false) }
        }
    }

    // What has been seen held will be there again after a bad minute of the server. What was never seen may never be.
    private func goesOn(after result: OperationResult, isSeen: Bool) -> Bool {
        switch result.reason {
        case .conflict: !(result.after?.holder.isMe ?? false)
        case .throttled: true
        case .unreachable, .server: isSeen && result.outcome == .failed
        default: false
        }
    }
}
