// SPDX-License-Identifier: MIT
import ArgumentParser

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
            CheckIn.self, Discard.self, Events.self, History.self, Servers.self, Login.self, Logout.self,
            Config.self,
        ],
        defaultSubcommand: Watch.self)

    static func main() {
        main(plain(subcommandFirst(Array(CommandLine.arguments.dropFirst()))))
    }

    /// What every command takes may stand before the command's name too: `locktop --config FILE ls`.
    static func subcommandFirst(_ arguments: [String]) -> [String] {
        var place = 0
        while place < arguments.count {
            switch arguments[place] {
            case "--config", "--server": place += 2
            case "--no-color", "-v", "--verbose": place += 1
            case let word where word.hasPrefix("--config=") || word.hasPrefix("--server="): place += 1
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

    /// Two forms that the parser can't express, in words that it knows: `--wait` with or without a time, and a command
    /// of its own after `--` besides a list of items.
    static func plain(_ arguments: [String]) -> [String] {
        guard arguments.contains("lock") else { return arguments }
        let end = arguments.firstIndex(of: "--") ?? arguments.count
        return arguments[..<end].map { $0 == "--wait" ? "--wait=forever" : $0 }
            + arguments[end...].dropFirst().map { "--run=\($0)" }
    }
}

enum Version {
    static let text = "0.1.0"
}
