// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
public import Locks

extension Store {
    /// The events that a filter lets through, in the order they were noticed.
    public func events(_ filter: HistoryFilter) throws(LockError) -> [LockEvent] {
        var conditions = Conditions(filter, holderIn: ["holder", "lockBefore", "lockAfter"], account: nil)
        if filter.oursOnly { conditions.add("ours") }
        return try read { db in
            try fetch(Self.eventColumns, from: "events", conditions, limit: filter.limit, db, Self.event)
        }
    }

    /// The events after a number, the oldest first: what a reader that was away has missed.
    public func events(after seq: Int64, limit: Int) throws(LockError) -> [LockEvent] {
        try read { db in
            let cursor = try GRDB.Row.fetchCursor(
                db, sql: "SELECT \(Self.eventColumns) FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
                arguments: [seq, max(0, limit)])
            return try Self.all(cursor, Self.event)
        }
    }

    /// The lines of the audit log that a filter lets through, in the order they were begun.
    public func operations(_ filter: HistoryFilter) throws(LockError) -> [AuditRecord] {
        let conditions = Conditions(filter, holderIn: ["lockBefore", "lockAfter"], account: "account")
        return try read { db in
            try fetch(Self.operationColumns, from: "operations", conditions, limit: filter.limit, db, Self.record)
        }
    }

    /// How many operations of the audit log ended how: by server, and of each server by operation and outcome. Those whose
    /// end was never written down are not among them.
    public func outcomes() throws(LockError) -> [String: [OperationEnd: Int]] {
        try read { db in
            let cursor = try GRDB.Row.fetchCursor(
                db,
                sql: """
                    SELECT server, operation, outcome, count(*) FROM operations WHERE outcome IS NOT NULL
                    GROUP BY server, operation, outcome
                    """)
            var counts: [String: [OperationEnd: Int]] = [:]
            while let row = try cursor.next() {
                guard let server = row.text(0), let operation = row.text(1).flatMap(Locks.Operation.init(rawValue:)),
                    let outcome = row.text(2).flatMap(Outcome.init(rawValue:))
                else { continue }
                counts[server, default: [:]][OperationEnd(operation: operation, outcome: outcome)] = row[3]
            }
            return counts
        }
    }

    /// What was seen of an item and done to it, the oldest first; what was done comes before what was seen of it.
    public func story(of item: ItemRef) throws(LockError) -> [StoryEntry] {
        var conditions = Conditions()
        conditions.add("server = ?", Cell.text(item.server))
        conditions.add("item = ?", Cell.text(item.id))
        let (events, records) = try read { db in
            (
                try fetch(Self.eventColumns, from: "events", conditions, limit: nil, db, Self.event),
                try fetch(Self.operationColumns, from: "operations", conditions, limit: nil, db, Self.record)
            )
        }
        let entries = records.map(StoryEntry.operation) + events.map(StoryEntry.event)
        return entries.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    private func fetch<Value>(
        _ columns: String, from table: String, _ conditions: Conditions, limit: Int?, _ db: Database,
        _ make: (GRDB.Row) -> Value?
    ) throws -> [Value] {
        let newest = "SELECT \(columns) FROM \(table) \(conditions.clause) ORDER BY seq DESC LIMIT ?"
        let cursor = try GRDB.Row.fetchCursor(
            db, sql: "SELECT * FROM (\(newest)) ORDER BY seq",
            arguments: StatementArguments(conditions.values + [limit.map { max(0, $0) } ?? -1]))
        return try Self.all(cursor, make)
    }

    private static func all<Value>(_ cursor: RowCursor, _ make: (GRDB.Row) -> Value?) throws -> [Value] {
        var values: [Value] = []
        while let row = try cursor.next() { if let value = make(row) { values.append(value) } }
        return values
    }
}

/// The part of a question after WHERE. Words come from this file alone, values are always bound.
struct Conditions {
    private var words: [String] = []
    private(set) var values: [(any DatabaseValueConvertible)?] = []

    init() {}

    init(_ filter: HistoryFilter, holderIn locks: [String], account: String?) {
        if !filter.servers.isEmpty {
            let marks = filter.servers.map { _ in "?" }.joined(separator: ", ")
            add("server IN (\(marks))", filter.servers.map { Cell.text($0) })
        }
        if let item = filter.item { add("(item = ? OR path = ?)", [Cell.text(item), Cell.text(item)]) }
        if let holder = filter.holder {
            var tests = locks.map { column in
                let place = column == "holder" ? "$" : "$.holder"
                return "coalesce(json_extract(\(column), '\(place).id'), json_extract(\(column), '\(place).name')) = ?"
            }
            if let account { tests.append("\(account) = ?") }
            add("(\(tests.joined(separator: " OR ")))", tests.map { _ in Cell.text(holder) })
        }
        if let since = filter.since { add("at >= ?", Cell.time(since)) }
    }

    mutating func add(_ condition: String, _ values: DatabaseValue...) { add(condition, values) }

    mutating func add(_ condition: String, _ values: [DatabaseValue]) {
        words.append(condition)
        self.values += values.map { $0 }
    }

    var clause: String { words.isEmpty ? "" : "WHERE \(words.joined(separator: " AND "))" }
}
