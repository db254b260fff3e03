// SPDX-License-Identifier: MIT
import HTTP

/// A file server that speaks WebDAV, class 2: enough for file managers, office programs and the usual command line
/// clients.
final class WebDAVDialect: Dialect {
    let book: LockBook
    let switches: WebDAVSwitches
    let root = "/dav"
    /// What was put into files, by the item.
    var contents: [String: [UInt8]] = [:]
    /// What clients have set as properties, by the item: the element's whole text by its name.
    var properties: [String: [XMLName: String]] = [:]

    init(book: LockBook, switches: WebDAVSwitches) {
        self.book = book
        self.switches = switches
    }

    /// Somebody works on a whole folder.
    func begin() {
        let folders = book.itemsByPath.filter { $0.type == .folder && $0.parent !== book.root }
        guard let folder = folders.last, let person = book.people["fatima"] else { return }
        folder.subtree.forEach { $0.locks = [] }
        book.now -= 5400
        folder.locks = [
            HeldLock(
                token: book.token(), creator: person.id, kind: .program, timeout: 86_400, created: book.now,
                refreshed: book.now, isTree: true,
                // The whole text is taken for the holder's name, so a remark would make somebody else of them.
                owner: switches.isSubversion ? "moving the folder" : person.displayName)
        ]
        book.now += 5400
        let shared = folders.dropLast().last?.children.first { $0.locks.isEmpty && !$0.type.isFolder }
        shared?.locks = ["olga", "joao"].map { id in
            HeldLock(
                token: book.token(), creator: id, kind: .program, timeout: 43_200, created: book.now - 900,
                refreshed: book.now - 900, isShared: true, owner: book.displayName(id))
        }
    }

    // MARK: Answering

    func answer(_ call: Call) -> Response {
        var response: Response
        do throws(WebDAVFailure) {
            response = try serve(call)
        } catch {
            response = error.response
        }
        response.headers["Server"] = "Demo-DAV/1.0"
        // Its own client reads nothing of another type.
        if switches.isSubversion, response.headers["Content-Type"]?.hasPrefix("application/xml") ?? false {
            response.headers["Content-Type"] = "text/xml; charset=\"utf-8\""
        }
        return response
    }

    func user(of call: Call) -> String? { (try? person(of: call))?.id }

    /// Who sent a request; `nil` for anybody.
    func person(of call: Call) throws(WebDAVFailure) -> Person? {
        do { return try book.personByBasic(call) } catch { throw .unauthorized }
    }

    private func serve(_ call: Call) throws(WebDAVFailure) -> Response {
        let person = try person(of: call)
        if switches.isSubversion, let view = try revision(call) { return try answer(view.call, at: view.root, person) }
        if switches.isNextcloud, call.segments.first == "ocs" { return capabilities() }
        switch call.method {
        case "OPTIONS": return switches.isSubversion ? repositoryOptions(call) : options()
        case "REPORT" where switches.isSubversion: return try report(call, person)
        case "PROPFIND": return try find(call, person)
        case "GET", "HEAD": return try get(call, person)
        case "LOCK" where switches.isNextcloud && call.headers["X-User-Lock"] == "1":
            return try lockPerson(call, person)
        case "UNLOCK" where switches.isNextcloud && call.headers["X-User-Lock"] == "1":
            return try unlockPerson(call, person)
        case "LOCK" where switches.hasLocks: return try lock(call, person)
        case "UNLOCK" where switches.hasLocks: return try unlock(call, person)
        case "PUT": return try put(call, person)
        case "DELETE": return try delete(call, person)
        case "MKCOL": return try makeFolder(call, person)
        case "COPY", "MOVE": return try transfer(call, person)
        case "PROPPATCH": return try patch(call, person)
        default: throw WebDAVFailure(405)
        }
    }

    private func options() -> Response {
        let locks = switches.hasLocks ? "1, 2" : "1"
        return Response(
            status: 200,
            headers: [
                "DAV": locks, "MS-Author-Via": "DAV",
                "Allow": "OPTIONS, GET, HEAD, PUT, DELETE, MKCOL, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK",
            ])
    }

    // MARK: Items

    /// The item that a request names, if that person may see it.
    func item(_ segments: [String], for person: Person?) throws(WebDAVFailure) -> Item {
        guard let item = book.item(at: "/" + segments.joined(separator: "/")),
            segments.allSatisfy({ !$0.contains("/") })
        else { throw WebDAVFailure(404) }
        guard book.may(person, .view, item) else { throw person == nil ? .unauthorized : WebDAVFailure(403) }
        return item
    }

    /// Whoever may not do it is refused, or asked who it is.
    func require(_ deed: Deed, _ item: Item, _ person: Person?) throws(WebDAVFailure) -> Person {
        guard let person else { throw .unauthorized }
        guard book.may(person, deed, item) else { throw WebDAVFailure(403) }
        return person
    }

    /// The folder that a new item would lie in, and its name.
    func place(_ segments: [String], _ person: Person?) throws(WebDAVFailure) -> (folder: Item, name: String) {
        guard let name = segments.last, segments.count > 1, !name.contains("/"),
            let folder = book.item(at: "/" + segments.dropLast().joined(separator: "/")), folder.type.isFolder
        else { throw WebDAVFailure(409) }
        _ = try require(.add, folder, person)
        return (folder, name)
    }

    /// The address of an item as it is written: from the root, percent-encoded; below another root where it was asked for
    /// there.
    func address(_ item: Item, below other: String? = nil) -> String {
        let path = item.path.split(separator: "/").dropFirst().map { "/" + WebAddress.encode(String($0)) }.joined()
        return (other ?? root) + path + (item.type.isFolder ? "/" : "")
    }

    func content(_ item: Item) -> [UInt8] { contents[item.uid] ?? Array((item.title + "\n").utf8) }

    func tag(_ item: Item) -> String { "\"\(item.uid.prefix(8))-\(Int((item.modified * 1000).rounded()))\"" }

    func get(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        let item = try item(call.segments, for: person)
        if item.type.isFolder {
            let list = item.children.filter { book.may(person, .view, $0) }
                .map { "<li><a href=\"\(address($0))\">\(WebDAVText.escaped($0.title))</a></li>" }.joined()
            return Response(
                status: 200, headers: ["Content-Type": "text/html; charset=utf-8"],
                body: Array("<!DOCTYPE html>\n<html><body><ul>\(list)</ul></body></html>\n".utf8))
        }
        return Response(
            status: 200,
            headers: [
                "Content-Type": "application/octet-stream", "ETag": tag(item),
                "Last-Modified": CivilTime(unix: item.modified).http,
            ], body: content(item))
    }
}
