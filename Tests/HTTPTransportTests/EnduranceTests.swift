// SPDX-License-Identifier: MIT
import CNetworkProbe
import FoundationEssentials
import HTTP
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct EnduranceTests {
    /// `LOCKTOP_REQUESTS` asks for another number, as 100000.
    private static let requests = ProcessInfo.processInfo.environment["LOCKTOP_REQUESTS"].flatMap { Int($0) } ?? 20_000

    @Test("Thousands of readings and changes leave no descriptor and no memory behind")
    func constant() async throws {
        let server = try await ScriptedServer(isForgetful: true) { visit in
            visit.answer(body: String(repeating: "x", count: 500))
            if visit.number % 50 == 0 { visit.close() }
        }
        var options = NetworkOptions()
        options.connections = 4
        let transport = try NetworkTransport(options)
        let answered = ScriptedServer.Tally()
        func send(_ count: Int) async {
            await withTaskGroup { group in
                for lane in 0..<8 {
                    group.addTask {
                        for step in 0..<count / 8 {
                            let isChange = step % 10 == lane
                            let request = Request(
                                isChange ? "POST" : "GET", server.url("/"), body: isChange ? [1] : nil,
                                for: isChange ? .change : .read)
                            if (try? await transport.send(request, deadline: soon(.seconds(60)))) != nil {
                                answered.add(1)
                            }
                        }
                    }
                }
            }
        }
        // What is made once is there then: handles, threads, what the allocator keeps.
        await send(Self.requests / 5)
        let (memory, descriptors) = (try ThisProcess.memory, try ThisProcess.descriptors)
        await send(Self.requests * 4 / 5)
        let (memoryAfter, descriptorsAfter) = (try ThisProcess.memory, try ThisProcess.descriptors)
        print(
            "\(Self.requests) requests, after a fifth and after all: \(memory >> 10) and \(memoryAfter >> 10) KiB, "
                + "\(descriptors) and \(descriptorsAfter) descriptors")
        #expect(answered.value > Self.requests * 9 / 10)
        #expect(memoryAfter - memory < 8 << 20)
        #expect(descriptorsAfter - descriptors <= 8)
        var inherited: Int32 = 0
        #expect(unsafe sockets_to(Int32(server.port), &inherited) <= 4)
        await transport.shutdown()
        #expect(unsafe sockets_to(Int32(server.port), &inherited) == 0)
    }
}
