// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport

extension Bench {
    func start(_ report: inout Report, _ peers: Peers) throws {
        let scene = try Scene(documents: 200)
        defer { scene.close() }
        var frames: [Double] = []
        var lives: [Double] = []
        var cached: [Double] = []
        for _ in 0..<(isQuick ? 3 : 15) {
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
            terminal.leave()
            let again = ContinuousClock.now
            let second = try scene.start(keepsCache: true)
            try second.waitUntil("the first frame") { $0.contains("locktop") && $0.contains("help") }
            cached.append((.now - again) / .milliseconds(1))
            second.leave()
        }
        let frame = Figure.median(frames)
        report.add(
            Budget(
                "start to first frame, nothing kept", atMost: 30, "ms", frame, peers: compare(peers, "ms", \.firstFrame)
            ))
        report.add(Budget("start to first frame, rows kept from before", atMost: 30, "ms", Figure.median(cached)))
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
}
