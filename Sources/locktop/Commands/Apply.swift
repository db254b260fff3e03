// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import Locks
import Settings

/// Carries out a plan.
struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Carry out a plan that locktop plan wrote.",
        discussion: """
            Each item is read again first, and left alone if its lock is no longer the one in the plan. A plan that is \
            not whole and right is refused before anything is sent.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var assent: AssentOptions

    @Option(name: [.customShort("m"), .long], help: "With a plan to check in: a remark for the versions.")
    var comment: String?

    @Argument(help: "The plan; - reads it from standard input.", completion: .file(extensions: ["json"]))
    var file: String

    func run() throws {
        try Run.command { [self] in
            let operate = try Operate(assent, common)
            let wiring = operate.wiring
            let plan = try Plan(try InputFile(file), servers: wiring.configuration.servers.map(\.name))
            guard comment == nil || plan.operation == .checkIn else {
                throw Problem.usage("-m goes with a plan to check in alone, and this is one to \(plan.operation.word).")
            }
            let connections = Dictionary(uniqueKeysWithValues: wiring.connections.map { ($0.facts.name, $0) })
            let undertakings = plan.rows.compactMap { row in
                connections[row.ref.server].map { connection in
                    var wish = plan.wish(for: row, reason: assent.reason, isRehearsal: assent.dryRun)
                    wish.comment = comment
                    return Undertaking(connection: connection, name: row.ref.id, wish: wish, path: row.path)
                }
            }
            let others = plan.rows.count - undertakings.count
            if others > 0 { Out.say("\(others) rows are of servers that --server leaves out.") }
            guard !undertakings.isEmpty else {
                Out.say("There is nothing in the plan to do.")
                return 0
            }
            try operate.passProtection(of: undertakings)
            return try await operate.runTogether(undertakings)
        }
    }
}
