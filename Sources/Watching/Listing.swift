// SPDX-License-Identifier: MIT
public import FoundationEssentials
public import Locks

/// Reading a whole listing, and what is done to every row that was read.
public enum Listing {
    /// All rows of a server, once: each item once, and none beyond the limit.
    /// - Parameters:
    ///   - width: how many pages at a time, where the server names them ahead.
    /// - Returns: the rows, whether the listing was cut at the limit, and why a part of it is left out, if one is.
    /// - Throws: `LockError`
    public static func rows(
        of system: any LockSystem, server: String, limit: Int, width: Int, journal: any Journal, now: Date
    ) async throws -> (rows: [Row], isCut: Bool, lacks: LockError?) {
        var walk = Walk()
        // Pages come as they come; the rows stay in the order of the listing.
        var parts: [Int: [Row]] = [:]
        var seen: Set<String> = []
        var end: LockError?
        await withTaskGroup(of: PageWindow.Answer.self) { group in
            var window = PageWindow(of: system, server: server, width: width)
            window.fill(&group, from: &walk)
            while let answer = await group.next() {
                guard let next = window.take(answer) else { continue }
                switch answer.page {
                case .success(let page):
                    let fresh = walk.take(page, limit: limit, cameBefore: seen.contains)
                    seen.formUnion(fresh.map(\.item.id))
                    seen.subtract(page.removed)
                    parts[next.number] = fresh.map { aged($0, server: server, journal: journal, now: now) }
                    for number in parts.keys {
                        correct(&parts[number, default: []], by: page) {
                            aged($0, server: server, journal: journal, now: now)
                        }
                    }
                case .failure(let error): end = end ?? walk.fail(next.mark, error)
                }
                if end == nil, !walk.hasMore { window.fill(&group, from: &walk) }
            }
        }
        if let end { throw end }
        let listed = parts.sorted { $0.key < $1.key }.flatMap(\.value)
        let rows = try await withStates(listed, of: system, server: server, journal: journal, now: now)
        return (rows, walk.isCut, walk.lacks)
    }

    private static func correct(_ rows: inout [Row], by page: ItemPage, _ aged: (Row) -> Row) {
        guard !page.revised.isEmpty || !page.removed.isEmpty || !page.moved.isEmpty else { return }
        var revised: [String: Row] = [:]
        for row in page.revised { revised[row.item.id] = row }
        let removed = Set(page.removed)
        rows = rows.compactMap { row in
            guard !removed.contains(row.item.id) else { return nil }
            if let revised = revised[row.item.id] { return aged(revised) }
            var row = row
            row.item.path = page.moved[row.item.id] ?? row.item.path
            return row
        }
    }

    // Some listings tell nothing of locks: then each item is read, as many together as the system likes.
    private static func withStates(
        _ rows: [Row], of system: any LockSystem, server: String, journal: any Journal, now: Date
    ) async throws -> [Row] {
        let unread = rows.indices.filter { rows[$0].reading == .never }
        var known: [Row?] = rows
        for start in stride(from: 0, to: unread.count, by: max(1, system.itemsPerRead)) {
            let batch = unread[start..<min(unread.count, start + max(1, system.itemsPerRead))]
            for (index, result) in zip(batch, try await system.read(batch.map { rows[$0].item })) {
                switch result {
                // What can't be held at all is no row, though only this reading could tell.
                case .success(let row) where !row.item.isLockable && row.lock == nil: known[index] = nil
                case .success(let row): known[index] = aged(row, server: server, journal: journal, now: now)
                case .failure(let error) where error.code == .gone: known[index] = nil
                case .failure(let error): known[index]?.reading = Reading.never.failed(error.description)
                }
            }
        }
        return known.compactMap(\.self)
    }

    /// A row whose lock is as old as this program knows: many servers tell the last refresh, or nothing.
    /// - Parameter patience: for how many seconds the reader answers for what it saw.
    public static func aged(
        _ row: Row, server: String, journal: any Journal, now: Date, patience: Double = Ages.patience(poll: 0)
    ) -> Row {
        var row = row
        row.reading = journal.aged(
            row.reading, of: ItemRef(server: server, id: row.item.id), at: now, patience: patience)
        return row
    }
}
