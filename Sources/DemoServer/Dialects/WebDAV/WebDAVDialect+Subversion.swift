// SPDX-License-Identifier: MIT
import HTTP

/// What a Subversion repository does otherwise (webdav.md section 9).
extension WebDAVDialect {
    /// Whether the client says that it is one of Subversion's own, which are told more.
    static func isSubversionClient(_ call: Call) -> Bool { call.headers["User-Agent"]?.hasPrefix("SVN/") ?? false }

    // Nothing is kept of what was: there is one revision, the youngest.
    private static let youngest = "1"
    private static let namespace = "http://subversion.tigris.org/xmlns/dav/"

    private var uuid: String {
        var rest = book.root.uid[...]
        return [8, 4, 4, 4, 12].map { length in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }.joined(separator: "-")
    }

    func repositoryOptions(_ call: Call) -> Response {
        var headers: Headers = [
            "DAV": "1,2", "MS-Author-Via": "DAV", "Allow": "OPTIONS,GET,HEAD,PROPFIND,REPORT,LOCK,UNLOCK",
        ]
        headers.add("DAV", "version-control,checkout,working-resource")
        headers.add("DAV", "\(Self.namespace)svn/depth")
        guard !call.body.isEmpty else { return Response(status: 200, headers: headers) }
        var answer = Response.webDAV("<D:options-response xmlns:D=\"DAV:\"/>", 200)
        headers["SVN-Repository-Root"] = root
        headers["SVN-Repository-UUID"] = uuid
        headers["SVN-Youngest-Rev"] = Self.youngest
        // With these a client asks for what is there by the addresses of revisions, instead of by baselines.
        headers["SVN-Me-Resource"] = root + "/!svn/me"
        for (header, place) in [
            ("Rev-Root", "rvr"), ("Rev", "rev"), ("Txn-Root", "txr"), ("Txn", "txn"), ("VTxn-Root", "vtxr"),
            ("VTxn", "vtxn"),
        ] {
            headers["SVN-\(header)-Stub"] = "\(root)/!svn/\(place)"
        }
        for field in headers.fields { answer.headers.add(field.name, field.value) }
        return answer
    }

    /// The same request for what it means, where it names a file or folder as it is in a revision: `…/!svn/rvr/1/docs`; and
    /// where that revision lies.
    func revision(_ call: Call) throws(WebDAVFailure) -> (call: Call, root: String)? {
        let names = call.segments
        guard names.count > 1, names[1] == "!svn" else { return nil }
        guard names.count > 3, names[2] == "rvr" else { throw WebDAVFailure(404) }
        guard names[3] == Self.youngest else { throw .subversion(404, 160_006, "No such revision \(names[3])") }
        var call = call
        call.segments = [names[0]] + names[4...]
        return (call, "\(root)/!svn/rvr/\(names[3])")
    }

    /// What can be asked of a revision: it can be read, and that is all.
    func answer(_ call: Call, at root: String, _ person: Person?) throws(WebDAVFailure) -> Response {
        switch call.method {
        case "PROPFIND": return try find(call, below: root, person)
        case "GET", "HEAD": return try get(call, person)
        case "REPORT": throw WebDAVFailure(501)
        default: throw WebDAVFailure(405)
        }
    }

    /// What a repository knows of a file or folder beside what every server does.
    func repositoryProperty(_ name: XMLName, _ item: Item) -> String? {
        let text: String
        switch name {
        case XMLName("DAV:", "version-name"): text = Self.youngest
        case XMLName("DAV:", "creationdate"): text = Self.time(item.modified)
        case XMLName("DAV:", "creator-displayname"): text = item.creators.first ?? item.owner
        case XMLName(Self.namespace, "deadprop-count"): text = String((properties[item.uid] ?? [:]).count)
        case XMLName(Self.namespace, "baseline-relative-path"):
            text = String(item.path.dropFirst(root.utf8.count).drop { $0 == "/" })
        case XMLName(Self.namespace, "repository-uuid"): text = uuid
        default: return nil
        }
        return WebDAVText.legal(text).map { "<\(name.local) xmlns=\"\(name.namespace)\">\($0)</\(name.local)>" }
    }

