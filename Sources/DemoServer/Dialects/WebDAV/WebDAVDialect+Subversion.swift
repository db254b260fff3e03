// SPDX-License-Identifier: MIT
import HTTP

/// What a Subversion repository does otherwise (webdav.md section 9).
extension WebDAVDialect {
    /// Whether the client says that it is one of Subversion's own, which are told more.
    static func isSubversionClient(_ call: Call) -> Bool { call.headers["User-Agent"]?.hasPrefix("SVN/") ?? false }

    func repositoryOptions(_ call: Call) -> Response {
        var headers: Headers = [
            "DAV": "1,2", "MS-Author-Via": "DAV", "Allow": "OPTIONS,GET,HEAD,PROPFIND,REPORT,LOCK,UNLOCK",
        ]
        headers.add("DAV", "version-control,checkout,working-resource")
        headers.add("DAV", "http://subversion.tigris.org/xmlns/dav/svn/depth")
        if !call.body.isEmpty {
            headers["SVN-Repository-Root"] = root
            headers["SVN-Youngest-Rev"] = "1"
        }
        return Response(status: 200, headers: headers)
    }

    /// All locks at a path and below.
    func report(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        let start = try item(call.segments, for: person)
        guard var reader = try? XMLReader(call.body),
            case .start(XMLName("svn:", "get-locks-report"))? = try? reader.next()
        else { throw WebDAVFailure(501) }
        var entries = ""
        for item in start.subtree where !item.type.isFolder && book.may(person, .view, item) {
            for lock in book.validLocks(item) { entries += entry(lock, of: item) }
        }
        return .webDAV(
            "<S:get-locks-report xmlns:S=\"svn:\" xmlns:D=\"DAV:\">\n\(entries)</S:get-locks-report>", 200)
    }

    private func entry(_ lock: HeldLock, of item: Item) -> String {
        func time(_ seconds: Double) -> String { CivilTime(unix: seconds).iso.dropLast(6) + ".000000Z" }
        let path = item.path.dropFirst(root.utf8.count)
        var text = "<S:lock>\n"
        if let legal = WebDAVText.legal(String(path)) {
            text += "<S:path>\(legal)</S:path>\n"
        } else {
            text += "<S:path encoding=\"base64\">\(Base64.plain(Array(path.utf8)))</S:path>\n"
        }
        text += "<S:token>\(Self.token(lock))</S:token>\n<S:creationdate>\(time(lock.refreshed))</S:creationdate>\n"
        if lock.timeout < LockBook.checkOutTimeout {
            text += "<S:expirationdate>\(time(lock.refreshed + Double(lock.timeout)))</S:expirationdate>\n"
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
