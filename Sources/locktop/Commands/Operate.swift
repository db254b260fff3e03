// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Glibc
import HTTP
import Locks
import Watching

/// Carrying out wishes on items, and telling how each ended. What `lock` to `discard` and `apply` share.
struct Operate: Sendable {
    let wiring: Wiring
    let assent: AssentOptions
    let common: CommonOptions

    init(_ assent: AssentOptions, _ common: CommonOptions) throws {
        self.assent = assent
        self.common = common
        wiring = try Wiring(common, pace: .once)
    }

    /// The items that were named, on the command line or one a line on standard input, each with the wish. On protected
    /// servers the operator has named the server too by then.
    func undertakings(_ items: [String], _ wish: Wish) throws -> [Undertaking] {
        var words: [String] = []
        for word in items {
            guard word == "-" else {
                words.append(word)
                continue
            }
            while let line = try Prompt.next() {
                if !line.isEmpty { words.append(line) }
            }
        }
        guard !words.isEmpty else { throw Problem.usage("Name at least one item: SERVER:ID or SERVER:/path.") }
        let undertakings = try words.map(wiring.resolve).map {
            Undertaking(connection: $0.connection, name: $0.name, wish: wish)
        }
        try passProtection(of: undertakings)
        return undertakings
    }

    /// Makes sure that the operator has named each protected server among them. `--yes` is no typed name: what a hand has
    /// to slow down for, a script has to spell out.
    func passProtection(of undertakings: [Undertaking]) throws {
        if assent.dryRun { return }
        let servers = Set(undertakings.map(\.connection.facts).filter(\.isProtected).map(\.name))
        for server in servers.sorted() where !assent.serverName.contains(server) {
            guard !assent.yes, Out.isTerminal(0), Out.isTerminal(2) else {
                throw Problem.usage(
                    "\(server) is protected: give --server-name \(server) too, or type it on a terminal.")
            }
            let name = Text.clean(server)
            guard try Prompt.line("\(name) is protected.\nType \(name) to go on: ") == server else {
                throw Problem("Nothing was done.", 1)
            }
        }
    }

    /// Carries one wish out on the items that were named.
    /// - Returns: the exit code.
    func run(_ wish: Wish, on items: [String]) async throws -> Int32 { try await run(undertakings(items, wish)) }

    /// Asks about each item on which somebody loses something, carries the wishes out, and prints the results.
    /// - Returns: the exit code.
    func run(_ undertakings: [Undertaking]) async throws -> Int32 {
        let takes = undertakings.contains { $0.wish.operation.endsSomething && $0.wish.mayTakeFromOthers }
        guard takes, !assent.dryRun, !assent.yes else { return await carryOut(undertakings.map { .go($0) }) }
        try mindTerminal(undertakings[0].wish.operation)
        var asked: [Step] = []
        for undertaking in undertakings { asked.append(try await ask(undertaking)) }
        return await carryOut(asked)
    }

    /// Looks at each item anew, asks once about all on which somebody loses something, carries the wishes out, and
    /// prints the results.
    /// - Returns: the exit code.
    func runTogether(_ undertakings: [Undertaking]) async throws -> Int32 {
        let steps = await Concurrently.map(undertakings, width: 4) { await examine($0) }
        let subjects = steps.compactMap { if case .ask(_, let subject) = $0 { subject } else { Subject?.none } }
        if !subjects.isEmpty, !assent.yes {
            let operation = undertakings[0].wish.operation
            try mindTerminal(operation)
            let question = Question(operation: operation, wishes: [:], subjects: subjects)
            try put(
                question, after: subjects.count == 1 ? [] : lines(on: subjects, operation),
                elseSaying: "Nothing was done.")
        }
        return await carryOut(steps)
    }

    private func mindTerminal(_ operation: Locks.Operation) throws {
        guard Out.isTerminal(0), Out.isTerminal(2) else {
            throw Problem.usage(
                "\(operation.word) takes something from somebody else: give --yes, or run it on a terminal.")
        }
    }

    private func carryOut(_ steps: [Step]) async -> Int32 {
        let results = await Concurrently.map(steps, width: 4) { step in
            switch step {
            case .go(let undertaking), .ask(let undertaking, _): await perform(undertaking)
            case .ended(let result): result
            }
        }
        results.forEach(tell)
        return Exits.combine(Set(results.map(\.exitCode)))
    }

    private func perform(_ undertaking: Undertaking) async -> OperationResult {
        let result = await undertaking.connection.performer.perform(undertaking.wish, on: undertaking.name).result
        return undertaking.path == nil ? result : result.asOfPlan(undertaking.wish)
    }

    /// Says how an item ended: on standard output what is as wished, on standard error what is not.
    func tell(_ result: OperationResult) {
        if assent.json { Out.line(JSON.result(result).line) }
        let name = "\(result.ref.server):\(result.path)"
        switch result.outcome {
        case .done where !assent.json:
            Out.line(Text.clean("\(name): \(result.operation.past)\(result.why.isEmpty ? "" : ". " + result.why)"))
        case .unchanged where !assent.json: Out.line(Text.clean("\(name): unchanged. \(result.why)"))
        case .planned where !assent.json:
            let lock = result.before.map { ", which \($0.holder.isMe ? "you have" : "\($0.holder.label) has")" } ?? ""
            Out.line(Text.clean("\(name): would be \(result.operation.past)\(lock)"))
        case .refused, .failed, .unverified:
            Out.say("\(name): \(result.operation.word) \(result.outcome.rawValue). \(result.why)")
        default: break
        }
    }

