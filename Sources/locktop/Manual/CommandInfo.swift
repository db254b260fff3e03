// SPDX-License-Identifier: MIT
import ArgumentParser
import FoundationEssentials
import HTTP

/// What the argument parser knows of a command: its own description of what it parses.
struct CommandInfo: Decodable {
    struct Name: Decodable {
        var kind: String
        var name: String

        /// As it is typed.
        var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
    }

    struct Argument: Decodable {
        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var defaultValue: String?
    }

    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool?
    var arguments: [Argument]?
    var subcommands: [CommandInfo]?

    /// The whole program's.
    /// - Throws: `Problem` where the parser describes itself in another way than this program knows.
    static func ofProgram() throws -> CommandInfo {
        struct Whole: Decodable { var command: CommandInfo }
        do {
            return try JSONBody.decode(Whole.self, from: Array(Locktop._dumpHelp().utf8)).command
        } catch {
            throw Problem("The commands can't be described: \(error.message)", 1)
        }
    }

    /// Its commands, as they are shown.
    var shown: [CommandInfo] { (subcommands ?? []).filter { $0.commandName != "help" && $0.shouldDisplay ?? true } }
    /// What may be written behind it.
    var options: [Argument] { (arguments ?? []).filter { $0.shouldDisplay && $0.kind != "positional" } }
    var words: [Argument] { (arguments ?? []).filter { $0.shouldDisplay && $0.kind == "positional" } }
}
