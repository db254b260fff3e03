// SPDX-License-Identifier: MIT
public import FoundationEssentials
public import Locks

/// The rows that were shown at one time, in their order: what is written to a file beside the screen, while the table
/// goes on changing.
public struct Snapshot: Hashable, Sendable {
    let number: Int
    private let list: RowList
    private let servers: [Model.Server]
    /// What counted as stale.
    public let staleness: Staleness
    private let gate: Guard
    /// When it was taken.
    public let time: Date

    init(of model: Model, number: Int) {
        self.number = number
        list = model.list
        servers = model.servers
        staleness = model.staleness
        gate = model.gate
        time = model.now
    }

    /// How many rows there are.
    public var count: Int { list.rowCount }

    /// One row, with what is said about it besides.
    public struct Line: Sendable {
        /// What its server's configuration says.
        public let facts: ServerFacts
        /// The row.
        public let row: Row
        /// Whether a lock of it is stale.
        public let isStale: Bool
        /// What can be done about it.
        public let operations: [Operation]
    }

    /// Calls the closure with each row, until it says no more.
    public func forEach(_ goesOn: (Line) throws -> Bool) rethrows {
        for place in 0..<list.rowCount {
            let key = list.row(place)
            let server = servers[key.server]
            guard let row = server.catalog[key.id] else { continue }
            let subject = Subject(
                ref: ItemRef(server: server.facts.name, id: row.item.id), row: row,
                original: row.item.workingCopyOf.flatMap { server.catalog[$0] }, facts: server.facts,
                operations: server.status.operations, isInSight: true)
            let line = Line(
                facts: server.facts, row: row, isStale: staleness.isStale(row, at: time),
                operations: Operation.allCases.filter { gate.whyNot($0, on: subject) == nil && $0.makesSense(for: row) }
            )
            guard try goesOn(line) else { return }
        }
    }

    /// Each has a number of its own.
    public static func == (one: Snapshot, other: Snapshot) -> Bool { one.number == other.number }

    /// By its number.
    public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
