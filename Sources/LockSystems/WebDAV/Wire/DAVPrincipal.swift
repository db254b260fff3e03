// SPDX-License-Identifier: MIT
import HTTP

/// Whom a server takes the asker for (RFC 5397), where it tells that.
enum DAVPrincipal: Hashable, Sendable {
    /// It does not say.
    case untold
    /// Nobody.
    case nobody
    /// The one of that address.
    case of(address: String)

    /// What the answer to a question for it says.
    init(in bytes: [UInt8]) throws(MalformedAnswer) {
        self = .untold
        var reader = try XMLReader(bytes)
        guard case .start(.dav("multistatus"))? = try reader.next() else {
            throw MalformedAnswer(.otherShape, "The answer is XML, but no “multistatus” of WebDAV.")
        }
        while let part = try reader.next() {
            guard case .start(.dav("current-user-principal")) = part else { continue }
            let outside = reader.depth - 1
            while reader.depth > outside {
                guard let inner = try reader.next(), case .start(let name) = inner else { continue }
                if name == .dav("unauthenticated") { self = .nobody }
                guard name == .dav("href") else { continue }
                let address = try reader.textInside()
                if !address.isEmpty { self = .of(address: address) }
            }
        }
    }

    /// The last part of the address, which is the login on nearly all servers.
    var login: String? {
        guard case .of(let address) = self else { return nil }
        return address.split(separator: "/").last.flatMap { WebAddress.decode($0) }
    }
}
