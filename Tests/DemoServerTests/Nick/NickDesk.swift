// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Testing

@testable import DemoServer

/// A Nick without a network, its clock standing still, with `/news/my-news-item` and two more pages; and people to ask it.
struct NickDesk {
    let core: Core

    init(_ change: (inout DemoOptions) -> Void = { _ in }) async throws {
        var options = DemoOptions(dialect: .nick, documents: 0, speed: 0, people: false)
        change(&options)
        core = Core(options)
        for (path, type) in [("/news", "Folder"), ("/newsletter", "Folder")] {
            try await core.perform(.add(path: path, type: type, title: "News", state: "published", by: "admin"))
        }
        for path in ["/news/my-news-item", "/news/other", "/newsletter/first"] {
            let title = path.hasSuffix("other") ? "Other page" : "My News Item"
            try await core.perform(.add(path: path, type: "Document", title: title, state: "published", by: "manager"))
        }
    }

    func token(_ user: String) async throws -> String {
        let password = user == "admin" ? "admin" : user + "-pw"
        let answer = await ask("POST", "/@login", body: #"{"login":"\#(user)","password":"\#(password)"}"#)
        return try #require(answer.json["token"]?.text)
    }

    /// Sends a request with somebody's token, a body as JSON, and gives back status and body.
    @discardableResult
    func ask(
        _ method: String, _ path: String, as token: String? = nil, body: String? = nil, headers more: Headers = [:]
    ) async -> NickAnswer {
        var headers = more
        if let token { headers["Authorization"] = "Bearer \(token)" }
        if body != nil, headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
        let request = Request(
            Method(rawValue: method), "http://localhost:8080" + path, headers: headers,
            body: body.map { Array($0.utf8) })
        return NickAnswer(response: await core.answer(request))
    }
}

/// An answer with its body read.
struct NickAnswer {
    let response: Response
    var status: Int { response.status }
    var json: JSON { (try? JSON(reading: response.body)) ?? .null }
    var isLocked: Bool { json["locked"] == .bool(true) }
    var token: String? { json["token"]?.text }
    /// The message of an `error` object.
    var refusal: String? { json["error"]?["message"]?.text }
    var refusalType: String? { json["error"]?["type"]?.text }
    var paths: [String] { json["items"]?.elements?.compactMap { $0["path"]?.text } ?? [] }
}

/// A documented exchange.
struct NickDocument {
    let method: String
    let path: String
    let body: String?
    let status: Int
    let answer: JSON

    init(_ name: String) throws {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        func text(_ ending: String) throws -> String {
            let data = try Data(
                contentsOf: URL(filePath: "/\(folder)/LockSystemTests/Recordings/nick/\(name).\(ending)"))
            return String(decoding: data, as: UTF8.self)
        }
        let request = try text("req")
        let words = request.prefix { $0 != "\n" }.split(separator: " ").map(String.init)
        (method, path) = (words[0], words[1])
        body = request.firstRange(of: "\n\n").map { String(request[$0.upperBound...]) }.flatMap {
            $0.isEmpty ? nil : $0
        }
        let response = try text("res")
        status = Int(response.split(separator: " ")[1].prefix(3)) ?? 0
        let rest = response.firstRange(of: "\n\n").map { Array(response[$0.upperBound...].utf8) } ?? []
        answer = (try? JSON(reading: rest)) ?? .null
    }
}
