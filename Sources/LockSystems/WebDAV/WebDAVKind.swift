// SPDX-License-Identifier: MIT
import Locks

extension WebDAVSystem {
    /// What this kind of server is called, what its configuration knows, and how one is made.
    public static let kind = SystemKind(
        name: "WebDAV", options: options, operations: allOperations,
        listing: "`PROPFIND`, one folder a request, with their locks",
        calls: [
            .lock: "LOCK", .refresh: "LOCK {If}", .unlock: "UNLOCK", .forceUnlock: "UNLOCK {another's token}",
        ],
        login: { said in
            said.values.text("scheme") == "negotiate" ? .kerberos(user: said.user ?? "") : said.usual
        },
        signs: signs, make: { WebDAVSystem($0) })
}
