// SPDX-License-Identifier: MIT
import ArgumentParser
import FoundationEssentials
import History
import Locks
import Settings

/// What can be written in a place of the command line. Nothing is asked of a server for it: items and holders are those
/// that were seen before, and where there is no configuration there are none.
enum Candidates {
    /// The names of the configured servers.
    static let servers = kind { before, _ in configuration(before)?.servers.map(\.name) ?? [] }

    /// Items that were seen before, as `SERVER:/path`.
    static let items = kind { before, _ in
        rows(before).map { "\($0.server):\($0.row.item.path)" }
    }

    /// Holders that were seen before.
    static let holders = kind { before, _ in holders(before) }

    /// States, several apart by commas.
    static let states = list { _ in Query.Condition.allCases.map(\.rawValue) }

    /// Columns, several apart by commas.
    static let columns = list { _ in Field.names }

    /// A column to sort by, with or without a direction.
    static let order = kind { _, _ in Field.names.flatMap { [$0, "\($0):desc"] } }

    /// The terms of a filter.
    static let query = kind { before, word in
        let field = word.prefix { $0 != ":" }
        guard field.count < word.count else {
            return ["holder", "kind", "newer", "older", "path", "server", "state", "title", "type"].map { "\($0):" }
        }
        let values: [String] =
            switch field {
            case "holder": ["me"] + holders(before)
            case "kind": Lock.Kind.allCases.map(\.rawValue)
            case "server": configuration(before)?.servers.map(\.name) ?? []
            case "state": Query.Condition.allCases.map(\.rawValue)
            case "path": Array(Set(rows(before).map { folder(of: $0.row.item.path) }))
            default: []
            }
        return values.map { "\(field):\($0)" }
    }

    /// A list of words without a comma.
    private static func list(_ words: @escaping @Sendable ([String]) -> [String]) -> CompletionKind {
        kind { before, word in
            let done = word.lastIndex(of: ",").map { word[...$0] } ?? ""
            return words(before).map { done + $0 }
        }
    }

    private static func kind(_ make: @escaping @Sendable (_ before: [String], _ word: String) -> [String])
        -> CompletionKind
    {
        .custom { words, _, prefix in
            let found = Set(make(words, prefix)).filter { $0.hasPrefix(prefix) }.sorted()
            // A colon parts a word from its description to zsh.
            guard CompletionShell.requesting == .zsh else { return found }
            return found.map { $0.replacing("\\", with: "\\\\").replacing(":", with: "\\:") }
        }
    }

    // MARK: What is known

    private static func options(_ words: [String]) -> CommonOptions? {
        var arguments: [String] = []
        for (index, word) in words.enumerated() {
            if word == "--config", index + 1 < words.count { arguments += [word, words[index + 1]] }
            if word.hasPrefix("--config=") { arguments.append(word) }
        }
        return try? CommonOptions.parse(arguments)
    }

    private static func configuration(_ words: [String]) -> Configuration? {
        options(words).flatMap { try? ConfigurationSource.load($0) }
    }

    private static func rows(_ words: [String]) -> [(server: String, row: Row)] {
        // A store that can't be opened is said by commands, and is no business of a completion.
        guard let options = options(words), ConfigurationSource.isThere(options),
            let wiring = try? Wiring(options, pace: .once), let store = wiring.store
        else { return [] }
        return wiring.connections.flatMap { connection in
            store.rows(of: connection.facts.name, seenBy: connection.cacheKey).map { (connection.facts.name, $0) }
        }
    }

    private static func holders(_ words: [String]) -> [String] {
        let seen = rows(words).flatMap { $0.row.reading.locks.compactMap { $0.holder.id ?? $0.holder.name } }
        return seen + (configuration(words)?.departed ?? [])
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? path
    }
}
