// SPDX-License-Identifier: MIT
import HTTP

/// An entry of the list behind a library.
struct GraphListItem: Decodable, Sendable {
    /// Its columns. The check-out's column is there only while it is checked out.
    struct Fields: Decodable, Sendable {
        @IfWord var checkoutUserLookupId: String?
        @IfWord var title: String?

        private enum CodingKeys: String, CodingKey {
            case checkoutUserLookupId = "CheckoutUserLookupId"
            case title = "Title"
        }
    }
    @IfWord var id: String?
    @IfReadable var fields: Fields?
}
