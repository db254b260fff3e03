// SPDX-License-Identifier: MIT
import Canvas
import Glibc
import Terminal

/// Calls itself until the thread's stack is full.
@inline(never) func fall(from depth: Int) -> Int { depth < 0 ? 0 : fall(from: depth + 1) + 1 }

/// A small program for the tests: shows its size, the keys it gets, and a list with a selected row.
struct Sample {
    var keys: [String] = []
    var selected = 0
    var wakes = 0

    func view(_ screen: borrowing Screen) -> Frame {
        var frame = Frame(size: screen.size)
        let size = screen.size
        let head =
            "size \(size.columns)x\(size.rows) utf8=\(screen.isUTF8) color=\(screen.depth != .none) wakes=\(wakes)"
        frame.put(head, column: 0, row: 0, style: Style(.green, bold: true))
        frame.put("keys \(keys.suffix(8).joined(separator: " "))", column: 0, row: 1, columns: size.columns)
        let line = Text.pad(
            "● /news/2026/résumé 契約 🔒 \u{1b}[2J\u{9b}\u{202e}evil article with a longer title.txt", columns: 70)
        if CommandLine.arguments.contains("--white") {
            frame.put("white", column: 75, row: 1, style: Style(.white))
        }
        for row in 2..<max(2, size.rows) {
            let style = row - 2 == selected ? Style(.cyan).reversed : Style(row % 3 == 0 ? .red : .standard)
            frame.put(
                Text.pad(String(row - 2), columns: 5, align: .right) + " " + line, column: 0, row: row, style: style)
        }
        return frame
    }

    mutating func accept(_ key: Key, _ screen: borrowing Screen) -> Bool {
        switch key {
        case .character("q"): return false
        case .character("y"): screen.copyToClipboard("héllo")
        case .character("e"): _ = unsafe write(STDERR_FILENO, "held back\n", 10)
        case .character("w"):
            var thread = pthread_t()
            _ = unsafe pthread_create(
                &thread, nil,
                { _ in
                    Waker.wake()
                    return nil
                }, nil)
        case .character("E"):
            var log: [UInt8] = []
            for number in 0..<40_000 {
                log += Array(
                    "line \(number) of what is held back, long enough to count, and then some more of it\n".utf8)
            }
            for start in stride(from: 0, to: log.count, by: 8_000) {
                let part = Array(log[start..<min(log.count, start + 8_000)])
                _ = unsafe write(STDERR_FILENO, part, part.count)
                _ = screen.wait(until: .now)
            }
        case .character("b"):
            let end = ContinuousClock.now.advanced(by: .seconds(20))
            _ = unsafe write(STDOUT_FILENO, "\u{1b}[1;1Hbusy", 10)
            while ContinuousClock.now < end {}
        case .character("!"): fatalError("the sample crashes")
        case .character("o"):
            var thread = pthread_t()
            _ = unsafe pthread_create(
                &thread, nil,
                { _ in
                    unsafe fall(from: 0) < 0 ? nil : UnsafeMutableRawPointer(bitPattern: 1)
                }, nil)
        case .control("z"): screen.suspend()
        case .control("l"): screen.redrawAll()
        case .character("f"):
            for _ in 0..<400 {
                screen.redrawAll()
                screen.draw(view(screen))
            }
        case .down: selected += 1
        case .up: selected = max(0, selected - 1)
        default: break
        }
        if case .mouse(let mouse) = key {
            keys.append("\(key)@\(mouse.position.column),\(mouse.position.row)")
        } else if case .paste(let text) = key {
            keys.append("Paste(\(text.utf8.count):\(text.prefix(20)))")
        } else {
            keys.append("\(key)")
        }
        return true
    }

    mutating func run() -> Int32 {
        let options = Screen.Options(
            mouse: CommandLine.arguments.contains("--mouse"), colors: !CommandLine.arguments.contains("--no-color"))
        do throws(ScreenError) {
            let screen = try Screen(options: options)
            let status = loop(screen)
            screen.close()
            return status
        } catch {
            print(error)
            return 2
        }
    }

    private mutating func loop(_ screen: borrowing Screen) -> Int32 {
        while true {
            screen.draw(view(screen))
            let wake = screen.wait(until: nil)
            if wake.contains(.terminated) { return 128 + screen.lastSignal }
            if wake.contains(.hungUp) { return 129 }
            if wake.contains(.woken), !wake.contains(.resized) { wakes += 1 }
            while let key = screen.readKey() {
                if !accept(key, screen) { return 0 }
            }
        }
    }
}

var sample = Sample()
exit(sample.run())
