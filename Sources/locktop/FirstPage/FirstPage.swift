// SPDX-License-Identifier: MIT
import Canvas

/// What a newcomer sees who has no configuration yet: three choices. Pure: keys in, a frame out.
struct FirstPage: Sendable {
    /// What can be chosen.
    enum Choice: CaseIterable, Sendable {
        case demo, add, place

        var key: Character {
            switch self {
            case .demo: "d"
            case .add: "a"
            case .place: "c"
            }
        }

        fileprivate var title: String {
            switch self {
            case .demo: "The demo"
            case .add: "Add a server"
            case .place: "Where the configuration goes"
            }
        }

        fileprivate var meaning: String {
            switch self {
            case .demo: "Made-up people lock, edit and quarrel. Nothing real is touched."
            case .add: "Its address is enough to begin with; nothing is written unasked."
            case .place: "A file that you can write by hand as well."
            }
        }
    }

    /// What a key led to.
    enum End: Sendable {
        case demo, add, quit
    }

    /// Where the configuration goes; `nil` where there is no place for one.
    let path: String?
    let isASCII: Bool
    /// Whether the terminal's cursor stands on the selected row, for screen readers.
    let isAccessible: Bool
    private(set) var selected = Choice.demo
    /// Whether the page says where the configuration goes.
    private(set) var tellsPlace = false

    init(path: String?, isASCII: Bool, isAccessible: Bool) {
        self.path = path
        self.isASCII = isASCII
        self.isAccessible = isAccessible
    }

    /// Takes a key.
    /// - Returns: what ends the page, if it does.
    mutating func take(_ key: Key) -> End? {
        if tellsPlace {
            switch key {
            case .character("q"), .control("c"): return .quit
            case .character("d"), .character("a"): break
            case .enter, .escape, .left, .backspace, .character: tellsPlace = false
            default: return nil
            }
            if !tellsPlace { return nil }
            tellsPlace = false
        }
        switch key {
        case .character("q"), .control("c"), .escape: return .quit
        case .up, .character("k"), .backTab: move(by: -1)
        case .down, .character("j"), .tab: move(by: 1)
        case .home: selected = .demo
        case .end: selected = .place
        case .enter: return choose(selected)
        case .character(let letter):
            guard let choice = Choice.allCases.first(where: { $0.key == letter }) else { return nil }
            selected = choice
            return choose(choice)
        case .mouse(let mouse): return take(mouse)
        default: break
        }
        return nil
    }

    private mutating func take(_ mouse: Mouse) -> End? {
        let row = mouse.position.row - Self.firstRow
        guard row >= 0, row % Self.rowsEach < 2, Choice.allCases.indices.contains(row / Self.rowsEach) else {
            return nil
        }
        selected = Choice.allCases[row / Self.rowsEach]
        return mouse.kind == .doubleClick ? choose(selected) : nil
    }

    private mutating func choose(_ choice: Choice) -> End? {
        switch choice {
        case .demo: return .demo
        case .add: return .add
        case .place:
            tellsPlace = true
            return nil
        }
    }

    private mutating func move(by step: Int) {
        let all = Choice.allCases
        let index = (all.firstIndex(of: selected) ?? 0) + step
        selected = all[min(max(index, 0), all.count - 1)]
    }

    // MARK: How it looks

    private static let firstRow = 4
    private static let rowsEach = 3

    /// The page in a size.
    func frame(_ size: Size) -> Frame {
        var frame = Frame(size: size)
        frame.put(" locktop", column: 0, row: 0, style: .plain.bold)
        frame.put(" Who holds what on your lock servers. No server is configured yet.", column: 0, row: 1)
        if tellsPlace { tellPlace(&frame) } else { showChoices(&frame) }
        let keys =
            tellsPlace
            ? "Enter back   d demo   a add a server   q quit" : "Up Down choose   Enter go   d a c   q quit"
        frame.put(" " + keys, column: 0, row: size.rows - 1, style: .plain.dim)
        return frame
    }

    private func showChoices(_ frame: inout Frame) {
        // A low screen has no room for what each choice means.
        let isLow = frame.size.rows < Self.firstRow + Choice.allCases.count * Self.rowsEach + 1
        for (index, choice) in Choice.allCases.enumerated() {
            let row = isLow ? 3 + index : Self.firstRow + index * Self.rowsEach
            let isSelected = choice == selected
            let sign = isSelected ? (isASCII ? ">" : "▸") : " "
            let style: Style = isSelected ? .plain.reversed : .plain
            frame.put(" \(sign) \(choice.key)  \(choice.title) ", column: 0, row: row, style: style)
            if !isLow {
                let meaning = Text.fit(
                    "      " + choice.meaning, columns: frame.size.columns, ellipsis: isASCII ? "~" : "…")
                frame.put(meaning, column: 0, row: row + 1, style: .plain.dim)
            }
            if isSelected, isAccessible { frame.cursor = Position(column: 1, row: row) }
        }
    }

    private func tellPlace(_ frame: inout Frame) {
        guard let path else {
            frame.put(" There is no place for it: set HOME, or give --config FILE.", column: 0, row: 3)
            return
        }
        let lines = [
            "The configuration goes to", "  \(path)", "", "A commented example:", "  locktop config example > \(path)",
            "",
            "Whether it is right:", "  locktop config check",
        ]
        // A path is never cut: it is to be typed.
        let folded = lines.flatMap { $0.isEmpty ? [""] : Text.fold($0, columns: frame.size.columns - 2) }
        for (index, line) in folded.enumerated() where 3 + index < frame.size.rows - 1 {
            frame.put(" " + line, column: 0, row: 3 + index)
        }
    }
}
