// SPDX-License-Identifier: MIT

/// What a token says of itself, where it is a JSON web token. Graph's own are not promised to be.
struct GraphClaims: TokenClaims, Sendable {
    var oid: String?
    var appid: String?
    var idtyp: String?
    var name: String?
    var upn: String?
    var email: String?

    /// By what else than the id the account can be told.
    var addresses: Set<String> { Set([upn, email].compactMap { $0?.lowercased() }) }
}
