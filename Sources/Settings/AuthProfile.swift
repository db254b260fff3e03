// SPDX-License-Identifier: MIT
public import Locks

/// Who signs in to a server, and where the secrets come from.
///
/// It holds sources, not secrets (but for a literal in a private file): ask `SecretReader` for the secret itself.
/// A user without any secret is valid.
public struct AuthProfile: Sendable, Equatable {
    /// What is no secret, by its key: `user`, `netrc`, and what only some kinds know.
    public var values: OptionValues
    /// Where each secret comes from, by its key: `password`, `token`, and what only some kinds know.
    public var secrets: [String: SecretSource]

    /// Makes a profile; without arguments nobody signs in.
    public init(
        user: String? = nil, password: SecretSource? = nil, token: SecretSource? = nil, netrc: Bool = false,
        _ values: OptionValues = OptionValues()
    ) {
        self.values = OptionValues()
        secrets = [:]
        self.user = user
        self.password = password
        self.token = token
        self.netrc = netrc
        self.values.merge(values)
    }

    /// The account's name.
    public var user: String? {
        get { values.text("user") }
        set { values.put("user", newValue) }
    }

    /// Whether user and password are looked up in the user's netrc file.
    public var netrc: Bool {
        get { values.flag("netrc") }
        set { values.put("netrc", newValue) }
    }

    /// Whether git is asked for user and password.
    public var gitCredential: Bool { values.flag("git_credential") }

    /// Where the password comes from.
    public var password: SecretSource? {
        get { secrets["password"] }
        set { secrets["password"] = newValue }
    }

    /// Where a ready token comes from.
    public var token: SecretSource? {
        get { secrets["token"] }
        set { secrets["token"] = newValue }
    }
}
