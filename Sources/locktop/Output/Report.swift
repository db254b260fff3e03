// SPDX-License-Identifier: MIT
import Canvas
import Dashboard
import FoundationEssentials
import HTTP
import LockSystems
import Locks
import Watching

/// A row with what the answer of a command says about it besides.
struct ListedRow: Sendable {
    var server: String
    var kind: String
    var url: String
    var row: Row
    var isStale: Bool
    var operations: [Operation]
}

/// Rows as a plain table, CSV or JSON.
enum Report {
    /// The columns that there are, in the contract's words.
    static let allColumns = [
        "state", "item", "title", "holder", "kind", "since", "held", "left", "expires", "type", "modified", "server",
        "stale", "url", "identity", "path",
    ]
    static let standardColumns = ["state", "item", "holder", "kind", "held", "left", "server"]

    static func json(_ rows: [ListedRow]) -> String {
        guard !rows.isEmpty else { return "[]\n" }
        return "[" + rows.map { JSON.row($0).line }.joined(separator: ",\n ") + "]\n"
    }

    static func csv(_ rows: [ListedRow], columns: [String], now: Date = Date()) -> String {
        csvLine(columns) + rows.map { csvLine($0, columns: columns, now: now) }.joined()
    }

    static func csvLine(_ row: ListedRow, columns: [String], now: Date) -> String {
        csvLine(columns.map { cell($0, row, now: now, isCSV: true) })
    }

    static func csvLine(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") + "\r\n" }

    // A cell that begins like a formula is one to spreadsheets: a quote before it makes it text.
    private static func quoted(_ text: String) -> String {
        let isFormula = text.count > 1 && text.first.map { "=+@-".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    /// A table with a heading, each column as wide as its widest cell.
    static func table(_ rows: [ListedRow], columns: [String], now: Date = Date()) -> String {
        let cells = [columns.map { $0.uppercased() }] + rows.map { row in columns.map { cell($0, row, now: now) } }
        let widths = columns.indices.map { column in cells.reduce(0) { max($0, Text.width($1[column])) } }
        return cells.map { line in
            var text = zip(line, widths).map { Text.pad($0, columns: $1) }.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }.joined()
    }

    private static func cell(_ column: String, _ listed: ListedRow, now: Date, isCSV: Bool = false) -> String {
        let (item, reading, lock) = (listed.row.item, listed.row.reading, listed.row.lock)
        let nothing = isCSV ? "" : "-"
        func time(_ date: Date?) -> String { date.map(RFC3339.text) ?? nothing }
        let text: String
        switch column {
        case "state": text = reading.state.rawValue
        case "item", "path": text = item.path
        case "title": text = item.title
        case "holder": text = lock.map { $0.holder.isMe && !isCSV ? "you" : $0.holder.label } ?? nothing
        case "kind": text = lock?.kind.rawValue ?? (item.workingCopyOf == nil ? nothing : "workingCopy")
        case "since": text = time(lock?.since)
        case "held":
            let least = lock?.sinceIs == .acquired ? "" : "≥"
            text =
                lock?.since.map { least + Age.text(now.timeIntervalSince($0)) + (listed.isStale ? "!" : "") } ?? nothing
        case "left": text = lock?.expires.map { Age.text($0.timeIntervalSince(now)) } ?? nothing
        case "expires": text = time(lock?.expires)
        case "type": text = item.type
        case "modified": text = time(item.modified)
        case "server": text = listed.server
        case "stale": text = listed.isStale ? "stale" : nothing
        case "url": text = listed.url
        case "identity": text = lock?.identity.digest ?? nothing
        default: text = nothing
        }
        return Text.clean(text)
    }
}

extension Connection {
    /// A row with what is said about it besides.
    func listed(_ row: Row, _ staleness: Staleness, account: Account?, operations: Operations? = nil, now: Date)
        -> ListedRow
    {
        let offers = operations ?? system.operations
        let possible = Operation.allCases.filter {
            !facts.isReadOnly && offers[$0].isOffered && $0.makesSense(for: row)
        }
        return ListedRow(
            server: facts.name, kind: kind.word, url: system.webAddress(of: row.item), row: row,
            isStale: row.lock.map { staleness.isStale($0, at: now) } ?? false, operations: possible)
    }
}
