// SPDX-License-Identifier: MIT
import HTTP

/// A drive: a document library, or somebody's OneDrive.
struct GraphDriveFacts: Decodable, Sendable {
    let id: String
    let name: String?
    let driveType: String?
    let webUrl: String?
    let owner: GraphIdentitySet?

    private enum CodingKeys: String, CodingKey { case id, name, driveType, webUrl, owner }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = try box.decode(GraphWord.self, forKey: .id).text
        name = box.word(.name)
        driveType = box.word(.driveType)
        webUrl = box.word(.webUrl)
        owner = box.ifReadable(GraphIdentitySet.self, .owner)
    }
}
