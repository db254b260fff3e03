// SPDX-License-Identifier: MIT
import HTTP

/// Anything of which only the id is wanted.
struct GraphReference: Decodable, Sendable {
    let id: String
    /// The site that a list belongs to.
    let siteID: String?

    private enum CodingKeys: String, CodingKey { case id, parentReference }

    private struct Parent: Decodable {
        let siteId: String?
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = try box.decode(GraphWord.self, forKey: .id).text
        siteID = box.ifReadable(Parent.self, .parentReference)?.siteId
    }
}
