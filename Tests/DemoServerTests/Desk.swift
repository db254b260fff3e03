// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

/// One server without a network, its clock standing still, with a few pages; and people to ask it.
struct Desk {
    let core: Core

    init(_ change: (inout DemoOptions) -> Void = { _ in }) async throws {
        var options = DemoOptions(documents: 0, speed: 0, people: false)
        change(&options)
        core = Core(options)
        try await core.perform(.add(path: "/docs", type: "Folder", title: "Documents", state: "published", by: "admin"))
        for name in ["one", "two", "three"] {
            try await core.perform(
                .add(path: "/docs/" + name, type: "Document", title: name, state: "published", by: "manager"))
        }
    }

    /// Sends a request as somebody with Basic authentication and gives back status and body.
    @discardableResult
    func ask(
        _ method: String, _ path: String, as user: String? = nil, _ body: String? = nil, headers more: Headers = [:]
    ) async -> Answer {
        var headers: Headers = ["Accept": "application/json"]
        if let user {
            let password = user == "admin" ? "admin" : user + "-pw"
            headers["Authorization"] = "Basic " + Base64.plain(Array("\(user):\(password)".utf8))
        }
        for field in more.fields { headers[field.name] = field.value }
        let response = await core.answer(
            Request(
                Method(rawValue: method), "http://demo/Plone" + path, headers: headers,
                body: body.map { Array($0.utf8) }))
        return Answer(response: response)
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
