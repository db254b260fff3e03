// SPDX-License-Identifier: MIT
import HTTP

/// An entry of the list behind a library.
struct GraphListItem: Decodable, Sendable {
    /// Its columns. The check-out's column is there only while it is checked out.
    struct Fields: Decodable, Sendable {
        let checkoutUserLookupId: String?
        let title: String?

        private enum CodingKeys: String, CodingKey {
            case checkoutUserLookupId = "CheckoutUserLookupId"
            case title = "Title"
        }

        init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: CodingKeys.self)
            checkoutUserLookupId = box.word(.checkoutUserLookupId)
            title = box.word(.title)
        }
    }
    let id: String?
    let fields: Fields?

    private enum CodingKeys: String, CodingKey { case id, fields }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = box.word(.id)
        fields = box.ifReadable(Fields.self, .fields)
    }
}
