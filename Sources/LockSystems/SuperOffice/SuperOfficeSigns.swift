// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension SuperOfficeSystem {
    private struct Refusal: Decodable {
        var message: String
        enum CodingKeys: String, CodingKey { case message = "Message" }
    }

    /// What shows that it is one (superoffice.md, sections 2 and 3): a host of the vendor's, or the refusal of somebody
    /// who is not signed in at the address where one asks who one is.
    static let signs: @Sendable (Probe) async throws -> Sighting? = { probe in
        if let online = online(probe.address) { return online }
        for (address, _) in probe.roots(without: ["/v1", "/api", "/default.aspx"]) {
            let url = address.description + "/api/v1/User/currentPrincipal"
            let answer = try await probe.ask("GET", url, headers: ["Accept": "application/json"])
            let isPrincipal =
                answer.status == 200 && (try? JSONBody.decode(SuperOfficePrincipal.self, from: answer)) != nil
            let isRefusal = answer.status == 401 && (try? JSONBody.decode(Refusal.self, from: answer)) != nil
            if isPrincipal || isRefusal { return Sighting(address) }
        }
        return nil
    }

    // There the first level of the path is the tenant, and the host may change with every day.
    private static func online(_ address: WebAddress) -> Sighting? {
        guard address.host.hasSuffix(".superoffice.com") else { return nil }
        guard let tenant = address.path.split(separator: "/").first, tenant.lowercased().hasPrefix("cust") else {
            return nil
        }
        var values = OptionValues()
        values.tenant = String(tenant)
        let host = address.host.prefix { $0 != "." }
        if host.hasPrefix("sod") { values.put("environment", "sod") }
        if host.hasPrefix("qa") || host.hasPrefix("stage") { values.put("environment", "stage") }
        return Sighting(nil, values: values)
    }
}
