// SPDX-License-Identifier: MIT

/// Takes secrets out of what goes to logs.
public enum Redaction {
    /// What stands for a secret.
    public static let mark = "•••"

    private static let secretWords = [
        "token", "secret", "password", "passwd", "pwd", "apikey", "api_key", "api-key", "sig", "signature", "auth",
        "ticket", "code", "assertion", "credential", "session", "sid", "jwt",
    ]

    /// A URL without user, password and fragment, and with a mark for the values of parameters that may be secrets.
    public static func url(_ url: String) -> String {
        var text = url.prefix { $0 != "#" }
        let query = text.firstIndex(of: "?").map { text[text.index(after: $0)...] }
        if query != nil { text = text.prefix { $0 != "?" } }
        var result = String(text)
        if let slashes = text.firstRange(of: "://") {
            let authority = text[slashes.upperBound...].prefix { $0 != "/" }
            if let at = authority.lastIndex(of: "@") {
                result = "\(text[..<slashes.upperBound])\(mark)\(text[at...])"
            }
        }
        guard let query else { return result }
        let parts = query.split(separator: "&", omittingEmptySubsequences: false).map { part -> String in
            guard let equals = part.firstIndex(of: "="), isSecret(part[..<equals]) else { return String(part) }
            return part[...equals] + mark
        }
        return result + "?" + parts.joined(separator: "&")
    }

    private static func isSecret(_ name: some StringProtocol) -> Bool {
        // An encoded name is read as what it means.
        let name = (WebAddress.decode(name) ?? String(name)).lowercased()
        return name == "key" || secretWords.contains { name.contains($0) }
    }
}
