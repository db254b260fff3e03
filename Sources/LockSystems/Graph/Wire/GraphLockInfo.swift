// SPDX-License-Identifier: MIT
import HTTP

/// The beta's lock.
struct GraphLockInfo: Decodable, Sendable {
    let lockType: String?
    let createdDateTime: String?
    let expirationDateTime: String?
    let owners: [GraphIdentity]

    private enum CodingKeys: String, CodingKey { case lockType, createdDateTime, expirationDateTime, owners }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        lockType = box.word(.lockType)
        createdDateTime = box.word(.createdDateTime)
        expirationDateTime = box.word(.expirationDateTime)
        owners = box.ifReadable(Lossy<GraphIdentity>.self, .owners)?.elements ?? []
    }

    /// Its kind; `nil` where nothing is told. What has an owner or an end is held, though its kind be missing.
    var kind: String? { lockType ?? (owners.isEmpty && expirationDateTime == nil ? nil : "unknown") }
}
