// SPDX-License-Identifier: MIT
import Locks

extension PloneSystem {
    /// How items are listed.
    static let listingInWords = "`@search`, 100 a request, with their locks"

    /// The request that each operation is.
    static let calls: [Operation: String] = [
        .lock: "POST @lock", .refresh: "PATCH @lock", .unlock: "DELETE @lock",
        .forceUnlock: "DELETE @lock {force}", .checkOut: "POST @workingcopy", .checkIn: "PATCH @workingcopy",
        .discard: "DELETE @workingcopy",
    ]
}
