// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport

/// Measures every budget, and prints them as they come and as a table at the end.
struct Bench {
    let isFull: Bool
    let isQuick: Bool
    /// The one step to take; `nil`: all.
    let only: String?

    func run() -> Int32 {
        var report = Report()
        var peers: [(name: String, small: Peer.Figures, large: Peer.Figures)] = []
        let began = ContinuousClock.now
        step("peers") { peers = try measurePeers() }
        step("start") { try start(&report, peers) }
        step("bytes") { try bytes(&report, peers) }
        step("idle") { try idle(&report, peers) }
        step("requests") { try requests(&report) }
        step("servers at rest") { try serversAtRest(&report) }
        step("keys") { try keys(&report, peers) }
        step("endings") { try endings(&report, peers) }
        print(report.text)
        print("\(report.shortCount) short. Measured in \(Figure.text((.now - began) / .seconds(1))) s.")
        return report.shortCount == 0 ? 0 : 1
    }

    private func step(_ name: String, _ work: () throws -> Void) {
        guard only == nil || only == name else { return }
        let began = ContinuousClock.now
        do {
            try work()
        } catch {
            print("\(name) could not be measured: \(error)")
        }
        FileDescriptorText.say("\(name): \(Figure.text((.now - began) / .seconds(1))) s\n")
    }

    private func measurePeers() throws -> [(name: String, small: Peer.Figures, large: Peer.Figures)] {
        let folder = try Office.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let peers = Peer.all(in: folder)
        for name in ["htop", "tig"] where !peers.contains(where: { $0.name == name }) {
            print("\(name) is not installed, and is left out.")
        }
        return try peers.map {
            (
                $0.name, try $0.measure(Scene.small, idle: isQuick ? 2 : 6),
                try $0.measure(Scene.large, idle: isQuick ? 2 : 6)
            )
        }
    }

    private typealias Peers = [(name: String, small: Peer.Figures, large: Peer.Figures)]

    private func compare(_ peers: Peers, _ unit: String, _ figure: (Peer.Figures) -> Double) -> String {
        peers.map { "\($0.name) \(Figure.text(figure($0.small)))/\(Figure.text(figure($0.large))) \(unit)" }.joined(
            separator: ", ")
    }

    // MARK: Start

    private func start(_ report: inout Report, _ peers: Peers) throws {
        let scene = try Scene(documents: 200)
        defer { scene.close() }
        var frames: [Double] = []
        var lives: [Double] = []
        var cached: [Double] = []
        var total = 0
        for run in 0..<(isQuick ? 3 : 15) {
            let began = ContinuousClock.now
            let terminal = try scene.start()
            try terminal.waitUntil("the first frame") {
                $0.contains("locktop") && $0.contains("quit") || $0.contains("help")
            }
            frames.append((.now - began) / .milliseconds(1))
            try terminal.waitUntil("live data") {
                !$0.lines[0].contains("listing") && !$0.lines[0].contains("connecting") && $0.contains("○")
            }
            lives.append((.now - began) / .milliseconds(1))
            if run == 0 { total = terminal.screen.lines[0].count }
            terminal.leave()
            let again = ContinuousClock.now
            let second = try scene.start(keepsCache: true)
            try second.waitUntil("the first frame") { $0.contains("locktop") && $0.contains("help") }
            cached.append((.now - again) / .milliseconds(1))
            second.leave()
        }
        _ = total
        let frame = Figure.median(frames)
        report.add(
            Budget(
                "start to first frame, nothing kept", atMost: 60, "ms", frame, peers: compare(peers, "ms", \.firstFrame)
            ))
        report.add(Budget("start to first frame, rows kept from before", atMost: 60, "ms", Figure.median(cached)))
        let curl = try curlListing(scene)
        report.add(
            Budget(
                "start to live data, 200 items", atMost: frame + 1.3 * curl, "ms", Figure.median(lives),
                peers: "curl \(Figure.text(curl)) ms for the same listing"))
    }

