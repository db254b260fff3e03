// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Which folders have something to list, from the catalogue. It tells no locks, and reading it is rationed to 100 pages
/// in a quarter of an hour for a machine (nick.md section 1), so it is read rarely, and half of that is left to others.
struct NickTree: Sendable {
    /// The names in each folder that the selection is after, by the folder's path.
    var names: [String: [String]] = [:]
    /// Where the server looked for words: the paths that it found. `nil`: all.
    var found: Set<String>?

    /// How many items there are.
    var count: Int { names.values.reduce(0) { $0 + $1.count } }

    /// The folders in the order of their paths, in groups of about a hundred items.
    func groups(from first: String) -> [[String]] {
        var groups: [[String]] = [[first]]
        var size = names[first]?.count ?? 0
        for (path, names) in names.sorted(by: { $0.key < $1.key }) where path != first {
            if size > 0, size + names.count > 100 || groups[groups.count - 1].count >= 50 {
                groups.append([])
                size = 0
            }
            groups[groups.count - 1].append(path)
            size += names.count
        }
        return groups
    }
}

/// A page of the catalogue: what the selection is after.
struct NickCataloguePage: NickMarked {
    /// Empty where the server gave none that proves anything.
    let tag: String
    /// How many entries the page had.
    let count: Int
    /// The path that it began with.
    let head: String?
    // In one piece: there may be a hundred thousand, and they are kept between two readings.
    private let text: String

    /// The paths of what the selection is after.
    var paths: [String] { text.split(separator: "\n").map(String.init) }

    init(tag: String, count: Int, head: String?, paths: [String]) {
        (self.tag, self.count, self.head) = (tag, count, head)
        text = paths.joined(separator: "\n")
    }
}

/// Reads the tree from the catalogue and keeps it as long as it is good.
final class NickCatalogue: Sendable {
    private static let window = 900.0
    private static let most = 50
    /// More than the server lets anybody read in a quarter of an hour.
    private static let mostPages = 100

    private struct State {
        var tree: NickTree?
        var readAt: ContinuousClock.Instant?
        var isStale = false
        var pages: [ContinuousClock.Instant] = []
        var closedUntil: ContinuousClock.Instant?
        /// A hash of the names of the children that each folder had when it was read last.
        var children: [String: Int] = [:]
        /// The pages as one sign-in read them last, by their size and where they begin.
        var reader: NickSession.Reader?
        var known: [Int: [Int: NickCataloguePage]] = [:]
    }

    /// Seconds after which the catalogue is read again although no folder's children have changed: what lies in an item
    /// that had nothing in it shows there alone.
    private static let rarely = 600.0

    private let site: NickSite
    private let size: PageSize
    private let state = Mutex(State())

    init(site: NickSite) {
        self.site = site
        size = PageSize(1_000, least: 125, timeout: site.profile.timeout, now: site.profile.time.now)
    }

    /// The tree below the selected folder: the one that is known, or a new one where that is due and allowed.
    func tree() async throws -> NickTree {
        let folder = site.selectedFolder
        let selection = site.profile.selection
        if let depth = selection.depth, depth <= 1, (selection.text ?? "").isEmpty {
            return NickTree(names: [folder: []])
        }
        let now = site.profile.time.now()
        if let tree = state.withLock({ isGood($0, at: now) ? $0.tree : nil }) { return tree }
        do {
            let tree = try await read(folder)
            state.withLock { state in
                state.tree = tree
                state.readAt = now
                state.isStale = false
            }
            return tree
        } catch let error as LockError where [.slowDown, .nonsense].contains(error.code) {
            close(for: error.retryAfter ?? 60)
            // What is known is better than nothing; the folders themselves are not rationed.
            guard let tree = state.withLock(\.tree) else { throw error }
            return tree
        }
    }

    /// The tree that a listing under way began with.
    func treeInUse() async throws -> NickTree {
        if let tree = state.withLock(\.tree) { return tree }
        return try await tree()
    }

    /// Takes note of a folder's children: others than before mean that the tree has changed.
    func note(_ names: [String?], of folder: String) {
        let hash = names.hashValue
        state.withLock { state in
            if let before = state.children.updateValue(hash, forKey: folder), before != hash { state.isStale = true }
        }
    }

    /// A folder of the tree is no longer there.
    func noteGone(_ folder: String) {
        state.withLock { state in
            state.isStale = true
            state.children[folder] = nil
        }
    }

    private func isGood(_ state: State, at now: ContinuousClock.Instant) -> Bool {
        guard let tree = state.tree, let readAt = state.readAt else { return false }
        // Spread evenly, so that the ration lasts.
        let pages = Double(tree.count / size.current + 1)
        let pace = pages * Self.window / Double(Self.most)
        return now - readAt < .seconds(max(state.isStale ? 20 : Self.rarely, pace))
    }

