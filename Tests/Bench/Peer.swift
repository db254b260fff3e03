// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport

/// A terminal program of others, measured by the same pseudo-terminal.
struct Peer {
    var name: String
    var path: String
    var arguments: [String] = []
    var directory: String

    /// htop, and tig on a repository of 5,000 commits; what is not installed is left out.
    static func all(in folder: String) -> [Peer] {
        var peers: [Peer] = []
        if unsafe access("/usr/bin/htop", X_OK) == 0 {
            peers.append(Peer(name: "htop", path: "/usr/bin/htop", directory: folder))
        }
        if unsafe access("/usr/bin/tig", X_OK) == 0, makeRepository(folder + "/repository") {
            peers.append(Peer(name: "tig", path: "/usr/bin/tig", directory: folder + "/repository"))
        }
        return peers
    }

    private static func makeRepository(_ folder: String) -> Bool {
        var stream = ""
        for number in 1...5_000 {
            let text = "Change number \(number)"
            stream += "commit refs/heads/main\ncommitter A <a@example.org> \(1_700_000_000 + number) +0000\n"
            stream += "data \(text.utf8.count)\n\(text)\nM 644 inline file\ndata \(text.utf8.count)\n\(text)\n\n"
        }
        guard (try? Office.write(stream, to: folder + ".stream")) != nil else { return false }
        let script = "git init -q -b main '\(folder)' && git -C '\(folder)' fast-import --quiet < '\(folder).stream'"
        let ending = try? Waiting.wait {
            try await Program.run(
                "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
        }
        return ending?.status == 0
    }

    /// What was measured.
    struct Figures {
        var firstFrame = Double.nan
        var firstBytes = 0
        var keyBytes = Double.nan
        var keyLatency = Double.nan
        var idleBytesPerSecond = Double.nan
        var processor = Double.nan
        var memory = Double.nan
        var quit = Double.nan
    }

    func start(_ size: Size) throws -> PseudoTerminal {
        try PseudoTerminal(
            program: path, arguments: arguments,
            environment: [
                "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": directory, "PATH": "/usr/bin:/bin",
            ], size: size, directory: directory)
    }

    func measure(_ size: Size, idle: Double = 6) throws -> Figures {
        var figures = Figures()
        var starts: [Double] = []
        for _ in 0..<5 {
            let began = ContinuousClock.now
            let terminal = try start(size)
            let end = try Peer.lastByteBeforePause(terminal)
            starts.append((end - began) / .milliseconds(1))
            figures.firstBytes = terminal.byteCount
            let stop = ContinuousClock.now
            terminal.type("q")
            _ = try? terminal.waitForExit(within: 2)
            figures.quit = (.now - stop) / .milliseconds(1)
        }
        figures.firstFrame = Figure.median(starts)
        let terminal = try start(size)
        _ = try Peer.lastByteBeforePause(terminal)
        var bytes: [Double] = []
        var latencies: [Double] = []
        for _ in 0..<20 {
            terminal.settle(milliseconds: 60)
            let before = terminal.byteCount
            latencies.append(try terminal.latency(.down))
            terminal.settle(milliseconds: 40)
            bytes.append(Double(terminal.byteCount - before))
        }
        figures.keyBytes = Figure.median(bytes)
        figures.keyLatency = Figure.median(latencies)
        let (ticks, before) = (terminal.processorTicks ?? 0, terminal.byteCount)
        Peer.watch(terminal, seconds: idle)
        figures.processor = Double((terminal.processorTicks ?? 0) - ticks) / idle
        figures.idleBytesPerSecond = Double(terminal.byteCount - before) / idle
        figures.memory = terminal.residentMemory
        terminal.type("q")
        _ = try? terminal.waitForExit(within: 2)
        return figures
    }

    /// When the last byte came before the first pause of 200 milliseconds.
    static func lastByteBeforePause(_ terminal: PseudoTerminal) throws -> ContinuousClock.Instant {
        var last = ContinuousClock.now
        var count = 0
        try terminal.waitUntil("a first frame and a pause", within: 20) { _ in
            if terminal.byteCount != count {
                count = terminal.byteCount
                last = .now
            }
            return count > 0 && .now - last > .milliseconds(200)
        }
        return last
    }

    /// Reads on for so long.
    static func watch(_ terminal: PseudoTerminal, seconds: Double) {
        let end = ContinuousClock.now + .seconds(seconds)
        try? terminal.waitUntil("the time is over", within: seconds + 5) { _ in .now >= end }
    }
}
