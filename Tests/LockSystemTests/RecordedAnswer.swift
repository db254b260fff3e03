// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Testing

@testable import DemoServer

/// What a real server answered once, to be read by the client.
struct RecordedAnswer {
    /// Where recordings were made.
    enum Place: String {
        case plone
        case nick = "nick-live"

        /// The address of the site there.
        var site: String { self == .plone ? "http://127.0.0.1:8080/Plone" : "http://127.0.0.1:9990" }
        fileprivate var path: String { self == .plone ? "/Plone" : "" }
        fileprivate var folder: String {
            "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
                + "/DemoServerTests/Recordings/\(rawValue)"
        }
    }

    let place: Place
    let name: String
    let method: String
    let path: String
    let user: String?
    let status: Int
    let headers: Headers
    let body: JSON

    init(named name: String, in place: Place) throws {
        let json = try JSON(reading: Array(try Data(contentsOf: URL(filePath: "\(place.folder)/\(name).json"))))
        self.place = place
        self.name = name
        method = json["request"]?["method"]?.text ?? ""
        path = json["request"]?["path"]?.text ?? ""
        user = json["request"]?["user"]?.text
        if case .int(let status)? = json["response"]?["status"] { self.status = status } else { status = 0 }
        var headers: Headers = [:]
        for field in json["response"]?["headers"]?.fields ?? [] { headers[field.key] = field.value.text }
        self.headers = headers
        body = json["response"]?["body"] ?? .null
    }

    static func all(in place: Place) throws -> [RecordedAnswer] {
        let names = try FileManager.default.contentsOfDirectory(atPath: place.folder).filter { $0.hasSuffix(".json") }
        return try names.sorted().map { try RecordedAnswer(named: String($0.dropLast(5)), in: place) }
    }

    var response: Response {
        let bytes: [UInt8] =
            switch body {
            case .null: []
            case .string(let text): Array(text.utf8)
            default: body.encoded(.compact)
            }
        return Response(status: status, headers: headers, body: bytes)
    }

    var text: String { String(decoding: response.body, as: UTF8.self) }

    /// When it was made; those of one place were made within minutes.
    var date: Date {
        let start = Date(timeIntervalSince1970: place == .plone ? 1_795_226_072 : 1_795_637_700)
        return headers["Date"].flatMap { HTTPDate.date($0) } ?? start
    }

    /// The path within the site, without service and query.
    var item: String {
        let plain = path.prefix { $0 != "?" }.dropFirst(place.path.count).replacing("/++api++", with: "")
        return "/" + plain.split(separator: "/").filter { !$0.hasPrefix("@") }.joined(separator: "/")
    }

    /// The name of the service that was asked for; empty for the item itself.
    var service: String { String(path.prefix { $0 != "?" }.split(separator: "/").first { $0.hasPrefix("@") } ?? "") }

    /// Whether a lock was read, if one is told, and says who has it; the rest is each system's own.
    /// - Returns: the lock, for more.
    func check(_ lock: Lock?, against wire: JSON, me: String?) -> Lock? {
        guard wire["locked"] == .bool(true) else {
            #expect(lock == nil, "\(name)")
            return nil
        }
        guard let lock else {
            Issue.record("\(name) has a lock that was not read")
            return nil
        }
        #expect(lock.holder.id == wire["creator"]?.text, "\(name)")
        #expect(lock.holder.name == wire["creator_name"]?.text, "\(name)")
        #expect(lock.holder.isMe == (wire["creator"]?.text == me), "\(name)")
        #expect(lock.token?.reveal() == wire["token"]?.text, "\(name)")
        return lock
    }
}
