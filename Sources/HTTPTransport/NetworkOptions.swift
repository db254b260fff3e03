// SPDX-License-Identifier: MIT

/// How to reach one server: everything about the way there that a configuration can say.
public struct NetworkOptions: Hashable, Sendable {
    /// The most connections to one host at a time (HTTP/1).
    public var connections = 8
    /// A PEM file with the authorities to trust *instead of* the system's.
    public var caFile: String?
    /// The PEM file of the system's authorities, where the environment names another one: `SSL_CERT_FILE`.
    public var systemCAFile: String?
    /// The folder of the system's authorities, named by their hashes: `SSL_CERT_DIR`.
    public var systemCAFolder: String?
    /// A PEM file with this program's certificate, and with the authorities between it and the root.
    public var clientCertificate: String?
    /// A PEM file with the certificate's private key; `nil`: it is in `clientCertificate`'s file.
    public var clientKey: String?
    /// Whether any certificate will do. Whoever sets it has to say so on the screen.
    public var insecureTLS = false
    /// The proxy, `http://user:password@host:port` or with another of `ProxyAddress.schemes`; `nil`: straight to the server. The environment is not read.
    public var proxy: String?
    /// Whether each request is signed in by the user's Kerberos ticket, sent before the server asks for it.
    public var signsInByTicket = false
    /// Where the tickets are; `nil`: where the user's are, as `KRB5CCNAME` or the system says.
    public var ticketCache: String?
    /// The most bytes of an answer's body, after decompression.
    public var maximumBytes = 64 << 20
    /// How long a connection may take to be there, name and TLS included.
    public var connectTimeout: Duration = .seconds(10)
    /// How long an unused connection is kept.
    public var idleTimeout: Duration = .seconds(30)

    /// The usual way: the system's authorities, no proxy.
    public init() {}
}
