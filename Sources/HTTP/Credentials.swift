// SPDX-License-Identifier: MIT

/// What signs a request in. It describes itself as `•••`, wherever it is printed.
public enum Credentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A user and a password, sent with every request.
    case basic(user: String, password: String)
    /// A token.
    case bearer(token: String)
    /// What a Kerberos ticket makes for one request.
    case negotiate(token: [UInt8])

    /// The value of the `Authorization` header.
    public var header: String {
        switch self {
        case .basic(let user, let password): "Basic " + Base64.encoded(Array("\(user):\(password)".utf8))
        case .bearer(let token): "Bearer " + token
        case .negotiate(let token): "Negotiate " + Base64.encoded(token)
        }
    }

    /// Never the secret.
    public var description: String { "•••" }
    /// Never the secret.
    public var debugDescription: String { "•••" }
    /// Never the secret: `dump` prints what is here.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Base64 as in RFC 4648, section 4.
enum Base64 {
    static func encoded(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var word = UInt32(bytes[start]) << 16
            if count > 1 { word |= UInt32(bytes[start + 1]) << 8 }
            if count > 2 { word |= UInt32(bytes[start + 2]) }
            for place in 0..<4 {
                result.append(
                    place <= count ? letters[Int(word >> UInt32(18 - 6 * place)) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
