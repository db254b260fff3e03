// SPDX-License-Identifier: MIT
import HTTP

/// Reading and setting properties (RFC 4918, sections 9.1 and 9.2).
extension WebDAVDialect {
    /// What a question asks for.
    private enum Wanted {
        case names
        case all
        case these([XMLName])
    }

    private static let live = [
        "creationdate", "displayname", "getcontentlength", "getcontenttype", "getetag", "getlastmodified",
        "lockdiscovery", "resourcetype", "supportedlock",
    ].map { XMLName("DAV:", $0) }

    /// Answers with what is asked of an item and what lies in it; the addresses of the answer lie below `root`.
    func find(_ call: Call, below root: String? = nil, _ person: Person?) throws(WebDAVFailure) -> Response {
        let depth = call.headers["Depth"]?.lowercased() ?? "infinity"
        guard ["0", "1", "infinity"].contains(depth) else { throw WebDAVFailure(400) }
        let item = try item(call.segments, for: person)
        guard depth != "infinity" || !item.type.isFolder else { throw WebDAVFailure(403, "propfind-finite-depth") }
        let wanted = try Self.wanted(call.body)
        let children = depth == "1" ? item.children.filter { book.may(person, .view, $0) } : []
        let responses = ([item] + children).map { response($0, wanted, below: root, person) }
        var answer = Response.webDAV(
            "<D:multistatus xmlns:D=\"DAV:\">\n\(responses.joined(separator: "\n"))\n</D:multistatus>", 207)
        if switches.isSubversion, depth == "0" { tell(book.lock(on: item), in: &answer) }
        return answer
    }

    private static func wanted(_ body: [UInt8]) throws(WebDAVFailure) -> Wanted {
        guard !body.isEmpty else { return .all }
        guard !WebDAVText.undeclares(body) else { throw WebDAVFailure(400) }
        do {
            var reader = try XMLReader(body)
            guard case .start(XMLName("DAV:", "propfind"))? = try reader.next() else { throw WebDAVFailure(400) }
            while let part = try reader.next() {
                switch part {
                case .start(XMLName("DAV:", "propname")): return .names
                case .start(XMLName("DAV:", "allprop")): return .all
                case .start(XMLName("DAV:", "prop")):
                    var names: [XMLName] = []
                    let outside = reader.depth - 1
                    while reader.depth > outside, let inner = try reader.next() {
                        guard case .start(let name) = inner else { continue }
                        names.append(name)
                        try reader.skip()
                    }
                    // The rest has to be whole, too.
                    while try reader.next() != nil {}
                    return .these(names)
                default: continue
                }
            }
        } catch { throw WebDAVFailure(400) }
        throw WebDAVFailure(400)
    }

    private func response(_ item: Item, _ wanted: Wanted, below root: String?, _ person: Person?) -> String {
        let own = properties[item.uid] ?? [:]
        let names: [XMLName]
        var (found, missing) = ("", "")
        switch wanted {
        case .names:
            names = []
            found = (Self.live + own.keys.sorted { $0.local < $1.local }).map(Self.empty).joined()
        case .all: names = Self.live + own.keys.sorted { $0.local < $1.local }
        case .these(let these): names = these
        }
        for name in names {
            if let text = own[name] ?? value(name, item, person) { found += text } else { missing += Self.empty(name) }
        }
        if case .all = wanted { missing = "" }
        var parts = ""
        if !found.isEmpty || missing.isEmpty { parts += Self.status(200, found) }
        if !missing.isEmpty { parts += Self.status(404, missing) }
        return "<D:response><D:href>\(WebDAVText.escaped(address(item, below: root)))</D:href>\(parts)</D:response>"
    }

    private static func status(_ status: Int, _ inside: String) -> String {
        let line =
            [200: "200 OK", 404: "404 Not Found", 403: "403 Forbidden", 424: "424 Failed Dependency"][status] ?? ""
        return "<D:propstat><D:prop>\(inside)</D:prop><D:status>HTTP/1.1 \(line)</D:status></D:propstat>"
    }

