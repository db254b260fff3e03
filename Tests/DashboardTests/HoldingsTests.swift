// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import TestSupport
import Testing

@testable import Dashboard

@Suite("Who holds what")
struct HoldingsTests {
    private func lock(_ random: inout SeededRandom) -> Lock {
        var lock = Scene.held(by: "p\(random.next() % 5)", age: Double(random.next() % 1_000))
        if random.next() % 5 == 0 { lock.since = nil }
        return lock
    }

    @Test("Each person's rows are as asking each lock has them, the longest held first, whatever changes")
    func random() {
        var random = SeededRandom(11)
        let rule = Staleness(after: 600, departed: ["p3"])
        var stale = StaleRows()
        var catalog = Catalog()
        for _ in 0..<3_000 {
            var changed: Set<Catalog.ID> = []
            for _ in 0..<(random.next() % 4) {
                let number = Int(random.next() % 60)
                if random.next() % 5 == 0 {
                    if let (id, _) = catalog.remove("/\(number)") { changed.insert(id) }
                } else {
                    let locks = (0..<(random.next() % 4)).map { _ in lock(&random) }
                    var row = Scene.row("/\(number)", "", nil)
                    row.reading = .known(locks, at: Scene.now)
                    changed.insert(catalog.put(row))
                }
            }
            stale.take(changed, catalog, rule, at: Scene.now)
            var expected: [Holdings.Name: [(since: Date, id: Catalog.ID, isStale: Bool)]] = [:]
            for id in catalog.ids() {
                let locks = catalog.locks(id)
                let isStale = locks.contains { rule.isStale($0, at: Scene.now) }
                var seen: Set<Holdings.Name> = []
                for lock in locks where seen.insert(Holdings.name(of: lock.holder)).inserted {
                    let start = (lock.since ?? .distantFuture, id, isStale)
                    expected[Holdings.name(of: lock.holder), default: []].append(start)
                }
            }
            #expect(Set(stale.holdings.people.keys) == Set(expected.keys))
            for (name, rows) in expected {
                let person = stale.holdings.people[name]
                var ids: [Catalog.ID] = []
                person?.rows.forEach { key in
                    ids.append(key.id)
                    return true
                }
                #expect(ids == rows.sorted { ($0.since, $0.id) < ($1.since, $1.id) }.map(\.id), "\(name)")
                #expect(person?.stale == rows.count { $0.isStale })
            }
        }
    }
}
