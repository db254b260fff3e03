// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import Glibc
import HTTP
import Locks
import Watching

/// Carrying out one wish on several items, and telling how each ended. What `lock` to `discard` share.
struct Operate: Sendable {
    let wiring: Wiring
    let options: OperationOptions
    let common: CommonOptions

    init(_ options: OperationOptions, _ common: CommonOptions) throws {
        self.options = options
        self.common = common
        wiring = try Wiring(common, pace: .once)
    }

    /// The items that were named, on the command line or one a line on standard input. On protected servers the
    /// operator has named the server too by then.
    func targets() throws -> [(connection: Connection, name: String)] {
        var words: [String] = []
        for word in options.items {
            guard word == "-" else {
                words.append(word)
                continue
            }
            while let line = try Prompt.next() {
                if !line.isEmpty { words.append(line) }
            }
        }
        guard !words.isEmpty else { throw Problem.usage("Name at least one item: SERVER:ID or SERVER:/path.") }
        let targets = try words.map(wiring.resolve)
        if !options.dryRun {
            try passProtection(Set(targets.map(\.connection.facts).filter(\.isProtected).map(\.name)))
        }
        return targets
    }

    // `--yes` is no typed name: what a hand has to slow down for, a script has to spell out.
    private func passProtection(_ servers: Set<String>) throws {
        for server in servers.sorted() where !options.serverName.contains(server) {
            guard !options.yes, Out.isTerminal(0), Out.isTerminal(2) else {
                throw Problem.usage(
                    "\(server) is protected: give --server-name \(server) too, or type it on a terminal.")
            }
            let name = Text.clean(server)
            guard try Prompt.line("\(name) is protected.\nType \(name) to go on: ") == server else {
                throw Problem("Nothing was done.", 1)
            }
        }
    }

    /// Asks where somebody loses something, carries the wish out on each item, and prints the results.
    /// - Returns: the exit code.
    func run(_ wish: Wish) async throws -> Int32 {
        let targets = try targets()
        let takes = wish.operation == .forceUnlock || wish.operation == .discard && wish.mayTakeFromOthers
        let asked = takes && !wish.isRehearsal ? try await asked(wish, targets) : targets.map { _ in .go(wish) }
        var codes: Set<Int32> = []
        for result in await results(asked, targets) {
            tell(result)
            codes.insert(result.exitCode)
        }
        return Exits.combine(codes)
    }

    /// What the question about an item led to.
    private enum Asked: Sendable {
        /// It goes on, bound to the lock that was shown.
        case go(Wish)
        /// It ended without being sent.
        case ended(OperationResult)
    }

    private func results(_ asked: [Asked], _ targets: [(connection: Connection, name: String)]) async
        -> [OperationResult]
    {
        await Concurrently.map(Array(zip(asked, targets)), width: 4) { asked, target in
            switch asked {
            case .go(let wish): await target.connection.performer.perform(wish, on: target.name).result
            case .ended(let result): result
            }
        }
    }

    /// Says how an item ended: on standard output what is as wished, on standard error what is not.
    func tell(_ result: OperationResult) {
        if options.json { Out.line(JSON.result(result).line) }
        let name = "\(result.ref.server):\(result.path)"
        switch result.outcome {
        case .done where !options.json:
            Out.line(Text.clean("\(name): \(result.operation.past)\(result.why.isEmpty ? "" : ". " + result.why)"))
        case .unchanged where !options.json: Out.line(Text.clean("\(name): unchanged. \(result.why)"))
        case .planned where !options.json:
            let lock = result.before.map { ", which \($0.holder.isMe ? "you have" : "\($0.holder.label) has")" } ?? ""
            Out.line(Text.clean("\(name): would be \(result.operation.past)\(lock)"))
        case .refused, .failed, .unverified:
            Out.say("\(name): \(result.operation.word) \(result.outcome.rawValue). \(result.why)")
        default: break
        }
    }

    // MARK: Asking

    private func asked(_ wish: Wish, _ targets: [(connection: Connection, name: String)]) async throws -> [Asked] {
        if options.yes { return targets.map { _ in .go(wish) } }
        guard Out.isTerminal(0), Out.isTerminal(2) else {
            throw Problem.usage(
                "\(wish.operation.word) takes something from somebody else: give --yes, or run it on a terminal.")
        }
        var asked: [Asked] = []
        for target in targets { asked.append(try await ask(wish, target.connection, target.name)) }
        return asked
    }

