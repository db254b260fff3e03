// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Listing and reading on Nick: a folder's own answer carries the locks of all its children (nick.md section 4).
final class NickListing: Sendable {
    /// Above this many bytes for an item that is wanted, reading locks singly costs less than reading their folder.
    private static let heavy = 32_768
    /// So many children of a folder that can't be read are read singly; the rest waits until it is on screen.
    private static let mostSingles = 50

    private let site: NickSite
    private let chains: NickChains
    private let catalogue: NickCatalogue
    private let bytes = Mutex<[String: Int]>([:])
    private let folders = NickFolders()

    init(site: NickSite, chains: NickChains) {
        self.site = site
        self.chains = chains
        catalogue = NickCatalogue(site: site)
    }

    // MARK: Listing

    /// A page is a group of folders; the mark of a page is their paths.
    func page(after mark: PageMark?) async throws -> ItemPage {
        if let mark {
            let folders = mark.text.split(separator: "\n").map(String.init)
            return ItemPage(rows: try await rows(of: folders, try await catalogue.treeInUse()))
        }
        let tree = try await catalogue.tree()
        let groups = tree.groups(from: site.selectedFolder)
        let rows = try await rows(of: groups[0], tree)
        let marks = groups.dropFirst().map { PageMark($0.joined(separator: "\n")) }
        let isKnown = tree.count > 0 && site.profile.selection.types.isEmpty
        return ItemPage(rows: rows, following: marks, total: isKnown ? tree.count + 1 : nil)
    }

    private func rows(of folders: [String], _ tree: NickTree) async throws -> [Row] {
        let me = await site.session.known
        let results = try await site.inTurns(folders) { folder in try await self.folder(folder, tree, me: me) }
        try await tellFailingServer(results)
        var rows: [Row] = []
        for (folder, result) in zip(folders, results) {
            switch result {
            case .success(let found): rows += found
            case .failure(let error) where error.code == .gone: catalogue.noteGone(folder)
            case .failure(let error):
                rows += try await children(tree.names[folder] ?? [], of: folder, instead: error, me: me)
            }
        }
        if folders.first == site.selectedFolder, case .failure(let error)? = results.first, rows.isEmpty { throw error }
        return rows
    }

    /// When no folder makes sense, the site's own lock tells whether that is news of the folders or of the server.
    private func tellFailingServer(_ results: [Result<[Row], LockError>]) async throws {
        let failures = results.compactMap { result -> LockError? in
            if case .failure(let error) = result, error.code == .nonsense { return error }
            return nil
        }
        guard let failure = failures.first, failures.count == results.count else { return }
        do {
            _ = try await site.get("/", "@lock", as: NickLock.self)
        } catch let error as LockError where error.code == .nonsense {
            throw failure
        } catch let error as LockError where error.code == .forbidden {
            return
        }
    }

    private func folder(_ path: String, _ tree: NickTree, me: Account?) async throws -> [Row] {
        let content = try await folder(at: path)
        catalogue.note(content.items.map(\.name), of: path)
        var rows = path == site.selectedFolder ? [content] : []
        let depth = NickPath.depth(of: path, below: site.selectedFolder) ?? 0
        if depth < site.profile.selection.depth ?? .max { rows += content.items }
        let locks = NickLocks(site: site, chains: chains, me: me)
        return rows.enumerated().compactMap { index, content in
            let isSelf = index == 0 && path == site.selectedFolder
            guard let place = isSelf ? path : content.name.map({ NickPath.child($0, of: path) }) else { return nil }
            guard site.profile.selection.takes(type: content.type), tree.found?.contains(place) ?? true else {
                return nil
            }
            return locks.row(content, at: place)
        }
    }

