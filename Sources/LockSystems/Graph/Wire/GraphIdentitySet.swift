// SPDX-License-Identifier: MIT
import HTTP

/// Who did something: one of several kinds.
struct GraphIdentitySet: Decodable, Sendable {
    @IfReadable var user: GraphIdentity?
    @IfReadable var application: GraphIdentity?
    @IfReadable var device: GraphIdentity?
    @IfReadable var siteUser: GraphIdentity?

    private enum CodingKeys: String, CodingKey { case user, application, device, siteUser }

    /// The first of them who is somebody.
    var anybody: GraphIdentity? { [user, application, device, siteUser].compactMap(\.self).first { !$0.isNobody } }
}
