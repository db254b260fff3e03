// SPDX-License-Identifier: MIT

/// Which proxy the environment names for an address: `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`.
public enum ProxyRules {
    /// The proxy for an address, as text for `ProxyAddress`; `nil`: straight to the server.
    ///
    /// Lower case goes before upper case. This machine itself is never reached through a proxy. `HTTP_PROXY` in upper
    /// case counts for nothing where `REQUEST_METHOD` is set: there a request's `Proxy` header could have written it.
    public static func proxy(for address: WebAddress, environment: [String: String]) -> String? {
        guard !address.isLoopback, !isExempt(address, from: value("no_proxy", environment) ?? "") else { return nil }
        return value("\(address.scheme)_proxy", environment) ?? value("all_proxy", environment)
    }

    private static func value(_ name: String, _ environment: [String: String]) -> String? {
        // An empty lower-case variable is how a person says “no proxy here”.
        if let value = environment[name].map(trimmed) { return value.isEmpty ? nil : value }
        if name == "http_proxy", environment["REQUEST_METHOD"] != nil { return nil }
        guard let value = environment[name.uppercased()].map(trimmed), !value.isEmpty else { return nil }
        return value
    }

    // Files that set variables leave blanks and carriage returns at the ends.
    private static func trimmed(_ text: String) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private static func isExempt(_ address: WebAddress, from list: String) -> Bool {
        list.split { $0 == "," || $0 == " " || $0 == "\t" }.contains { matches(address, $0.lowercased()[...]) }
    }

    private static func matches(_ address: WebAddress, _ entry: Substring) -> Bool {
        if entry == "*" { return true }
        if let network = Network(entry) { return network.contains(address.host) }
        var name = entry
        if entry.first == "[", let bracket = entry.firstIndex(of: "]") {
            name = entry[entry.index(after: entry.startIndex)..<bracket]
            let after = entry[entry.index(after: bracket)...]
            if after.first == ":", Int(after.dropFirst()) != address.port { return false }
        } else if entry.split(separator: ":", omittingEmptySubsequences: false).count == 2,
            let colon = entry.firstIndex(of: ":")
        {
            name = entry[..<colon]
            guard Int(entry[entry.index(after: colon)...]) == address.port else { return false }
        }
        if name.hasPrefix("*.") { name = name.dropFirst() }
        if name.first == "." { name = name.dropFirst() }
        guard !name.isEmpty else { return false }
        return address.host == name || address.host.hasSuffix("." + name)
    }
}

/// A range of addresses, as `10.0.0.0/8`, `fd00::/8` or `192.168.*`.
private struct Network {
    private let address: [UInt8]
    private let bits: Int

    /// `nil` for what is no range; a single address is none.
    init?(_ text: Substring) {
        if text.hasSuffix(".*") {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let known = parts.prefix { $0 != "*" }
            guard parts.count <= 4, parts.dropFirst(known.count).allSatisfy({ $0 == "*" }),
                let address = InternetAddress.version4(
                    (known + Array(repeating: "0", count: 4 - known.count)).joined(separator: "."))
            else { return nil }
            (self.address, bits) = (address, 8 * known.count)
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits = UInt8(parts[1]) else { return nil }
        let host = parts[0].drop { $0 == "[" }.prefix { $0 != "]" }
        guard let address = InternetAddress.version4(host) ?? InternetAddress.version6(host),
            bits <= 8 * address.count
        else { return nil }
        (self.address, self.bits) = (address, Int(bits))
    }

    func contains(_ host: String) -> Bool {
        guard let other = InternetAddress.version4(host) ?? InternetAddress.version6(host),
            other.count == address.count
        else { return false }
        let (whole, rest) = (bits / 8, bits % 8)
        guard other.prefix(whole) == address.prefix(whole) else { return false }
        return rest == 0 || (other[whole] ^ address[whole]) >> (8 - UInt8(rest)) == 0
    }
}
