// SPDX-License-Identifier: MIT
import HTTP

/// What Nextcloud tells of the lock of a file, beside the standard's own (webdav.md section 10).
struct NextcloudLock: Hashable, Sendable {
    /// Who has it.
    enum Kind: Hashable, Sendable {
        /// A person.
        case person
        /// A program in which people have it open.
        case program
        /// A client that has locked it by the standard's own way.
        case token
    }

    var isLocked = false
    var kind = Kind.person
    var owner: String?
    var name: String?
    /// The program's own id.
    var program: String?
    /// When it was taken, in Unix seconds of the server's clock.
    var created: Double?
    /// For how many seconds; 0 or less: without end.
    var seconds: Int?
    var token: String?

    /// Takes a property, if it is one of these.
    /// - Returns: whether it is; then its end is passed.
    mutating func take(_ property: XMLName, _ reader: inout XMLReader) throws(MalformedAnswer) -> Bool {
        guard property.namespace == "http://nextcloud.org/ns", property.local.hasPrefix("lock") else { return false }
        let text = try reader.textInside()
        let word = text.isEmpty ? nil : text
        switch property.local {
        case "lock": isLocked = ["1", "true"].contains(text)
        case "lock-owner-type": kind = text == "1" ? .program : text == "2" ? .token : .person
        case "lock-owner": owner = word
        case "lock-owner-displayname": name = word
        case "lock-owner-editor": program = word
        case "lock-time": created = Double(text)
        case "lock-timeout": seconds = Int(text)
        case "lock-token": token = word
        default: break
        }
        return true
    }
}

/// The questions that only Nextcloud knows.
enum NextcloudBody {
    /// What is asked of items.
    static let properties: [UInt8] = {
        let names = [
            "lock", "lock-owner-type", "lock-owner", "lock-owner-displayname", "lock-owner-editor", "lock-time",
            "lock-timeout", "lock-token",
        ].map { "<nc:\($0)/>" }.joined()
        return Array(
            ("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:propfind xmlns:D=\"DAV:\" xmlns:nc=\"http://nextcloud.org/ns\">"
                + "<D:prop><D:resourcetype/><D:displayname/><D:getlastmodified/>\(names)</D:prop></D:propfind>\n").utf8)
    }()
}

/// What Nextcloud says that it can do.
struct NextcloudCapabilities: Decodable {
    /// Whether files can be locked.
    let canLock: Bool

    private enum Level: String, CodingKey { case ocs, data, capabilities, files, locking }

    init(from decoder: any Decoder) throws {
        var level = try decoder.container(keyedBy: Level.self)
        for key in [Level.ocs, .data, .capabilities] {
            level = try level.nestedContainer(keyedBy: Level.self, forKey: key)
        }
        let files = try? level.nestedContainer(keyedBy: Level.self, forKey: .files)
        canLock = files?.contains(.locking) ?? false
    }
}
