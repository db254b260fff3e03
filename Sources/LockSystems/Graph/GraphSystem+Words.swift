// SPDX-License-Identifier: MIT
import Locks

extension GraphSystem {
    /// How items are listed, for the table of systems.
    static let listingInWords = "`GET …/root/delta` or `…/children`, 200 a request, with who has them checked out"

    /// What each operation is, for the table of systems.
    static let calls: [Locks.Operation: String] = [
        .lock: "POST …/lock", .refresh: "POST …/lock", .unlock: "POST …/releaseLock", .checkOut: "POST …/checkout",
        .checkIn: "POST …/checkin", .discard: "POST …/discardCheckout",
    ]
}
