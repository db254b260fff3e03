// SPDX-License-Identifier: MIT

/// Who signs in to a server, and where the secrets come from.
///
/// It holds sources, not secrets (but for a literal in a private file): ask `SecretReader` for the secret itself.
/// A user without any secret is valid.
public struct AuthProfile: Sendable, Equatable {
    /// The account's name.
    public var user: String?
    /// superoffice: `basic`, `soticket` or `bearer`. plone: `negotiate`, by the Kerberos ticket that `kinit` got, or
    /// nothing.
    public var scheme: String?
    /// msgraph: `device_code` or `client_credentials`.
    public var flow: String?
    /// msgraph: the id of the registered application.
    public var clientID: String?
    /// Where the password comes from.
    public var password: SecretSource?
    /// Where a ready token comes from.
    public var token: SecretSource?
    /// superoffice: where the application's token comes from.
    public var appToken: SecretSource?
    /// msgraph: where the registered application's secret comes from.
    public var clientSecret: SecretSource?
    /// Whether user and password are looked up in the user's netrc file.
    public var netrc: Bool

    /// Makes a profile; without arguments nobody signs in.
    public init(
        user: String? = nil, scheme: String? = nil, flow: String? = nil, clientID: String? = nil,
        password: SecretSource? = nil, token: SecretSource? = nil, appToken: SecretSource? = nil,
        clientSecret: SecretSource? = nil, netrc: Bool = false
    ) {
        self.user = user
        self.scheme = scheme
        self.flow = flow
        self.clientID = clientID
        self.password = password
        self.token = token
        self.appToken = appToken
        self.clientSecret = clientSecret
        self.netrc = netrc
    }
}
