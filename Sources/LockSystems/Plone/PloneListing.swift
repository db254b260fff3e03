// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Listing and reading on Plone, with as few requests as it allows (plone.md section 4).
final class PloneListing: Sendable {
    /// So many bytes a second may a sweep through the listing cost.
    private static let bytesPerSecond = 18_000.0
    /// A listing of no more bytes may be read as often as one likes.
    private static let trifle = 65_536.0
    private static let mostSecondsPerSweep = 600.0
    /// The longest query that every proxy lets through; some cut addresses off at 8 KB, or refuse them.
    static let longest = 4_096
    /// More pages than any site has: what a server says of its size is not to be believed without end.
    static let mostPages = 100_000

    let site: PloneSite
    private let pages: PlonePages
    let ration: PloneRation
    let weight = Mutex(Weight())
    /// The first item of the first page: another page that begins with it is no other page.
    private let first = Mutex<String?>(nil)

    init(site: PloneSite) {
        self.site = site
        pages = PlonePages(timeout: site.profile.timeout, now: site.profile.time.now)
        ration = PloneRation(now: site.profile.time.now)
    }

    /// What the listing weighs, as far as it was read.
    struct Weight {
        var bytesPerItem = 0
        var total = 0
        /// When an item was last seen checked out without a lock: then locking is switched off, and locks tell not all.
        var withoutLocksAt: ContinuousClock.Instant?
    }

    /// In how many seconds at least the whole listing may be read again without being a burden.
    var secondsPerSweep: Double {
        let bytes = weight.withLock { Double($0.bytesPerItem) * Double($0.total) }
        return min(Self.mostSecondsPerSweep, max(0, bytes - Self.trifle) / Self.bytesPerSecond)
    }

    // MARK: Listing

    /// A page of full objects. Where the server fails at one of them, or takes too long over all of them, the page comes
    /// in smaller parts, and what even a single reading can't tell is unknown (plone.md section 5.1).
    func page(after mark: PageMark?) async throws -> ItemPage {
        let start = mark.flatMap { Int($0.text) } ?? 0
        let me = await site.session.known
        var page = Page(start: start, me: me)
        var waiting = pages.parts(from: start)
        while !waiting.isEmpty {
            let part = waiting.removeFirst()
            if let total = page.total, part.range.lowerBound >= total, part.range.lowerBound > start {
                page.parts.append(part)
                continue
            }
            do {
                try await read(part, into: &page)
                page.parts.append(part)
            } catch let error where !part.isSingle && Self.isDivisible(error) {
                // Whether the server answers at all: a page without its contents costs it little.
                let isProven = page.summaries != nil
                try await summaries(&page)
                if (error as? LockError)?.asksForLess ?? false, !isProven { pages.size.failed(part.range.count) }
                waiting = pages.halves(of: part) + waiting
            }
        }
        pages.remember(page.parts, from: start)
        if start == 0, site.profile.selection.depth ?? 0 > 0 { page.rows += await folderItself(me: me) }
        return ItemPage(
            rows: page.rows, following: marks(after: start, total: page.total, found: page.count), total: page.total)
    }

    /// A page as far as it was read.
    private struct Page {
        let start: Int
        let me: Account?
        var rows: [Row] = []
        /// How many objects the answers named.
        var count = 0
        var total: Int?
        var parts: [PlonePages.Part] = []
        var summaries: [PloneContent]?
    }

    static func isDivisible(_ error: any Error) -> Bool {
        (error as? LockError).map { $0.asksForLess || $0.code == .nonsense } ?? false
    }

    private var folder: String {
        let path = site.profile.selection.path ?? "/"
        return path.hasPrefix("/") ? path : "/" + path
    }

    private func marks(after start: Int, total: Int?, found: Int) -> [PageMark] {
        guard let total else {
            // A server that does not tell how many there are is asked until a page is not full.
            return found >= PlonePages.most ? [PageMark(String(start + PlonePages.most))] : []
        }
        guard start == 0, total > PlonePages.most else { return [] }
        return stride(from: PlonePages.most, to: total, by: PlonePages.most).prefix(Self.mostPages)
            .map { PageMark(String($0)) }
    }

    private func query(_ range: Range<Int>) -> [(String, String)] {
        let selection = site.profile.selection
        var query = [("sort_on", "path"), ("b_size", String(range.count))]
        if range.lowerBound > 0 { query.append(("b_start", String(range.lowerBound))) }
        query += selection.types.map { ("portal_type", $0) }
        if let depth = selection.depth { query.append(("path.depth", String(depth))) }
        if let text = selection.text, !text.isEmpty { query.append(("SearchableText", text)) }
        return query
    }

