// SPDX-License-Identifier: MIT
import Locks

extension NickSystem {
    /// How items are listed.
    static let listingInWords = "`GET` a folder: one request, with its children's locks"

    /// The request that each operation is.
    static let calls: [Operation: String] = [
        .lock: "POST @lock", .refresh: "PATCH @lock", .unlock: "DELETE @lock, then PATCH @lock {timeout}",
        .forceUnlock: "DELETE @lock {force}, then PATCH of the item",
    ]
}
