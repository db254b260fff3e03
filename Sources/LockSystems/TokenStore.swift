// SPDX-License-Identifier: MIT

/// Where sign-ins are kept between runs: private, one for a server and account. Several programs of one user share it.
public protocol TokenStore: Sendable {
    /// What is kept under that key.
    func token(for key: String) -> String?
    /// Changes what is kept under that key, with nobody else in between: `change` gets what is there and gives what is
    /// to be there, `nil` for nothing.
    func update(_ key: String, _ change: (String?) -> String?)
}

extension TokenStore {
    /// Keeps a token, whatever was there; `nil` forgets it.
    public func keep(_ token: String?, for key: String) { update(key) { _ in token } }

    /// Keeps `new` only if what is kept is still `old`: another program may have put a better one there meanwhile.
    /// - Returns: whether it was.
    @discardableResult
    public func replace(_ key: String, if old: String?, with new: String?) -> Bool {
        var isSame = false
        update(key) { kept in
            isSame = kept == old
            return isSame ? new : kept
        }
        return isSame
    }
}

/// Keeps nothing.
public struct ForgetfulTokens: TokenStore {
    /// A store that keeps nothing.
    public init() {}
    /// Nothing.
    public func token(for key: String) -> String? { nil }
    /// Does nothing.
    public func update(_ key: String, _ change: (String?) -> String?) { _ = change(nil) }
}
