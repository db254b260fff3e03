// SPDX-License-Identifier: MIT
import Locks
import Synchronization

/// Whose locks are, by their ids, as `locks/verify` told it: a lock never changes hands under its id.
final class GitLFSOwners: Sendable {
    private struct State {
        var mine: Set<String> = []
        var others: Set<String> = []
        /// Made by us, by the server's word.
        var granted: Set<String> = []
        /// Whether the server tells ours from theirs; `nil`: not tried yet.
        var areTold: Bool?
        var areStrangers = false
    }
    private static let most = 200_000
    private let state = Mutex(State())

    /// Whether the server tells ours from theirs: it does to who may push. `nil`: not tried yet.
    var areTold: Bool? {
        get { state.withLock(\.areTold) }
        set { state.withLock { $0.areTold = newValue } }
    }

    /// Whether a refused sign-in was one when it was looked at last, and no lack of rights.
    var areStrangers: Bool {
        get { state.withLock(\.areStrangers) }
        set { state.withLock { $0.areStrangers = newValue } }
    }

    /// Takes note of what `locks/verify` told.
    func note(_ page: GitLFSPage) {
        state.withLock { state in
            (state.areTold, state.areStrangers) = (true, false)
            if state.mine.count + state.others.count > Self.most { (state.mine, state.others) = ([], []) }
            state.mine.formUnion(page.ours.map(\.id))
            state.others.formUnion(page.theirs.map(\.id))
        }
    }

    /// Takes note of a lock that the server says is ours now.
    func grant(_ id: String) { state.withLock { _ = $0.granted.insert(id) } }

    /// Whose a lock is; `nil`: `locks/verify` has not told it yet.
    func owner(of id: String) -> Ownership? {
        state.withLock { state in
            if state.mine.contains(id) { return .mine }
            if state.others.contains(id) { return .other }
            guard state.areTold == false else { return nil }
            // Who may only read has no locks of its own, but for those that this program has made.
            return state.granted.contains(id) ? .mine : .other
        }
    }
}
