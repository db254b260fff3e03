// SPDX-License-Identifier: MIT
public import Locks

/// What the configuration says of signing in, from which a kind makes its `Login`.
public struct SignInOptions: Sendable {
    /// The account, where one is named.
    public var user: String?
    /// The account's password, where the configuration has one or a user with none: then it throws what to do.
    public var password: SystemProfile.Secret?
    /// The other values under `auth`.
    public var values: OptionValues
    /// All secrets by their keys, `token` among them.
    public var secrets: [String: SystemProfile.Secret]

    /// What is said.
    public init(
        user: String?, password: SystemProfile.Secret?, values: OptionValues,
        secrets: [String: SystemProfile.Secret]
    ) {
        self.user = user
        self.password = password
        self.values = values
        self.secrets = secrets
    }

    /// By token, else by password, else as anybody.
    public var usual: SystemProfile.Login {
        if let token = secrets["token"] { return .token(token) }
        guard let password else { return .anonymous }
        return .password(user: user ?? "", secret: password, isBasic: false)
    }
}
