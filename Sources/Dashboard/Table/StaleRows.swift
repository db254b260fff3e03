// SPDX-License-Identifier: MIT
import FoundationEssentials
import HeapModule
import Locks

/// Which held rows of one server are stale: kept as rows change and time passes, never worked out anew for all.
struct StaleRows: Sendable {
    /// The next time at which something may become stale.
    private struct Deadline: Comparable, Sendable {
        /// Whole seconds since 1970: once they have passed, the row is looked at.
        let time: UInt32
        let id: Catalog.ID

        init(_ time: Date, _ id: Catalog.ID) {
            self.time = UInt32(min(max(time.timeIntervalSince1970.rounded(.up), 0), Double(UInt32.max)))
            self.id = id
        }

        static func < (one: Deadline, other: Deadline) -> Bool { (one.time, one.id) < (other.time, other.id) }
    }

    /// The stale rows.
    private(set) var rows = Hits()
    private(set) var count = 0
    /// Who has the held rows: told by the same look at their locks.
    private(set) var holdings = Holdings()
    private var deadlines = Heap<Deadline>()
    private var now = Date.distantPast

    /// Takes note of rows that changed.
    mutating func take(_ changed: some Sequence<Catalog.ID>, _ catalog: Catalog, _ rule: Staleness, at now: Date) {
        for id in changed { judge(id, catalog, rule, at: now) }
    }

    /// Takes note of the time.
    /// - Returns: the rows that are stale now and were not, or may no longer be.
    mutating func advance(to now: Date, _ catalog: Catalog, _ rule: Staleness) -> [Catalog.ID] {
        defer { self.now = now }
        // A clock that is set back makes stale locks young again. A lock that is refreshed leaves its old deadline behind.
        if now < self.now || deadlines.count > 4 * catalog.tally.held + 1_024 {
            self = StaleRows()
            let held = Array(catalog.ids(.held))
            take(held, catalog, rule, at: now)
            return held
        }
        var turned: [Catalog.ID] = []
        while let first = deadlines.min, Double(first.time) < now.timeIntervalSince1970 {
            deadlines.removeMin()
            let wasStale = rows[first.id]
            judge(first.id, catalog, rule, at: now)
            if rows[first.id] != wasStale { turned.append(first.id) }
        }
        return turned
    }

    private mutating func judge(_ id: Catalog.ID, _ catalog: Catalog, _ rule: Staleness, at now: Date) {
        let locks = catalog.isThere(id) ? catalog.locks(id) : []
        let isStale = locks.contains { rule.isStale($0, at: now) }
        if isStale != rows[id] {
            rows[id] = isStale
            count += isStale ? 1 : -1
        }
        holdings.note(locks, of: id, isStale: isStale)
        guard !isStale, let next = locks.compactMap({ rule.staleAt($0) }).min() else { return }
        deadlines.insert(Deadline(max(next, now), id))
    }
}
