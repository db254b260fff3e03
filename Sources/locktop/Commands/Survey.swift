// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Watching

/// One look at all servers, for the commands that judge or print what they see once.
struct Survey: Sendable {
    /// What one server told.
    struct Answer: Sendable {
        let connection: Connection
        var rows: [ListedRow] = []
        /// Whether the listing was cut at the configured limit.
        var isCut = false
        /// Why a part of the listing is missing.
        var lacks: LockError?
        /// Why there is no listing at all.
        var failure: LockError?

        /// What is said on standard error of an answer that is not whole.
        var remarks: [String] {
            if let failure { return [failure.description] }
            let name = connection.facts.name
            var remarks: [String] = []
            if isCut {
                remarks.append("\(name): the listing was cut at \(connection.limit) items; raise limit to see more.")
            }
            if let lacks { remarks.append("\(name): a part of the listing can't be read: \(lacks.description)") }
            return remarks
        }

        /// The rows that match, at the time of the look.
        func rows(matching query: Query, _ staleness: Staleness, at now: Date) -> [ListedRow] {
            let context = Query.Context(server: connection.facts.name, now: now, staleness: staleness)
            return rows.filter { query.matches($0.row, in: context) }
        }
    }

    /// When they were asked.
    let at: Date
    /// The servers in the order of the configuration.
    let answers: [Answer]

    /// Asks all servers side by side.
    static func take(_ wiring: Wiring) async -> Survey {
        let now = Date()
        let answers = await Concurrently.map(wiring.connections, width: .max) { await ask($0, wiring, now) }
        return Survey(at: now, answers: answers)
    }

    /// The code of the servers that failed, or told only a part; 0 when none did.
    var exitCode: Int32 {
        Exits.combine(Set(answers.compactMap { ($0.failure ?? $0.lacks).map(Exits.code) }))
    }

    /// Says on standard error what is not whole.
    func sayRemarks() { for answer in answers { answer.remarks.forEach(Out.say) } }

    private static func ask(_ connection: Connection, _ wiring: Wiring, _ now: Date) async -> Answer {
        var answer = Answer(connection: connection)
        do {
            let signIn = try await connection.system.signIn()
            let (rows, isCut, lacks) = try await Listing.rows(
                of: connection.system, server: connection.facts.name, limit: connection.limit,
                width: connection.width, journal: wiring.journal, now: now)
            answer.isCut = isCut
            answer.lacks = lacks
            answer.rows = rows.map {
                connection.listed(
                    $0, wiring.staleness, account: signIn.account, withdrawn: signIn.withdrawn, now: now)
            }
        } catch {
            answer.failure = Performer.lockError(error, server: connection.facts.name)
        }
        return answer
    }
}
