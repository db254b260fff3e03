// SPDX-License-Identifier: MIT
import Dashboard
import FoundationEssentials
import LockSystems
import Locks
import Testing

/// The README's tables are made from what the program itself goes by.
@Suite struct ReadmeTests {
    private static let path = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/README.md"

    private static var keyTable: String {
        var lines = ["| key | |", "|---|---|"]
        for line in Keymap.everywhereLines {
            // A bar ends a cell, in code too.
            let keys = line.keys.map { "`\($0)`".replacing("|", with: "\\|") }.joined(separator: " ")
            lines.append("| \(keys) | \(line.tooltip) |")
        }
        for (title, keys) in Keymap.pageLines {
            lines.append(
                "| on *\(title)* | " + keys.map { "`\($0.keys[0])` \($0.label)" }.joined(separator: ", ") + " |")
        }
        return lines.joined(separator: "\n")
    }

    private static var systems: String {
        var lines = [
            "| system | list | " + Operation.allCases.map(\.word).joined(separator: " | ") + " |",
            "|---|---|" + String(repeating: "---|", count: Operation.allCases.count),
        ]
        for kind in Registry.kinds {
            let cells = Operation.allCases.map { operation in
                let offer = kind.operations[operation]
                guard offer.isOffered else { return "no: \(offer.why ?? "")" }
                let call = kind.calls[operation].map { "`\($0)`" } ?? "yes"
                return offer.why.map { "\(call) (\($0))" } ?? call
            }
            lines.append(
                "| **\(kind.name)** (`\(kind.word)`) | \(kind.listing) | " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n")
    }

    private static var options: String {
        func cell(_ keys: [OptionKey]) -> String {
            keys.map { "`\($0.name)`: \($0.meaning)" }.joined(separator: "<br>")
        }
        var lines = ["| `kind` | keys of its own | `auth` | `items` |", "|---|---|---|---|"]
        for list in Registry.kinds.map(\.options) {
            lines.append("| `\(list.kind)` | \(cell(list.server)) | \(cell(list.auth)) | \(cell(list.items)) |")
        }
        return lines.joined(separator: "\n")
    }

    private static var columns: String {
        Field.all.map { "`\($0.name)`: \($0.about)" }.joined(separator: " ")
    }

    private static func table(_ name: String) -> String? {
        switch name {
        case "keys": keyTable
        case "systems": systems
        case "options": options
        case "columns": columns
        default: nil
        }
    }

    @Test(
        "The README's tables of keys, systems, options and columns are the program's own",
        arguments: ["keys", "systems", "options", "columns"])
    func tables(name: String) throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
        let (opening, closing) = ("<!-- \(name) -->\n", "<!-- /\(name) -->")
        let start = try #require(text.firstRange(of: opening)?.upperBound)
        let end = try #require(text.firstRange(of: closing)?.lowerBound)
        let table = try #require(Self.table(name)) + "\n"
        if ProcessInfo.processInfo.environment["LOCKTOP_GOLDEN"] == "rewrite" {
            let fresh = text[..<start] + table + text[end...]
            try Data(fresh.utf8).write(to: URL(filePath: Self.path))
            return
        }
        #expect(String(text[start..<end]) == table, "make golden writes it anew")
    }

    @Test("No kind has a key twice, and each says what it is for")
    func keys() {
        for list in Registry.kinds.map(\.options) {
            let names = list.all.map(\.name)
            #expect(Set(names).count == names.count, "\(list.kind)")
            #expect(list.all.allSatisfy { !$0.meaning.isEmpty })
            #expect(!list.examples.isEmpty)
        }
    }

    @Test("Every kind says how each operation that it offers is asked for")
    func calls() {
        for kind in Registry.kinds {
            for operation in Operation.allCases {
                let isSaid = !kind.operations[operation].isOffered || kind.calls[operation] != nil
                #expect(isSaid, "\(kind.word) \(operation)")
            }
            #expect(!kind.listing.isEmpty)
        }
    }
}
