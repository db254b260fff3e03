// SPDX-License-Identifier: MIT
import ArgumentParser
import Locks
import Settings

/// Writes a bulk operation down without carrying it out.
struct MakePlan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Write a bulk operation down, to be looked over and applied.",
        discussion: """
            The plan goes to standard output. It has only items on which the operation would do something. Where a server \
            can't be read whole, nothing is written: half a plan would look like all of it.
            """)

    private static let words = Operation.allCases.filter { $0 != .forceUnlock }.map(\.word)

    @OptionGroup var common: CommonOptions

    @Flag(help: "With unlock and discard: end what others have.")
    var force = false

    @Argument(help: "What to do: \(Self.words.joined(separator: ", ")).", completion: .list(Self.words))
    var operation: String

    @Argument(help: "Which items: a filter, as in the dashboard.", completion: Candidates.query)
    var query: [String] = []

    func run() throws {
        try Run.command { [self] in
            let wish = try wish()
            let query = try Queries.read(query)
            let wiring = try Wiring(common, pace: .once)
            let survey = await Survey.take(wiring)
            survey.sayRemarks()
            if survey.exitCode != 0 {
                Out.say("No plan was written: try again, or name with --server those that answer.")
                return survey.exitCode
            }
            let rows = survey.answers.flatMap { answer in
                answer.rows(matching: query, wiring.staleness, at: survey.at)
                    .filter { $0.operations.contains(wish.operation) && wish.judge(before: $0.row) == nil }
                    .map { listed in
                        Plan.Row(
                            ref: ItemRef(server: listed.server, id: listed.row.item.id), path: listed.row.item.path,
                            holder: listed.row.lock?.holder, identity: listed.row.lock?.identity)
                    }
            }
            Out.write(Plan(operation: wish.operation, rows: rows).text, to: 1)
            let count = rows.count == 1 ? "1 item" : "\(rows.count) items"
            Out.say("\(count) would be \(wish.operation.past).")
            return 0
        }
    }

    private func wish() throws -> Wish {
        guard let named = Operation.allCases.first(where: { $0.word == operation && $0 != .forceUnlock }) else {
            let hint = NearestWord.hint(for: operation, among: Self.words)
            throw Problem.usage(
                "\(operation) is no operation. There is: \(Self.words.joined(separator: ", ")).\(hint)")
        }
        guard !force || named == .unlock || named == .discard else {
            throw Problem.usage("--force goes with unlock and discard alone.")
        }
        return Wish(force && named == .unlock ? .forceUnlock : named, mayTakeFromOthers: force)
    }
}
