// SPDX-License-Identifier: MIT
import HTTP

/// A page of a collection, without its elements that can't be read.
struct GraphPage<Element: Decodable & Sendable>: Decodable, Sendable {
    let value: [Element]
    /// Why the other elements can't be read.
    let failures: [MalformedAnswer]
    let nextLink: String?
    /// On the last page of a drive's tree: where its changes are told from now on.
    let deltaLink: String?

    private enum CodingKeys: String, CodingKey {
        case value
        case nextLink = "@odata.nextLink"
        case deltaLink = "@odata.deltaLink"
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        nextLink = box.word(.nextLink)
        deltaLink = box.word(.deltaLink)
        let hasLink = nextLink != nil || deltaLink != nil
        // A page that only leads on may leave its list out; without a link it is no page at all.
        let list = hasLink && !box.has(.value) ? nil : try box.decode(Lossy<Element>.self, forKey: .value)
        (value, failures) = (list?.elements ?? [], list?.failures ?? [])
    }
}
