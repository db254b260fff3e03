// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

extension PloneListing {
    /// A few items are read whole, for these are what an operation is judged by. Of many the lock alone is, where that is
    /// cheaper; the rest comes by one search.
    func read(_ items: [Item], me: Account?) async throws -> [ReadResult] {
        if items.count < 3 { return try await readSingly(items, me: me) }
        guard let singles = singles(of: items.count) else { return try await readSingly(items, me: me) }
        var found = singles > 0 ? try await readLocks(Array(items.prefix(singles)), me: me) : [:]
        found.merge(try await search(Array(items.dropFirst(singles)), me: me)) { first, _ in first }
        // A search shows what the catalogue knows; what it lacks is asked for by itself before it counts as gone.
        let missing = items.filter { found[$0.id] == nil }
        let others = try await readSingly(missing, me: me)
        var results = Dictionary(zip(missing.map(\.id), others), uniquingKeysWith: { first, _ in first })
        for (id, row) in found { results[id] = .success(row) }
        return items.map { results[$0.id] ?? .failure(gone($0.path)) }
    }

    /// Of how many items the lock alone is to be read; `nil`: all are to be read whole, one by one.
    private func singles(of count: Int) -> Int? {
        let (weight, now) = (weight.withLock(\.self), site.profile.time.now())
        if let seenAt = weight.withoutLocksAt, now - seenAt < .seconds(600) {
            return weight.bytesPerItem > PloneRation.heavy ? nil : 0
        }
        return ration.singles(of: count, weighing: weight.bytesPerItem)
    }

    private func search(_ items: [Item], me: Account?) async throws -> [String: Row] {
        let locks = PloneLocks(site: site, me: me)
        var found: [String: Row] = [:]
        for content in try await contents(of: items, [("fullobjects", "1")]) {
            guard let row = locks.row(content), content.lock != nil || content.lockFault != nil else { continue }
            found[row.item.id] = row
        }
        note(Array(found.values))
        return found
    }

    /// The locks of items whose names the catalogue still knows: a lock does not tell whose it is, and Plone looks a name up
    /// in the folders above too. Check-outs are left out, for what they are is told by the whole item.
    private func readLocks(_ items: [Item], me: Account?) async throws -> [String: Row] {
        let began = site.profile.time.now()
        let named = try await contents(of: items, [("metadata_fields", "modified")])
        var known: [String: Item] = [:]
        for item in items { known[item.id] = item }
        let there = named.compactMap { content in
            site.path(of: content.address).flatMap { known[$0] }.map { Named(content: content, item: $0) }
        }
        let locks = PloneLocks(site: site, me: me)
        let rows = try await Concurrently.map(there, width: site.profile.connections) { named -> Row? in
            do {
                var content = named.content
                content.lock = try await self.site.get(named.item.path, "@lock", as: PloneLock.self).answer
                guard var row = locks.row(content), row.lock?.kind != .workingCopy else { return nil }
                row.item.workingCopyOf = named.item.workingCopyOf
                return row
            } catch let error as LockError {
                if Self.isOfAll(error) { throw error }
                return nil
            }
        }
        ration.took(site.profile.time.now() - began, for: items.count)
        return Dictionary(rows.compactMap(\.self).map { ($0.item.id, $0) }) { first, _ in first }
    }

    private struct Named: Sendable {
        var content: PloneContent
        var item: Item
    }

    /// What the catalogue has of items, by as many searches as their paths need.
    private func contents(of items: [Item], _ more: [(String, String)]) async throws -> [PloneContent] {
        var found: [PloneContent] = []
        for group in groups(items) where !group.isEmpty {
            let query = group.map(Self.pathQuery(site)) + [("path.depth", "0"), ("b_size", "\(group.count)")] + more
            do {
                found += try await site.get("/", "@search", query: query, as: PloneSearch.self).answer.items
            } catch let error where Self.isDivisible(error) {
                // Then each is read by itself.
            }
        }
        return found
    }

