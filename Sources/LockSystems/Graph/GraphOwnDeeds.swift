// SPDX-License-Identifier: MIT
import Synchronization

/// What this program has done itself, by item: Graph tells neither how long a lock was asked for, nor by which
/// application a file was checked out.
final class GraphOwnDeeds: Sendable {
    private struct State {
        var taken: Set<String> = []
        var minutes: [String: Int] = [:]
    }
    private let state = Mutex(State())

    func take(_ item: String) { state.withLock { _ = $0.taken.insert(item) } }
    func giveBack(_ item: String) {
        state.withLock { state in
            state.taken.remove(item)
            state.minutes[item] = nil
        }
    }
    func hasTaken(_ item: String) -> Bool { state.withLock { $0.taken.contains(item) } }

    func lock(_ item: String, minutes: Int) { state.withLock { $0.minutes[item] = minutes } }
    func minutes(_ item: String) -> Int? { state.withLock { $0.minutes[item] } }
}
