// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import Glibc
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

    /// The items that were named, on the command line or one a line on standard input.
    func targets() throws -> [(connection: Connection, name: String)] {
        var words: [String] = []
        for word in options.items {
            guard word == "-" else {
                words.append(word)
                continue
            }
            while let line = readLine() {
                if !line.isEmpty { words.append(line) }
            }
        }
        guard !words.isEmpty else { throw Problem.usage("Name at least one item: SERVER:ID or SERVER:/path.") }
        return try words.map(wiring.resolve)
    }

    /// Asks where somebody loses something, carries the wish out on each item, and prints the results.
    /// - Returns: the exit code.
    func run(_ wish: Wish) async throws -> Int32 {
        let targets = try targets()
        let takes = wish.operation == .forceUnlock || wish.operation == .discard && wish.mayTakeFromOthers
        let wishes = takes && !wish.isRehearsal ? try await confirmed(wish, targets) : targets.map { _ in wish }
        var codes: Set<Int32> = []
        for result in await results(wishes, targets) {
            tell(result)
            codes.insert(result.exitCode)
        }
        return Exits.combine(codes)
    }

    private func results(_ wishes: [Wish?], _ targets: [(connection: Connection, name: String)]) async
        -> [OperationResult]
    {
        await withTaskGroup(of: (Int, OperationResult).self) { group in
            var next = 0
            func start() {
                while next < targets.count {
                    let (index, target) = (next, targets[next])
                    next += 1
                    guard let wish = wishes[index] else { continue }
                    group.addTask { (index, await target.connection.performer.perform(wish, on: target.name).result) }
                    return
                }
            }
            for _ in 0..<4 { start() }
            var results: [(Int, OperationResult)] = []
            for await result in group {
                results.append(result)
                start()
            }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
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

    // The lock that the question showed is the only one that may fall: its identity goes into the wish.
    private func confirmed(_ wish: Wish, _ targets: [(connection: Connection, name: String)]) async throws -> [Wish?] {
        if options.yes { return targets.map { _ in wish } }
        guard Out.isTerminal(0), Out.isTerminal(2) else {
            throw Problem.usage(
                "\(wish.operation.word) takes something from somebody else: give --yes, or run it on a terminal.")
        }
        var wishes: [Wish?] = []
        for target in targets { wishes.append(try await ask(wish, target.connection, target.name)) }
        return wishes
    }

    private func ask(_ wish: Wish, _ connection: Connection, _ name: String) async throws -> Wish? {
        let row: Row
        do {
            _ = try await connection.system.signIn()
            row = Listing.aged(
                try await connection.system.find(name), server: connection.facts.name, journal: wiring.journal,
                now: Date())
        } catch {
            return wish
        }
        // Free, or refused for another reason: there is nothing to ask, and the attempt says what it is.
        guard let lock = row.lock, wish.judge(before: row) == nil, !(lock.holder.isMe && wish.operation == .discard)
        else { return wish }
        var bound = wish
        bound.expectedLock = wish.expectedLock ?? lock.identity
        let since = lock.since.map { ", held for \(Age.text(Date().timeIntervalSince($0)))" } ?? ""
        let holder = Text.clean(lock.holder.name ?? lock.holder.label)
        let path = Text.clean(row.item.path)
        let isDestructive = wish.operation == .discard
        let question =
            isDestructive
            ? "Discard \(holder)'s check-out of \(path)\(since)? Unpublished changes are destroyed."
            : "End \(holder)'s lock on \(path)\(since)? It can't be undone."
        let answer = isDestructive ? String(path.split(separator: "/").last ?? "yes") : "yes"
        guard try Prompt.line("\(question)\nType \(answer) to go on: ") == answer else {
            Out.say("\(connection.facts.name):\(path): left alone.")
            throw Problem("Nothing more was done.", 1)
        }
        return bound
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
