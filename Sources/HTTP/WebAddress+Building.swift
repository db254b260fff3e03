// SPDX-License-Identifier: MIT

extension WebAddress {
    /// An absolute URL below this address; each segment is percent-encoded once, as it stands.
    /// - Parameters:
    ///   - segments: plain text, one for each level; a slash in one is encoded, so it can't make two levels of it.
    ///   - query: names and values in plain text.
    public func appending(_ segments: [String], query: [(String, String)] = []) -> String {
        var url = origin + path
        for segment in segments { url += "/" + Self.encode(segment) }
        if url.utf8.count == origin.utf8.count { url += "/" }
        return url + Self.queryText(query)
    }

    /// An absolute URL below this address from a plain path: `/news/a b` becomes `…/news/a%20b`.
    ///
    /// Slashes part the levels; empty levels are left out.
    public func appending(path plain: String, query: [(String, String)] = []) -> String {
        appending(plain.split(separator: "/").map(String.init), query: query)
    }

    /// An absolute URL below this address from a path that is percent-encoded already.
    public func appending(encodedPath: String, query: [(String, String)] = []) -> String {
        let slash = encodedPath.hasPrefix("/") ? "" : "/"
        return origin + path + slash + encodedPath + Self.queryText(query)
    }

    /// The plain path below this address: `/news/agm`, or `/` for the address itself.
    ///
    /// Takes an absolute URL or a path from the root (`/site/news`); query, fragment and a slash
    /// at the end are left out.
    /// - Returns: `nil` when it is of another origin, outside the prefix, holds `.` or `..`, or does not decode to
    ///   UTF-8 without slashes and NULs inside a level.
    public func relativePath(of url: String) -> String? { plainPath(of: url) ?? decodedPath(of: url) }

    // Nearly every server spells itself as the configuration does, and its items in plain letters: then there is nothing
    // to take apart. `nil`: not so here.
    private func plainPath(of url: String) -> String? {
        let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
        guard url.utf8.starts(with: description.utf8) else { return nil }
        let rest = url.utf8.dropFirst(description.utf8.count)
        guard rest.first == slash else { return nil }
        // A level that begins with a dot may be a step up, and one that is empty is none.
        var last: UInt8 = 0
        for byte in rest {
            guard byte == slash || Self.isUnreserved(byte) || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "+"),
                last != slash || byte != slash && byte != dot
            else { return nil }
            last = byte
        }
        return last == slash ? nil : String(Substring(rest))
    }

    func decodedPath(of url: String) -> String? {
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        var rest = url[..<end]
        if !rest.hasPrefix("/") || rest.hasPrefix("//") {
            guard let after = partAfterOrigin(rest) else { return nil }
            rest = after
        }
        guard let levels = Self.levels(rest), let prefix = Self.levels(path[...]), levels.starts(with: prefix)
        else { return nil }
        return "/" + levels.dropFirst(prefix.count).joined(separator: "/")
    }

    /// Whether an absolute URL is of the origin of this address.
    public func isOrigin(of url: String) -> Bool { partAfterOrigin(url[...]) != nil }

    /// What follows the origin of this address in an absolute URL; `nil`: it is of another one.
    private func partAfterOrigin(_ url: Substring) -> Substring? {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }),
            let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")), url.utf8[colon...].starts(with: "://".utf8)
        else { return nil }
        let after = url[url.utf8.index(colon, offsetBy: 3)...]
        let end = after.utf8.firstIndex(of: UInt8(ascii: "/")) ?? after.endIndex
        if url[..<colon] == scheme, Self.isPlain(after[..<end]) {
            return after[..<end] == hostAndPort ? after[end...] : nil
        }
        guard let other = try? WebAddress(originOf: String(url)), other.origin == origin else { return nil }
        return after[end...]
    }

    /// Whether a host and a port are written as we write them, so that they can be compared as text: every row of
    /// every page is, and taking each apart costs more than all else.
    private static func isPlain(_ authority: Substring) -> Bool {
        var isPort = false
        for byte in authority.utf8 {
            switch byte {
            case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): continue
            case UInt8(ascii: ":") where !isPort: isPort = true
            default: return false
            }
        }
        return !isPort || ![":", ":0", ":80", ":443"].contains { authority.hasSuffix($0) } && !authority.contains(":0")
    }

    private static func levels(_ path: Substring) -> [String]? {
        var levels: [String] = []
        for segment in path.split(separator: "/") {
            guard let plain = decode(segment), plain != ".", plain != "..",
                !plain.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
            else { return nil }
            levels.append(plain)
        }
        return levels
    }

    private static func queryText(_ query: [(String, String)]) -> String {
        guard !query.isEmpty else { return "" }
        return "?" + query.map { encodeQuery($0.0) + "=" + encodeQuery($0.1) }.joined(separator: "&")
    }
}

extension WebAddress {
    /// One level of a path, percent-encoded: letters, digits and `- . _ ~ @ +` stay as they are.
    ///
    /// A level that is only dots is encoded too, so that nobody on the way takes it for a step up.
    public static func encode(_ segment: String) -> String {
        if segment == "." { return "%2E" }
        if segment == ".." { return "%2E%2E" }
        return percentEncoded(segment.utf8) { isUnreserved($0) || $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "+") }
    }

    /// A name or a value of a query or a form, percent-encoded: only letters, digits and `- . _ ~` stay as they are.
    public static func encodeQuery(_ text: String) -> String {
        percentEncoded(text.utf8, keeping: isUnreserved)
    }

    /// A form's body (`application/x-www-form-urlencoded`).
    public static func form(_ fields: [(String, String)]) -> [UInt8] {
        Array(fields.map { encodeQuery($0.0) + "=" + encodeQuery($0.1) }.joined(separator: "&").utf8)
    }

    /// The plain text of a percent-encoded one; `+` stays `+`.
    /// - Returns: `nil` for a broken `%` or for what is not UTF-8.
    public static func decode(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hexValue), let low = rest.next().flatMap(hexValue) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A segment that a person wrote, partly encoded perhaps: what is encoded stays, the rest becomes valid.
    static func recode(_ segment: Substring) -> String {
        percentEncoded(segment.utf8) { isUnreserved($0) || "%!$&'()*+,;=:@".utf8.contains($0) }
    }

    private static func percentEncoded(_ bytes: some Sequence<UInt8>, keeping: (UInt8) -> Bool) -> String {
        var result: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in bytes {
            if keeping(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
