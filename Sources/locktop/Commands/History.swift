// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import HTTP
import History
import Locks
import Settings

/// What was seen and done before.
struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What was seen and done before, from the local store.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only what concerns this holder.", completion: Candidates.holders)
    var holder: String?

    @Option(help: "Only the last so long, for example 7d.", transform: Lengths.seconds)
    var since: Double?

    @Flag(help: "The audit log: only what was done through this program.")
    var ours = false

    @Flag(help: "A JSON array.")
    var json = false

    @Flag(help: "CSV with a line of headings.")
    var csv = false

    @Argument(help: "Only this item: SERVER:ID or SERVER:/path.", completion: Candidates.items)
    var item: String?

    func run() throws {
        try Run.command { [self] in
            let store = try store()
            var filter = HistoryFilter(servers: common.server, holder: holder, oursOnly: ours)
            if let item { (filter.servers, filter.item) = split(item, filter.servers) }
            for server in filter.servers { try check(server, store) }
            filter.since = since.map { Date(timeIntervalSinceNow: -$0) }
            do {
                let operations = try store.operations(filter).map(StoryEntry.operation)
                let events = ours ? [] : try store.events(filter).map(StoryEntry.event)
                tell((operations + events).sorted { $0.at < $1.at })
            } catch {
                throw Problem("\(error)", 1)
            }
            return 0
        }
    }

    private func store() throws -> Store {
        guard let directory = ConfigurationPath.stateDirectory(environment: Environment.variables) else {
            throw Problem.configuration("There is no place for the local store: set HOME or XDG_STATE_HOME.")
        }
        do {
            return try Store(directory: directory)
        } catch {
            throw Problem.configuration(error.description)
        }
    }

    // A server that was configured once has a history still.
    private func check(_ server: String, _ store: Store) throws {
        let names = (try? ConfigurationSource.load(common))?.servers.map(\.name) ?? []
        guard !names.contains(server) else { return }
        let one = HistoryFilter(servers: [server], limit: 1)
        let isKnown = (try? !store.events(one).isEmpty || !store.operations(one).isEmpty) ?? true
        guard !isKnown else { return }
        let hint = NearestWord.hint(for: server, among: names)
        throw Problem.usage("No server is called \(server), and nothing is written down of one.\(hint)")
    }

    private func split(_ item: String, _ servers: [String]) -> ([String], String) {
        guard !item.hasPrefix("/"), let colon = item.firstIndex(of: ":") else { return (servers, item) }
        return ([String(item[..<colon])], String(item[item.index(after: colon)...]))
    }

    private func tell(_ entries: [StoryEntry]) {
        if json {
            Out.line("[" + entries.map { StoryText.json($0).line }.joined(separator: ",\n ") + "]")
        } else if csv {
            Out.write("at,server,path,what,text\r\n", to: 1)
            for entry in entries { Out.write(StoryText.csv(entry), to: 1) }
        } else {
            for entry in entries { Out.line(Text.clean(StoryText.line(entry, withItem: true))) }
        }
    }
}

/// One line of history, in every form.
enum StoryText {
    static func line(_ entry: StoryEntry, withItem: Bool = false) -> String {
        switch entry {
        case .event(let event):
            let item = withItem ? "\(event.ref.server):\(event.path)  " : ""
            return "\(RFC3339.text(event.at))  \(item)\(event.text)"
        case .operation(let record):
            let item = withItem ? "\(record.ref.server):\(record.path)  " : ""
            return "\(RFC3339.text(record.at))  \(item)you: \(record.operation.word) \(end(record))"
        }
    }

    /// How an operation ended, whose hold it was about, and why it was done.
    private static func end(_ record: AuditRecord) -> String {
        let end = record.outcome.map(\.rawValue) ?? "begun, and its end was never written down"
        let other = record.before.flatMap { $0.holder.isMe ? nil : " (\($0.holder.label) had it)" } ?? ""
        let why = record.why.isEmpty ? "" : ": \(record.why)"
        let reason = record.operatorReason.map { " (reason: \($0))" } ?? ""
        return end + other + why + reason
    }

    static func csv(_ entry: StoryEntry) -> String {
        let cells: [String] =
            switch entry {
            case .event(let event):
                [RFC3339.text(event.at), event.ref.server, event.path, event.kind.rawValue, event.text]
            case .operation(let record):
                [
                    RFC3339.text(record.at), record.ref.server, record.path, record.operation.rawValue,
                    end(record),
                ]
            }
        return Report.csvLine(cells.map(Text.clean))
    }

    static func json(_ entry: StoryEntry) -> JSON {
        switch entry {
        case .event(let event): return .event(event)
        case .operation(let record):
            return .object([
                ("seq", .integer(record.seq)), ("at", .time(record.at)), ("completedAt", .time(record.completedAt)),
                ("server", .text(record.ref.server)), ("id", .text(record.ref.id)),
                ("operation", .text(record.operation.rawValue)), ("outcome", .text(record.outcome?.rawValue)),
                ("reason", .text(record.reason?.rawValue)), ("why", .text(record.why.nonEmpty)),
                ("note", .text(record.operatorReason)),
                ("before", .lock(record.before)), ("after", .lock(record.after)),
            ])
        }
    }
}
