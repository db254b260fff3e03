// SPDX-License-Identifier: MIT
import ArgumentParser
import FoundationEssentials
import Glibc
import Locks
import Watching

/// Take edit locks: once, when they are free, for as long as this runs, or while a command runs.
struct LockItems: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Take edit locks.",
        discussion: "With -- COMMAND the locks are held while the command runs, and its status is the exit code.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    @Option(help: "The lock's time-out, for example 1h.", transform: Lengths.seconds)
    var timeout: Double?

    @Flag(help: "Nobody may take it by force, where the server knows that.")
    var noSteal = false

    @Option(help: "A remark for others, where the server keeps one; it is in the audit log in any case.")
    var comment: String?

    @Option(help: "Wait until it is free: --wait, or --wait=10m.")
    var wait: String?

    @Flag(help: "Hold it and refresh it until interrupted, then release it.")
    var keep = false

    @Option(name: .customLong("run"), parsing: .singleValue, help: .hidden)
    var command: [String] = []

    func run() throws {
        try Run.command { [self] in
            var wish = options.wish(.lock)
            wish.options = LockOptions(
                timeout: timeout.map { Int($0) }, stealable: noSteal ? false : nil, comment: comment)
            wish.reason = wish.reason ?? comment
            let patience = try patience()
            let operate = try Operate(options, common)
            if wait == nil, !keep, command.isEmpty || options.dryRun { return try await operate.run(wish) }
            return try await hold(operate, wish, patience)
        }
    }

    /// Seconds to wait for a free item; infinite for ever, 0 for not at all.
    private func patience() throws -> Double {
        guard let wait else { return 0 }
        return wait == "forever" ? .infinity : try Lengths.seconds(wait)
    }

    private func hold(_ operate: Operate, _ wish: Wish, _ patience: Double) async throws -> Int32 {
        let targets = try operate.targets()
        var taken: [(connection: Connection, result: OperationResult)] = []
        for target in targets {
            let result = await take(target.connection, target.name, wish, patience)
            operate.tell(result)
            guard result.isGood else {
                await release(taken, operate)
                return Interrupt.signal == 0 ? result.exitCode : 128 + Interrupt.signal
            }
            // What was mine before is not this run's to give back.
            if result.outcome == .done { taken.append((target.connection, result)) }
        }
        guard keep || !command.isEmpty else { return 0 }
        let keeper = Task.detached { [taken] in await Self.keepAlive(taken, operate) }
        let code: Int32
        if command.isEmpty {
            await Interrupts.wait()
            code = 0
        } else {
            code = await Self.status(of: command)
        }
        keeper.cancel()
        await keeper.value
        await release(taken, operate)
        return code
    }

    private func take(_ connection: Connection, _ name: String, _ wish: Wish, _ patience: Double) async
        -> OperationResult
    {
        let deadline = ContinuousClock.now + .seconds(min(patience, 1e9))
        let poll = max(0.2, operatePoll(connection))
        while true {
            let result = await connection.performer.perform(wish, on: name).result
            guard result.reason == .conflict || result.reason == .throttled, !Task.isCancelled else { return result }
            let left = (deadline - .now) / .seconds(1)
            guard left > 0 else { return result }
            try? await Task.sleep(for: .seconds(min(poll, left)))
            if Task.isCancelled { return result }
        }
    }

    private func operatePoll(_ connection: Connection) -> Double { connection.facts.pace.poll }

    // The audit log gets one line when it is taken and one when it is given back; refreshes are told only when they fail.
    private static func keepAlive(
        _ taken: [(connection: Connection, result: OperationResult)], _ operate: Operate
    ) async {
        while !Task.isCancelled {
            let spans = taken.compactMap { $0.result.after?.timeout }.map { Double($0) / 2 }
            guard let span = spans.min() else { return }
            try? await Task.sleep(for: .seconds(max(1, span)))
            if Task.isCancelled { return }
            for (connection, result) in taken {
                let wish = Wish(.refresh, expecting: Expectation(result.after?.identity), reason: "kept alive")
                let refreshed = await connection.performer.perform(wish, on: result.ref.id).result
                if !refreshed.isGood { operate.tell(refreshed) }
            }
        }
    }

    private func release(_ taken: [(connection: Connection, result: OperationResult)], _ operate: Operate) async {
        // The release must happen although this task may have been cancelled by the signal that ends the command.
        let results = await Task.detached {
            var results: [OperationResult] = []
            for (connection, result) in taken {
                let wish = Wish(.unlock, expecting: Expectation(result.after?.identity), reason: "end of locktop lock")
                results.append(await connection.performer.perform(wish, on: result.ref.id).result)
            }
            return results
        }.value
        for result in results { operate.tell(result) }
    }

    private static func status(of command: [String]) async -> Int32 {
        await withCheckedContinuation { continuation in
            let thread = ChildProcess(command)
            thread.run { continuation.resume(returning: $0) }
        }
    }
}

/// Waiting for the signal that ends a command.
enum Interrupts {
    static func wait() async {
        while Interrupt.signal == 0, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
    }
}
