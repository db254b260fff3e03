// SPDX-License-Identifier: MIT
import Canvas
import TestSupport

/// A screen as SVG: a dark ground, one text for each run of equal style, boxes behind what is reversed.
struct Picture {
    private static let cell = (width: 8.4, height: 17.0)
    private static let margin = 12.0
    private static let ground = "#14171c"
    private static let ink = "#d8dce3"
    private let screen: VirtualScreen

    init(_ screen: VirtualScreen) { self.screen = screen }

    private func colour(_ colour: Color, else standard: String) -> String {
        switch colour {
        case .black: "#2b303b"
        case .red: "#f07178"
        case .green: "#a6d189"
        case .yellow: "#e5c07b"
        case .blue: "#7aa2f7"
        case .magenta: "#c792ea"
        case .cyan: "#7fd1de"
        case .white: "#f2f4f8"
        default: colour.index.map(Self.ofPalette) ?? standard
        }
    }

    // The bright ones, the cube and the greys of 256 colours, as terminals have them.
    private static func ofPalette(_ index: Int) -> String {
        func hex(_ parts: [Int]) -> String {
            "#" + parts.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        if index < 16 {
            return ["#5c6370", "#ff8b92", "#bbe67e", "#ffd580", "#8fb4ff", "#ddb0ff", "#95e6f0", "#ffffff"][index % 8]
        }
        if index >= 232 { return hex(Array(repeating: 8 + 10 * (index - 232), count: 3)) }
        let cube = [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6]
        return hex(cube.map { $0 == 0 ? 0 : 55 + 40 * $0 })
    }

    var svg: String { opening + (0..<screen.size.rows).map(drawn).joined() + "</svg>" }

    /// What stands before the rows: the extent, the font and the ground.
    var opening: String {
        let width = Double(screen.size.columns) * Self.cell.width + 2 * Self.margin
        let height = Double(screen.size.rows) * Self.cell.height + 2 * Self.margin
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(coarse(width))" height="\(coarse(height))" \
            viewBox="0 0 \(coarse(width)) \(coarse(height))" \
            font-family="ui-monospace, 'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace" font-size="14">
            <rect width="100%" height="100%" rx="8" fill="\(Self.ground)"/>

            """
    }

    /// One row; empty where nothing is in it.
    func drawn(row: Int) -> String {
        var text = ""
        var column = 0
        while column < screen.size.columns {
            let style = screen.cell(at: Position(column: column, row: row)).style
            var run: [String] = []
            let start = column
            while column < screen.size.columns {
                let cell = screen.cell(at: Position(column: column, row: row))
                guard cell.style == style else { break }
                run.append(cell.text)
                column += 1
            }
            text += draw(run, style, start, column - start, row)
        }
        return text
    }

    private func draw(_ run: [String], _ style: Style, _ column: Int, _ columns: Int, _ row: Int) -> String {
        var front = colour(style.foreground, else: Self.ink)
        var back = colour(style.background, else: Self.ground)
        if style.isReversed { (front, back) = (back, front) }
        let x = Self.margin + Double(column) * Self.cell.width
        let y = Self.margin + Double(row) * Self.cell.height
        let width = Double(columns) * Self.cell.width
        var text = ""
        if back != Self.ground {
            text +=
                "<rect x=\"\(coarse(x))\" y=\"\(coarse(y))\" width=\"\(coarse(width))\" "
                + "height=\"\(coarse(Self.cell.height))\" fill=\"\(back)\"/>\n"
        }
        var marks = style.isBold ? " font-weight=\"bold\"" : ""
        if style.isDim { marks += " opacity=\"0.6\"" }
        if style.isUnderlined { marks += " text-decoration=\"underline\"" }
        for word in words(run) {
            let start = x + Double(word.start) * Self.cell.width
            let length = Double(word.columns) * Self.cell.width
            text +=
                "<text x=\"\(coarse(start))\" y=\"\(coarse(y + 13))\" textLength=\"\(coarse(length))\" "
                + "lengthAdjust=\"spacingAndGlyphs\" fill=\"\(front)\"\(marks)>\(escaped(word.text))</text>\n"
        }
        return text
    }

    // Each word begins at its own column, so that a font with other widths can't shift what follows it.
    private func words(_ cells: [String]) -> [(text: String, start: Int, columns: Int)] {
        var words: [(text: String, start: Int, columns: Int)] = []
        var isInWord = false
        for (column, text) in cells.enumerated() {
            if text == " " {
                isInWord = false
            } else if isInWord {
                words[words.count - 1].text += text
                words[words.count - 1].columns += 1
            } else {
                words.append((text, column, 1))
                isInWord = true
            }
        }
        return words
    }

    private func coarse(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

    private func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: String(character)
            }
        }.joined()
    }
}
