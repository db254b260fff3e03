// SPDX-License-Identifier: MIT
import Locks

extension NickSystem {
    /// What this kind of server is called, what its configuration knows, and how one is made.
    public static let kind = SystemKind(
        name: "Nick", options: options, mostConnections: mostConnections, operations: allOperations,
        listing: "`GET` a folder: one request, with its children's locks",
        calls: [
            .lock: "POST @lock", .refresh: "PATCH @lock", .unlock: "DELETE @lock, then PATCH @lock {timeout}",
            .forceUnlock: "DELETE @lock {force}, then PATCH of the item",
        ],
        signs: signs,
        make: { NickSystem($0) })
}
