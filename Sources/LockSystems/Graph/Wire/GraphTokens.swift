// SPDX-License-Identifier: MIT

/// Tokens, as the sign-in host hands them out.
struct GraphTokens: Decodable, Sendable {
    var accessToken: String
    var refreshToken: String?
    var idToken: String?
    var scope: String?
    var expiresIn: Double

    enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case idToken = "id_token"
        case expiresIn = "expires_in"
        case scope
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        accessToken = try values.decode(String.self, forKey: .accessToken)
        refreshToken = try values.decodeIfPresent(String.self, forKey: .refreshToken)
        idToken = try values.decodeIfPresent(String.self, forKey: .idToken)
        scope = try values.decodeIfPresent(String.self, forKey: .scope)
        // Old sign-in hosts write the number as text.
        let text = try? values.decode(String.self, forKey: .expiresIn)
        expiresIn = text.flatMap(Double.init) ?? (try? values.decode(Double.self, forKey: .expiresIn)) ?? 3_600
    }
}

/// What is kept of a sign-in between runs.
struct GraphKeptSignIn: Codable, Sendable {
    var access: String
    var refresh: String?
    /// When the access token ends, in seconds since 1970 by our clock.
    var expires: Double
    var scope: String?
}
