// SPDX-License-Identifier: MIT
import LockSystems
import Synchronization

/// Sign-ins of a server that nobody has agreed yet to add: kept nowhere but here.
final class TrialTokens: TokenStore {
    private let tokens = Mutex<[String: String]>([:])

    func token(for key: String) -> String? { tokens.withLock { $0[key] } }

    func update(_ key: String, _ change: (String?) -> String?) {
        tokens.withLock { $0[key] = change($0[key]) }
    }
}
