// SPDX-License-Identifier: MIT
import HTTP

/// Locking (RFC 4918, sections 6, 7, 9.10 and 9.11).
extension WebDAVDialect {
    struct Asked {
        var isShared = false
        var owner: String?
    }

    func lock(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        guard !call.body.isEmpty else { return try refresh(call, person) }
        let depth = call.headers["Depth"]?.lowercased() ?? "infinity"
        guard depth == "0" || depth == "infinity" else { throw WebDAVFailure(400) }
        guard let asked = try? Self.asked(call.body) else { throw WebDAVFailure(400) }
        let found = book.item(at: "/" + call.segments.joined(separator: "/"))
        if switches.isSubversion { try checkRepository(call, found, asked, person) }
        guard let found else {
            if switches.heedsConditions, call.headers["If-Match"] != nil { throw WebDAVFailure(412) }
            let (folder, name) = try place(call.segments, person)
            try check(call, [folder], person)
            let person = try require(.add, folder, person)
            let item = book.add(.document, id: name, title: name, state: .private, to: folder, by: person.id)
            contents[item.uid] = []
            return grant(item, asked, depth == "infinity", call, person, status: 201)
        }
        _ = try item(call.segments, for: person)
        let person = try require(.modify, found, person)
        try checkConditions(call, [found])
        // A repository locks files alone, whatever depth its clients name, or don't.
        let isTree = depth == "infinity" && !switches.isSubversion
        let below = isTree ? found.subtree.dropFirst().flatMap { item in book.validLocks(item).map { (item, $0) } } : []
        let inTheWay = (book.covering(found).map { ($0.root, $0.lock) } + below)
            .filter { !($0.1.isShared && asked.isShared) }
        guard inTheWay.isEmpty else {
            throw WebDAVFailure(423, "no-conflicting-lock", at: inTheWay.map { address($0.0) })
        }
        return grant(found, asked, isTree, call, person, status: 200)
    }

    private func grant(
        _ item: Item, _ asked: Asked, _ isTree: Bool, _ call: Call, _ person: Person, status: Int
    ) -> Response {
        let lock = HeldLock(
            token: book.token(), creator: person.id, kind: .program, timeout: timeout(call), created: book.now,
            refreshed: book.now, isShared: asked.isShared, isTree: isTree, owner: asked.owner)
        if !switches.pretends {
            item.locks = book.validLocks(item) + [lock]
            book.changed()
        }
        var response = granted(lock, at: item, status)
        response.headers["Lock-Token"] = "<\(Self.token(lock))>"
        if switches.isSubversion { tell(lock, in: &response) }
        return response
    }

    private func granted(_ lock: HeldLock, at root: Item, _ status: Int) -> Response {
        .webDAV(
            "<D:prop xmlns:D=\"DAV:\"><D:lockdiscovery>\(activeLock(lock, at: root, isHolder: true))</D:lockdiscovery></D:prop>",
            status)
    }

    private func refresh(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        let item = try item(call.segments, for: person)
        let person = try require(.modify, item, person)
        let tokens = Self.tokens(in: call.headers["If"] ?? "")
        guard !tokens.isEmpty else { throw WebDAVFailure(400) }
        if switches.isSubversion, Self.isSubversionClient(call) { throw WebDAVFailure(412) }
        try checkConditions(call, [item])
        guard let held = book.covering(item).first(where: { tokens.contains(Self.token($0.lock)) }) else {
            throw WebDAVFailure(412, "lock-token-matches-request-uri")
        }
        guard held.lock.creator == person.id else { throw WebDAVFailure(403) }
        guard let index = held.root.locks.firstIndex(where: { $0.token == held.lock.token }) else {
            throw WebDAVFailure(412)
        }
        held.root.locks[index].refreshed = book.now
        held.root.locks[index].timeout = timeout(call, usual: held.lock.timeout)
        book.changed()
        return granted(held.root.locks[index], at: held.root, 200)
    }

    func unlock(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        let item = try item(call.segments, for: person)
        let person = try require(.modify, item, person)
        guard let field = call.headers["Lock-Token"], field.hasPrefix("<"), field.hasSuffix(">") else {
            throw WebDAVFailure(400)
        }
        let token = field.dropFirst().dropLast()
        if switches.pretends { return Response(status: 204) }
        guard let held = book.covering(item).first(where: { Self.token($0.lock) == token }) else {
            throw WebDAVFailure(409, "lock-token-matches-request-uri")
        }
        if switches.isSubversion {
            try checkBreaking(held.lock, call, person)
        } else {
            guard switches.force == .token || held.lock.creator == person.id else { throw WebDAVFailure(403) }
        }
        held.root.locks.removeAll { $0.token == held.lock.token }
        book.changed()
        return Response(status: 204)
    }

    // MARK: Words of the wire

    static func token(_ lock: HeldLock) -> String { "opaquelocktoken:" + lock.token }

    /// One lock as it is told.
    func activeLock(_ lock: HeldLock, at root: Item, isHolder: Bool = false) -> String {
        let left = lock.refreshed + Double(lock.timeout) - book.now
        let seconds = switches.countsDown ? Int(left.rounded(.up)) : lock.timeout
        let time = lock.timeout >= LockBook.checkOutTimeout ? "Infinite" : "Second-\(seconds)"
        let owner = lock.owner ?? (switches.isSubversion ? "" : book.displayName(lock.creator))
        var text = "<D:activelock><D:locktype><D:write/></D:locktype>"
        text += "<D:lockscope><D:\(lock.isShared ? "shared" : "exclusive")/></D:lockscope>"
        text += "<D:depth>\(lock.isTree ? "infinity" : "0")</D:depth>"
        text += "<D:owner>\(WebDAVText.legal(owner) ?? "")</D:owner><D:timeout>\(time)</D:timeout>"
        if isHolder || switches.showsTokens {
            text += "<D:locktoken><D:href>\(Self.token(lock))</D:href></D:locktoken>"
        }
        if switches.inherited != .bare {
            text += "<D:lockroot><D:href>\(WebDAVText.escaped(address(root)))</D:href></D:lockroot>"
        }
        return text + "</D:activelock>"
    }

    private func timeout(_ call: Call, usual: Int? = nil) -> Int {
        for word in (call.headers["Timeout"] ?? "").split(separator: ",") {
            let word = word.drop { $0 == " " }.lowercased()
            if word.hasPrefix("infinite") { return LockBook.checkOutTimeout }
            if word.hasPrefix("second-"), let seconds = Int(word.dropFirst(7)), seconds > 0 {
                return min(seconds, LockBook.checkOutTimeout - 1)
            }
        }
        // A repository's lock that says nothing of an end has none, also when it had one before.
        return switches.isSubversion ? LockBook.checkOutTimeout : usual ?? switches.usualTimeout
    }

    private static func asked(_ body: [UInt8]) throws -> Asked {
        var reader = try XMLReader(body)
        guard case .start(XMLName("DAV:", "lockinfo"))? = try reader.next() else { throw WebDAVFailure(400) }
        var asked = Asked()
        var hasScope = false
        while let part = try reader.next() {
            switch part {
            case .start(XMLName("DAV:", "shared")): (asked.isShared, hasScope) = (true, true)
            case .start(XMLName("DAV:", "exclusive")): hasScope = true
            case .start(XMLName("DAV:", "owner")): asked.owner = try reader.textInside()
            default: continue
            }
        }
        guard hasScope else { throw WebDAVFailure(400) }
        return asked
    }
}
