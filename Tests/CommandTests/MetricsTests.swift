// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport
import Testing

@testable import locktop

@Suite("locktop metrics, as Prometheus reads them")
struct MetricsTests {
    /// Bob holds a document for long, alice one for a moment, and I one; joão has one checked out.
    private func scene(_ office: Office) async throws { try await ListTests.scene(office) }

    private func value(_ text: String, _ sample: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(sample + " ") }
            .flatMap { Double($0.dropFirst(sample.count + 1)) }
    }

    /// Starts an exporter on a free port.
    private func exporter(_ office: Office) async throws -> (program: Program, port: Int) {
        let program = try office.start("metrics", "--listen", "127.0.0.1:0")
        var port: Int?
        try await program.waitUntilErrors("it listens") { errors in
            port = errors.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/metrics/).flatMap { Int($0.output.1) }
            return port != nil
        }
        return (program, try #require(port))
    }

    @Test("once: items by state, locks by kind and whose, what is stale, how old, and what it cost")
    func once() async throws {
        try await inOffice { office in
            try await scene(office)
            _ = try await office.run("lock", "/news/autumn")
            _ = try await office.run("unlock", "/news/autumn")
            let ending = try await office.run("metrics", "--once")
            #expect(ending.status == 0, "\(ending)")
            let text = ending.output
            #expect(value(text, #"locktop_up{server="intranet"}"#) == 1)
            #expect(value(text, #"locktop_items{server="intranet",state="held"}"#) == 4)
            #expect(value(text, #"locktop_items{server="intranet",state="unknown"}"#) == 0)
            #expect(value(text, #"locktop_locks{server="intranet",kind="lock",whose="others"}"#) == 2)
            #expect(value(text, #"locktop_locks{server="intranet",kind="lock",whose="mine"}"#) == 1)
            #expect(value(text, #"locktop_locks{server="intranet",kind="workingCopy",whose="others"}"#) == 1)
            #expect(value(text, #"locktop_stale_locks{server="intranet"}"#) == 1)
            let oldest = try #require(value(text, #"locktop_oldest_lock_seconds{server="intranet"}"#))
            #expect((57_660..<57_760).contains(oldest))
            #expect(value(text, #"locktop_operations_total{server="intranet",operation="lock",outcome="done"}"#) == 1)
            #expect(value(text, #"locktop_operations_total{server="intranet",operation="unlock",outcome="done"}"#) == 1)
            #expect(value(text, #"locktop_requests_total{server="intranet"}"#) ?? 0 > 0)
            #expect(value(text, #"locktop_request_failures_total{server="intranet"}"#) == 0)
            #expect(value(text, #"locktop_throttled_total{server="intranet"}"#) == 0)
            let trip = try #require(value(text, #"locktop_round_trip_seconds{server="intranet"}"#))
            #expect(trip > 0 && trip < 10)
        }
    }

    @Test("of a server that does not answer it is told that it is down, and nothing that nobody knows")
    func down() async throws {
        try await inOffice { office in
            await office.server.setFaults(Faults([Fault(.status(503, retryAfter: 1))]))
            let ending = try await office.run("metrics")
            #expect(ending.status == 0, "\(ending)")
            #expect(value(ending.output, #"locktop_up{server="intranet"}"#) == 0)
            #expect(value(ending.output, #"locktop_throttled_total{server="intranet"}"#) ?? 0 > 0)
            for name in ["items", "locks", "stale_locks", "oldest_lock_seconds", "operations_total"] {
                #expect(!ending.output.contains("locktop_\(name)"), "\(ending.output)")
            }
        }
    }

    @Test("with nothing held nothing is the oldest")
    func nothingHeld() async throws {
        try await inOffice { office in
            let text = try await office.run("metrics").output
            #expect(value(text, #"locktop_stale_locks{server="intranet"}"#) == 0)
            #expect(!text.contains("oldest_lock_seconds"))
        }
    }

    @Test("the exporter watches on: what changes shows, also that the server is gone and comes back")
    func watching() async throws {
        try await inOffice(top: ["poll: 1s"]) { office in
            let (program, port) = try await exporter(office)
            func waitFor(_ sample: String, _ wanted: Double?) async throws {
                try await eventually("\(sample) is \(wanted.map { "\($0)" } ?? "left out")") {
                    let text = try await PlainAnswer.of("/metrics", on: port).body
                    return value(text, sample) == wanted
                }
            }
            try await waitFor(#"locktop_items{server="intranet",state="held"}"#, 0)
            try await office.server.lock(path: "/news/agm", as: "bob")
            try await waitFor(#"locktop_locks{server="intranet",kind="lock",whose="others"}"#, 1)
            await office.server.setFaults(Faults([Fault(.status(503, retryAfter: 1))]))
            try await waitFor(#"locktop_up{server="intranet"}"#, 0)
            try await waitFor(#"locktop_items{server="intranet",state="held"}"#, nil)
            await office.server.setFaults(.none)
            try await waitFor(#"locktop_items{server="intranet",state="held"}"#, 1)
            program.send(signal: SIGTERM)
            #expect(try await program.finish().status == 143)
        }
    }

    @Test("it answers GET and HEAD on /metrics, 405 to other methods, and 404 elsewhere")
    func paths() async throws {
        try await inOffice { office in
            let (program, port) = try await exporter(office)
            let good = try await PlainAnswer.of("/metrics", on: port)
            #expect(good.status == 200 && good.body.contains("locktop_requests_total"), "\(good)")
            #expect(good.head.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8"), "\(good)")
            #expect(try await PlainAnswer.of("/metrics?name=x", on: port).status == 200)
            let head = try await PlainAnswer.of("/metrics", on: port, method: "HEAD")
            #expect(head.status == 200 && head.body == "", "\(head)")
            #expect(try await PlainAnswer.of("/metrics", on: port, method: "POST").status == 405)
            for path in ["/", "/metricsx", "/x/metrics", "/metrics/x", "/../etc/passwd", "*"] {
                #expect(try await PlainAnswer.of(path, on: port).status == 404, "\(path)")
            }
            program.send(signal: SIGINT)
            #expect(try await program.finish().status == 130)
        }
    }

    @Test(
        "an address that other machines reach, or that is none, is refused with 64",
        arguments: [
            ["--listen", "0.0.0.0:9618"], ["--listen", "[::]:9618"], ["--listen", "example.org:9618"],
            ["--listen", ":9618"], ["--listen", "9618"], ["--listen", "127.0.0.1"], ["--listen", "127.0.0.1:99999"],
            ["--listen-anywhere"], ["--once", "--listen", "127.0.0.1:0"],
        ])
    func addresses(words: [String]) async throws {
        try await inOffice { office in
            let ending = try await Program.run(
                try builtProgram("locktop"), ["metrics", "--config", office.configuration] + words,
                environment: office.environment)
            #expect(ending.status == 64, "\(ending)")
            #expect(ending.output == "")
            #expect(await office.server.requestCount == 0)
        }
    }

    @Test("a port that is taken ends with 69 and names it")
    func taken() async throws {
        try await inOffice { office in
            let (program, port) = try await exporter(office)
            let second = try await office.run("metrics", "--listen", "127.0.0.1:\(port)")
            #expect(second.status == 69, "\(second)")
            #expect(second.errors.contains("127.0.0.1:\(port)"))
            program.send(signal: SIGINT)
            _ = try await program.finish()
        }
    }

    @Test("a label's value can't end its quotes, its line or its escape")
    func escaped() {
        var text = MetricsText()
        text.add("x", .gauge, "A number.", [(labels: [("a", "\\ \" \n")], value: 1.5)])
        #expect(text.text == "# HELP locktop_x A number.\n# TYPE locktop_x gauge\nlocktop_x{a=\"\\\\ \\\" \\n\"} 1.5\n")
    }

    @Test("promtool finds nothing to object to")
    func promtool() async throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool") else {
            print("skipped: Debian's prometheus is not installed, so its promtool judges no metrics")
            return
        }
        try await inOffice { office in
            try await scene(office)
            _ = try await office.run("lock", "/news/autumn")
            let ending = try await Program.run(
                "/usr/bin/promtool", ["check", "metrics"], input: try await office.run("metrics").output)
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output + ending.errors == "")
        }
    }

    @Test("a real Prometheus scrapes the exporter, and answers with what it read")
    func prometheus() async throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/prometheus") else {
            print("skipped: Debian's prometheus is not installed, so nobody scrapes")
            return
        }
        try await inOffice { office in
            try await scene(office)
            let (program, port) = try await exporter(office)
            let own = try await freePort()
            try Office.write(
                """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - {job_name: locktop, static_configs: [{targets: ['127.0.0.1:\(port)']}]}

                """, to: office.home + "/prometheus.yml")
            let prometheus = try Program(
                "/usr/bin/prometheus",
                [
                    "--config.file=\(office.home)/prometheus.yml", "--storage.tsdb.path=\(office.home)/tsdb",
                    "--web.listen-address=127.0.0.1:\(own)",
                ], environment: ["PATH": "/usr/bin:/bin", "HOME": office.home])
            try await eventually("Prometheus has the number of held items", within: .seconds(60)) {
                let answer = try await PlainAnswer.of(
                    "/api/v1/query?query=locktop_items%7Bstate%3D%22held%22%7D", on: own
                ).body
                return answer.contains(#""server":"intranet""#) && answer.contains(#","4"]"#)
            }
            prometheus.send(signal: SIGTERM)
            _ = try await prometheus.finish()
            program.send(signal: SIGINT)
            _ = try await program.finish()
        }
    }

    /// A port that was free a moment ago, as the exporter itself is given one.
    private func freePort() async throws -> Int {
        let server = try await DemoServer.start(DemoOptions(documents: 1, people: false))
        let port = server.address.firstMatch(of: /:(\d+)/).flatMap { Int($0.output.1) }
        await server.stop()
        return try #require(port)
    }
}
