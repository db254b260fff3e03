// SPDX-License-Identifier: MIT
import FoundationEssentials

/// What a JSON web token says of itself. Its signature is the server's business.
protocol TokenClaims: Decodable {}

extension TokenClaims {
    /// Reads the middle part of a token; `nil` for one that is of another kind.
    init?(token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: String(text)),
            let claims = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = claims
    }
}
