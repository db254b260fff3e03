// SPDX-License-Identifier: MIT
import CNetworkProbe
import HTTP
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct StormTests {
    /// A row of numbers that is the same in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    @Test(
        "In a storm of readings, changes, cut connections and cancelling, every wait ends and no change arrives twice")
    func storm() async throws {
        let server = try await ScriptedServer { visit in
            switch visit.number % 17 {
            case 3: visit.close()
            case 7: visit.reset()
            case 11: visit.reply("HTTP/1.1 200 OK\r\nContent-Le"); visit.close()
            case 13: visit.answer(); visit.close()
            case 15 where visit.line.contains("cancelled"): break
            default: visit.answer(body: String(repeating: "x", count: visit.number % 3_000))
            }
        }
        var options = NetworkOptions()
        options.connections = 4
        let transport = try NetworkTransport(options)
        let answered = ScriptedServer.Tally()
        await withTaskGroup { group in
            for lane in 0..<16 {
                group.addTask {
                    var numbers = Numbers(state: UInt64(lane))
                    for step in 0..<150 {
                        let isReading = Bool.random(using: &numbers)
                        let isCancelled = Int.random(in: 0..<8, using: &numbers) == 0
                        let name = "/\(isCancelled ? "cancelled" : "whole")-\(lane)-\(step)-"
                        let request = Request(
                            isReading ? "GET" : "POST", server.url(name), body: isReading ? nil : [1],
                            for: isReading ? .read : .change)
                        let task = Task { try await transport.send(request, deadline: soon(.seconds(60))) }
                        if isCancelled { task.cancel() }
                        if case .success = await task.result { answered.add(1) }
                    }
                }
            }
        }
        var inherited: Int32 = 0
        #expect(unsafe sockets_to(Int32(server.port), &inherited) <= 4)
        await transport.shutdown()
        #expect(unsafe sockets_to(Int32(server.port), &inherited) == 0)
        #expect(answered.value > 1_000)
        let changes = server.visits.filter { $0.line.hasPrefix("POST") }.map(\.line)
        #expect(Set(changes).count == changes.count)
    }
}
