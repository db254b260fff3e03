// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport

extension Bench {
    func polls(_ report: inout Report) {
        let rows = isQuick ? 10_000 : isFull ? 1_000_000 : 100_000
        report.add(
            Budget(
                "a poll with 50 changes among \(Figure.text(Double(rows))) items, the screen's thread, drawing too",
                atMost: 2, "ms", Figure.median(KeysAlone.poll(rows: rows, polls: 21))))
    }

    func keys(_ report: inout Report, _ peers: Peers) throws {
        for documents in isQuick ? [1_000] : isFull ? [1_000, 100_000, 1_000_000] : [1_000, 100_000] {
            try keys(&report, peers, documents)
        }
    }

    // A third of the items is held, most titles have letters beyond ASCII, people work, polls run, one server hangs.
    func keys(_ report: inout Report, _ peers: Peers, _ documents: Int) throws {
        let scene = try Scene(documents: documents, people: true, limit: documents * 2)
        defer { scene.close() }
        let stuck = try scene.addHangingServer()
        defer { Waiting.wait { await stuck.stop() } }
        let items = "\(Figure.text(Double(documents))) items"
        let began = ContinuousClock.now
        let terminal = try scene.start(size: Scene.large)
        try terminal.waitUntil("everything is listed", within: 900) {
            $0.lines.filter { $0.contains("○") || $0.contains("◆") }.count > 10 && !$0.lines[0].contains("listing")
        }
        report.add(
            Budget(
                "listing \(items), the demo server beside it", limit: "-",
                measured: "\(Figure.text((.now - began) / .seconds(1))) s", isKept: nil))
        // What only listing needed is let go of once all is read.
        terminal.settle(milliseconds: 3_000)
        let memory: Double? = documents == 100_000 ? nil : documents == 1_000 ? 38 : 200
        report.add(
            Budget(
                "resident memory, listed, \(items)", limit: memory.map { "\(Figure.text($0)) MB" } ?? "-",
                measured: "\(Figure.text(terminal.residentMemory)) MB",
                isKept: memory.map { terminal.residentMemory <= $0 }, peers: compare(peers, "MB", \.memory)))
        // A letter could be the beginning of a paste, which an arrow can't.
        for (name, down, up) in [("arrow", Key.down, Key.up), ("j or k", .character("j"), .character("k"))] {
            var latencies: [Double] = []
            for step in 0..<(isQuick ? 50 : 200) {
                terminal.settle(milliseconds: 8)
                latencies.append(try terminal.latency(step % 40 < 20 ? down : up))
            }
            report.add(
                Budget(
                    "\(name) to first byte, \(items), a third held: median", atMost: 2, "ms",
                    Figure.median(latencies), peers: compare(peers, "ms", \.keyLatency)))
            report.add(Budget("the same: 99 of 100", atMost: 8, "ms", Figure.percentile(0.99, latencies)))
        }
        terminal.type("/")
        terminal.settle(milliseconds: 100)
        var strokes: [Double] = []
        for key in "meeting".map(Key.character) + [Key](repeating: .backspace, count: 7) {
            terminal.settle(milliseconds: 50)
            strokes.append(try terminal.timeToLastByte(key))
        }
        terminal.press(.escape)
        report.add(
            Budget(
                "filter letter to last byte, \(items)", atMost: documents > 100_000 ? 50 : 16, "ms",
                Figure.median(strokes)))
        var sorts: [Double] = []
        for _ in 0..<10 {
            terminal.settle(milliseconds: documents > 100_000 ? 1_000 : 100)
            sorts.append(try terminal.timeToLastByte(.character("o")))
        }
        report.add(
            Budget(
                "another sort to its frame, \(items): median", atMost: documents > 100_000 ? 200 : 50, "ms",
                Figure.median(sorts)))
        report.add(
            Budget(
                "resident memory after all that, \(items)", limit: "-",
                measured: "\(Figure.text(terminal.residentMemory)) MB", isKept: nil))
        terminal.leave()
    }
}
