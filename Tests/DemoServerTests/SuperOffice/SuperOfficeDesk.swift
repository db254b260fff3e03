// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

@testable import DemoServer

/// One SuperOffice without a network, its clock standing still, with documents 2 to 4; and people to ask it.
struct SuperOfficeDesk {
    let core: Core

    init(_ change: (inout SuperOfficeOptions) -> Void = { _ in }) async throws {
        core = try await .standing(
            .superoffice, pages: ["Offer Acme", "Brochure", "Minutes"].map { ($0.lowercased(), $0) }
        ) {
            change(&$0.superOffice)
        }
    }

    /// Sends a request as somebody with Basic authentication.
    @discardableResult
    func ask(
        _ method: String, _ path: String, as user: String? = nil, _ body: String? = nil, headers more: Headers = [:],
        at root: String = "/SuperOffice/api/v1", host: String = "127.0.0.1:8080"
    ) async -> SuperOfficeAnswer {
        SuperOfficeAnswer(
            response: await core.ask(method, "http://\(host)\(root)\(path)", as: user, body, headers: more))
    }
}

/// An answer with its body read.
struct SuperOfficeAnswer {
    let response: Response
    var status: Int { response.status }
    var json: JSON { (try? JSON(reading: response.body)) ?? .null }
    var state: String? { json["State"]?.text }
    var isSuccess: Bool { json["Success"] == .bool(true) }
    /// The names in order, for the comparison of shapes.
    var names: [String] { json.fields?.map(\.key) ?? [] }
    var numbers: [Int] {
        (json["value"]?.elements ?? []).compactMap { row in
            if case .int(let number)? = row["documentId"] { number } else { nil }
        }
    }

    static func recorded(_ name: String) throws -> JSON {
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return try JSON(
            reading: Array(try Data(contentsOf: URL(filePath: "/\(folder)/Recordings/superoffice/\(name).json"))))
    }
}