    /// Says whose a lock is and since when, as the answers about a single file do.
    func tell(_ lock: HeldLock?, in answer: inout Response) {
        guard let lock else { return }
        answer.headers["X-SVN-Lock-Owner"] = lock.creator
        answer.headers["X-SVN-Creation-Date"] = Self.time(lock.refreshed)
    }

    private static func time(_ seconds: Double) -> String { CivilTime(unix: seconds).iso.dropLast(6) + ".000000Z" }

    /// All locks at a path and as far below it as is asked.
    func report(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        let start = try item(call.segments, for: person)
        guard var reader = try? XMLReader(call.body),
            case .start(XMLName("svn:", "get-locks-report"))? = try? reader.next()
        else { throw WebDAVFailure(501) }
        let asked: [Item] =
            switch reader.attributes[XMLName("", "depth")] {
            case "empty": [start]
            case "files", "immediates": [start] + start.children
            default: start.subtree
            }
        var entries = ""
        for item in asked where !item.type.isFolder && book.may(person, .view, item) {
            for lock in book.validLocks(item) { entries += entry(lock, of: item) }
        }
        return .webDAV(
            "<S:get-locks-report xmlns:S=\"svn:\" xmlns:D=\"DAV:\">\n\(entries)</S:get-locks-report>", 200)
    }

    private func entry(_ lock: HeldLock, of item: Item) -> String {
        let path = item.path.dropFirst(root.utf8.count)
        var text = "<S:lock>\n"
        if let legal = WebDAVText.legal(String(path)) {
            text += "<S:path>\(legal)</S:path>\n"
        } else {
            text += "<S:path encoding=\"base64\">\(Base64.plain(Array(path.utf8)))</S:path>\n"
        }
        text +=
            "<S:token>\(Self.token(lock))</S:token>\n<S:creationdate>\(Self.time(lock.refreshed))</S:creationdate>\n"
        if lock.timeout < LockBook.checkOutTimeout {
            text += "<S:expirationdate>\(Self.time(lock.refreshed + Double(lock.timeout)))</S:expirationdate>\n"
        }
        text += "<S:owner >\(WebDAVText.escaped(lock.creator))</S:owner>\n"
        if let comment = lock.owner, !comment.isEmpty {
            text += "<S:comment >\(WebDAVText.legal(comment) ?? "")</S:comment>\n"
        }
        return text + "</S:lock>\n"
    }

    /// Refuses what a repository does not lock.
    func checkRepository(
        _ call: Call, _ found: Item?, _ asked: Asked, _ person: Person?
    ) throws(WebDAVFailure) {
        guard let found else { throw WebDAVFailure(405) }
        _ = try require(.modify, found, person)
        guard !asked.isShared else { throw WebDAVFailure(400) }
        let path = found.path.dropFirst(root.utf8.count)
        guard !found.type.isFolder else { throw .subversion(500, 160_017, "'\(path)' is not a file in the repository") }
        if let hook = switches.hook {
            throw .subversion(500, 165_001, "Lock blocked by pre-lock hook (exit code 1) with output:\n\(hook)")
        }
        guard let lock = book.lock(on: found) else { return }
        guard Self.isSubversionClient(call) else { throw WebDAVFailure(423) }
        guard call.headers["X-SVN-Options"]?.contains("lock-steal") ?? false else {
            throw .subversion(
                423, 160_035,
                "Path '\(path)' is already locked by user '\(lock.creator)' in filesystem '/repository/db'")
        }
        found.locks = []
    }

    /// Refuses to end another's lock, unless that is asked for.
    func checkBreaking(_ lock: HeldLock, _ call: Call, _ person: Person) throws(WebDAVFailure) {
        let breaks = call.headers["X-SVN-Options"]?.contains("lock-break") ?? false
        guard breaks || lock.creator == person.id else {
            guard Self.isSubversionClient(call) else { throw WebDAVFailure(403) }
            throw .subversion(423, 160_039, "User '\(person.id)' is trying to use a lock owned by '\(lock.creator)'")
        }
        guard let hook = switches.hook else { return }
        throw .subversion(500, 165_001, "Unlock blocked by pre-unlock hook (exit code 1) with output:\n\(hook)")
    }
}
