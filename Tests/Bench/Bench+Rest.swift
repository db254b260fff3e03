// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestSupport

extension Bench {
    func idle(_ report: inout Report, _ peers: Peers) throws {
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
            Budget("processor, 1,000 items, poll 5s", atMost: 0.25, "%", share, peers: compare(peers, "%", \.processor))
        )
        let ten = Double(terminal.byteCount - before) * 600 / seconds
        report.add(
            Budget(
                "ten idle minutes, 200x50, extrapolated", atMost: 12_000, "B", ten,
                peers: peers.map { "\($0.name) \(Figure.text($0.large.idleBytesPerSecond * 600)) B" }.joined(
                    separator: ", ")))
        report.add(
            Budget(
                "resident memory, 1,000 items", atMost: 38, "MB", terminal.residentMemory,
                peers: compare(peers, "MB", \.memory)))
        terminal.leave()
        calm.close()
    }

    // The four at the same time, each with a dashboard of its own: there is little else to do meanwhile.
    func serversAtRest(_ report: inout Report) throws {
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
}
