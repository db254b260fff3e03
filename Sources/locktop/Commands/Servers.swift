// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import HTTP
import Locks
import Watching

/// Each configured server: reachable, signed in as whom, what it can do.
struct Servers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Each configured server: reachable? signed in as whom? which operations?")

    @OptionGroup var common: CommonOptions

    @Flag(help: "A JSON array.")
    var json = false

    private struct Answer: Sendable {
        var connection: Connection
        var signIn: SignIn?
        var error: LockError?
        var items: Int?
        var held: Int?

        /// What can be done there. What a server of this kind may offer is not known of one that told nothing.
        var operations: Operations {
            if let signIn { return signIn.operations }
            let kind = connection.system.operations
            return Operations(
                Dictionary(
                    uniqueKeysWithValues: Operation.allCases.map { operation in
                        (
                            operation,
                            kind[operation].isOffered ? .no("Not known: the server was not reached.") : kind[operation]
                        )
                    }))
        }
    }

    func run() throws {
        try Run.command { [self] in
            let wiring = try Wiring(common, pace: .once)
            let answers = await Concurrently.map(wiring.connections, width: .max) { await Self.ask($0) }
            if json {
                Out.line("[" + answers.map { Self.json($0).line }.joined(separator: ",\n ") + "]")
            } else {
                for answer in answers { for line in Self.lines(answer) { Out.line(Text.clean(line)) } }
            }
            return Exits.combine(Set(answers.compactMap { $0.error.map(Exits.code) }))
        }
    }

    private static func ask(_ connection: Connection) async -> Answer {
        var answer = Answer(connection: connection)
        do {
            answer.signIn = try await connection.system.signIn()
            let page = try await connection.system.items(after: nil)
            // A site that fits a few pages is counted; a large one tells its own number, and nobody waits for more.
            if page.following.count <= 20 {
                var rows = page.rows
                for mark in page.following { rows += try await connection.system.items(after: mark).rows }
                answer.items = rows.count
                // Where the listing tells of no locks, nobody knows how many there are.
                let isTold = !rows.contains { $0.reading == .never }
                answer.held = isTold ? rows.count { $0.reading.state == .held } : nil
            } else {
                answer.items = page.total
            }
        } catch {
            answer.error = Performer.lockError(error, server: connection.facts.name)
        }
        return answer
    }

    private static func lines(_ answer: Answer) -> [String] {
        let facts = answer.connection.facts
        var lines = ["\(facts.name)  \(facts.kind)  \(facts.url)"]
        if let error = answer.error {
            lines.append("  \(error)")
        } else {
            let trip = answer.connection.counters.roundTrip.map { "\(max(1, Int($0 * 1_000))) ms" } ?? "-"
            let held = answer.held.map { ", \($0) held" } ?? ""
            lines.append("  answers in \(trip), \(answer.items.map(String.init) ?? "?") items\(held)")
        }
        if let account = answer.signIn?.account {
            lines.append("  signed in as \(account.id.map { "\(account.name ?? $0) (\($0))" } ?? "nobody")")
        }
        if facts.isReadOnly { lines.append("  read-only") }
        if facts.isProtected { lines.append("  protected") }
        if let insecurity = facts.insecurity { lines.append("  \(insecurity)") }
        for operation in Operation.allCases {
            let offer = answer.operations[operation]
            let text = offer.isOffered ? offer.why ?? "yes" : "no: \(offer.why ?? "")"
            lines.append("  \(Text.pad(operation.word, columns: 13)) \(text)")
        }
        return lines
    }

    private static func json(_ answer: Answer) -> JSON {
        let facts = answer.connection.facts
        let account = answer.signIn?.account
        let counters = answer.connection.counters
        return .object([
            ("name", .text(facts.name)), ("kind", .text(facts.kind)), ("url", .text(facts.url)),
            ("reachable", .bool(answer.error == nil)), ("error", .text(answer.error?.description)),
            ("account", account.map { .object([("id", .text($0.id)), ("name", .text($0.name))]) } ?? .null),
            (
                "operations",
                .object(
                    Operation.allCases.map { operation in
                        let offer = answer.operations[operation]
                        return (
                            operation.rawValue,
                            .object([("offered", .bool(offer.isOffered)), ("why", .text(offer.why))])
                        )
                    })
            ),
            ("items", answer.items.map { .integer(Int64($0)) } ?? .null),
            ("held", answer.held.map { .integer(Int64($0)) } ?? .null),
            ("roundTrip", counters.roundTrip.map { .number($0) } ?? .null),
            ("requests", .integer(Int64(counters.requests))), ("budget", .number(facts.budget)),
            ("insecure", .bool(facts.insecurity != nil)), ("protected", .bool(facts.isProtected)),
            ("readOnly", .bool(facts.isReadOnly)),
        ])
    }
}