    private func curlListing(_ scene: Scene) throws -> Double {
        let office = scene.office
        let log = Waiting.wait { await office.server.requestLog }
        let paths = Set(log.filter { $0.method == "GET" && $0.path.contains("@search") }.map(\.path)).sorted()
        let origin = String(office.server.address.dropLast("/Plone".count))
        var config = "header = \"Accept: application/json\"\nuser = \"mona:\(Office.password)\"\nsilent\n"
        for path in paths { config += "url = \"\(origin)\(path)\"\noutput = \"/dev/null\"\n" }
        try Office.write(config, to: office.home + "/curl")
        var times: [Double] = []
        for _ in 0..<(isQuick ? 3 : 15) {
            let began = ContinuousClock.now
            let ending = try Waiting.wait {
                try await Program.run(
                    "/usr/bin/curl", ["--config", office.home + "/curl"], environment: office.environment)
            }
            guard ending.status == 0 else { throw Missing(description: "curl: \(ending)") }
            times.append((.now - began) / .milliseconds(1))
        }
        return Figure.median(times)
    }

    // MARK: Bytes

    private func bytes(_ report: inout Report, _ peers: Peers) throws {
        let scene = try Scene(documents: 500)
        defer { scene.close() }
        for (size, name, limits) in [
            (Scene.small, "80x24", (2_600.0, 220.0)), (Scene.large, "200x50", (6_500.0, 350.0)),
        ] {
            let terminal = try scene.start(size: size)
            try terminal.waitUntil("the first table") { $0.lines.filter { $0.contains("○") }.count > 10 }
            report.add(
                Budget(
                    "first frame, bytes, \(name), 500 items", atMost: limits.0, "B", Double(terminal.byteCount),
                    peers: peers.map {
                        "\($0.name) \(size == Scene.small ? $0.small.firstBytes : $0.large.firstBytes) B"
                    }.joined(separator: ", ")))
            Peer.watch(terminal, seconds: 1)
            report.add(
                Budget(
                    "cursor key, \(name)", atMost: limits.1, "B", keyBytes(terminal),
                    peers: peers.map {
                        "\($0.name) \(Figure.text(size == Scene.small ? $0.small.keyBytes : $0.large.keyBytes)) B"
                    }.joined(separator: ", ")))
            terminal.leave()
            let thin = try scene.started(["--low-bandwidth"], size: size)
            report.add(Budget("cursor key, \(name), --low-bandwidth", atMost: 40, "B", keyBytes(thin)))
            thin.leave()
        }
        let path = try firstPath(scene)
        let office = scene.office
        for (name, prepare, limit) in [
            ("one row changed, with its event and the counts", "", 320.0),
            ("one row changed, events hidden", "e", 160.0),
        ] {
            let terminal = try scene.started(["--no-clock"])
            terminal.type(prepare)
            Peer.watch(terminal, seconds: 2.5)
            var sizes: [Double] = []
            for _ in 0..<3 {
                for isLocked in [true, false] {
                    let before = terminal.byteCount
                    try Waiting.wait {
                        if isLocked {
                            try await office.server.lock(path: path, as: "bob")
                        } else {
                            try await office.server.unlock(path: path)
                        }
                    }
                    try terminal.waitUntil("the row changes") { screen in
                        screen.lines.contains { $0.contains(isLocked ? "◆" : "○") && $0.contains(path.suffix(12)) }
                            && terminal.byteCount > before
                    }
                    terminal.settle(milliseconds: 300)
                    sizes.append(Double(terminal.byteCount - before))
                }
            }
            report.add(Budget(name, atMost: limit, "B", Figure.median(sizes)))
            terminal.leave()
        }
    }

    private func keyBytes(_ terminal: PseudoTerminal) -> Double {
        Figure.median((0..<20).map { _ in Double(terminal.bytes(silence: 30) { terminal.press(.down) }) })
    }

    private func firstPath(_ scene: Scene) throws -> String {
        let office = scene.office
        let list = try Waiting.wait { try await office.run("ls", "--columns", "item") }
        guard list.lines.count > 2 else { throw Missing(description: "no items: \(list)") }
        return list.lines[1].trimmed
    }

    // MARK: Idle

