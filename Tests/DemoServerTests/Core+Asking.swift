// SPDX-License-Identifier: MIT
import HTTP

@testable import DemoServer

extension Core {
    /// A server without a network, its clock standing still, with the folder `/docs` and these pages in it.
    static func standing(
        _ kind: DialectKind = .plone, pages: [(name: String, title: String)], _ change: (inout DemoOptions) -> Void
    ) async throws -> Core {
        var options = DemoOptions(dialect: kind, documents: 0, speed: 0, people: false)
        change(&options)
        let core = Core(options)
        try await core.perform(.add(path: "/docs", type: "Folder", title: "Documents", state: "published", by: "admin"))
        for page in pages {
            try await core.perform(
                .add(
                    path: "/docs/" + page.name, type: "Document", title: page.title, state: "published", by: "manager"))
        }
        return core
    }

    /// Sends a request for JSON as somebody with Basic authentication.
    func ask(
        _ method: String, _ url: String, as user: String?, _ body: String?, headers more: Headers
    ) -> Response {
        var headers: Headers = ["Accept": "application/json"]
        if let user {
            let password = user == "admin" ? "admin" : user + "-pw"
            headers["Authorization"] = Credentials.basic(user: user, password: password).header
        }
        for field in more.fields { headers[field.name] = field.value }
        return answer(Request(Method(rawValue: method), url, headers: headers, body: body.map { Array($0.utf8) }))
    }
}