    // MARK: Asking

    /// How far an undertaking has come before anything is sent.
    private enum Step: Sendable {
        /// It goes on, bound to the lock that was shown.
        case go(Undertaking)
        /// It goes on once somebody has said yes to what it shows.
        case ask(Undertaking, Subject)
        /// It ended without being sent.
        case ended(OperationResult)
    }

    private func ask(_ undertaking: Undertaking) async throws -> Step {
        let step = await examine(undertaking)
        guard case .ask(let bound, let subject) = step else { return step }
        do {
            try put(Question(operation: bound.wish.operation, wishes: [:], subjects: [subject]))
        } catch let problem as Problem {
            Out.say("\(subject.ref.server):\(subject.row.item.path): left alone.")
            throw problem
        }
        return .go(bound)
    }

    private func lines(on subjects: [Subject], _ operation: Locks.Operation) -> [String] {
        subjects.compactMap { subject in
            guard let row = subject.target(of: operation), let lock = row.lock else { return nil }
            let age = lock.since.map { since in
                ", \(lock.sinceIs == .acquired ? "" : "at least ")\(Age.text(Date().timeIntervalSince(since)))"
            }
            return Text.clean("  \(subject.ref.server):\(row.item.path)  \(lock.holder.fullName)\(age ?? "")")
        }
    }

    private func put(
        _ question: Question, after lines: [String] = [], elseSaying refusal: String = "Nothing more was done."
    ) throws {
        let answer = question.nameToType ?? "yes"
        let text = (lines + [Text.clean(question.sentences(at: Date()))]).joined(separator: "\n")
        guard try Prompt.line("\(text)\nType \(Text.clean(answer)) to go on: ") == answer else {
            throw Problem(refusal, 1)
        }
    }

    // What is sent is bound to what the question showed: that lock, or free. What could not be shown is not sent.
    private func examine(_ undertaking: Undertaking) async -> Step {
        let (wish, server) = (undertaking.wish, undertaking.connection.facts.name)
        let subject: Subject
        do {
            subject = try await self.subject(undertaking)
        } catch {
            let failure = Performer.lockError(error, server: server)
            let judgement = Judgement(failure)
            return .ended(
                undertaking.ended(
                    Judgement(
                        judgement.outcome, judgement.reason,
                        "\(failure.description) Who has it could not be shown, so nothing was sent.")))
        }
        let row = subject.target(of: wish.operation) ?? subject.row
        if let path = undertaking.path, path != subject.row.item.path {
            let why = "It is \(subject.row.item.path) now, not \(path), which the plan names. Nothing was done."
            return .ended(undertaking.ended(Judgement(.refused, .changed, why), row))
        }
        if row.reading.state != .unknown, subject.target(of: wish.operation) != nil,
            let judgement = wish.judge(before: row)
        {
            let result = undertaking.ended(judgement, row)
            return .ended(undertaking.path == nil ? result : result.asOfPlan(wish))
        }
        var bound = undertaking
        switch wiring.gate.verdict(on: wish, for: subject) {
        case .no(let reason, let why):
            return .ended(undertaking.ended(Judgement(reason == .unseen ? .failed : .refused, reason, why), row))
        case .go(let wish):
            bound.wish = wish
            return .go(bound)
        case .ask(let wish):
            bound.wish = wish
            let question = Question(operation: wish.operation, wishes: [:], subjects: [subject])
            // One's own is not asked about, and neither is what nobody has: the attempt says what it is.
            return question.takesFromOthers ? .ask(bound, subject) : .go(bound)
        }
    }

    private func subject(_ undertaking: Undertaking) async throws -> Subject {
        let connection = undertaking.connection
        let server = connection.facts.name
        let signIn = try await connection.system.signIn()
        func find(_ name: String) async throws -> Row {
            Listing.aged(
                try await connection.system.find(name), server: server, journal: wiring.journal, now: Date())
        }
        let row = try await find(undertaking.name)
        var original: Row?
        if undertaking.wish.operation.isAboutOriginal, row.lock == nil, let path = row.item.workingCopyOf {
            original = try await find(path)
        }
        return Subject(
            ref: ItemRef(server: server, id: row.item.id), row: row, original: original, facts: connection.facts,
            operations: connection.system.operations.without(signIn.withdrawn))
    }
}

extension OperationResult {
    /// As a plan tells it: what was free in it and is somebody's by now is no longer what the plan was made of.
    fileprivate func asOfPlan(_ wish: Wish) -> OperationResult {
        guard wish.expectation == .free, outcome == .refused, reason == .conflict else { return self }
        let why =
            "\(after.map { $0.holder.isMe ? "You have" : "\($0.holder.label) has" } ?? "Somebody has") it by now; it was free in the plan. Nothing was done."
        return OperationResult(
            ref: ref, path: path, operation: operation, outcome: .refused, reason: .changed, why: why, before: before,
            after: after)
    }
}
