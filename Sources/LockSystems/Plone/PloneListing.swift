// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Listing and reading on Plone, with as few requests as it allows (plone.md section 4).
final class PloneListing: Sendable {
    private static let pageSize = 100
    /// Above this many bytes an item, single reads of on-screen rows cost less than one search for full objects.
    private static let heavy = 16_384

    private let site: PloneSite
    private let bytesPerItem = Mutex(0)

    init(site: PloneSite) { self.site = site }

    // MARK: Listing

    func page(after mark: PageMark?) async throws -> ItemPage {
        let start = mark.flatMap { Int($0.text) } ?? 0
        let me = await site.session.known
        let search: PloneSearch
        do {
            search = try await fullPage(from: start)
        } catch let error as LockError where error.code == .nonsense {
            // One lock without a creator breaks a whole page of full objects (plone.md section 5.1).
            return try await pageOfSummaries(from: start, me: me)
        }
        var rows = rows(search.items, me: me)
        if start == 0, site.profile.selection.depth ?? 0 > 0 { rows += await folderItself(me: me) }
        return ItemPage(rows: rows, following: marks(after: start, total: search.total), total: search.total)
    }

    private var folder: String {
        let path = site.profile.selection.path ?? "/"
        return path.hasPrefix("/") ? path : "/" + path
    }

    private func marks(after start: Int, total: Int) -> [PageMark] {
        guard start == 0, total > Self.pageSize else { return [] }
        return stride(from: Self.pageSize, to: total, by: Self.pageSize).map { PageMark(String($0)) }
    }

    private func query(from start: Int) -> [(String, String)] {
        let selection = site.profile.selection
        var query = [("sort_on", "path"), ("b_size", String(Self.pageSize))]
        if start > 0 { query.append(("b_start", String(start))) }
        query += selection.types.map { ("portal_type", $0) }
        if let depth = selection.depth { query.append(("path.depth", String(depth))) }
        if let text = selection.text, !text.isEmpty { query.append(("SearchableText", text)) }
        return query
    }

    private func fullPage(from start: Int) async throws -> PloneSearch {
        let (search, bytes) = try await site.get(
            folder, "@search", query: query(from: start) + [("fullobjects", "1")], as: PloneSearch.self)
        site.learnRoot(from: search.address, askedFor: folder, service: "@search")
        if !search.items.isEmpty { bytesPerItem.withLock { $0 = bytes / search.items.count } }
        return search
    }

    private func rows(_ contents: [PloneContent], me: Account?) -> [Row] {
        let locks = PloneLocks(site: site, me: me)
        // What can't be locked is no row: with `types` left out that is the site's folders, files and images.
        return contents.compactMap { locks.row($0) }.filter { $0.item.isLockable || $0.lock != nil }
    }

    private func folderItself(me: Account?) async -> [Row] {
        let selection = site.profile.selection
        // Whether it holds the words only the server's search could tell.
        guard (selection.text ?? "").isEmpty, let row = try? await content(at: folder, me: me) else { return [] }
        let isWanted = selection.types.isEmpty || selection.types.contains(row.item.type)
        return row.item.isLockable && isWanted ? [row] : []
    }

    private func pageOfSummaries(from start: Int, me: Account?) async throws -> ItemPage {
        let (search, _) = try await site.get(
            folder, "@search", query: query(from: start) + [("metadata_fields", "modified")], as: PloneSearch.self)
        site.learnRoot(from: search.address, askedFor: folder, service: "@search")
        let items = search.items.compactMap { content in
            site.path(of: content.address).map {
                Item(id: $0, path: $0, title: content.title ?? "", type: content.type ?? "")
            }
        }
        let results = try await readSingly(items, me: me)
        let rows = zip(items, results).compactMap { item, result -> Row? in
            switch result {
            case .success(let row): row.item.isLockable ? row : nil
            case .failure(let error) where error.code == .gone: nil
            case .failure(let error): Row(item: item, reading: Reading.never.failed(error.description))
            }
        }
        return ItemPage(rows: rows, following: marks(after: start, total: search.total), total: search.total)
    }

    // MARK: Reading

    func read(_ items: [Item], me: Account?) async throws -> [ReadResult] {
        if items.count < 3 || bytesPerItem.withLock(\.self) > Self.heavy { return try await readSingly(items, me: me) }
        let query =
            items.map { ("path.query", site.catalogPath($0.path)) }
            + [("path.depth", "0"), ("fullobjects", "1"), ("b_size", String(items.count))]
        let search: PloneSearch
        do {
            search = try await site.get("/", "@search", query: query, as: PloneSearch.self).answer
        } catch let error as LockError where error.code == .nonsense {
            return try await readSingly(items, me: me)
        }
        var found: [String: Row] = [:]
        let locks = PloneLocks(site: site, me: me)
        for content in search.items {
            if let row = locks.row(content) { found[row.item.id] = row }
        }
        // A search shows what the catalogue knows; what it lacks is asked for by itself before it counts as gone.
        let missing = items.filter { found[$0.id] == nil }
        let singles = try await readSingly(missing, me: me)
        var results = Dictionary(zip(missing.map(\.id), singles), uniquingKeysWith: { first, _ in first })
        for (id, row) in found { results[id] = .success(row) }
        return items.map { results[$0.id] ?? .failure(gone($0.path)) }
    }

    private func readSingly(_ items: [Item], me: Account?) async throws -> [ReadResult] {
        var results = [ReadResult?](repeating: nil, count: items.count)
        try await withThrowingTaskGroup(of: (Int, ReadResult).self) { group in
            var next = 0
            func start() {
                guard next < items.count else { return }
                let (index, path) = (next, items[next].path)
                next += 1
                group.addTask {
                    do {
                        return (index, .success(try await self.content(at: path, me: me)))
                    } catch let error as LockError {
                        // What fails for every item alike is no news of one of them.
                        if [.unreachable, .slowDown, .notSignedIn, .wrongSystem].contains(error.code) { throw error }
                        return (index, .failure(error))
                    }
                }
            }
            for _ in 0..<max(1, site.profile.connections) { start() }
            for try await (index, result) in group {
                results[index] = result
                start()
            }
        }
        return zip(items, results).map { $1 ?? .failure(gone($0.path)) }
    }

    /// One item by its path, whole: the answer's `@id` tells whether it is the item that was meant.
    func content(at path: String, me: Account?) async throws -> Row {
        let content = try await rawContent(at: path)
        guard let row = PloneLocks(site: site, me: me).row(content) else { throw gone(path) }
        return row
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
        let query = [
            ("path.depth", "1"), ("metadata_fields", "is_working_copy"), ("b_size", "1000"), ("fullobjects", "1"),
        ]
        let (search, _) = try await site.get(
            parent.isEmpty ? "/" : parent, "@search", query: query, as: PloneSearch.self)
        let copy = search.items.first { $0.workingCopyOf.flatMap { site.path(of: $0.address) } == original }
        return copy.flatMap { site.path(of: $0.address) }
    }

    private func gone(_ path: String) -> LockError {
        LockError(
            .gone, "\(path) is not on \(site.profile.name) any more, or lies elsewhere now.",
            advice: "Read the listing again.")
    }
}
