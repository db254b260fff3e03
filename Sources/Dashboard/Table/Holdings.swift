// SPDX-License-Identifier: MIT
import FoundationEssentials
import HeapModule
import Locks

/// Who holds what of one server: kept as rows change, never counted anew, for a third of a million may be held.
struct Holdings: Sendable {
    /// What tells people apart: how they are called in the table, on whichever server. All that is mine is one's.
    typealias Name = String

    /// What one person has.
    struct Person: Sendable {
        private struct Start: Comparable, Sendable {
            let time: Double
            let id: Catalog.ID

            static func < (one: Start, other: Start) -> Bool { (one.time, one.id) < (other.time, other.id) }
        }

        let holder: Holder
        /// The rows, and when each was taken.
        private(set) var rows: [Catalog.ID: Double] = [:]
        private(set) var stale = 0
        private var starts = Heap<Start>()

        init(_ holder: Holder) { self.holder = holder }

        /// The row that is held longest, of those of which that is known.
        var oldest: Catalog.ID? { starts.min?.id }

        fileprivate mutating func put(_ id: Catalog.ID, since: Double?, isStale: Bool) {
            let time = since ?? .infinity
            let before = rows.updateValue(time, forKey: id)
            stale += isStale ? 1 : 0
            guard before != time, since != nil else { return }
            starts.insert(Start(time: time, id: id))
            // What was refreshed leaves its old start behind.
            if starts.count > 2 * rows.count + 64 {
                starts = Heap(rows.filter { $0.value < .infinity }.map { Start(time: $0.value, id: $0.key) })
            }
        }

        fileprivate mutating func remove(_ id: Catalog.ID, wasStale: Bool) {
            rows[id] = nil
            stale -= wasStale ? 1 : 0
        }

        // The start of a row that went, or began anew, is no start any more.
        fileprivate mutating func settle() {
            while let first = starts.min, rows[first.id] != first.time { starts.removeMin() }
        }
    }

    private(set) var people: [Name: Person] = [:]
    /// Counts up with each change.
    private(set) var version = 0
    private var names: [Name] = []
    private var numbers: [Name: UInt32] = [:]
    /// Who has a row: a number from 1 on; 0: nobody.
    private var holderOf: [UInt32] = []
    /// Who else has it.
    private var others: [Catalog.ID: [UInt32]] = [:]
    private var stale = Hits()

    /// What a holder is called.
    static func name(of holder: Holder) -> Name { holder.isMe ? "you" : holder.label }

    /// Takes note of a row's locks; none: nobody has it any more.
    mutating func note(_ locks: [Lock], of id: Catalog.ID, isStale: Bool) {
        let before = Int(id) < holderOf.count ? holderOf[Int(id)] : 0
        if before == 0, locks.isEmpty { return }
        version += 1
        var touched = others.removeValue(forKey: id) ?? []
        if before != 0 { touched.append(before) }
        for number in touched { people[names[Int(number) - 1]]?.remove(id, wasStale: stale[id]) }
        if Int(id) >= holderOf.count {
            holderOf.append(contentsOf: repeatElement(0, count: Int(id) + 1 - holderOf.count))
        }
        holderOf[Int(id)] = 0
        var seen: Set<UInt32> = []
        for lock in locks {
            let number = number(of: lock.holder)
            guard seen.insert(number).inserted else { continue }
            if seen.count == 1 { holderOf[Int(id)] = number } else { others[id, default: []].append(number) }
            people[names[Int(number) - 1]]?.put(
                id, since: lock.since?.timeIntervalSinceReferenceDate, isStale: isStale)
        }
        if isStale != stale[id] { stale[id] = isStale }
        for number in seen.union(touched) {
            let name = names[Int(number) - 1]
            people[name]?.settle()
            if people[name]?.rows.isEmpty ?? false { people[name] = nil }
        }
    }

    private mutating func number(of holder: Holder) -> UInt32 {
        let name = Self.name(of: holder)
        if people[name] == nil { people[name] = Person(holder) }
        if let number = numbers[name] { return number }
        names.append(name)
        numbers[name] = UInt32(names.count)
        return UInt32(names.count)
    }
}
