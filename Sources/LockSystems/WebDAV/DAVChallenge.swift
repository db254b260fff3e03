// SPDX-License-Identifier: MIT
import HTTP

/// One of the ways in that a server names when it refuses: the scheme and what goes with it (RFC 7235, section 4.1).
struct DAVChallenge: Hashable, Sendable {
    /// In small letters: `basic`, `digest`.
    var scheme: String
    /// By their names in small letters.
    var values: [String: String] = [:]

    /// Those of an answer, in its order. Several may stand in one field, parted by commas as their values are.
    static func all(in response: Response) -> [DAVChallenge] {
        response.headers.all("WWW-Authenticate").flatMap { read($0[...]) }
    }

    private static func read(_ field: Substring) -> [DAVChallenge] {
        var challenges: [DAVChallenge] = []
        var rest = field
        while true {
            rest = rest.drop { $0 == " " || $0 == "," || $0 == "\t" }
            let word = rest.prefix { !" \t,=".contains($0) }
            guard !word.isEmpty else { return challenges }
            rest = rest[word.endIndex...]
            let after = rest.drop { $0 == " " || $0 == "\t" }
            guard after.first == "=", !challenges.isEmpty else {
                challenges.append(DAVChallenge(scheme: word.lowercased()))
                // A token of its own, as Negotiate's, is of no use here.
                let token = after.prefix { !" \t,".contains($0) }
                if token.hasSuffix("=") { rest = after[token.endIndex...] }
                continue
            }
            rest = after.dropFirst().drop { $0 == " " || $0 == "\t" }
            let value: String
            (value, rest) = read(value: rest)
            challenges[challenges.count - 1].values[word.lowercased()] = value
        }
    }

    private static func read(value text: Substring) -> (String, Substring) {
        guard text.first == "\"" else {
            let word = text.prefix { !" \t,".contains($0) }
            return (String(word), text[word.endIndex...])
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst(), character != "\"" {
            value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
        }
        return (value, rest)
    }
}

extension DAVChallenge {
    /// Whether it is Digest as it is spoken here: with MD5.
    var isDigest: Bool {
        guard scheme == "digest", values["nonce"] != nil else { return false }
        let algorithm = values["algorithm"]?.lowercased() ?? "md5"
        return algorithm == "md5" || algorithm == "md5-sess"
    }

    /// The `Authorization` of one request (RFC 7616 section 3.4, and RFC 2069 where the server names no `qop`).
    func digest(
        user: String, password: String, method: String, target: String, count: Int, salt: String
    ) -> String {
        let (realm, nonce) = (values["realm"] ?? "", values["nonce"] ?? "")
        var secret = MD5.hex("\(user):\(realm):\(password)")
        if values["algorithm"]?.lowercased() == "md5-sess" { secret = MD5.hex("\(secret):\(nonce):\(salt)") }
        let deed = MD5.hex("\(method):\(target)")
        let takesAuth = (values["qop"] ?? "").lowercased().split(separator: ",")
            .contains { $0.split(separator: " ").first == "auth" }
        let digits = String(count, radix: 16)
        let number = String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
        let middle = takesAuth ? ":\(number):\(salt):auth:" : ":"
        var parts = [
            "username=\(Self.quoted(user))", "realm=\(Self.quoted(realm))", "nonce=\(Self.quoted(nonce))",
            "uri=\(Self.quoted(target))", "response=\"\(MD5.hex("\(secret):\(nonce)\(middle)\(deed)"))\"",
        ]
        if let algorithm = values["algorithm"] { parts.append("algorithm=\(algorithm)") }
        if let opaque = values["opaque"] { parts.append("opaque=\(Self.quoted(opaque))") }
        if takesAuth { parts += ["qop=auth", "nc=\(number)", "cnonce=\"\(salt)\""] }
        return "Digest " + parts.joined(separator: ", ")
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