    static func empty(_ name: XMLName) -> String {
        name.namespace == "DAV:"
            ? "<D:\(name.local)/>" : "<\(name.local) xmlns=\"\(WebDAVText.escaped(name.namespace))\"/>"
    }

    private func value(_ name: XMLName, _ item: Item, _ person: Person?) -> String? {
        if switches.isNextcloud, name.namespace == Self.nextcloud { return lockProperty(name.local, item) }
        if switches.isSubversion, let text = repositoryProperty(name, item) { return text }
        guard name.namespace == "DAV:" else { return nil }
        func element(_ text: String) -> String { "<D:\(name.local)>\(text)</D:\(name.local)>" }
        let isFolder = item.type.isFolder
        switch name.local {
        case "creationdate": return element(String(CivilTime(unix: item.created).iso.dropLast(6)) + "Z")
        case "displayname": return WebDAVText.legal(item.title).map(element)
        case "getcontentlength": return isFolder ? nil : element(String(content(item).count))
        case "getcontenttype": return element(isFolder ? "httpd/unix-directory" : "application/octet-stream")
        case "getetag": return isFolder ? nil : element(tag(item))
        case "getlastmodified": return element(CivilTime(unix: item.modified).http)
        case "resourcetype": return isFolder ? element("<D:collection/>") : "<D:resourcetype/>"
        case "current-user-principal":
            return element(
                person.map { "<D:href>/principals/\(WebAddress.encode($0.id))/</D:href>" } ?? "<D:unauthenticated/>")
        case "supportedlock":
            guard switches.hasLocks, !switches.isSubversion || !isFolder else { return nil }
            let scopes = (switches.isSubversion ? ["exclusive"] : ["exclusive", "shared"]).map { scope in
                "<D:lockentry><D:lockscope><D:\(scope)/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>"
            }
            return element(scopes.joined())
        case "lockdiscovery":
            guard switches.hasLocks, switches.discloses else { return nil }
            return element(shownLocks(of: item).map { activeLock($0.lock, at: $0.root) }.joined())
        default: return nil
        }
    }

    private func shownLocks(of item: Item) -> [(root: Item, lock: HeldLock)] {
        switches.inherited == .hidden ? book.validLocks(item).map { (item, $0) } : book.covering(item)
    }

    // MARK: Setting

    func patch(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        let item = try item(call.segments, for: person)
        _ = try require(.modify, item, person)
        try check(call, [item], person)
        let changes: [(name: XMLName, value: String?)]
        do {
            changes = try Self.changes(call.body)
        } catch { throw WebDAVFailure(400) }
        let isProtected = changes.contains { Self.live.contains($0.name) && $0.name.local != "displayname" }
        var parts = ""
        for (name, value) in changes {
            let status = !isProtected ? 200 : Self.live.contains(name) ? 403 : 424
            parts += Self.status(status, Self.empty(name))
            if status == 200 { properties[item.uid, default: [:]][name] = value }
        }
        return .webDAV(
            "<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>\(address(item))</D:href>\(parts)</D:response>"
                + "</D:multistatus>", 207)
    }

    private static func changes(_ body: [UInt8]) throws(MalformedAnswer) -> [(name: XMLName, value: String?)] {
        var reader = try XMLReader(body)
        var changes: [(name: XMLName, value: String?)] = []
        var isRemoving = false
        while let part = try reader.next() {
            guard case .start(let name) = part else { continue }
            switch name {
            case XMLName("DAV:", "set"): isRemoving = false
            case XMLName("DAV:", "remove"): isRemoving = true
            case XMLName("DAV:", "prop"):
                let outside = reader.depth - 1
                while reader.depth > outside, let inner = try reader.next() {
                    guard case .start(let name) = inner else { continue }
                    let text = WebDAVText.escaped(try reader.textInside())
                    let space = name.namespace.isEmpty ? "" : " xmlns=\"\(WebDAVText.escaped(name.namespace))\""
                    changes.append((name, isRemoving ? nil : "<\(name.local)\(space)>\(text)</\(name.local)>"))
                }
            default: continue
            }
        }
        return changes
    }
}
