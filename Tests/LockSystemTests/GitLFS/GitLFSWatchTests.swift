// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing
import Watching

@Suite("Watching the locks of a repository")
struct GitLFSWatchTests {
    @Test("A poll is one request, for as many locks as there are on a page, and the sign-in costs none")
    func onePoll() async throws {
        let stage = try await GitLFSStage.open { $0.host = .gitlab }
        _ = try await stage.fillListing()
        let client = try await stage.client(.first)
        _ = try await client.system.signIn()
        for _ in 0..<40 {
            await stage.pass(5)
            client.wire.forget()
            _ = try await client.system.signIn()
            #expect(try await client.system.items(after: nil).rows.count == 250)
            #expect(client.wire.requests.map(\.url).filter { $0.hasSuffix("/locks/verify") }.count == 1)
            #expect(client.wire.requests.count == 1)
        }
        await stage.close()
    }

    @Test("What leaves the list is released and no row any more, what joins it is locked", .timeLimit(.minutes(1)))
    func comesAndGoes() async throws {
        let stage = try await GitLFSStage.open()
        let bob = try await stage.client(.second)
        for path in ["a.psd", "b.psd"] { await bob.perform(.lock, path) }
        let client = try await stage.client(.first)
        let (updates, feed) = AsyncStream.makeStream(of: ServerUpdate.self)
        let watch = ServerWatch(
            facts: ServerFacts(name: "assets", kind: "gitlfs", url: stage.server.address), system: client.system,
            performer: client.performer, journal: ForgetfulJournal(), policy: WatchPolicy(poll: 0.05), user: "alice",
            now: client.now, counters: { ServerWatch.Counters() }, publish: { feed.yield($0) }, report: { _ in })
        let running = Task { await watch.run() }
        var events: [String] = []
        var hasChanged = false
        for await update in updates {
            events += update.events.map { "\($0.ref.id) \($0.kind)" }
            let listed = update.catalog.rows.map(\.item.id).sorted()
            if !hasChanged, listed == ["a.psd", "b.psd"], update.status.phase == .watching {
                hasChanged = true
                #expect(events.isEmpty)
                await bob.perform(.unlock, "a.psd")
                await bob.perform(.lock, "c.psd")
            }
            if events.count == 2, listed == ["b.psd", "c.psd"] { break }
        }
        running.cancel()
        await running.value
        #expect(events.sorted() == ["a.psd released", "c.psd locked"])
        #expect(client.wire.requests.allSatisfy { $0.url.hasSuffix("/locks/verify") })
        await stage.close()
    }
}