    private func idle(_ report: inout Report, _ peers: Peers) throws {
        let scene = try Scene(documents: 1_000, poll: "1s")
        for (arguments, name, limit) in [
            ([], "idle poll, nothing changed", 40.0), (["--no-clock"], "idle poll, --no-clock", 0.0),
        ] {
            let terminal = try scene.started(arguments, size: Scene.large)
            Peer.watch(terminal, seconds: isQuick ? 3 : 9)
            let seconds = isQuick ? 3.0 : 8
            let before = terminal.byteCount
            Peer.watch(terminal, seconds: seconds)
            report.add(
                Budget(
                    name, atMost: limit, "B", Double(terminal.byteCount - before) / seconds,
                    peers: limit > 0 ? compare(peers, "B/s", \.idleBytesPerSecond) : ""))
            terminal.leave()
        }
        scene.close()
        let calm = try Scene(documents: 1_000, poll: "5s")
        let terminal = try calm.started(size: Scene.large)
        Peer.watch(terminal, seconds: 5)
        let seconds = isQuick ? 6.0 : 30
        let (ticks, before) = (terminal.processorTicks ?? 0, terminal.byteCount)
        Peer.watch(terminal, seconds: seconds)
        let share = Double((terminal.processorTicks ?? 0) - ticks) / seconds
        report.add(
            Budget("processor, 1,000 items, poll 5s", atMost: 0.5, "%", share, peers: compare(peers, "%", \.processor)))
        let ten = Double(terminal.byteCount - before) * 600 / seconds
        report.add(
            Budget(
                "ten idle minutes, 200x50, extrapolated", atMost: 12_000, "B", ten,
                peers: peers.map { "\($0.name) \(Figure.text($0.large.idleBytesPerSecond * 600)) B" }.joined(
                    separator: ", ")))
        report.add(
            Budget(
                "resident memory, 1,000 items", atMost: 45, "MB", terminal.residentMemory,
                peers: compare(peers, "MB", \.memory)))
        terminal.leave()
        calm.close()
    }

    // MARK: Requests

    private func requests(_ report: inout Report) throws {
        let scene = try Scene(documents: 1_000)
        defer { scene.close() }
        let office = scene.office
        Waiting.wait { await office.server.resetRequestLog() }
        let list = try Waiting.wait { try await office.run("ls", "--columns", "item") }
        let count = Waiting.wait { await office.server.requestLog.filter { $0.path.contains("@search") }.count }
        let all = Waiting.wait { await office.server.requestCount }
        let items = list.lines.count - 1
        let needed = (items + 21 + 99) / 100
        report.add(
            Budget(
                "requests to list \(items) items", limit: "\(needed + 1), the bulk listing's",
                measured: "\(count), and \(all - count) to sign in",
                isKept: count <= needed + 1))
        let paths = list.lines.dropFirst().map(\.trimmed)
        try Office.write(paths.joined(separator: "\n"), to: office.home + "/paths")
        let ratio = try singleReads(office, paths)
        report.add(
            Budget(
                "reading singly over 8 connections", limit: "100 % of curl",
                measured: "\(Figure.text(ratio.own)) /s, \(Figure.text(100 * ratio.own / ratio.curl)) %",
                isKept: ratio.own >= ratio.curl, peers: "curl --parallel \(Figure.text(ratio.curl)) /s"))
    }

    // The four at the same time, each with a dashboard of its own: there is little else to do meanwhile.
    private func serversAtRest(_ report: inout Report) throws {
        var sites: [SiteAtRest] = []
        defer { for site in sites { site.close() } }
        for kind in DialectKind.allCases { sites.append(try SiteAtRest(kind, documents: 1_000)) }
        for site in sites { try site.waitUntilListed() }
        func watch(_ seconds: Double) {
            let end = ContinuousClock.now + .seconds(seconds)
            while .now < end { for site in sites { site.terminal.idle(milliseconds: 20) } }
        }
        // The first rounds after a listing make up for what had to wait during it.
        watch(10)
        for site in sites { site.begin() }
        let began = ContinuousClock.now
        // Long enough for one sweep of a server that tells what changes in its listing: these come every five minutes.
        let seconds = isQuick ? 30.0 : 300
        watch(seconds)
        for site in sites {
            let cost = site.cost
            let share = 3_600 / ((.now - began) / .seconds(1))
            report.add(
                Budget(
                    "an hour at rest, poll 5s, from \(Figure.text(seconds)) s: \(site.kind.rawValue), \(Figure.text(Double(site.itemCount))) items",
                    limit: "-",
                    measured: "\(Figure.text(Double(cost.requests) * share)) requests, "
                        + "\(Figure.text(Double(cost.bytes) * share / 1_000_000)) MB of answers", isKept: nil))
        }
    }

