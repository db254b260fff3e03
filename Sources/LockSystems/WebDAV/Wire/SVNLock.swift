// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

/// One lock of a Subversion repository, as its report tells it (webdav.md section 9).
struct SVNLock: Hashable, Sendable {
    /// From the repository's root, decoded.
    var path = ""
    var token = ""
    /// When it was taken or last refreshed, by the server's clock.
    var created: Date?
    /// When it ends; `nil`: never.
    var expires: Date?
    /// The login: the server has checked it.
    var owner: String?
    var comment: String?

    /// The locks of a report. What has no path or no token is left out.
    static func locks(in bytes: [UInt8]) throws(MalformedAnswer) -> [SVNLock] {
        var reader = try XMLReader(bytes, limit: 64 << 20)
        guard case .start(.svn("get-locks-report"))? = try reader.next() else {
            throw MalformedAnswer(.otherShape, "The answer is XML, but no report of a repository's locks.")
        }
        var locks: [SVNLock] = []
        while let part = try reader.next() {
            guard case .start(let name) = part else { continue }
            guard name == .svn("lock") else {
                try reader.skip()
                continue
            }
            let lock = try SVNLock(&reader)
            if !lock.path.isEmpty, !lock.token.isEmpty { locks.append(lock) }
        }
        return locks
    }

    private init(_ reader: inout XMLReader) throws(MalformedAnswer) {
        let outside = reader.depth - 1
        while reader.depth > outside {
            guard let part = try reader.next() else { return }
            guard case .start(let name) = part else { continue }
            let isCoded = reader.attributes.contains { $0.key.local == "encoding" && $0.value == "base64" }
            let text = try reader.textInside()
            let plain = isCoded ? Self.decoded(text) : text
            switch name {
            case .svn("path"): path = plain
            case .svn("token"): token = text
            case .svn("creationdate"): created = RFC3339.date(text)
            case .svn("expirationdate"): expires = RFC3339.date(text)
            case .svn("owner"): owner = plain.isEmpty ? nil : plain
            case .svn("comment"): comment = Self.words(plain)
            default: continue
            }
        }
    }

    private static func decoded(_ text: String) -> String {
        Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// A lock that another program took has an element of WebDAV for its comment: its text is meant.
    private static func words(_ comment: String) -> String? {
        let text = comment.hasPrefix("<") ? (try? inside(Array(comment.utf8))) ?? comment : comment
        return text.isEmpty ? nil : text
    }

    private static func inside(_ bytes: [UInt8]) throws(MalformedAnswer) -> String? {
        var reader = try XMLReader(bytes)
        guard case .start? = try reader.next() else { return nil }
        let text = try reader.textInside()
        return try reader.next() == nil ? text : nil
    }
}

extension XMLName {
    /// A name of Subversion's.
    static func svn(_ local: String) -> XMLName { XMLName("svn:", local) }
}

/// What Subversion says of a refusal: a number for programs, words for people.
struct SVNProblem: Hashable, Sendable {
    let code: Int
    let text: String

    /// `nil` where the answer has none: a body that does not read is no error of its own.
    init?(in bytes: [UInt8]) {
        guard var reader = try? XMLReader(bytes), case .start(.dav("error"))? = try? reader.next() else { return nil }
        while let part = try? reader.next() {
            guard case .start(XMLName("http://apache.org/dav/xmlns", "human-readable")) = part else { continue }
            let number = reader.attributes.first { $0.key.local == "errcode" }.flatMap { Int($0.value) }
            guard let number, let text = try? reader.textInside() else { return nil }
            code = number
            self.text = String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(300))
            return
        }
        return nil
    }
}
