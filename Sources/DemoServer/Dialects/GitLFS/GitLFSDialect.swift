// SPDX-License-Identifier: MIT
import HTTP

/// The lock API of Git LFS over the book: `…/info/lfs/locks`. There are two repositories of the same files: `office`, which
/// everybody may read, and `board`, which is for those alone who have a role in the site.
final class GitLFSDialect: Dialect {
    let book: LockBook
    let options: GitLFSOptions
    let root = "/harbour"
    /// The numbers of locks, by their tokens.
    private var numbers: [String: Int] = [:]
    private var requests = 0

    init(book: LockBook, options: DemoOptions) {
        self.book = book
        self.options = options.gitLFS
    }

    // MARK: Answering

    func answer(_ call: Call) -> Response {
        requests += 1
        let id = JSON.Field(key: "request_id", value: .string("req-\(requests)"))
        do throws(GitLFSFailure) {
            return try route(call)
        } catch {
            switch error {
            case .unauthorized:
                var response = Response.gitLFS(
                    JSON.object([]).adding([Self.message("Credentials needed"), id]), status: 401)
                response.headers["LFS-Authenticate"] = "Basic realm=\"Git LFS\""
                return response
            case .refused(let status, let text):
                return .gitLFS(JSON.object([]).adding([Self.message(text), id]), status: status)
            case .taken(let lock):
                let words = options.host == .gitlab ? "already locked" : "already created lock"
                let lock = JSON.Field(key: "lock", value: lock)
                return .gitLFS(JSON.object([lock, Self.message(words), id]), status: 409)
            }
        }
    }

    private static func message(_ text: String) -> JSON.Field { JSON.Field(key: "message", value: .string(text)) }

    private func route(_ call: Call) throws(GitLFSFailure) -> Response {
        let names = call.segments
        guard names.count >= 5, names[0] == "harbour", names[2...4].elementsEqual(["info", "lfs", "locks"]),
            ["office.git", "board.git"].contains(names[1])
        else { throw .refused(404, "Not found") }
        if let status = options.noLocks { throw .refused(status, "Not found") }
        if options.host == .gitea, call.headers["Accept"]?.split(separator: ";").first != "application/vnd.git-lfs+json"
        {
            throw .refused(415, "Unsupported Media Type")
        }
        let person = try person(of: call)
        guard mayRead(person, board: names[1] == "board.git") else {
            guard person != nil else { throw .unauthorized }
            throw noRight("You must have pull access to list locks")
        }
        switch (call.method, Array(names[5...])) {
        case ("GET", []): return try list(call)
        case ("POST", []): return try lock(call, try writer(person, "create locks"))
        case ("POST", ["verify"]): return try verify(call, try writer(person, "verify locks"))
        case ("POST", let rest) where rest.count == 2 && rest[1] == "unlock":
            return try unlock(rest[0], call, try writer(person, "delete locks"))
        default: throw .refused(404, "Not found")
        }
    }

    // MARK: People

    func user(of call: Call) -> String? { (try? person(of: call))?.id }

    private func person(of call: Call) throws(GitLFSFailure) -> Person? {
        do { return try book.personByBasic(call) } catch { throw .unauthorized }
    }

    private func mayRead(_ person: Person?, board: Bool) -> Bool { !board || !(person?.roles.isEmpty ?? true) }

    private func writer(_ person: Person?, _ what: String) throws(GitLFSFailure) -> Person {
        guard let person else { throw .unauthorized }
        guard !person.roles.isDisjoint(with: [.administrators, .editor]) else {
            throw noRight("You must have push access to \(what)")
        }
        return person
    }

    private func noRight(_ text: String) -> GitLFSFailure {
        options.host == .gitea ? .unauthorized : .refused(403, text)
    }

    // MARK: Locks as they are told

    /// All that is locked, the oldest lock first.
    private var held: [(number: Int, item: Item, lock: HeldLock)] {
        book.itemsByPath.compactMap { item in book.lock(on: item).map { (number(of: $0), item, $0) } }
            .sorted { $0.0 < $1.0 }
    }

    private func number(of lock: HeldLock) -> Int {
        if let number = numbers[lock.token] { return number }
        numbers[lock.token] = numbers.count + 1
        return numbers.count
    }

    private func path(_ item: Item) -> String { String(item.path.dropFirst(book.root.path.utf8.count + 1)) }

    private func told(_ item: Item, _ lock: HeldLock) -> JSON {
        let isGone = book.people[lock.creator]?.isDeleted ?? true
        let name: JSON
        switch options.host {
        // The whole lock has gone with the account.
        case .gitea where isGone: return .null
        case .gitlab: name = isGone ? .null : .string(book.displayName(lock.creator))
        default: name = .string(lock.creator)
        }
        return [
            "id": .string(String(number(of: lock))), "path": .string(path(item)),
            "locked_at": .string(CivilTime(unix: lock.created).iso.dropLast(6) + "Z"), "owner": ["name": name],
        ]
    }

