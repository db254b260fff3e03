// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import Glibc
import TestOffice
import TestSupport

extension Bench {
    func endings(_ report: inout Report, _ peers: Peers) throws {
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
