// SPDX-License-Identifier: MIT
import Canvas
import TestOffice
import TestSupport

extension Bench {
    /// What an arrow costs with each page open: bytes, and the time to the first of them.
    func pages(_ report: inout Report) throws {
        let scene = try Scene(documents: 500, people: true)
        defer { scene.close() }
        for (size, name) in [(Scene.small, "80x24"), (Scene.large, "200x50")] {
            let terminal = try scene.start(size: size)
            try terminal.waitUntil("everything is listed", within: 60) { screen in
                screen.lines.contains { $0.contains("◆") } && !screen.lines[0].contains("listing")
            }
            // People quarrel for a while, then nothing moves any more.
            try terminal.waitUntil("something has happened", within: 120) { screen in
                screen.lines.suffix(8).count { $0.contains(" it") && $0.contains(":") } > 2
            }
            for key in "4g   wA.oo" { try press(.character(key), terminal) }
            try terminal.waitUntil("paused") { $0.lines[0].contains("PAUSED") }
            for page in Self.pages(size == Scene.small) {
                try measure(page, name, terminal, &report)
            }
            terminal.leave()
        }
    }

    /// A page, how it is reached from the table, and how many bytes an arrow may cost there.
    private typealias Page = (name: String, keys: String, bytes: Double)

    // What tells its row whole, or a story, says something new with each arrow.
    private static func pages(_ isSmall: Bool) -> [Page] {
        let (row, whole) = isSmall ? (240.0, 360.0) : (350.0, 500.0)
        let pages = [
            ("people", "p", row), ("a person", "p\r", whole), ("events", "E", whole), ("messages", "M", whole),
            ("waits", "W", row), ("columns", "|", whole), ("groups", "bbb", row + 100),
        ]
        // On a small screen all of the details may be seen at once, on a large one all of the help.
        return pages + (isSmall ? [("help", "?", row)] : [("details beside the table", "\r", 1_600)])
    }

    private func measure(_ page: Page, _ size: String, _ terminal: PseudoTerminal, _ report: inout Report) throws {
        for key in "g" + page.keys { try press(key == "\r" ? .enter : .character(key), terminal) }
        let steps = (0..<24).map { $0 % 6 < 3 ? Key.down : .up }
        // Where there is no row to go to, nothing comes.
        let bytes = steps.map { key in terminal.bytes(silence: 60) { terminal.press(key) } }.filter { $0 > 0 }
        let what = "arrow, \(size), \(page.name)"
        guard !bytes.isEmpty else {
            throw Missing(description: "\(what): there is no other row to go to.\n\(terminal.screen.text)")
        }
        report.add(Budget(what, atMost: page.bytes, "B", Figure.median(bytes.map(Double.init))))
        var latencies: [Double] = []
        for step in 0..<24 {
            terminal.settle(milliseconds: 8)
            latencies.append(try terminal.latency(step % 2 == 0 ? .down : .up))
        }
        report.add(Budget("the same: median to its first byte", atMost: 3, "ms", Figure.median(latencies)))
        if page.keys == "bbb" { return try press(.character("b"), terminal) }
        for _ in 0..<2 {
            terminal.press(.escape)
            terminal.settle(milliseconds: 200)
        }
    }

    private func press(_ key: Key, _ terminal: PseudoTerminal) throws {
        terminal.press(key)
        terminal.settle(milliseconds: 60)
    }
}
