// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// Who holds what of one server: kept as rows change, never counted anew, for a third of a million may be held.
struct Holdings: Sendable {
    /// What tells people apart: how they are called in the table, on whichever server. All that is mine is one's.
    typealias Name = String

    /// What one person has.
    struct Person: Sendable {
        let holder: Holder
        fileprivate let number: UInt32
        /// The rows, those that are held longest first; last those of which the start is not known.
        fileprivate(set) var rows = RowOrder()
        fileprivate(set) var stale = 0

        fileprivate init(_ holder: Holder, _ number: UInt32) { (self.holder, self.number) = (holder, number) }
    }

    /// Who has which row, and since when, in whole seconds.
    private struct Starts: Sendable {
        /// Of the first holder of each row: a number from 1 on; 0: nobody.
        private var holders: [UInt32] = []
        private var starts: [UInt32] = []
        /// Who else has it.
        private var others: [Catalog.ID: [Start]] = [:]

        struct Start: Sendable {
            let holder: UInt32
            let time: UInt32
        }

        func all(_ id: Catalog.ID) -> [Start] {
            guard Int(id) < holders.count, holders[Int(id)] != 0 else { return [] }
            let first = Start(holder: holders[Int(id)], time: starts[Int(id)])
            return others.isEmpty ? [first] : [first] + (others[id] ?? [])
        }

        func time(_ id: Catalog.ID, of holder: UInt32) -> UInt32 {
            if holders[Int(id)] == holder { return starts[Int(id)] }
            return others[id]?.first { $0.holder == holder }?.time ?? .max
        }

        mutating func put(_ all: [Start], at id: Catalog.ID) {
            let missing = Int(id) + 1 - holders.count
            if missing > 0, !all.isEmpty {
                holders.append(contentsOf: repeatElement(0, count: missing))
                starts.append(contentsOf: repeatElement(.max, count: missing))
            }
            guard Int(id) < holders.count else { return }
            holders[Int(id)] = all.first?.holder ?? 0
            starts[Int(id)] = all.first?.time ?? .max
            if all.count > 1 { others[id] = Array(all.dropFirst()) } else if !others.isEmpty { others[id] = nil }
        }

        func comesBefore(_ holder: UInt32) -> (RowKey, RowKey) -> Bool {
            { one, other in
                let (first, second) = (time(one.id, of: holder), time(other.id, of: holder))
                return (first, one.id) < (second, other.id)
            }
        }
    }

    private(set) var people: [Name: Person] = [:]
    /// Counts up with each change.
    private(set) var version = 0
    private var names: [Name] = []
    private var numbers: [Name: UInt32] = [:]
    private var starts = Starts()
    private var stale = Hits()

    /// What a holder is called.
    static func name(of holder: Holder) -> Name { holder.isMe ? "you" : holder.label }

    /// Takes note of a row's locks; none: nobody has it any more.
    mutating func note(_ locks: [Lock], of id: Catalog.ID, isStale: Bool) {
        let before = starts.all(id)
        if before.isEmpty, locks.isEmpty { return }
        version += 1
        for start in before { Self.take(id, from: &people[names[Int(start.holder) - 1]], starts, wasStale: stale[id]) }
        var after: [Starts.Start] = []
        for lock in locks {
            let number = number(of: lock.holder)
            guard !after.contains(where: { $0.holder == number }) else { continue }
            after.append(Starts.Start(holder: number, time: Self.seconds(lock.since)))
        }
        starts.put(after, at: id)
        if isStale != stale[id] { stale[id] = isStale }
        for start in after { Self.give(id, to: &people[names[Int(start.holder) - 1]], starts, isStale: isStale) }
        for start in before where people[names[Int(start.holder) - 1]]?.rows.count == 0 {
            people[names[Int(start.holder) - 1]] = nil
        }
    }

    /// Since when somebody has a row, to the second; `nil`: that is not known.
    func since(_ id: Catalog.ID, of name: Name) -> Date? {
        guard let number = people[name]?.number else { return nil }
        let time = starts.time(id, of: number)
        return time == .max ? nil : Date(timeIntervalSince1970: Double(time))
    }

    private static func take(_ id: Catalog.ID, from person: inout Person?, _ starts: Starts, wasStale: Bool) {
        guard let number = person?.number else { return }
        person?.rows.remove(RowKey(server: 0, id: id), by: starts.comesBefore(number))
        person?.stale -= wasStale ? 1 : 0
    }

    private static func give(_ id: Catalog.ID, to person: inout Person?, _ starts: Starts, isStale: Bool) {
        guard let number = person?.number else { return }
        person?.rows.insert(RowKey(server: 0, id: id), by: starts.comesBefore(number))
        person?.stale += isStale ? 1 : 0
    }

    private mutating func number(of holder: Holder) -> UInt32 {
        let name = Self.name(of: holder)
        let number = numbers[name] ?? UInt32(names.count) + 1
        if number > names.count {
            names.append(name)
            numbers[name] = number
        }
        if people[name] == nil { people[name] = Person(holder, number) }
        return number
    }

    // From 1 on; the greatest number: not known.
    private static func seconds(_ since: Date?) -> UInt32 {
        since.map { UInt32(min(max($0.timeIntervalSince1970, 0), Double(UInt32.max - 1))) } ?? .max
    }
}