    // A folder that this account may not see can hold items that it may.
    private func children(_ names: [String], of folder: String, instead error: LockError, me: Account?) async throws
        -> [Row]
    {
        let items = names.map { name in
            let path = NickPath.child(name, of: folder)
            return Item(id: path, path: path, title: name)
        }
        let results = try await singly(Array(items.prefix(Self.mostSingles)), me: me)
        let read = zip(items, results).compactMap { item, result -> Row? in
            switch result {
            case .success(let row): row
            case .failure(let error) where error.code == .gone: nil
            case .failure(let error): Row(item: item, reading: Reading.never.failed(error.description))
            }
        }
        let rest = items.dropFirst(Self.mostSingles)
        return read + rest.map { Row(item: $0, reading: Reading.never.failed(error.description)) }
    }

    // MARK: Reading

    /// Items of one folder by one request for the folder, single ones by one for the lock.
    func read(_ items: [Item], me: Account?) async throws -> [ReadResult] {
        var folders: [String: [Item]] = [:]
        for item in items { folders[NickPath.parent(of: item.path) ?? "", default: []].append(item) }
        let wholes = folders.filter { folder, items in
            !folder.isEmpty && items.count > 1 && bytes.withLock { $0[folder] ?? 0 } < items.count * Self.heavy
        }
        let paths = wholes.keys.sorted()
        let answers = try await site.inTurns(paths) { path in try await self.children(of: path, me: me) }
        var found: [String: Row] = [:]
        for case .success(let rows) in answers {
            for row in rows { found[row.item.id] = row }
        }
        // What its folder does not show is asked for by itself before it counts as gone.
        let missing = items.filter { found[$0.id] == nil }
        let singles = try await singly(missing, me: me)
        var results = Dictionary(zip(missing.map(\.id), singles), uniquingKeysWith: { first, _ in first })
        for (id, row) in found { results[id] = .success(row) }
        return items.map { results[$0.id] ?? .failure(site.errors.voice.gone($0.path)) }
    }

    private func children(of path: String, me: Account?) async throws -> [Row] {
        let content = try await folder(at: path)
        let locks = NickLocks(site: site, chains: chains, me: me)
        return content.items.compactMap { child in
            child.name.map { locks.row(child, at: NickPath.child($0, of: path)) }
        }
    }

    private func singly(_ items: [Item], me: Account?) async throws -> [ReadResult] {
        let locks = NickLocks(site: site, chains: chains, me: me)
        return try await site.inTurns(items) { item in
            let lock = try await self.site.get(item.path, "@lock", as: NickLock.self)
            return Row(item: item, reading: locks.reading(lock, of: item.path))
        }
    }

    /// One item by its path, whole.
    func find(_ path: String, me: Account?) async throws -> Row {
        // A name with that sign is a call, and would answer something else.
        guard !path.contains("/@") else { throw site.errors.voice.gone(path) }
        let content = try read(try await site.call("GET", path))
        return NickLocks(site: site, chains: chains, me: me).row(content, at: path)
    }

    /// A folder with its children. Of one that has not changed the server sends only that, and it is told as it was read
    /// last. A folder's answer ends with its children, so each level is asked for by itself.
    private func folder(at path: String) async throws -> NickContent {
        let answer: NickSite.Answer<NickFolder>
        do {
            answer = try await site.get(path) { self.folders.known(path, to: $0) }
        } catch let error as LockError {
            // What may be tried again shortly is still worth knowing.
            if [.gone, .forbidden].contains(error.code) { forget(path) }
            throw error
        }
        if let known = answer.unchanged { return known.content }
        let content = try read(answer.response)
        let size = answer.response.body.count
        bytes.withLock { $0[path] = size }
        folders.keep(NickFolder(content, answer: answer.response), at: path, bytes: size, for: answer.reader)
        return content
    }

    private func forget(_ folder: String) {
        folders.forget(folder)
        bytes.withLock { $0[folder] = nil }
    }

    private func read(_ response: Response) throws -> NickContent {
        let content = try site.read(NickContent.self, from: response, changing: false)
        if content.items.isEmpty, let failure = content.failures.first {
            throw site.errors.voice.nonsense(failure.message, status: response.status, changing: false)
        }
        return content
    }
}
