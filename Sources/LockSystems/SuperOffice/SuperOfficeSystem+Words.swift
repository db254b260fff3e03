// SPDX-License-Identifier: MIT
import Locks

extension SuperOfficeSystem {
    /// How items are listed.
    static let listingInWords = "`GET Document`, 100 a request, newest first; then one `GET …/Lock` each"

    /// The request that each operation is.
    static let calls: [Locks.Operation: String] = [
        .checkOut: "POST Document/{id}/Lock", .checkIn: "PUT Document/{id}/Lock",
        .discard: "DELETE Document/{id}/Lock", .forceUnlock: "DELETE Document/{id}/Lock",
    ]
}
