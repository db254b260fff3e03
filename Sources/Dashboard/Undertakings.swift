// SPDX-License-Identifier: MIT
import Locks

/// The number of an operation that was asked for: its end comes back with it, whatever the item is called by then.
public struct Ticket: Hashable, Sendable {
    /// Counts up; never given twice.
    public let number: Int

    /// A ticket.
    public init(_ number: Int) { self.number = number }
}

/// The operations that are under way.
struct Undertakings: Hashable, Sendable {
    private var asked: [Ticket: Undertaking] = [:]
    private var byItem: [ItemRef: [Ticket]] = [:]
    private var next = 1

    private struct Undertaking: Hashable, Sendable {
        let ref: ItemRef
        let operation: Operation
    }

    var count: Int { asked.count }
    var isEmpty: Bool { asked.isEmpty }

    /// What was asked for last on an item and has not ended.
    func operation(on ref: ItemRef) -> Operation? { byItem[ref]?.last.flatMap { asked[$0]?.operation } }

    /// Whether that is under way there: asking again changes nothing.
    func contains(_ operation: Operation, on ref: ItemRef) -> Bool { self.operation(on: ref) == operation }

    mutating func begin(_ operation: Operation, on ref: ItemRef) -> Ticket {
        let ticket = Ticket(next)
        next += 1
        asked[ticket] = Undertaking(ref: ref, operation: operation)
        byItem[ref, default: []].append(ticket)
        return ticket
    }

    mutating func end(_ ticket: Ticket) {
        guard let ended = asked.removeValue(forKey: ticket) else { return }
        byItem[ended.ref]?.removeAll { $0 == ticket }
        if byItem[ended.ref]?.isEmpty ?? false { byItem[ended.ref] = nil }
    }
}
