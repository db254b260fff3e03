// SPDX-License-Identifier: MIT
import HTTP

/// What a token says of itself, where it is a JSON web token. Graph's own are not promised to be.
struct GraphClaims: TokenClaims, Sendable {
    @IfReadable var oid: String?
    @IfReadable var appid: String?
    @IfReadable var idtyp: String?
    @IfReadable var name: String?
    @IfReadable var upn: String?
    @IfReadable var email: String?

    /// By what else than the id the account can be told.
    var addresses: Set<String> { Set([upn, email].compactMap { $0?.lowercased() }) }
}
