// SPDX-License-Identifier: MIT

/// An HTTP proxy, from `http://user:password@host:port`. Its description has no password.
public struct ProxyAddress: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The host.
    public let host: String
    /// The port; 80 when the text has none.
    public let port: Int
    /// What the proxy wants for itself.
    public let credentials: Credentials?

    /// A proxy from its text; a text without a scheme (`host:3128`) is one that speaks http.
    /// - Throws: `.badAddress` with a sentence that says what is wrong; never with the password.
    public init(_ text: String) throws(TransportError) {
        var rest = text[...]
        var scheme = "http"
        if let range = text.firstRange(of: "://") {
            scheme = text[..<range.lowerBound].lowercased()
            rest = text[range.upperBound...]
        }
        guard scheme == "http" else {
            throw WebAddress.bad("The proxy must be an http:// address; “\(scheme)” is not supported.")
        }
        var signIn: Credentials?
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let user = WebAddress.decode(parts[0]),
                let password = WebAddress.decode(parts.count > 1 ? parts[1] : "")
            else { throw WebAddress.bad("The proxy's user or password is not percent-encoded as it must be.") }
            signIn = .basic(user: user, password: password)
            rest = rest[rest.index(after: at)...]
        }
        do {
            let address = try WebAddress("http://" + rest)
            host = address.host
            port = address.port
            credentials = signIn
        } catch {
            throw WebAddress.bad("The proxy's address can't be used. " + error.message)
        }
    }

    /// Host and port, and `•••@` where it has credentials.
    public var description: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return "http://" + (credentials == nil ? "" : "•••@") + "\(host):\(port)"
    }

    /// Never the secret: `dump` prints what is here.
    public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
