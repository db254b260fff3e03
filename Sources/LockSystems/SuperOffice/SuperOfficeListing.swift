// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Listing and reading on SuperOffice: the listing tells nothing of check-outs, each of which is a request of its own
/// (superoffice.md sections 5.1 and 7).
actor SuperOfficeListing {
    /// No document has this number: what the server says of it, it says of every document that is not there.
    private static let nowhere = String(Int32.max)

    private let site: SuperOfficeSite
    private let locks: SuperOfficeLocks
    private let size: PageSize
    /// The document that the first page begins with.
    private let first = Mutex<String?>(nil)
    /// What the list began with when it was looked at last.
    private let head = Mutex<SuperOfficeHead?>(nil)
    /// Whether the state of a document that is not there reads like that of a free one; `nil`: not asked yet.
    private var isFreeWhenGone: Bool?

    init(site: SuperOfficeSite, locks: SuperOfficeLocks) {
        self.site = site
        self.locks = locks
        size = PageSize(100, timeout: site.profile.timeout, now: site.profile.time.now)
    }

    // MARK: Listing

    /// A page, what changed last first. Nothing in it tells whether a document is checked out.
    nonisolated func page(after mark: PageMark?) async throws -> ItemPage {
        let start = mark.flatMap { Int($0.text) } ?? 0
        // A search without any condition gives everything on one server and nothing on another.
        let filter = site.profile.selection.filter ?? "documentId gt 0"
        let (page, size) = try await size.ask { size in
            (try await ask(query(filter, size) + [("$skip", String(start))]), size)
        }
        let items = page.value.compactMap(item)
        if start == 0 { head.withLock { $0 = SuperOfficeHead(page.value) } }
        try await checkProgress(items.first?.id, from: start, filter)
        let isLast = page.count < size && (page.next == nil || page.count == 0)
        let next = PageMark(String(start + page.count))
        var result = ItemPage(rows: items.map { Row(item: $0) }, following: isLast ? [] : [next])
        if items.count < page.count {
            let why = page.failures.first?.message ?? "It has no number."
            result.lacks = site.errors.unreadable(page.count - items.count, why)
        }
        return result
    }

    /// What changed since the listing began or this was asked last: the list has that first, so a few lines tell that there is
    /// nothing. It tells neither what is gone nor, as the whole listing, of check-outs.
    nonisolated func changes() async throws -> ListingChanges {
        guard let known = head.withLock(\.self) else { return .untold }
        let filter = site.profile.selection.filter ?? "documentId gt 0"
        for count in [5, 100] {
            let page = try await ask(query(filter, count))
            guard page.failures.isEmpty else { return .untold }
            guard let fresh = known.new(in: page.value, isAll: page.count < count && page.next == nil) else { continue }
            head.withLock { $0 = known.after(fresh) }
            return .told(ItemPage(rows: fresh.compactMap(item).map { Row(item: $0) }))
        }
        return .forgotten
    }

    /// A server, or a proxy, that drops the start of a page would be asked for the same one for ever. The document that the
    /// list began with may have come here honestly, pushed on by what changed since: then the list begins with another.
    private nonisolated func checkProgress(_ head: String?, from start: Int, _ filter: String) async throws {
        guard start > 0 else { return first.withLock { $0 = head } }
        guard let head, head == first.withLock(\.self) else { return }
        let beginning = try await ask(query(filter, 1)).value.compactMap(item).first?.id
        guard beginning == head else { return first.withLock { $0 = beginning } }
        throw LockError(
            .wrongSystem, "\(site.profile.name) gives the same documents on every page of its list.",
            advice: "Look at what stands before SuperOffice: it seems to drop $skip from the address.")
    }

    private nonisolated func query(_ filter: String, _ count: Int) -> [(String, String)] {
        [
            ("$select", SuperOfficeDocument.columns), ("$filter", filter),
            // The second column keeps pages apart where many documents have the same time.
            ("$orderBy", "updatedDate desc,documentId desc"), ("$output", "Logical"), ("$top", String(count)),
        ]
    }

    private nonisolated func ask(_ query: [(String, String)]) async throws -> SuperOfficePage<SuperOfficeDocument> {
        try await site.get(
            ["Document"], query: query, of: "the list of documents", as: SuperOfficePage<SuperOfficeDocument>.self)
    }

    private nonisolated func item(_ document: SuperOfficeDocument) -> Item? {
        guard let number = document.number?.number ?? document.key?.number, number > 0 else { return nil }
        let title = [document.name?.text, document.text?.text].compactMap(\.self).first { !$0.isEmpty }
        return Item(
            id: String(number), path: Self.path(String(number)), title: title ?? "Document \(number)",
            type: document.type?.text ?? "",
            modified: document.updated?.text.flatMap { RFC3339.date($0) },
            isLockable: locks.remarks.isLockable(String(number)))
    }

    static func path(_ id: String) -> String { "/Document/" + id }

    // MARK: Reading

    /// The states of some documents, as many at a time as there may be requests.
    func read(_ items: [Item]) async throws -> [ReadResult] {
        let read = try await Concurrently.map(items, width: site.profile.connections, state)
        try refuseIfNoneAnswered(read)
        return try await withoutGhosts(items, read)
    }

    private nonisolated func state(of item: Item) async throws -> ReadResult {
        do {
            let wire = try await site.get(
                ["Document", item.id, "Lock"], of: item.path, as: SuperOfficeCheckout.self)
            return .success(await locks.row(item, wire))
        } catch let error as LockError {
            // What fails for every document alike is no news of one of them. A slow archive is: it holds up its own.
            if [.slowDown, .notSignedIn, .wrongSystem, .cancelled].contains(error.code) { throw error }
            guard error.code == .nonsense else { return .failure(error) }
            return try await secondLook(at: item, after: error)
        }
    }

    // Some versions fail where others say that there is no such document, some archives fail for one document alone,
    // and an answer may have been cut off on the way. Reading again tells them apart.
    private nonisolated func secondLook(at item: Item, after error: LockError) async throws -> ReadResult {
        guard let there = await existing([item.id]) else { throw error }
        guard !there.isEmpty else { return .failure(site.errors.voice.gone(item.path)) }
        do {
            let wire = try await site.get(
                ["Document", item.id, "Lock"], of: item.path, as: SuperOfficeCheckout.self)
            return .success(await locks.row(item, wire))
        } catch let again as LockError {
            return .failure(again)
        }
    }

    private nonisolated func refuseIfNoneAnswered(_ results: [ReadResult]) throws {
        var first: LockError?
        for result in results {
            guard case .failure(let error) = result, error.code == .unreachable else { return }
            first = first ?? error
        }
        if let first { throw first }
    }

    /// Which of the documents are there; `nil` when that can't be found out.
    private nonisolated func existing(_ ids: [String]) async -> Set<String>? {
        guard !ids.isEmpty else { return [] }
        let filter = "documentId in (\(ids.joined(separator: ",")))"
        let page = try? await ask([
            ("$select", "documentId"), ("$filter", filter), ("$top", String(ids.count)),
        ])
        return page.map { Set($0.value.compactMap { ($0.number?.number ?? $0.key?.number).map { String($0) } }) }
    }

    // Where a document that is not there counts as free, the free ones are looked up in the listing.
    private func withoutGhosts(_ items: [Item], _ results: [ReadResult]) async throws -> [ReadResult] {
        let free = zip(items, results).compactMap { item, result in
            if case .success(let row) = result, row.reading.state == .free { item.id } else { nil }
        }
        guard !free.isEmpty, await freeMeansNothing(), let there = await existing(free) else { return results }
        let ghosts = Set(free).subtracting(there)
        return zip(items, results).map { item, result in
            ghosts.contains(item.id) ? .failure(site.errors.voice.gone(item.path)) : result
        }
    }

    private func freeMeansNothing() async -> Bool {
        if let isFreeWhenGone { return isFreeWhenGone }
        do {
            let wire = try await site.get(
                ["Document", Self.nowhere, "Lock"], of: Self.path(Self.nowhere), as: SuperOfficeCheckout.self)
            isFreeWhenGone = wire.state == .free
        } catch let error as LockError where [.unreachable, .slowDown, .cancelled].contains(error.code) {
            return false
        } catch {
            isFreeWhenGone = false
        }
        return isFreeWhenGone ?? false
    }

    // MARK: Finding

    /// The document of a number or of a path `/Document/<number>`.
    func find(_ name: String) async throws -> Row {
        let word = name.split(separator: "/").last.map(String.init) ?? ""
        let parts = name.split(separator: "/").count
        let isNamed = parts == 1 || (parts == 2 && name.lowercased().contains("document/"))
        guard isNamed, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int32(word), number > 0 else {
            throw LockError(
                .gone, "\(site.profile.name) has no document “\(SuperOfficeErrors.shown(name))”.",
                advice: "A document is named by its number: 141 or /Document/141.")
        }
        let page = try await ask(query("documentId eq \(number)", 1))
        guard let item = page.value.lazy.compactMap(self.item).first(where: { $0.id == String(number) }) else {
            throw site.errors.voice.gone(Self.path(String(number)))
        }
        return try await state(of: item).get()
    }
}
