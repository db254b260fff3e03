// SPDX-License-Identifier: MIT
import ArgumentParser
import FoundationEssentials
import HTTP
import Locks
import Settings
import Watching

/// The table once.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "The table once.",
        discussion: "On a terminal that is too narrow paths and names are cut; elsewhere they are whole.")

    @OptionGroup var common: CommonOptions

    @Option(
        help: "Only these states: free, held, mine, others, stale, unknown; several apart by commas.",
        completion: Candidates.states)
    var state: String?

    @Option(help: "Only what this holder has.", completion: Candidates.holders)
    var holder: String?

    @Option(help: "Sort by this column, for example held:desc.", completion: Candidates.order)
    var sort: String?

    @Flag(help: "A JSON array.")
    var json = false

    @Flag(help: "CSV with a line of headings.")
    var csv = false

    @Option(help: "The columns, apart by commas.", completion: Candidates.columns)
    var columns: String?

    @Argument(help: "A filter, as in the dashboard.", completion: Candidates.query)
    var query: [String] = []

    func run() throws {
        try Run.command { [self] in
            let query = try Queries.read(query)
            let columns = try fields()
            let order = try Order(sort)
            let states = try conditions()
            let wiring = try Wiring(common, pace: .once)
            return try await Tables.print(
                wiring, query, columns: columns, states: states, holder: holder, order: order,
                format: json ? .json : csv ? .csv : .table)
        }
    }

    private func fields() throws -> [Field]? {
        do {
            return try columns.map { columns throws(FieldError) in try Field.list(columns) }
        } catch {
            throw Problem.usage("--columns: \(error.description)")
        }
    }

    private func conditions() throws -> [Query.Condition] {
        try (state ?? "").split(separator: ",").map { word in
            guard let condition = Query.Condition(rawValue: String(word)) else {
                let known = Query.Condition.allCases.map(\.rawValue)
                let hint = NearestWord.hint(for: String(word), among: known)
                throw Problem.usage("\(word) is no state. There is: \(known.joined(separator: " ")).\(hint)")
            }
            return condition
        }
    }
}

/// Printing the table of all servers once.
enum Tables {
    enum Format: Sendable {
        case table, csv, json
    }

    /// Reads every server, prints what it has, and says what failed.
    /// - Returns: the exit code: that of the servers that failed, if any did.
    static func print(
        _ wiring: Wiring, _ query: Query, columns: [Field]?, states: [Query.Condition] = [], holder: String? = nil,
        order: Order = Order(), format: Format = .table
    ) async throws -> Int32 {
        let survey = await Survey.take(wiring)
        survey.sayRemarks()
        let (now, code) = (survey.at, survey.exitCode)
        var rows = survey.answers.flatMap { answer in
            let context = Query.Context(
                server: answer.connection.facts.name, now: now, staleness: wiring.staleness)
            return answer.rows(matching: query, wiring.staleness, at: now).filter { listed in
                (states.isEmpty || states.contains { $0.holds(for: listed.row, context) })
                    && (holder.map { name in
                        listed.row.reading.locks.contains { $0.holder.isNamed(name) || $0.holder.name == name }
                    } ?? true)
            }
        }
        rows = order.sorted(rows, Report.wording(for: .print, wiring.staleness, now))
        // Where no server answered, an empty table would look like "nothing is there".
        if rows.isEmpty, code != 0, format != .json { return code }
        switch format {
        case .json: Out.write(Report.json(rows), to: 1)
        case .csv:
            let columns = columns ?? Field.inPrint(servers: .max)
            Out.write(Report.csv(rows, columns: columns, wiring.staleness, now: now), to: 1)
        case .table:
            let columns = columns ?? Field.inPrint(servers: wiring.connections.count)
            Out.write(Report.table(rows, columns: columns, wiring.staleness, now: now), to: 1)
        }
        return code
    }
}
