// SPDX-License-Identifier: MIT

/// What an address (URL) of the configuration has to be.
enum AddressRule {
    /// The address as written, or a sentence. `plainAllowed`: whether `http://` may leave this machine.
    static func check(_ text: String, plainAllowed: Bool) throws(Complaint) -> String {
        // First of all, so that no later sentence quotes a password.
        let parts = try split(text)
        guard !parts.authority.contains("@") else {
            throw Complaint("no user or secret in an address; write them under `auth`")
        }
        guard text.utf8.count <= 2_048, text.unicodeScalars.allSatisfy({ ("!"..."~").contains($0) }) else {
            throw Complaint("the address has spaces or characters that are not allowed; write them as `%XX`")
        }
        guard !parts.path.contains("?"), !parts.path.contains("#") else {
            throw Complaint("the address has a `?` or `#` part; expected only host, port and path")
        }
        let host = try host(of: parts.authority)
        if parts.scheme == "http", !plainAllowed, !isLoopback(host) {
            throw Complaint(
                "plain `http://` to \(Quote.value(host)) sends secrets readable by everybody on the way; "
                    + "write `https://`, or `insecure_http: true` if you must")
        }
        return text
    }

    private static func split(
        _ text: String
    ) throws(Complaint) -> (scheme: String, authority: Substring, path: Substring) {
        let slashes = text.firstRange(of: "://")
        let scheme = slashes.map { text[..<$0.lowerBound].lowercased() } ?? ""
        guard let slashes, scheme == "http" || scheme == "https" else {
            // Quoted only without `@` and `?`, behind which secrets stand.
            let isQuotable = !text.contains("@") && !text.contains("?")
            if isQuotable, slashes == nil, isHost(text.prefix { !"/:".contains($0) }), text.contains(".") {
                throw Complaint("the address lacks `https://`; write \(Quote.value("https://" + text))")
            }
            let found = isQuotable && !text.isEmpty ? ", found \(Quote.value(text))" : ""
            throw Complaint("expected an address that begins with `https://` (or `http://`)\(found)")
        }
        let rest = text[slashes.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        // A `/`, `?` or `#` in a password must not hide its `@`; `host:8080/@name` is right, though.
        if rest.contains("@"), let colon = authority.lastIndex(of: ":"), !authority.hasPrefix("["),
            !authority[colon...].dropFirst().allSatisfy({ ("0"..."9").contains($0) })
        {
            throw Complaint("no user or secret in an address; write them under `auth`")
        }
        return (scheme, authority, rest[authority.endIndex...])
    }

    /// The host without its port; checks both.
    private static func host(of authority: Substring) throws(Complaint) -> String {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw Complaint("the host's `[` is not closed") }
            host = authority[...close]
            let rest = authority[authority.index(after: close)...]
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw Complaint("\(Quote.value(String(authority))) is no host")
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        if let port {
            guard !port.isEmpty else { throw Complaint("the address has no port behind its `:`") }
            guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
                (1...65_535).contains(number)
            else { throw Complaint("\(Quote.value(String(port))) is no port; expected a number from 1 to 65535") }
        }
        guard isHost(host) else {
            throw Complaint(
                host.isEmpty
                    ? "the address has no host" : "\(Quote.value(String(host))) is no name or address of a host")
        }
        return host.lowercased()
    }

    private static func isHost(_ host: Substring) -> Bool {
        if host.hasPrefix("["), host.hasSuffix("]") {
            let inner = host.dropFirst().dropLast()
            return inner.contains(":")
                && inner.unicodeScalars.allSatisfy { "0123456789abcdefABCDEF:.".unicodeScalars.contains($0) }
        }
        let isName = host.unicodeScalars.allSatisfy {
            ValueRule.isLetterOrDigit($0) || "-_.".unicodeScalars.contains($0)
        }
        return isName && !host.isEmpty && !host.hasPrefix(".") && !host.hasPrefix("-") && !host.contains("..")
    }

    /// Whether the host is this machine, by its name alone.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }
}
