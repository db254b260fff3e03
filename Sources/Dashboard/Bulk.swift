// SPDX-License-Identifier: MIT
import Locks

/// One operation on several items: what is left, what is under way, and how the others ended.
struct Bulk: Hashable, Sendable {
    /// How many go on at once, so that a stop is a stop.
    static let width = 4

    let operation: Operation
    let total: Int
    private(set) var waiting: [(ref: ItemRef, wish: Wish)]
    private(set) var running: Set<ItemRef> = []
    private(set) var results: [OperationResult] = []
    private(set) var isStopped = false

    init(_ wishes: [ItemRef: Wish], _ operation: Operation) {
        self.operation = operation
        waiting = wishes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        total = waiting.count
    }

    /// The next items to begin with.
    mutating func next() -> [Effect] {
        var effects: [Effect] = []
        while !isStopped, running.count < Self.width, !waiting.isEmpty {
            let (ref, wish) = waiting.removeFirst()
            running.insert(ref)
            effects.append(.perform(wish, ref))
        }
        return effects
    }

    /// Takes a result that belongs to it.
    mutating func take(_ result: OperationResult) -> Bool {
        guard running.remove(result.ref) != nil else { return false }
        results.append(result)
        return true
    }

    /// Begins with no more.
    mutating func stop() { isStopped = true }

    var isOver: Bool { running.isEmpty && (waiting.isEmpty || isStopped) }

    /// The list at the end: done, refused, failed, not tried.
    var summary: [String] {
        func lines(_ title: String, _ refs: [String]) -> [String] {
            refs.isEmpty ? [] : ["\(title): \(refs.count)"] + refs.map { "  " + $0 }
        }
        func those(_ outcomes: Outcome...) -> [String] {
            results.filter { outcomes.contains($0.outcome) }
                .map { $0.why.isEmpty || $0.outcome == .done ? $0.path : "\($0.path): \($0.why)" }
        }
        return lines("Done", those(.done)) + lines("Unchanged", those(.unchanged))
            + lines("Refused", those(.refused)) + lines("Failed", those(.failed))
            + lines("Unverified", those(.unverified)) + lines("Not tried", waiting.map(\.ref.id))
    }

    static func == (one: Bulk, other: Bulk) -> Bool {
        one.operation == other.operation && one.waiting.map(\.ref) == other.waiting.map(\.ref)
            && one.running == other.running && one.results == other.results && one.isStopped == other.isStopped
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(operation)
        hasher.combine(running)
        hasher.combine(results)
    }
}
