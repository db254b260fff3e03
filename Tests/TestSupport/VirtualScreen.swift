// SPDX-License-Identifier: MIT
public import Canvas

/// What a terminal shows after some bytes: an emulator of its own, so that it can tell what it did *not* understand.
public struct VirtualScreen: Sendable {
    /// One place of the screen.
    public struct Cell: Hashable, Sendable {
        /// Empty in the right half of a wide character.
        public var text: String
        /// Colours and attributes.
        public var style: Style
        static let blank = Cell(text: " ", style: .plain)
    }

    /// Changes of the terminal's modes, in their order.
    public enum Transition: Hashable, Sendable {
        /// The alternate screen came or went.
        case alternate(Bool)
        /// The cursor was shown or hidden.
        case cursor(Bool)
        /// Mouse reports went on or off.
        case mouse(Bool)
        /// Bracketed paste went on or off.
        case paste(Bool)
    }

    /// The extent.
    public private(set) var size: Size
    /// Where the next character goes.
    public internal(set) var cursor = Position(column: 0, row: 0)
    /// Whether the alternate screen shows.
    public internal(set) var isAlternate = false
    /// Whether the cursor shows.
    public internal(set) var cursorVisible = true
    /// Whether the mouse reports.
    public internal(set) var mouseOn = false
    /// Whether pastes come in brackets.
    public internal(set) var pasteOn = false
    /// The style of the next character.
    public internal(set) var style = Style.plain
    /// Mode changes so far.
    public internal(set) var transitions: [Transition] = []
    /// Sequences that are not known here, readable.
    public internal(set) var unknownSequences: [String] = []
    /// Operating system commands so far: title, clipboard, links.
    public internal(set) var oscCount = 0
    /// The text of the last operating system command.
    public internal(set) var lastOSC = ""
    /// Device control strings, and the like, so far.
    public internal(set) var dcsCount = 0
    /// Bells so far.
    public internal(set) var bellCount = 0
    var parser = Parser()
    var cells: [[Cell]]
    var mainCells: [[Cell]]
    var saved = Position(column: 0, row: 0)
    var top = 0
    var bottom: Int
    var wrapsNext = false
    var lastText = " "

    /// A blank screen.
    public init(size: Size) {
        self.size = size
        cells = Self.blankCells(size)
        mainCells = cells
        bottom = max(0, size.rows - 1)
    }

    /// The rows' text, blanks at the end cut off.
    public var lines: [String] {
        cells.map { row in
            var text = row.map(\.text).joined()
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// All rows as one text.
    public var text: String { lines.joined(separator: "\n") }

    /// Whether any row holds this text.
    public func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

    /// The cell at a position; blank outside.
    public func cell(at position: Position) -> Cell {
        guard cells.indices.contains(position.row), cells[position.row].indices.contains(position.column) else {
            return .blank
        }
        return cells[position.row][position.column]
    }

    /// Text and styles of all cells, for comparing two screens.
    public var grid: [[Cell]] { cells }

    /// Takes another size; what no longer fits is lost, as in a terminal that does not reflow.
    public mutating func resize(_ size: Size) {
        self.size = size
        cells = Self.resized(cells, size)
        mainCells = Self.resized(mainCells, size)
        top = 0
        bottom = max(0, size.rows - 1)
        cursor = clamped(cursor)
        wrapsNext = false
    }

    /// Shows what a program has written; a sequence may be split anywhere.
    public mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { take(byte) }
    }

    static func blankCells(_ size: Size) -> [[Cell]] {
        Array(repeating: Array(repeating: .blank, count: size.columns), count: size.rows)
    }

    private static func resized(_ cells: [[Cell]], _ size: Size) -> [[Cell]] {
        var result = cells.prefix(size.rows).map { row in
            Array(row.prefix(size.columns)) + Array(repeating: .blank, count: max(0, size.columns - row.count))
        }
        while result.count < size.rows { result.append(Array(repeating: .blank, count: size.columns)) }
        return result
    }

    func clamped(_ position: Position) -> Position {
        Position(
            column: max(0, min(size.columns - 1, position.column)), row: max(0, min(size.rows - 1, position.row)))
    }
}
