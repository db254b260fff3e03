// SPDX-License-Identifier: MIT
import Canvas

extension VirtualScreen {
    private var blank: Cell { Cell(text: " ", style: Style().on(style.background)) }

    mutating func show(_ text: String) {
        let width = Text.width(text)
        guard size.columns > 0, size.rows > 0 else { return }
        if let scalar = text.unicodeScalars.first, scalar.properties.canonicalCombiningClass != .notReordered {
            let column = max(0, wrapsNext ? cursor.column : cursor.column - 1)
            let base = cells[cursor.row][column].text.isEmpty ? max(0, column - 1) : column
            cells[cursor.row][base].text.unicodeScalars.append(scalar)
            return
        }
        if wrapsNext || cursor.column + width > size.columns {
            place(0, cursor.row)
            lineFeed()
        }
        lastText = text
        cells[cursor.row][cursor.column] = Cell(text: text, style: style)
        if width == 2, cursor.column + 1 < size.columns {
            cells[cursor.row][cursor.column + 1] = Cell(text: "", style: style)
        }
        let next = cursor.column + width
        cursor.column = min(next, size.columns - 1)
        wrapsNext = next >= size.columns
    }

    mutating func place(_ column: Int, _ row: Int) {
        wrapsNext = false
        cursor = clamped(Position(column: column, row: row))
    }

    mutating func move(_ columns: Int, _ rows: Int) { place(cursor.column + columns, cursor.row + rows) }

    mutating func lineFeed() {
        wrapsNext = false
        if cursor.row == bottom { scroll(1, from: top) } else { place(cursor.column, cursor.row + 1) }
    }

    mutating func reverseLineFeed() {
        wrapsNext = false
        if cursor.row == top { scroll(-1, from: top) } else { place(cursor.column, cursor.row - 1) }
    }

    /// Does what a control sequence says; false when it is not known.
    mutating func perform(_ final: Character, _ numbers: [Int]) -> Bool {
        let count = max(1, numbers.first ?? 1)
        let second = numbers.count > 1 ? max(1, numbers[1]) : 1
        switch final {
        case "A": move(0, -count)
        case "B": move(0, count)
        case "C": move(count, 0)
        case "D": move(-count, 0)
        case "E": place(0, cursor.row + count)
        case "F": place(0, cursor.row - count)
        case "G", "`": place(count - 1, cursor.row)
        case "d": place(cursor.column, count - 1)
        case "H", "f": place(second - 1, count - 1)
        case "I": for _ in 0..<count { place((cursor.column / 8 + 1) * 8, cursor.row) }
        case "Z": for _ in 0..<count { place((cursor.column - 1) / 8 * 8, cursor.row) }
        case "r": setMargins(numbers)
        case "m": return restyle(numbers)
        case "b": for _ in 0..<count { show(lastText) }
        case "l", "h": return numbers == [4] || numbers == [34]
        case "t": return numbers.first == 22 || numbers.first == 23
        default: return edit(final, numbers.first ?? 0, count)
        }
        return true
    }

    private mutating func edit(_ final: Character, _ number: Int, _ count: Int) -> Bool {
        guard size.rows > 0, size.columns > 0 else { return true }
        let row = cursor.row
        let column = cursor.column
        wrapsNext = false
        let some = min(count, size.columns - column)
        switch final {
        case "J": eraseDisplay(number)
        case "K": erase(row, number == 0 ? column : 0, number == 1 ? column + 1 : size.columns)
        case "X": erase(row, column, column + some)
        case "P":
            cells[row].removeSubrange(column..<column + some)
            cells[row] += Array(repeating: blank, count: some)
        case "@":
            cells[row].insert(contentsOf: Array(repeating: blank, count: some), at: column)
            cells[row].removeLast(some)
        case "L": if row >= top, row <= bottom { scroll(-count, from: row) }
        case "M": if row >= top, row <= bottom { scroll(count, from: row) }
        case "S": scroll(count, from: top)
        case "T": scroll(-count, from: top)
        default: return false
        }
        return true
    }

    private mutating func eraseDisplay(_ number: Int) {
        let first = number == 0 ? cursor.row + 1 : 0
        let end = number == 1 ? cursor.row : size.rows
        for row in first..<max(first, end) { erase(row, 0, size.columns) }
        if number == 0 { erase(cursor.row, cursor.column, size.columns) }
        if number == 1 { erase(cursor.row, 0, cursor.column + 1) }
    }

    private mutating func erase(_ row: Int, _ start: Int, _ end: Int) {
        for column in start..<max(start, min(end, size.columns)) { cells[row][column] = blank }
    }

    private mutating func scroll(_ count: Int, from first: Int) {
        guard size.rows > 0, first <= bottom else { return }
        let empty = Array(repeating: blank, count: size.columns)
        for _ in 0..<min(abs(count), size.rows) {
            if count > 0 {
                cells.remove(at: first)
                cells.insert(empty, at: bottom)
            } else {
                cells.remove(at: bottom)
                cells.insert(empty, at: first)
            }
        }
    }

    private mutating func setMargins(_ numbers: [Int]) {
        let first = max(1, numbers.first ?? 1)
        let last = numbers.count > 1 && numbers[1] > 0 ? min(numbers[1], size.rows) : size.rows
        top = min(first, size.rows) - 1
        bottom = max(top, last - 1)
        place(0, 0)
    }

    private mutating func restyle(_ numbers: [Int]) -> Bool {
        var numbers = (numbers.isEmpty ? [0] : numbers)[...]
        while let number = numbers.popFirst() {
            switch number {
            case 0: style = .plain
            case 1: style.isBold = true
            case 2: style.isDim = true
            case 4: style.isUnderlined = true
            case 7: style.isReversed = true
            case 22:
                style.isBold = false
                style.isDim = false
            case 24: style.isUnderlined = false
            case 27: style.isReversed = false
            case 30...37: style.foreground = Color(UInt8(number - 30))
            case 39: style.foreground = .standard
            case 40...47: style.background = Color(UInt8(number - 40))
            case 49: style.background = .standard
            case 90...97: style.foreground = Color(UInt8(number - 82))
            case 100...107: style.background = Color(UInt8(number - 92))
            case 38, 48:
                guard numbers.popFirst() == 5, let index = numbers.popFirst(), let byte = UInt8(exactly: index) else {
                    return false
                }
                if number == 38 { style.foreground = Color(byte) } else { style.background = Color(byte) }
            case 10, 11: break
            default: return false
            }
        }
        return true
    }
}
