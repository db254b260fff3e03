// SPDX-License-Identifier: MIT
internal import HTTP
internal import Locks

/// What an address (URL) of the configuration has to be. What an address is at all, `WebAddress` decides, so that what
/// is right here can be used later.
enum AddressRule {
    /// The address as written, or a sentence. `plainAllowed`: whether `http://` may leave this machine.
    static func check(_ text: String, plainAllowed: Bool) throws(Complaint) -> String {
        // First of all, so that no later sentence quotes a password.
        let parts = try split(text)
        guard !parts.authority.contains("@") else {
            throw Complaint("no user or secret in an address; write them under `auth`")
        }
        guard text.utf8.count <= 2_048, isWritable(text, parts.authority) else {
            throw Complaint("the address has spaces or characters that are not allowed; write them as `%XX`")
        }
        guard !parts.path.contains("?"), !parts.path.contains("#") else {
            throw Complaint("the address has a `?` or `#` part; expected only host, port and path")
        }
        let address: WebAddress
        do { address = try WebAddress(text) } catch { throw Complaint(clause(error)) }
        if address.scheme == "http", !plainAllowed, !address.isLoopback {
            throw Complaint(
                "plain `http://` to \(Quote.value(address.host)) sends secrets readable by everybody on the way; "
                    + "write `https://`, or `insecure_http: true` if you must")
        }
        return text
    }

    // A name may have letters beyond ASCII: `WebAddress` knows which.
    private static func isWritable(_ text: String, _ authority: Substring) -> Bool {
        let odd = text.unicodeScalars.count { !("!"..."~").contains($0) }
        return odd == authority.unicodeScalars.count { $0.value > 0xA0 && !$0.properties.isWhitespace }
    }

    /// The proxy as written, or a sentence.
    static func checkProxy(_ text: String) throws(Complaint) -> String {
        // The rest of it has to be what it has to be for any other.
        let plain = text.firstRange(of: "://").map { slashes in
            let isKnown = ProxyAddress.schemes.contains(text[..<slashes.lowerBound].lowercased())
            return isKnown ? "http" + text[slashes.lowerBound...] : text
        }
        _ = try check(plain ?? text, plainAllowed: true)
        do { _ = try ProxyAddress(text) } catch { throw Complaint(clause(error)) }
        return text
    }

    private static func split(_ text: String) throws(Complaint) -> (authority: Substring, path: Substring) {
        let slashes = text.firstRange(of: "://")
        let scheme = slashes.map { text[..<$0.lowerBound].lowercased() } ?? ""
        guard let slashes, scheme == "http" || scheme == "https" else {
            if let address = WebAddress.insteadOfSSH(text) {
                throw Complaint(
                    "that is git's address by SSH, by which locks are not asked for; write "
                        + Quote.value(address.description))
            }
            // Quoted only without `@` and `?`, behind which secrets stand.
            let isQuotable = !text.contains("@") && !text.contains("?")
            if isQuotable, slashes == nil, text.contains("."), (try? WebAddress("https://" + text)) != nil {
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
        return (authority, rest[authority.endIndex...])
    }

    // A sentence of its own, in the middle of one of ours.
    private static func clause(_ error: TransportError) -> String {
        let message = error.message.hasSuffix(".") ? String(error.message.dropLast()) : error.message
        return message.prefix(1).lowercased() + message.dropFirst()
    }
}
