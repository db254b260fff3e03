// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Listing and reading: all locks of a repository by `locks/verify`, which tells ours from theirs, or by `GET locks` where
/// this account may not push; one lock by its path (git-lfs.md sections 5 and 9).
struct GitLFSListing: Sendable {
    /// So many pages are read for one question, whatever the server says is left.
    private static let mostPages = 1_000
    /// So many paths are looked at singly where a list can't be read whole.
    private static let mostSingles = 50
    private static let everything = "the list of locks"

    let site: GitLFSSite
    let owners = GitLFSOwners()

    // MARK: Listing

    /// A page of locks.
    func page(after mark: PageMark?) async throws -> ItemPage {
        let found = try await locks(after: mark)
        let folder = site.profile.selection.path
        let rows = found.locks.filter { GitLFSPath.lies($0.path, in: folder) }.map(row)
        var page = ItemPage(rows: rows, following: found.next.map { [$0] } ?? [])
        page.covers = .holdsOnly
        if !found.failures.isEmpty { page.lacks = site.errors.unreadable(found.failures.count, found.failures.first) }
        return page
    }

    /// Proves the sign-in with as little as can be asked for.
    func probe() async throws { _ = try await locks(after: nil, limit: 1) }

    private struct Found {
        var locks: [GitLFSLock] = []
        var failures: [MalformedAnswer] = []
        var next: PageMark?
    }

    private func locks(after mark: PageMark?, limit: Int? = nil) async throws -> Found {
        // A listing goes on as it was begun: a cursor of the one means nothing to the other.
        let isVerified = mark.map { $0.text.hasPrefix("v") } ?? (owners.areTold ?? !site.profile.login.isAnonymous)
        let cursor = mark.map { String($0.text.dropFirst()) }
        guard isVerified else { return try await plain(cursor, limit) }
        do {
            let question = GitLFSQuestion(cursor: cursor, limit: limit, ref: site.ref)
            let page = try await site.page(["verify"], question, of: Self.everything)
            owners.note(page)
            return Found(
                locks: page.ours + page.theirs + page.locks, failures: page.failures,
                next: page.next.map { PageMark("v" + $0) })
        } catch let error as LockError
            where mark == nil && [.forbidden, .notSignedIn, .unsupported].contains(error.code)
        {
            // Who may not push is not told; on some hosts that looks like a sign-in that is refused. Where it was one, a
            // second question would be a second wrong password: accounts are locked for these.
            if error.code == .notSignedIn, owners.areStrangers { throw error }
            do {
                let found = try await plain(nil, limit)
                (owners.areTold, owners.areStrangers) = (false, false)
                return found
            } catch let second as LockError where second.code == .notSignedIn {
                owners.areStrangers = true
                throw second
            }
        }
    }

    private func plain(_ cursor: String?, _ limit: Int?, path: String? = nil) async throws -> Found {
        var query: [(String, String)] = []
        if let path { query.append(("path", path)) }
        if let cursor { query.append(("cursor", cursor)) }
        if let limit { query.append(("limit", String(limit))) }
        if let ref = site.ref { query.append(("refspec", ref.name)) }
        let page = try await site.page(query: query, of: path ?? Self.everything)
        return Found(
            locks: page.locks + page.ours + page.theirs, failures: page.failures,
            next: page.next.map { PageMark("g" + $0) })
    }

    // MARK: Reading

    /// Several by one reading of all locks, one by its path.
    func read(_ items: [Item]) async throws -> [ReadResult] {
        if let item = items.first, items.count == 1 { return [try await result(of: item)] }
        let (known, isWhole) = try await everything()
        var singles = Self.mostSingles
        var results: [ReadResult] = []
        for item in items {
            if let lock = known[item.id] {
                results.append(.success(row(lock)))
            } else if isWhole {
                results.append(.success(Row(item: item, reading: .known([], at: site.profile.now()))))
            } else if singles > 0 {
                singles -= 1
                results.append(try await result(of: item))
            } else {
                results.append(.failure(site.errors.unreadable(1, nil)))
            }
        }
        return results
    }

    private func result(of item: Item) async throws -> ReadResult {
        do {
            return .success(try await row(at: item.id))
        } catch let error as LockError where [.forbidden, .nonsense, .notLockable].contains(error.code) {
            return .failure(error)
        }
    }

    private func everything() async throws -> (byPath: [String: GitLFSLock], isWhole: Bool) {
        var (byPath, isWhole): ([String: GitLFSLock], Bool) = ([:], true)
        try await pages { mark in
            let found = try await locks(after: mark)
            for lock in found.locks where byPath[lock.path] == nil { byPath[lock.path] = lock }
            isWhole = isWhole && found.failures.isEmpty
            return found.next
        }
        return (byPath, isWhole)
    }

    // A cursor that comes again would lead in circles.
    private func pages(_ read: (PageMark?) async throws -> PageMark?) async throws {
        var seen: Set<PageMark> = []
        var mark = try await read(nil)
        while let next = mark, seen.insert(next).inserted, seen.count < Self.mostPages { mark = try await read(next) }
    }

    /// The item of a path that a person typed, whether or not it is locked.
    func find(_ name: String) async throws -> Row {
        guard let path = GitLFSPath.clean(name) else { throw site.errors.noPath(name) }
        return try await row(at: path)
    }

    private func row(at path: String) async throws -> Row {
        var (mine, failures): (GitLFSLock?, [MalformedAnswer]) = (nil, [])
        try await pages { mark in
            let found = try await plain(mark.map { String($0.text.dropFirst()) }, nil, path: path)
            // One host takes no notice of case, and some none of the path.
            mine = mine ?? found.locks.first { $0.path == path }
            failures += found.failures
            return mine == nil ? found.next : nil
        }
        guard let lock = mine else {
            if !failures.isEmpty { throw site.errors.unreadable(failures.count, failures.first) }
            return Row(item: GitLFSPath.item(path), reading: .known([], at: site.profile.now()))
        }
        if owners.owner(of: lock.id) == nil, !site.profile.login.isAnonymous { try await learnOwners() }
        return row(lock)
    }

    private func learnOwners() async throws {
        try await pages { try await locks(after: $0).next }
    }

    // MARK: Rows

    private func row(_ wire: GitLFSLock) -> Row {
        let ownership = owners.owner(of: wire.id) ?? .other
        let since = wire.lockedAt.flatMap { RFC3339.date($0) }.flatMap { site.clock.ours($0.timeIntervalSince1970) }
        let lock = Lock(
            kind: .lock, holder: Holder(id: nil, name: wire.owner, ownership: ownership), since: since,
            identity: LockIdentity(of: "id \(wire.id)"), serverID: wire.id)
        return Row(item: GitLFSPath.item(wire.path), reading: .known([lock], at: site.profile.now()))
    }
}
