// SPDX-License-Identifier: MIT

/// A proxy, from `http://user:password@host:port`. Its description has no password.
public struct ProxyAddress: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// What it speaks: one of `schemes`.
    public let scheme: String
    /// The host.
    public let host: String
    /// The port; when the text has none, 80 of `http`, 443 of `https` and 1080 of SOCKS.
    public let port: Int
    /// What the proxy wants for itself.
    public let credentials: Credentials?

    /// What a proxy may speak. With `socks4a` and `socks5h` it looks up the names itself.
    public static let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]

    /// A proxy from its text; a text without a scheme (`host:3128`) is one that speaks http.
    /// - Throws: `.badAddress` with a sentence that says what is wrong; never with the password.
    public init(_ text: String) throws(TransportError) {
        var rest = text[...]
        var scheme = "http"
        if let range = text.firstRange(of: "://") {
            scheme = text[..<range.lowerBound].lowercased()
            rest = text[range.upperBound...]
        }
        guard Self.schemes.contains(scheme) else {
            throw WebAddress.bad(
                "The proxy must be an http://, https://, socks4:// or socks5:// address; “\(scheme)” is not supported.")
        }
        var signIn: Credentials?
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            // A percent sign that begins nothing is one that nobody has encoded.
            func plain(_ text: Substring) -> String { WebAddress.decode(text) ?? String(text) }
            signIn = .basic(user: plain(parts[0]), password: parts.count > 1 ? plain(parts[1]) : "")
            rest = rest[rest.index(after: at)...]
        }
        do {
            let address = try WebAddress("http://" + rest)
            self.scheme = scheme
            host = address.host
            // Only a port that is not written follows the scheme.
            let isWritten = try WebAddress("https://" + rest).port == address.port
            port = isWritten ? address.port : scheme == "https" ? 443 : scheme == "http" ? 80 : 1080
            credentials = signIn
        } catch {
            throw WebAddress.bad("The proxy's address can't be used. " + error.message)
        }
    }

    /// Host and port, and `•••@` where it has credentials.
    public var description: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://" + (credentials == nil ? "" : "•••@") + "\(host):\(port)"
    }

    /// Never the secret: `dump` prints what is here.
    public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