    /// A page of them, and where the next one begins.
    private func page<Element>(_ all: [Element], cursor: String?, limit: String?) -> (
        page: ArraySlice<Element>, next: String
    ) {
        let wanted = limit.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        switch options.host {
        case .gitlab: return (all[...], "")
        case .gitea:
            guard let wanted else { return (all[...], "") }
            let (size, turn) = (min(wanted, 50), cursor.flatMap { Int($0) } ?? 0)
            let start = min(max(turn - 1, 0) * size, all.count)
            let page = all[start...].prefix(size)
            return (page, page.count == size ? String(turn + 1) : "")
        case .plain:
            let start = min(max(cursor.flatMap { Int($0) } ?? 0, 0), all.count)
            let page = all[start...].prefix(min(wanted ?? 100, 100))
            return (page, page.endIndex < all.count ? String(page.endIndex) : "")
        }
    }

    private func list(_ call: Call) throws(GitLFSFailure) -> Response {
        var found = held
        if let path = call.value("path") {
            let isBroad = options.host == .gitea
            found.removeAll {
                isBroad ? self.path($0.item).lowercased() != path.lowercased() : self.path($0.item) != path
            }
        }
        if let id = call.value("id") { found.removeAll { String($0.number) != id } }
        let (page, next) = page(found, cursor: call.value("cursor"), limit: call.value("limit"))
        return .gitLFS(["locks": .array(page.map { told($0.item, $0.lock) }), "next_cursor": .string(next)])
    }

    private func verify(_ call: Call, _ person: Person) throws(GitLFSFailure) -> Response {
        let body = try body(call)
        let limit: String? = if case .int(let number)? = body["limit"] { String(number) } else { nil }
        let isQuery = options.host == .gitea
        let (page, next) = page(
            held, cursor: isQuery ? call.value("cursor") : body["cursor"]?.text,
            limit: isQuery ? call.value("limit") : limit)
        func told(_ isOurs: Bool) -> JSON {
            .array(page.filter { ($0.lock.creator == person.id) == isOurs }.map { self.told($0.item, $0.lock) })
        }
        return .gitLFS(["ours": told(true), "theirs": told(false), "next_cursor": .string(next)])
    }

    // MARK: Changes

    private func body(_ call: Call) throws(GitLFSFailure) -> JSON {
        guard !call.body.isEmpty else { return .object([]) }
        guard let body = try? JSON(reading: call.body), body.fields != nil else { throw .refused(400, "Bad JSON") }
        return body
    }

    private func lock(_ call: Call, _ person: Person) throws(GitLFSFailure) -> Response {
        guard let path = try body(call)["path"]?.text, !path.isEmpty, !path.hasPrefix("/"), !path.hasSuffix("/"),
            !path.split(separator: "/").contains("..")
        else { throw .refused(400, "Invalid path") }
        let item = item(at: path, by: person)
        if let lock = book.lock(on: item) { throw .taken(told(item, lock)) }
        // The server knows no types: every path can be locked.
        book.put(.edit, on: item, by: person.id, timeout: LockBook.checkOutTimeout, age: 0)
        guard let lock = book.lock(on: item) else { throw .refused(500, "Internal Server Error") }
        return .gitLFS(["lock": told(item, lock)], status: 201)
    }

    /// The item of a path. A lock may come before its file.
    private func item(at path: String, by person: Person) -> Item {
        let names = path.split(separator: "/").map(String.init)
        return names.enumerated().reduce(book.root) { folder, step in
            folder.child(step.element)
                ?? book.add(
                    step.offset == names.count - 1 ? .document : .folder, id: step.element, title: step.element,
                    state: .published, to: folder, by: person.id)
        }
    }

    private func unlock(_ id: String, _ call: Call, _ person: Person) throws(GitLFSFailure) -> Response {
        let isForced = try body(call)["force"] == .bool(true)
        guard let (_, item, lock) = held.first(where: { String($0.number) == id }) else {
            throw options.host == .gitea ? Self.giteaFailure : .refused(404, "Lock not found")
        }
        if lock.creator != person.id {
            guard isForced else {
                if options.host == .gitea { throw Self.giteaFailure }
                let who = options.host == .gitlab ? "GitLab User \(number(of: lock))" : lock.creator
                throw .refused(403, "\(path(item)) is locked by \(who)")
            }
            let isMaintainer = !person.roles.isDisjoint(with: .administrators)
            guard isMaintainer || options.force == .writers else {
                throw noRight("You must have maintainer access to force delete a lock")
            }
        }
        let told = told(item, lock)
        item.locks = []
        return .gitLFS(["lock": told])
    }

    private static let giteaFailure = GitLFSFailure.refused(500, "unable to delete lock : Internal Server Error")
}
