// SPDX-License-Identifier: MIT
import HTTP

/// Where to listen: `127.0.0.1:9618`, `localhost:9618` or `[::1]:9618`; port 0 is any free one.
struct ListeningAddress: Sendable, CustomStringConvertible {
    /// The host as the system takes it.
    let host: String
    let port: Int
    /// Whether only this machine reaches it.
    let isLoopback: Bool

    /// `nil`: the text is no such address.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), !text[..<colon].isEmpty,
            let address = try? WebAddress("http://\(text[..<colon])/")
        else { return nil }
        host = address.host
        self.port = port
        isLoopback = address.isLoopback
    }

    /// The host as it stands in addresses.
    var name: String { host.contains(":") ? "[\(host)]" : host }
    var description: String { "\(name):\(port)" }
}
