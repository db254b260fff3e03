// SPDX-License-Identifier: MIT
import Locks

/// One operation on several items: what is left, what is under way, and how the others ended.
struct Bulk: Hashable, Sendable {
    /// How many go on at once, so that a stop is a stop.
    static let width = 4

    struct Task: Hashable, Sendable {
        let ref: ItemRef
        let wish: Wish
        /// What it is called in the list at the end.
        let name: String
    }

    let operation: Operation
    private let tasks: [Task]
    private var begun = 0
    private(set) var running: Set<Ticket> = []
    private(set) var results: [OperationResult] = []
    private(set) var isStopped = false

    init(_ tasks: [Task], _ operation: Operation) {
        self.operation = operation
        self.tasks = tasks
    }

    var total: Int { tasks.count }
    private var notTried: ArraySlice<Task> { tasks[begun...] }

    /// The next item to begin with, if it is its turn.
    mutating func next() -> Task? {
        guard !isStopped, running.count < Self.width, begun < tasks.count else { return nil }
        defer { begun += 1 }
        return tasks[begun]
    }

    mutating func began(_ ticket: Ticket) { running.insert(ticket) }

    /// Takes a result that belongs to it.
    mutating func take(_ result: OperationResult, _ ticket: Ticket) -> Bool {
        guard running.remove(ticket) != nil else { return false }
        results.append(result)
        return true
    }

    /// Begins with no more.
    mutating func stop() { isStopped = true }

    var isOver: Bool { running.isEmpty && (begun == tasks.count || isStopped) }

    /// What did not come about, and can be tried again: refused, failed, unverified and not tried.
    var undone: [Task] {
        let good = Set(results.filter(\.isGood).map(\.ref))
        return tasks.filter { !good.contains($0.ref) }
    }

    /// The list at the end, the bad news first: refused, failed, unverified, not tried, done.
    var summary: [String] {
        func lines(_ title: String, _ those: [String]) -> [String] {
            those.isEmpty ? [] : ["\(title): \(those.count)"] + those.map { "  " + $0 }
        }
        // In the order in which they were listed, whichever ended first.
        let ended = Dictionary(results.map { ($0.ref, $0) }) { $1 }
        func those(_ outcome: Outcome) -> [String] {
            tasks.compactMap { task in
                guard let result = ended[task.ref], result.outcome == outcome else { return nil }
                return result.why.isEmpty || outcome == .done ? task.name : "\(task.name): \(result.why)"
            }
        }
        return lines("Refused", those(.refused)) + lines("Failed", those(.failed))
            + lines("Unverified", those(.unverified)) + lines("Not tried", notTried.map(\.name))
            + lines("Unchanged", those(.unchanged)) + lines("Done", those(.done))
    }
}
