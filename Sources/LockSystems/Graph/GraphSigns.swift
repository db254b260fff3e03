// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension GraphSystem {
    private struct Refusal: Decodable {
        struct Problem: Decodable { var code: String }
        var error: Problem
    }

    /// What shows that it is one (msgraph.md, sections 2 and 13): a host of the vendor's, or how it refuses somebody
    /// without a token.
    static let signs: @Sendable (Probe) async throws -> Sighting? = { probe in
        if let site = site(probe.address) { return site }
        if GraphAuthority.isKnown(probe.address.host) {
            return Sighting(probe.address.host == "graph.microsoft.com" ? nil : origin(probe.address))
        }
        for (root, _) in probe.roots(without: ["/v1.0", "/beta", "/v1.0/me", "/beta/me"]) {
            let answer = try await probe.ask(
                "GET", root.description + "/v1.0/me", headers: ["Accept": "application/json"])
            guard answer.status == 401, let refusal = try? JSONBody.decode(Refusal.self, from: answer),
                ["InvalidAuthenticationToken", "unauthenticated"].contains(refusal.error.code)
            else { continue }
            return Sighting(root)
        }
        return nil
    }

    private static func origin(_ address: WebAddress) -> WebAddress? { try? WebAddress(originOf: address.description) }

    // What people have in front of them is the page of a site or of their own drive, and its documents are Graph's.
    private static func site(_ address: WebAddress) -> Sighting? {
        guard address.host.hasSuffix(".sharepoint.com") else { return nil }
        var values = OptionValues()
        let organisation = address.host.prefix { $0 != "." }
        let levels = address.path.split(separator: "/").prefix(2)
        if organisation.hasSuffix("-my") {
            values.tenant = organisation.dropLast(3) + ".onmicrosoft.com"
            values.put("drives", ["me"])
        } else {
            values.tenant = organisation + ".onmicrosoft.com"
            let path = ["sites", "teams"].contains(levels.first) ? "/" + levels.joined(separator: "/") : ""
            values.put("drives", ["site:\(address.host)" + (path.isEmpty ? "" : ":" + path)])
        }
        return Sighting(nil, values: values)
    }
}
