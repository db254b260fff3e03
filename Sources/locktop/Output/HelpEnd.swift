// SPDX-License-Identifier: MIT
import ArgumentParser

/// What stands at the end of a command's help: examples that work, and its exit codes.
struct HelpEnd: Sendable {
    /// An exit code, and what it means here.
    struct Exit: Sendable {
        let code: Int
        let meaning: String

        static let done = Exit(code: 0, meaning: "done")
        static let wished = Exit(code: 0, meaning: "done, unchanged or planned")
        static let refused = Exit(code: 1, meaning: "refused or failed, for different or other reasons")
        static let nothing = Exit(code: 1, meaning: "there is no such item")
        static let usage = Exit(code: 64, meaning: "wrong words on the command line")
        static let unreachable = Exit(code: 69, meaning: "a server does not answer")
        static let held = Exit(code: 75, meaning: "somebody else has it, or the server asks to be left alone")
        static let signIn = Exit(code: 77, meaning: "not signed in, not allowed, or read-only")
        static let configuration = Exit(code: 78, meaning: "the configuration is wrong")
        static let interrupted = Exit(code: 130, meaning: "interrupted")

        /// What every operation on items can end with.
        static let operation = [wished, refused, usage, unreachable, held, signIn, configuration]
        /// What everything that only reads can end with.
        static let reading = [done, usage, unreachable, signIn, configuration]
    }

    /// Command lines that work as they stand, where there is such a server and such an item.
    let examples: [String]
    let exits: [Exit]

    /// As it is printed.
    var text: String {
        let codes = exits.sorted { $0.code < $1.code }.map { exit in
            "  " + String(repeating: " ", count: max(0, 3 - "\(exit.code)".count)) + "\(exit.code)  \(exit.meaning)"
        }
        return "EXAMPLES:\n" + examples.map { "  \($0)" }.joined(separator: "\n") + "\n\nEXIT CODES:\n"
            + codes.joined(separator: "\n")
    }
}

/// A command whose help ends so.
protocol Exemplified: ParsableCommand {
    static var helpEnd: HelpEnd { get }
}

extension Locktop {
    /// What stands at the end of the help that some words ask for.
    static func helpEnd(of words: [String]) -> HelpEnd? {
        var command: any ParsableCommand.Type = Locktop.self
        for word in words where word != "help" {
            let next = command.configuration.subcommands.first { $0._commandName == word }
            guard let next else { break }
            command = next
        }
        return (command as? any Exemplified.Type)?.helpEnd
    }
}
