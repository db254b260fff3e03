// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing
import Watching

@Suite("Watching SuperOffice")
struct SuperOfficeWatchTests {
    @Test("What is on screen is read first, then the rest, and no listing takes a state away", .timeLimit(.minutes(1)))
    func order() async throws {
        let stage = try await SuperOfficeStage.open()
        for _ in 0..<130 { try await stage.add() }
        try await stage.hold("40", as: "bob")
        let client = try stage.client()
        let (updates, feed) = AsyncStream.makeStream(of: ServerUpdate.self)
        let watch = ServerWatch(
            facts: ServerFacts(name: "crm", kind: "superoffice", url: stage.origin), system: client.system,
            performer: client.performer, journal: ForgetfulJournal(), policy: WatchPolicy(poll: 0.05), user: "alice",
            now: client.now, counters: { ServerWatch.Counters() }, publish: { feed.yield($0) }, report: { _ in })
        await watch.show(["7", "100", "40"])
        let running = Task { await watch.run() }
        var known = 0
        for await update in updates {
            let now = update.catalog.rows.count { $0.reading.state != .unknown }
            #expect(now >= known, "what was known stays known")
            known = now
            if known == 130 { break }
        }
        running.cancel()
        await running.value
        #expect(known == 130)
        let read = client.wire.requests.map(\.url).filter { $0.hasSuffix("/Lock") && !$0.contains("2147483647") }
            .compactMap { $0.split(separator: "/").dropLast().last.map(String.init) }
        #expect(Set(read.prefix(3)) == ["7", "100", "40"])
        await stage.close()
    }
}
