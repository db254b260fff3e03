// SPDX-License-Identifier: MIT
import Canvas
import Testing

@Suite("Drawing into a frame")
struct FrameTests {
    @Test("the snapshot shows rows, styled runs and the cursor")
    func snapshot() {
        var frame = Frame(size: Size(columns: 12, rows: 3))
        frame.put("plain", column: 0, row: 0)
        frame.put("契約", column: 1, row: 1, style: Style(.red, bold: true).on(.blue))
        frame.cursor = Position(column: 2, row: 1)
        #expect(frame.snapshot == "|plain\n| 契約\n|\n@1 1..<5 red on blue bold\ncursor 2,1\n")
    }

    @Test("text is clipped to the frame and to its columns, and tells what it used")
    func clipping() {
        var frame = Frame(size: Size(columns: 6, rows: 2))
        #expect(frame.put("abcdefgh", column: 0, row: 0) == 6)
        #expect(frame.put("abcdefgh", column: 0, row: 1, columns: 3) == 3)
        #expect(frame.put("xyz", column: -2, row: 1) == 3)
        #expect(frame.put("契", column: 5, row: 0) == 0)
        #expect(frame.put("契約", column: -1, row: 0) == 4)
        #expect(frame.lines == [" 約def", "zbc"])
    }

    @Test("a wide character of which one half is overwritten goes away")
    func halves() {
        var frame = Frame(size: Size(columns: 6, rows: 1))
        frame.put("契約書", column: 0, row: 0)
        frame.put("x", column: 1, row: 0)
        frame.put("y", column: 2, row: 0)
        #expect(frame.lines == [" xy 書"])
        frame.put("漢", column: 3, row: 0)
        #expect(frame.lines == [" xy漢"])
    }

    @Test("no coordinates trap", arguments: [Int.min, Int.min + 1, -1000, -1, 0, 1, 5, 1000, Int.max - 1, Int.max])
    func extremes(value: Int) {
        for other in [Int.min, -3, 0, 2, Int.max] {
            for size in [Size(columns: 0, rows: 0), Size(columns: 1, rows: 1), Size(columns: 7, rows: 4)] {
                var frame = Frame(size: size)
                let rect = Rect(column: value, row: other, columns: other, rows: value)
                frame.put("契 text", column: value, row: 0, columns: other)
                frame.put("text", column: other, row: value)
                frame.fill(rect, with: "x")
                frame.restyle(rect) { $0.isBold = true }
                frame.box(rect, title: "title")
                frame.box(rect.inset(value), title: "title")
                frame.gauge(rect, fraction: .nan)
                frame.gauge(rect, fraction: 0.5)
                frame.rule(column: value, row: 0, columns: other)
                #expect(frame.lines.count == size.rows)
                #expect(frame.lines.allSatisfy { Text.width($0) <= size.columns })
            }
        }
    }

    @Test("random drawing keeps every row as wide as the frame")
    func random() {
        var generator = SeededGenerator(seed: 7)
        var frame = Frame(size: Size(columns: 17, rows: 3))
        for _ in 0..<5_000 {
            let text = ["契約書", "abc", "e\u{301}🔒", "\u{1b}", " "].randomElement(using: &generator) ?? ""
            let column = Int.random(in: -4...18, using: &generator)
            frame.put(text, column: column, row: 1, columns: .random(in: 0...6, using: &generator), style: Style(.red))
            frame.fill(Rect(column: column + 3, row: 1, columns: 1, rows: 1), with: "·", style: Style(.blue))
            let runs = frame.runs(row: 1)
            #expect(runs.allSatisfy { Text.width($0.text) == $0.columns })
        }
    }

    @Test("a size beyond reason is cut, not believed")
    func huge() {
        #expect(Frame(size: Size(columns: .max, rows: 1)).size == Size(columns: 1_000, rows: 1))
        #expect(Size(columns: -1, rows: -5) == Size(columns: 0, rows: 0))
    }

    @Test("restyling leaves the text and takes wide characters whole")
    func restyle() {
        var frame = Frame(size: Size(columns: 5, rows: 1))
        frame.put("a契b", column: 0, row: 0)
        frame.restyle(Rect(column: 1, row: 0, columns: 1, rows: 1)) { $0.isReversed = true }
        #expect(frame.snapshot == "|a契b\n@0 1..<3 reversed\n")
    }

    @Test("a box has a border and a title that is cut to it")
    func box() {
        var frame = Frame(size: Size(columns: 12, rows: 3))
        frame.box(Rect(frame.size), title: "A long title", style: .plain)
        #expect(frame.lines == ["┌─ A lon… ─┐", "│          │", "└──────────┘"])
        frame.box(Rect(frame.size), title: "Hi", glyphs: .ascii)
        #expect(frame.lines == ["+- Hi -----+", "|          |", "+----------+"])
        var small = Frame(size: Size(columns: 1, rows: 1))
        small.box(Rect(small.size), title: "Hi")
        #expect(small == Frame(size: Size(columns: 1, rows: 1)))
    }

    @Test("a gauge is empty only at 0 and full only at 1")
    func gauge() {
        func bar(_ fraction: Double) -> String {
            var frame = Frame(size: Size(columns: 8, rows: 1))
            frame.gauge(Rect(frame.size), fraction: fraction, glyphs: .ascii)
            return frame.lines[0]
        }
        #expect(bar(0) == "........")
        #expect(bar(0.001) == "#.......")
        #expect(bar(0.5) == "####....")
        #expect(bar(0.999) == "#######.")
        #expect(bar(7) == "########")
        #expect(bar(.nan) == "........")
    }

    @Test("frames with equal cells are equal, and a cursor counts")
    func equality() {
        var one = Frame(size: Size(columns: 3, rows: 1))
        let two = one
        #expect(one == two)
        one.cursor = Position(column: 0, row: 0)
        #expect(one != two)
    }
}

@Suite("Sharing columns")
struct ColumnTests {
    private let columns = [
        Column(title: "STATE", width: .fixed(6), priority: 9),
        Column(title: "PATH", width: .flexible(10), priority: 10),
        Column(title: "HOLDER", width: .between(6, 12), priority: 5),
        Column(title: "AGE", width: .fixed(4), align: .right, priority: 7),
    ]

    @Test("wide enough: all columns, the flexible one takes what is left")
    func wide() { #expect(layout(columns, width: 60) == [6, 35, 12, 4]) }

    @Test("narrow: the least important columns go first")
    func narrow() {
        #expect(layout(columns, width: 29) == [6, 10, 6, 4])
        #expect(layout(columns, width: 28) == [6, 16, 0, 4])
        #expect(layout(columns, width: 17) == [6, 10, 0, 0])
        #expect(layout(columns, width: 12) == [0, 12, 0, 0])
        #expect(layout(columns, width: 3) == [0, 3, 0, 0])
        #expect(layout(columns, width: 0) == [0, 0, 0, 0])
        #expect(layout([], width: 10) == [])
    }

    @Test("never wider than asked, exactly as wide with a flexible column")
    func always() {
        for width in -2..<150 {
            for gap in 0...2 {
                let widths = layout(columns, width: width, gap: gap).filter { $0 > 0 }
                let sum = widths.reduce(0, +) + gap * max(0, widths.count - 1)
                #expect(sum == max(0, width))
            }
        }
    }
}