    private func read(_ part: PlonePages.Part, into page: inout Page) async throws {
        if part.isSingle { return try await readParts(part.range, into: &page) }
        let began = site.profile.time.now()
        let (search, bytes) = try await site.get(
            folder, "@search", query: query(part.range) + [("fullobjects", "1")], as: PloneSearch.self)
        pages.size.came(part.range.count, after: site.profile.time.now() - began)
        site.learnRoot(from: search.address, askedFor: folder, service: "@search")
        if search.count > 0 { weigh(bytes, search.count, of: search.total) }
        try checkProgress(search, from: part.range.lowerBound)
        page.rows += try rows(search, me: page.me)
        page.count += search.count
        page.total = search.total ?? page.total
    }

    /// A server, or a proxy, that drops the start of a page would be asked for the same one for ever.
    private func checkProgress(_ search: PloneSearch, from start: Int) throws {
        let head = search.items.first?.address
        guard start > 0 else { return first.withLock { $0 = head } }
        guard let head, head == first.withLock(\.self) else { return }
        throw LockError(
            .wrongSystem, "\(site.profile.name) gives the same items on every page of its listing.",
            advice: "Look at what stands before Plone: it seems to drop b_start from the address.")
    }

    private func checkReadable(_ search: PloneSearch) throws {
        guard search.items.isEmpty, let failure = search.failures.first else { return }
        throw site.errors.voice.nonsense(failure.message, status: 200, changing: false)
    }

    private func rows(_ search: PloneSearch, me: Account?) throws -> [Row] {
        let locks = PloneLocks(site: site, me: me)
        try checkReadable(search)
        let found = search.items.map { ($0, locks.row($0)) }
        note(found.compactMap(\.1))
        // An answer that names items and of which none can be asked for is no empty site.
        if let strange = found.first(where: { $0.1 == nil })?.0, found.allSatisfy({ $0.1 == nil }) {
            throw site.errors.strangeAddress(strange.address)
        }
        return found.compactMap { content, row in
            guard let row else { return strange(content) }
            // What can't be locked is no row: with `types` left out that is the site's folders, files and images.
            return row.item.isLockable || row.lock != nil ? row : nil
        }
    }

    private func weigh(_ bytes: Int, _ count: Int, of total: Int?) {
        weight.withLock { weight in
            weight.bytesPerItem = bytes / count
            weight.total = total ?? max(weight.total, count)
        }
    }

    func note(_ rows: [Row]) {
        guard rows.contains(where: { $0.lock.map { $0.kind == .workingCopy && $0.token == nil } ?? false }) else {
            return
        }
        let now = site.profile.time.now()
        weight.withLock { $0.withoutLocksAt = now }
    }

    private func strange(_ content: PloneContent) -> Row {
        let address = content.address
        let item = Item(
            id: address, path: address, title: content.title ?? PloneLocks.name(address), type: content.type ?? "")
        return Row(item: item, reading: Reading.never.failed(site.errors.strangeAddress(address).description))
    }

    private func folderItself(me: Account?) async -> [Row] {
        let selection = site.profile.selection
        // Whether it holds the words only the server's search could tell.
        guard (selection.text ?? "").isEmpty, let row = try? await content(at: folder, me: me) else { return [] }
        let isWanted = selection.types.isEmpty || selection.types.contains(row.item.type)
        return row.item.isLockable && isWanted ? [row] : []
    }

    /// The page's objects without their contents, asked for once.
    @discardableResult
    private func summaries(_ page: inout Page) async throws -> [PloneContent] {
        if let summaries = page.summaries { return summaries }
        let range = page.start..<page.start + PlonePages.most
        let (search, _) = try await site.get(
            folder, "@search", query: query(range) + [("metadata_fields", "modified")], as: PloneSearch.self)
        site.learnRoot(from: search.address, askedFor: folder, service: "@search")
        try checkProgress(search, from: page.start)
        try checkReadable(search)
        if let strange = search.items.first, search.items.allSatisfy({ site.path(of: $0.address) == nil }) {
            throw site.errors.strangeAddress(strange.address)
        }
        page.summaries = search.items
        page.total = search.total ?? page.total
        return search.items
    }

    private func readParts(_ range: Range<Int>, into page: inout Page) async throws {
        let all = try await summaries(&page)
        let contents = all.enumerated().filter { range.contains(page.start + $0.offset) }.map(\.element)
        page.count += contents.count
        let items = contents.compactMap { content in
            site.path(of: content.address).map {
                Item(id: $0, path: $0, title: content.title ?? PloneLocks.name($0), type: content.type ?? "")
            }
        }
        let results = try await readSingly(items, me: page.me)
        page.rows += zip(items, results).compactMap { item, result -> Row? in
            switch result {
            case .success(let row): row.item.isLockable ? row : nil
            case .failure(let error) where error.code == .gone: nil
            case .failure(let error): Row(item: item, reading: Reading.never.failed(error.description))
            }
        }
    }
}