    private func singleReads(_ office: Office, _ paths: [String]) throws -> (own: Double, curl: Double) {
        var (own, curl): ([Double], [Double]) = ([], [])
        var config =
            "header = \"Accept: application/json\"\nuser = \"mona:\(Office.password)\"\nsilent\nparallel\nparallel-max = 8\n"
        for path in paths {
            config += "url = \"\(office.server.address)\(path.encoded)?include_items=false\"\noutput = \"/dev/null\"\n"
        }
        try Office.write(config, to: office.home + "/curl-parallel")
        for _ in 0..<(isQuick ? 1 : 3) {
            let mine = try Waiting.wait {
                try await Program.run(
                    CommandLine.arguments[0], ["--read-singly", office.server.address, office.home + "/paths"],
                    environment: office.environment, within: 60)
            }
            guard let rate = Double(mine.output.trimmed) else { throw Missing(description: "own reads: \(mine)") }
            own.append(rate)
            let began = ContinuousClock.now
            let ending = try Waiting.wait {
                try await Program.run(
                    "/usr/bin/curl", ["--config", office.home + "/curl-parallel"], environment: office.environment,
                    within: 60)
            }
            guard ending.status == 0 else { throw Missing(description: "curl: \(ending)") }
            curl.append(Double(paths.count) / ((.now - began) / .seconds(1)))
        }
        return (Figure.median(own), Figure.median(curl))
    }

    // MARK: Keys

    private func keys(_ report: inout Report, _ peers: Peers) throws {
        for documents in isQuick ? [1_000] : isFull ? [1_000, 100_000, 1_000_000] : [1_000, 100_000] {
            try keys(&report, peers, documents)
        }
    }

    // A third of the items is held, most titles have letters beyond ASCII, people work, polls run, one server hangs.
    private func keys(_ report: inout Report, _ peers: Peers, _ documents: Int) throws {
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
        let memory: Double? = documents == 100_000 ? nil : documents == 1_000 ? 38 : 200
        report.add(
            Budget(
                "resident memory, \(items)", limit: memory.map { "\(Figure.text($0)) MB" } ?? "-",
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
        terminal.leave()
    }

    // MARK: Endings

    private func endings(_ report: inout Report, _ peers: Peers) throws {
        let scene = try Scene(documents: 200)
        defer { scene.close() }
        func ending(_ act: (PseudoTerminal) -> Void, inFlight: Bool = false) throws -> Double {
            var times: [Double] = []
            for _ in 0..<5 {
                let office = scene.office
                let terminal = try scene.started()
                if inFlight {
                    Waiting.wait { await office.server.setFaults(Faults([Fault(.hang)])) }
                    terminal.type("l")
                    Peer.watch(terminal, seconds: 0.3)
                }
                let began = ContinuousClock.now
                act(terminal)
                try terminal.waitForExit(within: 5)
                while !terminal.isRestored || terminal.screen.isAlternate, .now - began < .seconds(5) {
                    terminal.idle(milliseconds: 1)
                }
                times.append((.now - began) / .milliseconds(1))
                Waiting.wait { await office.server.setFaults(.none) }
            }
            return Figure.median(times)
        }
        report.add(
            Budget(
                "quit to a restored shell", atMost: 100, "ms", try ending { $0.type("q") },
                peers: compare(peers, "ms", \.quit)))
        for (name, signal) in [("SIGTERM", SIGTERM), ("a crash", SIGSEGV), ("SIGKILL", SIGKILL)] {
            report.add(Budget("\(name) to a restored shell", atMost: 100, "ms", try ending { $0.send(signal: signal) }))
        }
        report.add(
            Budget(
                "SIGTERM, a request in flight", atMost: 1_000, "ms",
                try ending({ $0.send(signal: SIGTERM) }, inFlight: true)))
    }
}

/// Progress, apart from the table.
enum FileDescriptorText {
    static func say(_ text: String) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { _ = unsafe write(2, $0.baseAddress, $0.count) }
    }
}

extension String {
    /// Without blanks and line ends around it.
    var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// As the path of a URL.
    var encoded: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                String(Unicode.Scalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
