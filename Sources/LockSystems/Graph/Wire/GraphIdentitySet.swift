// SPDX-License-Identifier: MIT
import HTTP

/// Who did something: one of several kinds.
struct GraphIdentitySet: Decodable, Sendable {
    let user: GraphIdentity?
    let application: GraphIdentity?
    let device: GraphIdentity?
    let siteUser: GraphIdentity?

    private enum CodingKeys: String, CodingKey { case user, application, device, siteUser }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        user = box.ifReadable(GraphIdentity.self, .user)
        application = box.ifReadable(GraphIdentity.self, .application)
        device = box.ifReadable(GraphIdentity.self, .device)
        siteUser = box.ifReadable(GraphIdentity.self, .siteUser)
    }

    /// The first of them who is somebody.
    var anybody: GraphIdentity? { [user, application, device, siteUser].compactMap(\.self).first { !$0.isNobody } }
}
