// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import TestSupport

/// Where a story plays: documents that people lock, and Mona, who sits at a terminal of her own.
///
/// The documents are `agm`, `autumn`, `brochure` and `launch`, in one folder; Bob and Alice may edit them, and Mona
/// may end their locks.
public struct Workplace: Sendable {
    /// The folder of the documents.
    public let folder: String
    private let home: String
    private let configuration: String
    private let variables: [String: String]
    private let take: @Sendable (_ path: String, _ person: String) async throws -> Void
    private let giveBack: @Sendable (_ path: String, _ person: String) async throws -> Void

    /// A place.
    /// - Parameters:
    ///   - home: the folder that is Mona's home.
    ///   - configuration: her configuration file.
    ///   - variables: her environment.
    ///   - take: locks a document as somebody else.
    ///   - giveBack: releases it as that somebody.
    public init(
        folder: String, home: String, configuration: String, variables: [String: String],
        take: @escaping @Sendable (_ path: String, _ person: String) async throws -> Void,
        giveBack: @escaping @Sendable (_ path: String, _ person: String) async throws -> Void
    ) {
        self.folder = folder
        self.home = home
        self.configuration = configuration
        self.variables = variables
        self.take = take
        self.giveBack = giveBack
    }

    /// The path of a document.
    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Somebody opens a document for editing.
    func lock(_ name: String, as person: String) async throws { try await take(path(name), person) }

    /// Somebody is done with it.
    func unlock(_ name: String, as person: String) async throws { try await giveBack(path(name), person) }

    /// Mona opens the dashboard, and waits until she sees the documents.
    func dashboard(_ words: String...) async throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            program: try builtProgram("locktop"), arguments: ["watch", "--config", configuration] + words,
            environment: variables, size: Size(columns: 100, rows: 30), directory: home)
        try await terminal.see("the documents", within: 30) { screen in
            ["agm", "autumn", "brochure", "launch"].allSatisfy { screen.row($0) != nil }
        }
        return terminal
    }

    /// Mona runs a command to its end.
    func run(_ words: String...) async throws -> Program.Ending {
        try await Program.run(
            try builtProgram("locktop"), [words[0], "--config", configuration] + words.dropFirst(),
            environment: variables, directory: home)
    }
}

/// The story went another way than it is told.
public struct NotAsTold: Error, CustomStringConvertible {
    /// What should have been, and what there was.
    public let description: String
}

/// Goes on only where it is as it is told.
func expect(_ told: String, _ found: @autoclosure () -> String, _ holds: Bool) throws {
    guard holds else { throw NotAsTold(description: "\(told)\n\(found())") }
}

extension VirtualScreen {
    /// The table's row of a document.
    func row(_ name: String) -> String? { lines.dropFirst(2).first { $0.contains("/\(name) ") && !$0.contains(":") } }

    /// Whether the table says that somebody has a document.
    func says(_ person: String, has name: String) -> Bool { row(name)?.contains(person) ?? false }

    /// Whether the table says that a document is free.
    func isFree(_ name: String) -> Bool { row(name)?.contains("○") ?? false }

    /// Whether a box of that title is open, and takes keys.
    func hasBox(_ title: String, chosen button: String) -> Bool {
        lines.contains { $0.contains("┌") && $0.contains(title) } && contains("[\(button)]")
    }

    /// Whether no box is open.
    var hasNoBox: Bool { !lines.contains { $0.contains("┌") } }
}

extension PseudoTerminal {
    /// Filters the table to one document, so that the cursor is on it.
    func find(_ name: String) async throws {
        type("/")
        try await see("the filter's line") { $0.contains("Enter keeps the filter") }
        type(name)
        try await see("what is typed") { $0.contains("filter: \(name)") }
        press(.enter)
        try await see("only \(name), with the cursor") { screen in
            let rows = screen.lines.dropFirst(2).filter { $0.contains("▸") || $0.contains("○") || $0.contains("◆") }
            return rows.count == 1 && rows[0].contains(name) && rows[0].contains("▸")
        }
    }

    /// Leaves, and expects the shell's screen again.
    func leave() async throws {
        type("q")
        let status = try await ending()
        try expect("q leaves", "\(status)", status == .code(0))
        try expect("the terminal is as it was", screen.text, isRestored && !screen.isAlternate && screen.cursorVisible)
    }
}