    private static func pathQuery(_ site: PloneSite) -> (Item) -> (String, String) {
        { ("path.query", site.catalogPath($0.path)) }
    }

    /// The items in groups whose paths fit into one address.
    private func groups(_ items: [Item]) -> [[Item]] {
        var groups: [[Item]] = [[]]
        var length = 0
        for item in items {
            let more = PloneSite.length(Self.pathQuery(site)(item))
            if length + more > Self.longest, !groups[groups.count - 1].isEmpty {
                groups.append([])
                length = 0
            }
            groups[groups.count - 1].append(item)
            length += more
        }
        return groups
    }

    func readSingly(_ items: [Item], me: Account?) async throws -> [ReadResult] {
        try await Concurrently.map(items, width: site.profile.connections) { item -> ReadResult in
            do {
                return .success(try await self.content(at: item.path, me: me))
            } catch let error as LockError {
                if Self.isOfAll(error) { throw error }
                return .failure(error)
            }
        }
    }

    // What fails for every item alike is no news of one of them.
    private static func isOfAll(_ error: LockError) -> Bool {
        [.unreachable, .slowDown, .notSignedIn, .wrongSystem].contains(error.code)
    }

    /// One item by its path, whole: the answer's `@id` tells whether it is the item that was meant.
    func content(at path: String, me: Account?) async throws -> Row {
        var content = try await rawContent(at: path)
        if content.lock == nil, content.lockFault == nil { content.lock = try await lock(at: path) }
        guard let row = PloneLocks(site: site, me: me).row(content) else { throw gone(path) }
        note([row])
        return row
    }

    /// Before 8.9 plone.restapi tells the lock of a content object only where it is asked for it by itself.
    private func lock(at path: String) async throws -> PloneLock {
        do {
            return try await site.get(path, "@lock", as: PloneLock.self).answer
        } catch let error as LockError where error.code == .gone {
            throw LockError(
                .unsupported, "\(site.profile.name) tells no locks: its plone.restapi is older than they are.",
                advice: "It needs plone.restapi 7.3 or later.")
        }
    }

    func rawContent(at path: String) async throws -> PloneContent {
        // These name services and namespaces, not content.
        guard !path.split(separator: "/").contains(where: { $0.hasPrefix("@") || $0.hasPrefix("++") }) else {
            throw gone(path)
        }
        let (content, _) = try await site.get(
            path, nil, query: [("include_items", "false")], as: PloneContent.self)
        site.learnRoot(from: content.address, askedFor: path, service: "")
        // Plone looks a name up in the folders above too, so another object may answer (plone.md section 1).
        let plain = path == "/" || path.isEmpty ? "/" : path
        guard let found = site.path(of: content.address), found == plain || (plain == "/" && found.isEmpty) else {
            throw gone(path)
        }
        return content
    }

    /// The working copy of an original that has forgotten it: it lies in the same folder.
    func copyBeside(_ original: String) async throws -> String? {
        let parent = original.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        var start = 0
        while start < Self.mostPages {
            var query = [("path.depth", "1"), ("b_size", String(PlonePages.most)), ("fullobjects", "1")]
            if start > 0 { query.append(("b_start", String(start))) }
            let (search, _) = try await site.get(
                parent.isEmpty ? "/" : parent, "@search", query: query, as: PloneSearch.self)
            let copy = search.items.first { $0.workingCopyOf.flatMap { site.path(of: $0.address) } == original }
            if let copy { return site.path(of: copy.address) }
            start += PlonePages.most
            guard search.count >= PlonePages.most, start < search.total ?? .max else { break }
        }
        return nil
    }

    private func gone(_ path: String) -> LockError {
        LockError(
            .gone, "\(path) is not on \(site.profile.name) any more, or lies elsewhere now.",
            advice: "Read the listing again.")
    }
}
