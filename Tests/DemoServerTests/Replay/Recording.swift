// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

@testable import DemoServer

/// One recorded exchange with a real server.
struct Recording {
    let name: String
    let method: String
    let path: String
    let user: String?
    let headers: [(name: String, value: String)]
    let body: [UInt8]?
    let status: Int
    let contentType: String?
    let location: String?
    let answer: JSON
    /// The length of the body on the wire; `nil` when the recording has a value whose length differs each time.
    let exactLength: Int?

    /// The mark of the answer's body.
    let tag: String?
    /// The fields of the answer that tell of limits, but for the seconds that are left.
    let limits: Headers

    init(named name: String, in place: String) throws {
        let data = try Data(contentsOf: URL(filePath: "\(Self.folder(place))/\(name).json"))
        let json = try JSON(reading: Array(data))
        self.name = name
        let request = json["request"] ?? .null
        let response = json["response"] ?? .null
        method = request["method"]?.text ?? ""
        path = request["path"]?.text ?? ""
        user = request["user"]?.text
        headers = request["headers"]?.fields?.compactMap { field in field.value.text.map { (field.key, $0) } } ?? []
        body =
            switch request["body"] {
            // A recorded `null` of a request that says that it is JSON is one.
            case .null?, nil: Self.saysJSON(headers) ? Array("null".utf8) : nil
            case .string(let text)?: Self.whole(text)
            case let value?: value.encoded(.compact)
            }
        if case .int(let status)? = response["status"] { self.status = status } else { status = 0 }
        contentType = response["headers"]?["Content-Type"]?.text
        location = response["headers"]?["Location"]?.text
        answer = response["body"] ?? .null
        tag = response["headers"]?["ETag"]?.text
        var limits = Headers()
        for field in response["headers"]?.fields ?? [] where field.key.hasPrefix("RateLimit-") {
            if field.key != "RateLimit-Reset", let text = field.value.text { limits.add(field.key, text) }
        }
        self.limits = limits
        let length = response["headers"]?["Content-Length"]?.text.flatMap { Int($0) }
        exactLength = method == "HEAD" || JSONComparison.hasVolatile(answer) ? nil : length
    }

    // Only the beginning of a long body was kept, and how long it was: what follows is more of the same.
    private static func whole(_ text: String) -> [UInt8] {
        guard let cut = text.firstRange(of: "… ("), text.hasSuffix("bytes, cut by the recorder)"),
            let count = Int(text[cut.upperBound...].prefix { $0.isNumber })
        else { return Array(text.utf8) }
        let begin = Array(text[..<cut.lowerBound].utf8)
        return begin + Array(repeating: begin.last ?? 0, count: count - begin.count - 2) + Array("\"}".utf8)
    }

    private static func saysJSON(_ headers: [(name: String, value: String)]) -> Bool {
        headers.contains { $0.name == "Content-Type" && $0.value.contains("json") }
    }

    private static func folder(_ place: String) -> String {
        "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Recordings/\(place)"
    }

    /// The names of all recordings of a place.
    static func all(in place: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder(place))
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }
}