    // What is sent is bound to what the question showed: that lock, or free. What could not be shown is not sent.
    private func ask(_ wish: Wish, _ connection: Connection, _ name: String) async throws -> Asked {
        let server = connection.facts.name
        func end(_ judgement: Judgement, _ row: Row? = nil) -> Asked {
            .ended(
                OperationResult(
                    ref: ItemRef(server: server, id: row?.item.id ?? name), path: row?.item.path ?? name,
                    operation: wish.operation, outcome: judgement.outcome, reason: judgement.reason,
                    why: judgement.why, before: row?.lock, after: row?.lock))
        }
        let subject: Subject
        do {
            subject = try await self.subject(connection, name, wish.operation)
        } catch {
            let failure = Performer.lockError(error, server: server)
            let judgement = Judgement(failure)
            return end(
                Judgement(
                    judgement.outcome, judgement.reason,
                    "\(failure.description) Who has it could not be shown, so nothing was sent."))
        }
        let row = subject.target(of: wish.operation) ?? subject.row
        if row.lock != nil, let judgement = wish.judge(before: row) { return end(judgement, row) }
        switch wiring.gate.verdict(on: wish, for: subject) {
        case .no(let reason, let why): return end(Judgement(reason == .unseen ? .failed : .refused, reason, why), row)
        case .go(let wish): return .go(wish)
        case .ask(let bound):
            let question = Question(operation: wish.operation, wishes: [subject.ref: bound], subjects: [subject])
            // One's own is not asked about, and neither is what nobody has: the attempt says what it is.
            guard question.takesFromOthers else { return .go(bound) }
            let answer = question.nameToType ?? "yes"
            let text = Text.clean(question.sentences(at: Date()))
            guard try Prompt.line("\(text)\nType \(Text.clean(answer)) to go on: ") == answer else {
                Out.say("\(server):\(row.item.path): left alone.")
                throw Problem("Nothing more was done.", 1)
            }
            return .go(bound)
        }
    }

    private func subject(_ connection: Connection, _ name: String, _ operation: Operation) async throws -> Subject {
        let server = connection.facts.name
        let signIn = try await connection.system.signIn()
        func find(_ name: String) async throws -> Row {
            Listing.aged(
                try await connection.system.find(name), server: server, journal: wiring.journal, now: Date())
        }
        let row = try await find(name)
        var original: Row?
        if operation.isAboutOriginal, row.lock == nil, let path = row.item.workingCopyOf {
            original = try await find(path)
        }
        return Subject(
            ref: ItemRef(server: server, id: row.item.id), row: row, original: original, facts: connection.facts,
            operations: connection.system.operations.without(signIn.withdrawn))
    }
}

/// Begin my lock's time-out anew.
struct Refresh: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Begin my lock's time-out anew.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    func run() throws {
        try Run.command { [common, options] in try await Operate(options, common).run(options.wish(.refresh)) }
    }
}

/// Give a lock back, or end another's.
struct Unlock: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give my lock back; with --force end another's.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    @Flag(help: "End another's lock.")
    var force = false

    func run() throws {
        try Run.command { [common, options, force] in
            var wish = options.wish(force ? .forceUnlock : .unlock)
            wish.mayTakeFromOthers = force
            return try await Operate(options, common).run(wish)
        }
    }
}

/// Check items out.
struct CheckOut: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check items out.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    func run() throws {
        try Run.command { [common, options] in try await Operate(options, common).run(options.wish(.checkOut)) }
    }
}

/// Check items in.
struct CheckIn: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check items in.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    @Option(name: [.customShort("m"), .long], help: "A remark for the version.")
    var comment: String?

    func run() throws {
        try Run.command { [common, options, comment] in
            var wish = options.wish(.checkIn)
            wish.comment = comment
            return try await Operate(options, common).run(wish)
        }
    }
}

/// Undo check-outs.
struct Discard: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Undo check-outs; their changes are lost.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    @Flag(help: "Also another's check-out.")
    var force = false

    func run() throws {
        try Run.command { [common, options, force] in
            var wish = options.wish(.discard)
            wish.mayTakeFromOthers = force
            return try await Operate(options, common).run(wish)
        }
    }
}
