// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

@testable import DemoServer

/// One Graph without a network, its clock standing still, with a few files; and people to ask it.
struct GraphDesk {
    let core: Core
    static let application = "11111111-2222-3333-4444-555555555555"

    init(_ change: (inout DemoOptions) -> Void = { _ in }) async throws {
        core = try await .standing(.msgraph, pages: ["one", "two", "three"].map { ($0, $0) }, change)
    }

    /// An answer with its body read.
    struct Answer {
        let response: Response
        var status: Int { response.status }
        var json: JSON { (try? JSON(reading: response.body)) ?? .null }
        var error: JSON? { json["error"] }
        var value: [JSON] { json["value"]?.elements ?? [] }
    }

    func send(_ method: String, _ path: String, _ headers: Headers = [:], _ body: String? = nil) async -> Answer {
        let url = path.hasPrefix("http") ? path : "http://demo" + path
        return Answer(
            response: await core.answer(
                Request(Method(rawValue: method), url, headers: headers, body: body.map { Array($0.utf8) })))
    }

    @discardableResult
    func ask(
        _ method: String, _ path: String, as token: String, _ body: String? = nil, headers more: Headers = [:]
    ) async -> Answer {
        var headers: Headers = ["Authorization": "Bearer " + token]
        if body != nil { headers["Content-Type"] = "application/json" }
        for field in more.fields { headers[field.name] = field.value }
        return await send(method, path, headers, body)
    }

    func form(_ call: String, _ fields: [(String, String)]) async -> Answer {
        await send(
            "POST", "/harbour.example/oauth2/v2.0/" + call, ["Content-Type": "application/x-www-form-urlencoded"],
            String(decoding: WebAddress.form(fields), as: UTF8.self))
    }

    /// The token of a person who has confirmed a code, or of the application.
    func token(_ person: String?) async -> String {
        guard let person else {
            let fields = [
                ("grant_type", "client_credentials"), ("client_id", Self.application), ("client_secret", "demo-secret"),
            ]
            return await form("token", fields).json["access_token"]?.text ?? ""
        }
        let scope = "http://demo/Files.ReadWrite.All offline_access"
        let code = await form("devicecode", [("client_id", Self.application), ("scope", scope)]).json
        _ = await send(
            "POST", "/device", [:],
            String(
                decoding: WebAddress.form([("user_code", code["user_code"]?.text ?? ""), ("user", person)]),
                as: UTF8.self))
        return await poll(code["device_code"]?.text ?? "").json["access_token"]?.text ?? ""
    }

    func poll(_ code: String) async -> Answer {
        await form(
            "token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", Self.application),
                ("device_code", code),
            ])
    }

    /// The address of a file below the version.
    func file(_ name: String, _ token: String) async -> String {
        let drive = await ask("GET", "/v1.0/groups/\(GraphDialect.groupID)/drive", as: token).json["id"]?.text ?? ""
        let path = "/drives/\(WebAddress.encode(drive))"
        let item = await ask("GET", "/v1.0\(path)/root:/docs/\(name).docx", as: token).json["id"]?.text ?? ""
        return "\(path)/items/\(item)"
    }

    /// A message that was written down.
    static func recording(_ name: String) throws -> JSON {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(folder)/LockSystemTests/Recordings/msgraph/made-\(name).json"
        return try JSON(reading: Array(try Data(contentsOf: URL(filePath: path))))
    }
}

extension JSON {
    /// The names of the fields, all the way down.
    var shape: Set<String> {
        switch self {
        case .object(let fields):
            fields.reduce(into: []) { names, field in
                names.insert(field.key)
                names.formUnion(field.value.shape.map { "\(field.key).\($0)" })
            }
        case .array(let elements): elements.reduce(into: []) { $0.formUnion($1.shape) }
        default: []
        }
    }
}
