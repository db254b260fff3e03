// SPDX-License-Identifier: MIT

/// The base address of a server, checked once: scheme, host, port and the path in front of everything.
///
/// Two addresses that differ in the case of the host, a default port or a slash at the end are equal.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// `http` or `https`.
    public let scheme: String
    /// The host in lower case: a name, an IPv4 address, or an IPv6 address without its brackets.
    public let host: String
    /// The port, also when the text had none: 80 or 443 then.
    public let port: Int
    /// The path in front of everything, percent-encoded, without a slash at its end: `/site` or empty.
    public let path: String
    /// The whole address, put together once: each row of each page is compared with it.
    public let description: String

    /// An address from what a person wrote.
    /// - Throws: `.badAddress` with a sentence that says what is wrong; never with a password from the text.
    public init(_ text: String) throws(TransportError) {
        let (scheme, authority, rest) = try Self.split(text)
        guard !rest.contains("?") else {
            throw Self.bad("A server's address has no query: leave out what follows “?”.")
        }
        guard !rest.contains("#") else {
            throw Self.bad("A server's address has no fragment: leave out what follows “#”.")
        }
        try self.init(scheme: scheme, authority: authority, path: Self.cleanPath(rest))
    }

    /// The origin of an absolute URL: its path, query and fragment are left out.
    /// - Throws: `.badAddress` when it has no usable scheme, host or port.
    public init(originOf url: String) throws(TransportError) {
        let (scheme, authority, _) = try Self.split(url)
        try self.init(scheme: scheme, authority: authority, path: "")
    }

    private init(scheme: String, authority: Substring, path: String) throws(TransportError) {
        guard !authority.contains("@") else {
            throw Self.bad("The address holds a user or a password: these belong under “auth”.")
        }
        let (host, port) = try Self.hostAndPort(authority)
        self.scheme = scheme
        self.host = host
        self.port = port ?? (scheme == "https" ? 443 : 80)
        self.path = path
        description = "\(scheme)://\(Self.hostAndPort(scheme, host, self.port))\(path)"
    }

    /// Scheme, host and port, the port only where it is not the scheme's own: `https://example.org:8443`.
    public var origin: String { "\(scheme)://\(hostAndPort)" }

    /// The host and, where it is not the scheme's own, the port, as in a `Host` header.
    public var hostAndPort: String { Self.hostAndPort(scheme, host, port) }

    private static func hostAndPort(_ scheme: String, _ host: String, _ port: Int) -> String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == "https" ? 443 : 80) ? host : "\(host):\(port)"
    }

    /// Whether it surely is this machine: `localhost`, 127.0.0.0/8 or ::1. No name is resolved to find out.
    public var isLoopback: Bool {
        if host == "localhost" { return true }
        if let address = InternetAddress.version4(host) { return address[0] == 127 }
        if let address = InternetAddress.version6(host) { return address == Array(repeating: 0, count: 15) + [1] }
        return false
    }
}

extension WebAddress {
    static func bad(_ message: String) -> TransportError {
        TransportError(.badAddress, message, surelyNotSent: true)
    }

    private static func split(
        _ text: String
    ) throws(TransportError) -> (scheme: String, authority: Substring, rest: Substring) {
        guard !text.isEmpty else { throw bad("The address is empty.") }
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
            throw bad("The address holds a blank, a backslash or a control character: write a blank as %20.")
        }
        guard let colon = text.firstRange(of: "://") else {
            throw bad("The address must begin with https:// or http://.")
        }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw bad("The address must begin with https:// or http://, not with another scheme.")
        }
        let after = text[colon.upperBound...]
        let end = after.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? after.endIndex
        return (scheme, after[..<end], after[end...])
    }

    private static func hostAndPort(_ authority: Substring) throws(TransportError) -> (host: String, port: Int?) {
        guard !authority.isEmpty else { throw bad("The address has no host.") }
        var host = authority[...]
        var portText: Substring?
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { throw bad("The bracket after “[” is missing.") }
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            let after = authority[authority.index(after: bracket)...]
            guard after.isEmpty || after.first == ":" else { throw bad("After “]” only a port may follow.") }
            portText = after.isEmpty ? nil : after.dropFirst()
            guard InternetAddress.version6(host) != nil else {
                throw bad("“\(host)” is no IPv6 address.")
            }
        } else {
            if let colon = authority.firstIndex(of: ":") {
                host = authority[..<colon]
                portText = authority[authority.index(after: colon)...]
            }
            let name = host.utf8.allSatisfy { $0 < 0x80 } ? host : Punycode.ascii(host)?[...] ?? host
            if let fault = InternetAddress.faultOfName(name) { throw bad(fault) }
            host = name
        }
        guard let portText, !portText.isEmpty else { return (host.lowercased(), nil) }
        guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
            (1...65535).contains(port)
        else { throw bad("“\(portText)” is no port: it must be a number from 1 to 65535.") }
        return (host.lowercased(), port)
    }

    private static func cleanPath(_ path: Substring) throws(TransportError) -> String {
        var result = ""
        for segment in path.split(separator: "/") {
            guard let plain = decode(segment) else {
                throw bad("A “%” in the path is not followed by two hexadecimal digits of a UTF-8 character.")
            }
            guard plain != ".", plain != ".." else { throw bad("The path must not hold “.” or “..”.") }
            result += "/" + recode(segment)
        }
        return result
    }
}
