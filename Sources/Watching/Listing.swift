// SPDX-License-Identifier: MIT
public import FoundationEssentials
public import Locks

/// Reading a whole listing, and what is done to every row that was read.
public enum Listing {
    /// Reads the listing page by page, several at a time where the server names them ahead.
    /// - Parameters:
    ///   - system: the server.
    ///   - limit: how many items at most.
    ///   - width: how many pages at a time.
    ///   - take: gets each page as it comes, and tells how many of its items were new.
    /// - Returns: whether the listing was cut at the limit.
    /// - Throws: `LockError`
    public static func walk(
        _ system: any LockSystem, limit: Int, width: Int, isolation: isolated (any Actor)? = #isolation,
        take: (ItemPage) -> Int
    ) async throws -> Bool {
        let first = try await system.items(after: nil)
        var count = take(first)
        var marks = PageMarks()
        marks.add(first.following)
        while count < limit {
            let batch = marks.next(max(1, width))
            guard !batch.isEmpty else { break }
            for page in try await pages(batch, of: system) {
                count += take(page)
                marks.add(page.following)
            }
        }
        return !marks.isEmpty || count > limit
    }

    private static func pages(_ marks: [PageMark], of system: any LockSystem) async throws -> [ItemPage] {
        try await withThrowingTaskGroup(of: (Int, ItemPage).self) { group in
            for (place, mark) in marks.enumerated() {
                group.addTask { (place, try await system.items(after: mark)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// All rows of a server, once: each item once, and none beyond the limit.
    /// - Throws: `LockError`
    public static func rows(
        of system: any LockSystem, server: String, limit: Int, width: Int, journal: any Journal, now: Date
    ) async throws -> (rows: [Row], isCut: Bool) {
        var seen: Set<String> = []
        var rows: [Row] = []
        let isCut = try await walk(system, limit: limit, width: width) { page in
            var count = 0
            for row in page.rows where seen.insert(row.item.id).inserted {
                count += 1
                guard rows.count < limit else { continue }
                rows.append(aged(row, server: server, journal: journal, now: now))
            }
            return count
        }
        return (try await withStates(rows, of: system, server: server, journal: journal, now: now), isCut)
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
    public static func aged(_ row: Row, server: String, journal: any Journal, now: Date) -> Row {
        guard row.reading.locks.contains(where: { $0.sinceIs != .acquired || $0.since == nil }) else { return row }
        var row = row
        let ref = ItemRef(server: server, id: row.item.id)
        for index in row.reading.locks.indices {
            let lock = row.reading.locks[index]
            guard lock.sinceIs != .acquired || lock.since == nil else { continue }
            let seen = journal.firstSeen(lock.identity, of: ref, at: now)
            guard seen < lock.since ?? .distantFuture else { continue }
            row.reading.locks[index].since = seen
            row.reading.locks[index].sinceIs = .firstSeen
        }
        return row
    }
}

/// The pages of a listing that are still to be read. Each is read once: a server that names a page again, as one that
/// turns in circles does, does not hold the reader up for ever.
struct PageMarks {
    private var named: Set<PageMark> = []
    private var waiting: [PageMark] = []

    /// Whether every page that was named has been read.
    var isEmpty: Bool { waiting.isEmpty }

    /// Adds the pages that were not named before.
    mutating func add(_ marks: [PageMark]) {
        for mark in marks where named.insert(mark).inserted { waiting.append(mark) }
    }

    /// Takes the next pages, at most so many.
    mutating func next(_ count: Int) -> [PageMark] {
        let batch = Array(waiting.prefix(count))
        waiting.removeFirst(batch.count)
        return batch
    }
}
