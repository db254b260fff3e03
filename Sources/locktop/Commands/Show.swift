// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import HTTP
import History
import Locks
import Watching

/// Everything known of one item.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Everything known of one item.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "A JSON object.")
    var json = false

    @Argument(help: "SERVER:ID or SERVER:/path.", completion: Candidates.items)
    var item: String

    func run() throws {
        try Run.command { [self] in
            let wiring = try Wiring(common, pace: .once)
            let (connection, name) = try wiring.resolve(item)
            let now = Date()
            do {
                let signIn = try await connection.system.signIn()
                let row = Listing.aged(
                    try await connection.system.find(name), server: connection.facts.name, journal: wiring.journal,
                    now: now)
                let listed = connection.listed(
                    row, wiring.staleness, account: signIn.account, operations: signIn.operations, now: now)
                if json {
                    Out.line(JSON.row(listed).line)
                } else {
                    for line in lines(listed, connection, wiring, signIn, now) { Out.line(Text.clean(line)) }
                }
                return 0
            } catch {
                let failure = Performer.lockError(error, server: connection.facts.name)
                throw Problem(failure.description, Exits.code(failure))
            }
        }
    }

    private func lines(
        _ listed: ListedRow, _ connection: Connection, _ wiring: Wiring, _ signIn: SignIn, _ now: Date
    ) -> [String] {
        let (item, reading) = (listed.row.item, listed.row.reading)
        var lines = [
            "path       \(item.path)", "title      \(item.title)", "server     \(listed.server) (\(listed.kind))",
            "id         \(item.id)", "type       \(item.type)", "url        \(listed.url)",
        ]
        if let modified = item.modified { lines.append("modified   \(RFC3339.text(modified))") }
        if let original = item.workingCopyOf { lines.append("copy of    \(original)") }
        lines.append("state      \(reading.state.rawValue)")
        if let error = reading.error { lines.append("error      \(error)") }
        let wording = Report.wording(for: .print, wiring.staleness, now)
        for lock in reading.locks {
            lines += wording.facts(of: lock).map { $0.label(columns: 11).lowercased() + $0.text }
        }
        let words = listed.operations.map(\.word)
        lines.append("operations \(words.isEmpty ? "none" : words.joined(separator: ", "))")
        let offers = signIn.operations
        for operation in Operation.allCases {
            if let why = offers[operation].why { lines.append("           \(operation.word): \(why)") }
        }
        let story = (try? wiring.store?.story(of: ItemRef(server: listed.server, id: item.id))) ?? []
        if !story.isEmpty { lines.append("history") }
        return lines + story.suffix(20).map { "  \(StoryText.line($0))" }
    }
}
