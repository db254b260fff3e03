// SPDX-License-Identifier: MIT
import ArgumentParser
import CMemory
import Glibc

/// The program: `locktop` alone opens the dashboard.
@main
struct Locktop: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locktop",
        abstract: "top for document locks: who holds what on your lock servers, and what to do about it.",
        discussion: "Without a subcommand the dashboard opens. ITEM is SERVER:ID or SERVER:/path.",
        version: Version.text,
        subcommands: [
            Watch.self, Demo.self, List.self, Show.self, LockItems.self, Refresh.self, Unlock.self, CheckOut.self,
            CheckIn.self, Discard.self, MakePlan.self, Apply.self, Events.self, Check.self, Metrics.self, History.self,
            PlayRecording.self, Servers.self, Add.self, Remove.self, Login.self, Logout.self, Config.self,
            Completion.self, Manual.self,
        ],
        defaultSubcommand: Watch.self)

    static func main() {
        cm_prepare()
        Out.prepare()
        CrashNotes.prepare(Array(CommandLine.arguments.dropFirst()))
        Glibc.exit(Out.ending(status(of: Array(CommandLine.arguments.dropFirst()))))
    }

    /// Runs what the words ask for.
    /// - Returns: the exit code.
    private static func status(of words: [String]) -> Int32 {
        if Version.isAskedWhole(words) {
            Out.line(Version.whole)
            return 0
        }
        let arguments = subcommandFirst(words)
        do {
            try FirstWord.check(arguments, commands: configuration.subcommands.map { $0._commandName })
            var command = try parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let problem as Problem {
            Out.say(problem.message)
            return problem.exitCode
        } catch {
            let code = exitCode(for: error)
            // A monitor takes 64 for nothing that it knows, and reads one line of standard output.
            if code == .validationFailure, arguments.first == Check._commandName {
                return Check.unknown(message(for: error)).rawValue
            }
            var message = fullMessage(for: error)
            if message.hasPrefix("OVERVIEW:"), let end = helpEnd(of: arguments) {
                while message.last?.isNewline ?? false { message.removeLast() }
                message += "\n\n\(end.text)"
            }
            if !message.isEmpty { Out.write(message + "\n", to: code.isSuccess ? 1 : 2) }
            return code.rawValue
        }
    }

    /// What every command takes may stand before the command's name too: `locktop --config FILE ls`.
    static func subcommandFirst(_ arguments: [String]) -> [String] {
        var place = 0
        while place < arguments.count {
            switch arguments[place] {
            case "--config", "--server", "--log": place += 2
            case "--no-color", "-v", "--verbose": place += 1
            case let word where ["--config=", "--server=", "--log="].contains(where: word.hasPrefix): place += 1
            default:
                let names = configuration.subcommands.map { $0._commandName }
                guard place > 0, names.contains(arguments[place]) else { return arguments }
                // `config` has commands of its own, and it is they that take the flags.
                let end = min(arguments.count, place + (arguments[place] == Config._commandName ? 2 : 1))
                return Array(arguments[place..<end] + arguments[..<place] + arguments[end...])
            }
        }
        return arguments
    }
}
