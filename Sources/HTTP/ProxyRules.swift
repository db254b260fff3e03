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
        if let value = environment[name] { return value.isEmpty ? nil : value }
        if name == "http_proxy", environment["REQUEST_METHOD"] != nil { return nil }
        guard let value = environment[name.uppercased()], !value.isEmpty else { return nil }
        return value
    }

    private static func isExempt(_ address: WebAddress, from list: String) -> Bool {
        list.split { $0 == "," || $0 == " " || $0 == "\t" }.contains { matches(address, $0.lowercased()[...]) }
    }

    private static func matches(_ address: WebAddress, _ entry: Substring) -> Bool {
        if entry == "*" { return true }
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