    // MARK: Reading

    private func read(_ folder: String) async throws -> NickTree {
        let selection = site.profile.selection
        var tree = NickTree()
        var seen: Set<String> = []
        var start = 0
        var heads: Set<String> = []
        for _ in 0..<Self.mostPages {
            let (page, size) = try await page(folder, from: start)
            // A server that does not heed the start of a page would be asked for the same one for ever.
            if let head = page.head, !heads.insert(head).inserted { throw site.errors.samePages() }
            for path in page.paths where seen.insert(path).inserted {
                guard let parent = NickPath.parent(of: path), let name = path.split(separator: "/").last else {
                    continue
                }
                tree.names[parent, default: []].append(String(name))
            }
            guard page.count >= size else { break }
            start += page.count
        }
        if tree.names[folder] == nil { tree.names[folder] = [] }
        if Self.words(selection.text) != nil { tree.found = seen }
        return tree
    }

    private func page(_ folder: String, from start: Int) async throws -> (page: NickCataloguePage, size: Int) {
        try await size.ask { size in (try await page(folder, from: start, size), size) }
    }

    private func page(_ folder: String, from start: Int, _ size: Int) async throws -> NickCataloguePage {
        try admit()
        let selection = site.profile.selection
        var query = [("sort_on", "path"), ("b_size", String(size))]
        if start > 0 { query.append(("b_start", String(start))) }
        // One type at most, and one value for each name: repeated ones break the server's query.
        if selection.types.count == 1 { query.append(("portal_type", selection.types[0])) }
        if let depth = selection.depth, depth > 0 { query.append(("path.depth", String(depth))) }
        if let words = Self.words(selection.text) { query.append(("SearchableText", words)) }
        let answer = try await site.get(folder, "@search", query: query) { reader in
            self.state.withLock { $0.reader == reader ? $0.known[size]?[start] : nil }
        }
        if answer.response.headers["RateLimit-Remaining"] == "0" { close(for: site.errors.wait(answer.response)) }
        if let known = answer.unchanged { return known }
        let page = try page(folder, answer.response)
        state.withLock { state in
            if state.reader != answer.reader { (state.reader, state.known) = (answer.reader, [:]) }
            state.known[size, default: [:]][start] = page.tag.isEmpty ? nil : page
        }
        return page
    }

    private func page(_ folder: String, _ response: Response) throws -> NickCataloguePage {
        let selection = site.profile.selection
        let found = try site.read(NickSearch.self, from: response, changing: false).items
        let hits = found.elements.map {
            (hit: $0, path: $0.path.map(NickPath.clean) ?? NickPath.of(address: $0.address))
        }
        if hits.allSatisfy({ $0.path == nil }) {
            if let hit = hits.first?.hit { throw site.errors.strangeHits(hit.address) }
            if let failure = found.failures.first {
                throw site.errors.voice.nonsense(failure.message, status: 200, changing: false)
            }
        }
        let paths = hits.compactMap { hit, path -> String? in
            guard let path, let depth = NickPath.depth(of: path, below: folder), depth > 0,
                depth <= selection.depth ?? .max, selection.takes(type: hit.type)
            else { return nil }
            return path
        }
        return NickCataloguePage(
            tag: NickMark.ofBody(response) ?? "", count: hits.count + found.failures.count, head: hits.first?.path,
            paths: paths)
    }

    /// Words as PostgreSQL's full-text query takes them: signs of its own would break it, blanks too.
    static func words(_ text: String?) -> String? {
        let words = (text ?? "").split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        return words.isEmpty ? nil : words.joined(separator: " & ")
    }

    /// Counts a page before it is asked for.
    private func admit() throws {
        let now = site.profile.time.now()
        let wait = state.withLock { state -> Double in
            state.pages.removeAll { now - $0 >= .seconds(Self.window) }
            if let closedUntil = state.closedUntil, closedUntil > now { return (closedUntil - now) / .seconds(1) }
            // The first tree of a large site may take all that the server allows.
            if state.tree != nil, let first = state.pages.first, state.pages.count >= Self.most {
                return (first + .seconds(Self.window) - now) / .seconds(1)
            }
            state.pages.append(now)
            return 0
        }
        guard wait <= 0 else { throw site.errors.tooManySearches(again: wait) }
    }

    private func close(for wait: Double?) {
        let until = site.profile.time.now() + .seconds(wait ?? Self.window)
        state.withLock { $0.closedUntil = until }
    }
}

extension SystemProfile.Selection {
    /// Whether an item of that type is to be listed.
    func takes(type: String?) -> Bool { types.isEmpty || types.contains(type ?? "") }
}
