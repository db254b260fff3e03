// SPDX-License-Identifier: MIT
import ArgumentParser
import Locks
import Settings

/// The word in a command's place. What is no command is a query of the dashboard, which finds nothing and ends well: so
/// a command that is only misspelt must not be taken for one.
enum FirstWord {
    /// What other programs call it.
    private static let elsewhere = ["list": "ls", "status": "servers", "version": "--version"]
    private static let takingValues = ["--config", "--server", "--poll", "--log"]

    /// Refuses a first word that is near a command's name, or that is one behind flags of the dashboard.
    /// - Throws: `Problem`
    static func check(_ arguments: [String], commands: [String]) throws {
        // What a completion script asks is no command.
        guard arguments.first != "---completion", let place = place(in: arguments) else { return }
        let word = arguments[place]
        if place == 0, (commands + ["help"]).contains(word) {
            if word == Config._commandName { try checkConfig(arguments.dropFirst().first) }
            return
        }
        if !word.hasPrefix("/") { try ServerWord.checkSlashes(word) }
        if ServerWord.isAddress(word) { return }
        if let address = ServerWord.completed(word) {
            let shown = ServerWord.isQuotable(word) ? address : "the scheme in front: https://…"
            throw Problem.usage(
                "To look at a server, write \(shown)\nTo look for items with that word: locktop watch WORD")
        }
        guard let near = elsewhere[word] ?? NearestWord.suggestion(for: word, among: commands) else { return }
        if near == word {
            throw Problem.usage("Write the command first: locktop \(word), then \(arguments[0]) if it takes that.")
        }
        throw Problem.usage(
            "\(word) is no command. Did you mean \(near)? To look for items with that word: locktop watch \(word)")
    }

    private static func checkConfig(_ word: String?) throws {
        let words = Config.configuration.subcommands.map { $0._commandName }
        guard let word, !word.hasPrefix("-"), !words.contains(word) else { return }
        throw Problem.usage(
            "config \(word) is no command. There is: \(words.map { "config " + $0 }.joined(separator: ", "))."
                + NearestWord.hint(for: word, among: words))
    }

    private static func place(in arguments: [String]) -> Int? {
        var place = 0
        while place < arguments.count, arguments[place] != "--" {
            guard arguments[place].hasPrefix("-") else { return place }
            place += takingValues.contains(arguments[place]) ? 2 : 1
        }
        return nil
    }
}
