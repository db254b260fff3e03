// SPDX-License-Identifier: MIT
import Locks

extension PloneSystem {
    /// What this kind of server is called, what its configuration knows, and how one is made.
    public static let kind = SystemKind(
        name: "Plone", options: options, operations: allOperations,
        listing: "`@search`, 100 a request, with their locks",
        calls: [
            .lock: "POST @lock", .refresh: "PATCH @lock", .unlock: "DELETE @lock",
            .forceUnlock: "DELETE @lock {force}", .checkOut: "POST @workingcopy", .checkIn: "PATCH @workingcopy",
            .discard: "DELETE @workingcopy",
        ],
        login: { said in
            said.values.text("scheme") == "negotiate" ? .kerberos(user: said.user ?? "") : said.usual
        },
        signs: signs,
        make: { PloneSystem($0) })
}
