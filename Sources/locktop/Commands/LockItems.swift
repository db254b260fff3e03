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

    private static let forever = "forever"

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    @Option(help: "The lock's time-out, for example 1h.", transform: Lengths.seconds)
    var timeout: Double?

    @Flag(help: "Nobody may take it by force, where the server knows that.")
    var noSteal = false

    @Option(help: "A remark for others, where the server keeps one; it is in the audit log in any case.")
    var comment: String?

    // Seconds; infinite without a time.
    @Option(
        help: "Wait until it is free: --wait, or --wait=10m.",
        transform: { $0 == Self.forever ? .infinity : try Lengths.seconds($0) })
    var wait: Double?

    @Flag(help: "Hold it and refresh it until interrupted, then release it.")
    var keep = false

    @Option(name: .customLong("run"), parsing: .singleValue, help: .hidden)
    var command: [String] = []

    func run() throws {
        try Run.command { [self] in
            var wish = options.wish(.lock)
            wish.options = LockOptions(
                timeout: timeout.map { Int($0.rounded(.up)) }, stealable: noSteal ? false : nil, comment: comment)
            wish.reason = wish.reason ?? comment
            let operate = try Operate(options.assent, common)
            // A rehearsal waits for nothing, holds nothing, and runs nothing.
            if options.assent.dryRun || wait == nil && !keep && command.isEmpty {
                return try await operate.run(wish, on: options.items)
            }
            return try await hold(operate, wish, wait ?? 0)
        }
    }

    /// Two forms that the parser can't express, in words that it knows. `--wait` with or without a time: its own way to
    /// make a value optional takes the item for the time, and a wrong time for none. And a command after `--` besides a
    /// list of items: it allows no second list.
    /// - Throws: `Problem`
    static func plain(_ arguments: [String]) throws -> [String] {
        guard arguments.first == _commandName else { return arguments }
        let end = arguments.firstIndex(of: "--") ?? arguments.count
        if end == arguments.count - 1 {
            throw Problem.usage("There is no command after --: write one, or leave -- out.")
        }
        return arguments[..<end].map { $0 == "--wait" ? "--wait=\(forever)" : $0 }
            + arguments[end...].dropFirst().map { "--run=\($0)" }
    }

    private func hold(_ operate: Operate, _ wish: Wish, _ patience: Double) async throws -> Int32 {
        let held = HeldLocks(operate.tell)
        for target in try operate.undertakings(options.items, wish) {
            let (result, hasRunOut) = await LockWait(target).take(within: patience)
            operate.tell(result)
            guard result.isGood else {
                await held.release()
                if Interrupt.signal != 0 { return 128 + Interrupt.signal }
                return hasRunOut ? Reason.conflict.exitCode : result.exitCode
            }
            await held.add(result, on: target.connection)
        }
        guard keep || !command.isEmpty else {
            await held.leave()
            return 0
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
