// SPDX-License-Identifier: MIT
import HTTP

/// What Nextcloud does otherwise, with its app for locking files (webdav.md section 10).
extension WebDAVDialect {
    static let nextcloud = "http://nextcloud.org/ns"

    private static let names = [
        "lock", "lock-owner-type", "lock-owner", "lock-owner-displayname", "lock-owner-editor", "lock-time",
        "lock-timeout", "lock-token",
    ]

    func capabilities() -> Response {
        let body = #"{"ocs":{"data":{"capabilities":{"files":{"locking":"1.0","api-feature-lock-type":true}}}}}"#
        return Response(status: 200, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
    }

    /// A property of a file's lock; folders have none.
    func lockProperty(_ name: String, _ item: Item) -> String? {
        guard Self.names.contains(name), !item.type.isFolder else { return nil }
        let lock = book.lock(on: item)
        let text: String
        switch name {
        case "lock": text = lock == nil ? "" : "1"
        case "lock-owner-type": text = lock.map(type) ?? ""
        case "lock-owner": text = lock.map { type($0) == "1" ? "" : $0.creator } ?? ""
        case "lock-owner-displayname":
            text = lock.map { type($0) == "1" ? switches.editor ?? "" : book.displayName($0.creator) } ?? ""
        case "lock-owner-editor": text = lock.map { type($0) == "1" ? "richdocuments" : "" } ?? ""
        case "lock-time": text = lock.map { String(Int($0.refreshed)) } ?? ""
        case "lock-timeout":
            text = lock.map { $0.timeout >= LockBook.checkOutTimeout ? "-60" : String($0.timeout) } ?? ""
        default: text = lock.map { Self.token($0) } ?? ""
        }
        return "<nc:\(name) xmlns:nc=\"\(Self.nextcloud)\">\(WebDAVText.escaped(text))</nc:\(name)>"
    }

    private func type(_ lock: HeldLock) -> String {
        lock.kind != .program ? "0" : switches.editor == nil ? "2" : "1"
    }

    private func properties(_ item: Item, _ status: Int) -> Response {
        .webDAV(
            "<d:prop xmlns:d=\"DAV:\">\(Self.names.compactMap { lockProperty($0, item) }.joined())</d:prop>", status)
    }

    func lockPerson(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        guard let found = book.item(at: "/" + call.segments.joined(separator: "/")) else {
            throw WebDAVFailure(call.headers["If-Match"] == nil ? 404 : 412)
        }
        let person = try require(.modify, found, person)
        guard !found.type.isFolder else { throw WebDAVFailure(405) }
        if let lock = book.lock(on: found) {
            guard lock.creator == person.id, lock.kind != .program else { return properties(found, 423) }
            _ = book.setTimeout(found, lock.timeout)
            return properties(found, 200)
        }
        found.locks = [
            HeldLock(
                token: book.token(), creator: person.id, kind: .edit, timeout: switches.usualTimeout,
                created: book.now, refreshed: book.now)
        ]
        book.changed()
        return properties(found, 200)
    }

    func unlockPerson(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        let item = try item(call.segments, for: person)
        let person = try require(.modify, item, person)
        guard let lock = book.lock(on: item) else { throw WebDAVFailure(412) }
        guard lock.kind != .program, lock.creator == person.id || item.owner == person.id else {
            return properties(item, 423)
        }
        item.locks = []
        book.changed()
        return properties(item, 200)
    }
}
