// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

/// The dashboard on a real terminal. One test at a time: each is a program, a server and a terminal, and some measure
/// time.
@Suite("The dashboard, from end to end", .serialized)
struct EndToEndTests {}

/// The dashboard's two usual sizes.
enum Sizes {
    static let small = Size(columns: 80, rows: 24)
    static let large = Size(columns: 200, rows: 50)
}

extension Office {
    /// Opens the dashboard and waits for its table.
    func opened(
        _ arguments: [String] = [], size: Size = Sizes.small, changes: [String: String] = [:]
    ) async throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            program: try builtProgram("locktop"), arguments: ["watch", "--config", configuration] + arguments,
            environment: environment(changes), size: size, directory: home)
        try await terminal.see("the table with its items") { screen in
            screen.lines.dropFirst(2).contains { $0.contains("/legal/") || $0.contains("/news/") }
        }
        return terminal
    }
}

/// An office whose dashboard polls every second.
func inBusyOffice(
    extra: [String] = [], top: [String] = [], _ work: (Office) async throws -> Void
) async throws {
    try await inOffice(extra: extra, top: ["poll: 1s"] + top, work)
}

extension VirtualScreen {
    /// The row of the table that shows this path; `nil` when none does.
    func row(_ path: String) -> String? { lines.dropFirst(2).first { $0.contains(path) && !$0.contains(":") } }

    /// Whether the row of this path is the selected one.
    func isSelected(_ path: String) -> Bool { row(path).map { $0.contains("▸") || $0.contains(">") } ?? false }

    /// The row of the screen that the cursor is on; `nil` while it is being drawn.
    var pointed: Int? {
        let rows = lines.indices.dropFirst(2).filter { lines[$0].contains("▸") }
        return rows.count == 1 ? rows[0] : nil
    }

    /// Whether a box with this title is open.
    func hasBox(_ title: String) -> Bool { lines.contains { $0.contains("┌") && $0.contains(title) } }

    /// Where a text begins in a row.
    func column(of text: String, row: Int) -> Int? {
        (0..<size.columns).first { start in
            let cells = (start..<min(size.columns, start + text.count)).map {
                cell(at: Position(column: $0, row: row)).text
            }
            return cells.joined() == text
        }
    }

    /// Whether no box is open.
    var hasNoBox: Bool { !lines.contains { $0.contains("┌") } }
}

extension PseudoTerminal {
    /// Moves the cursor to an item.
    func select(_ path: String) async throws {
        type("g")
        try await see("the cursor is on top") { screen in
            screen.lines.dropFirst(2).first { $0.contains("/") && !$0.contains("ITEM") }?.contains("▸") ?? false
        }
        for _ in 0..<20 where !screen.isSelected(path) {
            let place = screen.pointed
            press(.down)
            try await see("the cursor moves") { $0.pointed != nil && $0.pointed != place }
        }
        #expect(screen.isSelected(path), "\(screen.text)")
    }

    /// Types a filter, at the pace at which the program takes it.
    func filter(_ text: String) async throws {
        type("/")
        try await see("the filter's line") { $0.contains("Enter keeps the filter") }
        type(text)
        try await see("what is typed") { $0.contains(text) }
        press(.enter)
        try await see("the filter is kept") { !$0.contains("Enter keeps the filter") }
    }

    /// Leaves by the key, and expects a terminal as it was.
    func quit() async throws {
        type("q")
        #expect(try await ending() == .code(0))
        expectRestored()
    }

    /// Expects that nothing of the program is left on the terminal.
    func expectRestored() {
        #expect(isRestored)
        #expect(!screen.isAlternate)
        #expect(screen.cursorVisible)
        #expect(!screen.mouseOn)
        #expect(!screen.pasteOn)
        #expect(screen.style == .plain)
        #expect(screen.unknownSequences == [])
    }
}
