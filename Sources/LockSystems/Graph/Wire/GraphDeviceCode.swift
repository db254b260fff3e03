// SPDX-License-Identifier: MIT

/// The answer of the sign-in host to the wish for a code.
struct GraphDeviceCode: Decodable, Sendable {
    var deviceCode: String
    var userCode: String
    var verificationURI: String
    var expiresIn: Double?
    var interval: Double?

    enum CodingKeys: String, CodingKey {
        case deviceCode = "device_code"
        case userCode = "user_code"
        case verificationURI = "verification_uri"
        case expiresIn = "expires_in"
        case interval
    }
}
