// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

/// One server without a network, its clock standing still, with a few pages; and people to ask it.
struct Desk {
    let core: Core

    init(_ change: (inout DemoOptions) -> Void = { _ in }) async throws {
        core = try await .standing(pages: ["one", "two", "three"].map { ($0, $0) }, change)
    }

    /// Sends a request as somebody with Basic authentication and gives back status and body.
    @discardableResult
    func ask(
        _ method: String, _ path: String, as user: String? = nil, _ body: String? = nil, headers more: Headers = [:]
    ) async -> Answer {
        Answer(response: await core.ask(method, "http://demo/Plone" + path, as: user, body, headers: more))
    }
}

/// An answer with its body read.
struct Answer {
    let response: Response
    var status: Int { response.status }
    var json: JSON { (try? JSON(reading: response.body)) ?? .null }
    var isLocked: Bool? { json["locked"] == .bool(true) ? true : json["locked"] == .bool(false) ? false : nil }
    var isStealable: Bool? { json["stealable"].map { $0 == .bool(true) } }
    var holder: String? { json["creator"]?.text }
    var token: String? { json["token"]?.text }
}
