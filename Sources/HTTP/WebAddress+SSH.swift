// SPDX-License-Identifier: MIT

extension WebAddress {
    /// The address by HTTPS of what is named by SSH, as git names it: `git@host:studio/game.git` or `ssh://host/game.git`.
    /// `nil` where a text is no such name. Whoever signs in by SSH, and by which port, is left out.
    public static func insteadOfSSH(_ text: String) -> WebAddress? {
        // What has an `@` where a path is may be a password in pieces, and is not repeated.
        if let slashes = text.firstRange(of: "://") {
            guard ["ssh", "git+ssh", "ssh+git"].contains(text[..<slashes.lowerBound].lowercased()) else { return nil }
            let rest = text[slashes.upperBound...]
            let authority = rest.prefix { $0 != "/" }
            guard !rest[authority.endIndex...].contains("@") else { return nil }
            let host = hostAlone(authority.split(separator: "@").last ?? "")
            return try? WebAddress("https://\(host)\(rest[authority.endIndex...])")
        }
        // Behind a host and its colon there stands a port, but never a path that is none of a server's.
        guard let colon = text.firstIndex(of: ":"), !text.hasPrefix("["), !text[..<colon].contains("/") else {
            return nil
        }
        let names = text[text.index(after: colon)...].drop { $0 == "/" }
        let before = text[..<colon]
        guard !names.isEmpty, !names.contains("@"), names.contains("/") || names.hasSuffix(".git"),
            !names.prefix(while: { $0 != "/" }).allSatisfy({ $0.isASCII && $0.isNumber }),
            let host = before.split(separator: "@").last, before.contains("@") || host.contains(".")
        else { return nil }
        return try? WebAddress("https://\(host)/\(names)")
    }

    private static func hostAlone(_ text: Substring) -> Substring {
        guard !text.hasPrefix("["), let colon = text.lastIndex(of: ":") else { return text }
        return text[..<colon]
    }
}
