// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import Locks
import Settings

/// One line and an exit code for a monitor, after the convention of its plug-ins.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "For monitoring: one line, and the exit code of a plug-in.",
        discussion: "A threshold is passed by what is above it. All locks that QUERY finds count, your own too.")

    @OptionGroup var common: CommonOptions

    @Option(help: "WARNING if a lock is older, for example 2h.", transform: Lengths.seconds)
    var warnAge: Double?

    @Option(help: "CRITICAL if a lock is older, for example 8h.", transform: Lengths.seconds)
    var critAge: Double?

    @Option(help: "WARNING if more items are held.")
    var warnHeld: Int?

    @Option(help: "CRITICAL if more items are held.")
    var critHeld: Int?

    @Argument(help: "A filter, as in the dashboard.", completion: Candidates.query)
    var query: [String] = []

    /// How grave it is: the exit codes that monitors know.
    enum Grade: Int32, Sendable {
        case ok, warning, critical, unknown

        /// The word that the line begins with.
        var word: String {
            switch self {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        }
    }

    func validate() throws {
        for (name, value) in [("--warn-held", warnHeld), ("--crit-held", critHeld)] {
            if let value, value < 0 { throw ValidationError("\(name) \(value): a number of items is 0 or more.") }
        }
        if let warnHeld, let critHeld, critHeld < warnHeld {
            throw ValidationError("--crit-held \(critHeld) is less than --warn-held \(warnHeld).")
        }
        if let warnAge, let critAge, critAge < warnAge {
            throw ValidationError(
                "--crit-age \(DurationText.format(critAge)) is less than --warn-age \(DurationText.format(warnAge)).")
        }
    }

    func run() throws {
        let grade: Grade
        do {
            grade = try Run.wait { [self] in
                let query = try Queries.read(query)
                let wiring = try Wiring(common, pace: .once)
                return report(Finding(await Survey.take(wiring), query, wiring.staleness))
            }
        } catch let problem as Problem {
            grade = Self.unknown(problem.message)
        } catch is CancellationError {
            throw ExitCode(128 + Interrupt.signal)
        }
        if grade != .ok { throw ExitCode(grade.rawValue) }
    }

    /// The line for what kept it from judging. Monitors read standard output, and of that one line.
    @discardableResult
    static func unknown(_ message: String) -> Grade {
        tell(.unknown, message)
        return .unknown
    }

    private func report(_ finding: Finding) -> Grade {
        let (warning, critical) = (warnAge.map { Int($0) }, critAge.map { Int($0) })
        let grade: Grade =
            if Self.isAbove(finding.held, critHeld) || Self.isAbove(finding.age, critical) {
                .critical
            } else if !finding.gaps.isEmpty {
                .unknown
            } else if Self.isAbove(finding.held, warnHeld) || Self.isAbove(finding.age, warning) {
                .warning
            } else {
                .ok
            }
        var data = [
            PerformanceData(label: "held", value: finding.held, warning: warnHeld, critical: critHeld, minimum: 0)
        ]
        // With nothing held nothing is old.
        if let age = finding.age ?? (finding.held == 0 ? 0 : nil) {
            data.append(
                PerformanceData(
                    label: "oldest", value: age, unit: "s", warning: warning, critical: critical, minimum: 0))
        }
        data.append(PerformanceData(label: "stale", value: finding.stale))
        let sentences = grade == .unknown ? finding.gaps : [sentence(finding, warning, critical)] + finding.gaps
        // Numbers that are only a part of the truth are none.
        Self.tell(grade, sentences.joined(separator: " "), finding.gaps.isEmpty ? data : [])
        return grade
    }

    private func sentence(_ finding: Finding, _ warning: Int?, _ critical: Int?) -> String {
        func excess(_ value: Int?, _ limits: [Int?], _ text: (Int) -> String) -> String {
            limits.first { Self.isAbove(value, $0) }.flatMap(\.self).map(text) ?? ""
        }
        let count = finding.held == 0 ? "nothing is" : finding.held == 1 ? "1 item is" : "\(finding.held) items are"
        let more = excess(finding.held, [critHeld, warnHeld]) { ", more than \($0)" }
        let longer = excess(finding.age, [critical, warning]) { ", longer than \(DurationText.format(Double($0)))" }
        let oldest = finding.oldest.isEmpty ? "" : "; \(finding.oldest)\(longer)"
        return "\(count.capitalizedFirst) held\(more)\(oldest)."
    }

    private static func isAbove(_ value: Int?, _ limit: Int?) -> Bool {
        guard let value, let limit else { return false }
        return value > limit
    }

    // What stands behind a bar is numbers to a monitor, so none may come from a name.
    private static func tell(_ grade: Grade, _ sentence: String, _ data: [PerformanceData] = []) {
        let words = sentence.split(whereSeparator: \.isNewline).joined(separator: " ")
        let numbers = data.map(\.text).joined(separator: " ")
        let text = Text.clean(words).replacing("|", with: "¦")
        Out.line("\(grade.word): \(text)" + (numbers.isEmpty ? "" : " | \(numbers)"))
    }
}

/// What a survey shows of the locks that a query finds, and how grave that is.
private struct Finding {
    let held: Int
    let stale: Int
    /// Whole seconds of the oldest lock; `nil` where there is none, or nobody knows since when it is held.
    let age: Int?
    /// Which lock that is, in words.
    let oldest: String
    /// What could not be judged, in sentences.
    let gaps: [String]

    init(_ survey: Survey, _ query: Query, _ staleness: Staleness) {
        let found = survey.answers.flatMap { $0.rows(matching: query, staleness, at: survey.at) }
            .filter { $0.row.reading.state == .held }
        held = found.count
        stale = found.count(where: \.isStale)
        let ages = found.flatMap { listed in
            listed.row.reading.locks.compactMap { lock in lock.since.map { (since: $0, lock: lock, listed: listed) } }
        }
        let first = ages.min { $0.since < $1.since }
        age = first.map { max(0, Int(survey.at.timeIntervalSince($0.since))) }
        oldest =
            first.map { first in
                let who = first.lock.holder.isMe ? "you have" : "\(first.lock.holder.label) has"
                let least = first.lock.sinceIs == .acquired ? "" : "at least "
                let age = Age.text(survey.at.timeIntervalSince(first.since))
                return
                    "the oldest is \(first.listed.server):\(first.listed.row.item.path), which \(who) held for \(least)\(age)"
            } ?? ""
        gaps = survey.answers.flatMap { Self.gaps(in: $0, query, staleness, at: survey.at) }
    }

    // A listing that the operator limits is judged as far as it goes; what nobody could read is not.
    private static func gaps(
        in answer: Survey.Answer, _ query: Query, _ staleness: Staleness, at now: Date
    ) -> [String] {
        if let failure = answer.failure ?? answer.lacks { return [failure.description] }
        let unknown = answer.rows(matching: query.withoutHolds, staleness, at: now).filter {
            $0.row.reading.state == .unknown
        }
        guard let first = unknown.first else { return [] }
        let name = answer.connection.facts.name
        let why = first.row.reading.error ?? "The server does not tell this account."
        return [
            "Who has \(unknown.count == 1 ? first.row.item.path : "\(unknown.count) items") on \(name) is not known. \(why)"
        ]
    }
}

extension Query {
    /// What it asks of the items alone: with it the items are found of which nobody knows who has them.
    fileprivate var withoutHolds: Query {
        Query(
            terms: terms.filter { term in
                switch term.test {
                case .word, .server, .path, .type, .title, .state(.unknown): true
                case .holder, .state, .kind, .older, .newer: false
                }
            })
    }
}
