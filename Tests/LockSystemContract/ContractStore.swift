// SPDX-License-Identifier: MIT
public import LockSystems
import Synchronization

/// What clients keep between runs, in memory. A server's clients that share it are programs of one user.
public final class ContractStore: TokenStore {
    private let texts = Mutex<[String: String]>([:])

    /// An empty store.
    public init() {}

    /// Everything that is kept.
    public var all: [String: String] { texts.withLock(\.self) }

    /// What is kept under that key.
    public func token(for key: String) -> String? { texts.withLock { $0[key] } }

    /// Changes what is kept under that key.
    public func update(_ key: String, _ change: (String?) -> String?) { texts.withLock { $0[key] = change($0[key]) } }
}
