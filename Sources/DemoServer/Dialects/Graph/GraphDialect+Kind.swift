// SPDX-License-Identifier: MIT

extension DialectKind {
    /// Microsoft Graph: drives with files that are checked out.
    public static let msgraph = DialectKind(
        rawValue: "msgraph", serverName: "files", path: "", locksExpire: false,
        entry: { address in
            DemoEntry(
                server: [
                    "tenant": .one("harbour.example"), "login_url": .one(address),
                    "drives": .several(["me", "site:harbour.sharepoint.example:/sites/harbour"]),
                ],
                auth: ["flow": .one("device_code"), "client_id": .one("00000000-0000-0000-0000-000000000000")],
                hasPassword: false)
        },
        make: { GraphDialect(book: $0, options: $1) })
}

extension DemoOptions {
    /// What the dialect is like where the real one is not known.
    public var graph: GraphSwitches {
        get { quirks(GraphSwitches()) }
        set { set(newValue) }
    }
}
