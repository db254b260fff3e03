// SPDX-License-Identifier: MIT
import ArgumentParser
import FoundationEssentials
import Locks
import Watching

/// Take edit locks: once, when they are free, for as long as this runs, or while a command runs.
struct LockItems: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Take edit locks.",
        usage: "locktop lock [<options>] [<items> ...] [-- <command> ...]",
        discussion: "With -- COMMAND the locks are held while the command runs, and its status is the exit code.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    @Option(help: "The lock's time-out, for example 1h.", transform: Lengths.seconds)
    var timeout: Double?

    @Flag(help: "Nobody may take it by force, where the server knows that.")
    var noSteal = false

    @Option(help: "A remark for others, where the server keeps one; it is in the audit log in any case.")
    var comment: String?

    @Option(
        defaultAsFlag: Patience.endless, parsing: .next, help: "Wait until it is free: --wait, or --wait=10m.",
        transform: { Patience(seconds: try Lengths.seconds($0)) })
    var wait: Patience?

    @Flag(help: "Hold it and refresh it until interrupted, then release it.")
    var keep = false

    /// What to run while the locks are held: all behind `--`. The parser takes a list of items and no second list, so to it
    /// these words are the last items.
    private var command: [String] { Array(CommandLine.arguments.drop { $0 != "--" }.dropFirst()) }
    private var items: [String] { options.items.dropLast(command.count) }

    // Two mistakes that the parser passes over: a wrong time counts as none to it, and nothing behind -- as nothing at all.
    func validate() throws {
        for word in CommandLine.arguments.prefix(while: { $0 != "--" }) where word.hasPrefix("--wait=") {
            _ = try Lengths.seconds(String(word.dropFirst("--wait=".count)))
        }
        if CommandLine.arguments.last == "--", command.isEmpty {
            throw ValidationError("There is no command after --: write one, or leave -- out.")
        }
    }

    func run() throws {
        try Run.command { [self] in
            var wish = options.wish(.lock)
            wish.options = LockOptions(
                timeout: timeout.map { Int($0.rounded(.up)) }, stealable: noSteal ? false : nil, comment: comment)
            wish.reason = wish.reason ?? comment
            let operate = try Operate(options.assent, common)
            // A rehearsal waits for nothing, holds nothing, and runs nothing.
            if options.assent.dryRun || wait == nil && !keep && command.isEmpty {
                return try await operate.run(wish, on: items)
            }
            return try await hold(operate, wish, wait ?? .none)
        }
    }

    private func hold(_ operate: Operate, _ wish: Wish, _ patience: Patience) async throws -> Int32 {
        let held = HeldLocks(operate.tell)
        // What is held for a while is wanted all together; what is only taken stays, one by one.
        let wantsAll = keep || !command.isEmpty
        var codes: Set<Int32> = []
        for target in try operate.undertakings(items, wish) where Interrupt.signal == 0 {
            let (result, hasRunOut) = await LockWait(target).take(within: patience.seconds)
            operate.tell(result)
            guard result.isGood else {
                codes.insert(hasRunOut ? Reason.conflict.exitCode : result.exitCode)
                if wantsAll { break }
                continue
            }
            await held.add(result, on: target.connection)
        }
        if Interrupt.signal != 0 { codes = [128 + Interrupt.signal] }
        guard wantsAll, codes.isEmpty else {
            if wantsAll { await held.release() } else { await held.leave() }
            return Exits.combine(codes)
        }
        let code: Int32
        if command.isEmpty {
            await Interrupts.wait()
            code = 0
        } else {
            code = await Self.status(of: command)
        }
        await held.release()
        return code
    }

    private static func status(of command: [String]) async -> Int32 {
        await withCheckedContinuation { continuation in
            ChildProcess(command).run { continuation.resume(returning: $0) }
        }
    }
}

/// Waiting for the signal that ends a command.
enum Interrupts {
    static func wait() async {
        while Interrupt.signal == 0, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
    }
}
