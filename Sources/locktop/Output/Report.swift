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
    /// Where people look at it; made when it is asked for, which most tables don't.
    var address: @Sendable () -> String
    var row: Row
    var isStale: Bool
    var operations: [Operation]

    var url: String { address() }
}

/// Rows as a plain table, CSV or JSON.
enum Report {
    static func json(_ rows: [ListedRow]) -> String {
        guard !rows.isEmpty else { return "[]\n" }
        return "[" + rows.map { JSON.row($0).line }.joined(separator: ",\n ") + "]\n"
    }

    static func csv(_ rows: [ListedRow], columns: [Field], _ staleness: Staleness, now: Date) -> String {
        let wording = wording(for: .csv, staleness, now)
        return csvLine(columns.map(\.name)) + rows.map { csvLine($0, columns: columns, wording) }.joined()
    }

    static func csvLine(_ row: ListedRow, columns: [Field], _ wording: Wording) -> String {
        csvLine(columns.map { cell($0, row, wording) })
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
    /// - Parameter width: where that is too wide, the columns whose cells can be cut give way, as on the screen; `nil`: none
    ///   does.
    static func table(
        _ rows: [ListedRow], columns: [Field], _ staleness: Staleness, now: Date, width: Int? = Out.columns
    ) -> String {
        let wording = wording(for: .print, staleness, now)
        let cells = rows.map { row in columns.map { $0.cell(of: row.row, from: row.origin(), wording) } }
        var widths = columns.map { Text.width($0.heading) }
        for row in cells { for (place, cell) in row.enumerated() { widths[place] = max(widths[place], cell.width) } }
        if let width { narrow(&widths, of: columns, to: width) }
        let lines = [columns.map(\.heading)] + cells.map { zip($0, widths).map { $0.fitted(into: $1) } }
        return lines.map { line in
            var text = zip(line, widths).map { Text.pad($0, columns: $1) }.joined(separator: gap)
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }.joined()
    }

    private static let gap = "  "

    private static func narrow(_ widths: inout [Int], of columns: [Field], to width: Int) {
        var excess = widths.reduce(gap.count * (widths.count - 1), +) - width
        func take(_ place: Int, downTo least: Int) {
            let cut = max(0, min(excess, widths[place] - max(least, columns[place].heading.count)))
            widths[place] -= cut
            excess -= cut
        }
        for place in columns.indices {
            if case .between(_, let most) = columns[place].width { take(place, downTo: most) }
        }
        for place in columns.indices.sorted(by: { widths[$0] > widths[$1] }) {
            if case .flexible(let least) = columns[place].width { take(place, downTo: least) }
        }
        for place in columns.indices {
            if case .between(let least, _) = columns[place].width { take(place, downTo: least) }
        }
    }

    static func wording(for reader: Wording.Reader, _ staleness: Staleness, _ now: Date) -> Wording {
        Wording(for: reader, at: now, staleness, time: RFC3339.text)
    }

    private static func cell(_ field: Field, _ listed: ListedRow, _ wording: Wording) -> String {
        let cell = field.cell(of: listed.row, from: listed.origin(), wording)
        return Text.clean(cell.text) + cell.tail
    }
}

extension Field.Cell {
    fileprivate var width: Int { Text.width(Text.clean(text)) + Text.width(tail) }

    /// The cell in so many columns; its tail stays.
    fileprivate func fitted(into columns: Int) -> String {
        let text = Text.clean(text)
        guard width > columns else { return text + tail }
        return Text.fit(text, columns: max(1, columns - Text.width(tail)), cut: keepsEnd ? .start : .end) + tail
    }
}

extension ListedRow {
    /// Where it is from, as columns need it.
    func origin(rank: Int = 0) -> Field.Origin {
        Field.Origin(server: server, rank: rank, address: { [address] _ in address() })
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
            server: facts.name, kind: kind.word, address: { [system] in system.webAddress(of: row.item) }, row: row,
            isStale: staleness.isStale(row, at: now), operations: possible)
    }
}
