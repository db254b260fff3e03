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
        var rows: [Row] = []
        while !walk.isOver, walk.seen.count < limit {
            let marks = walk.next(width)
            for (mark, page) in zip(marks, await pages(marks, of: system, server: server)) {
                switch page {
                case .success(let page):
                    rows += walk.take(page, limit: limit).map { aged($0, server: server, journal: journal, now: now) }
                    correct(&rows, by: page) { aged($0, server: server, journal: journal, now: now) }
                case .failure(let error):
                    if let end = walk.fail(mark, error) { throw end }
                }
            }
        }
        rows = try await withStates(rows, of: system, server: server, journal: journal, now: now)
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

    /// Reads pages side by side; one that fails takes no other with it.
    static func pages(
        _ marks: [PageMark?], of system: any LockSystem, server: String
    ) async -> [Result<ItemPage, LockError>] {
        await withTaskGroup(of: (Int, Result<ItemPage, LockError>).self) { group in
            for (place, mark) in marks.enumerated() {
                group.addTask {
                    do {
                        return (place, .success(try await system.items(after: mark)))
                    } catch {
                        return (place, .failure(Performer.lockError(error, server: server)))
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
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
