// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import LockSystems

@Suite("WebDAV's locks")
struct WebDAVLockTests {
    @Test("A lock carries the login and the comment as its owner, and the time that was asked for")
    func owner() async throws {
        try await WebDAVStage.during { stage in
            let client = try stage.client()
            let options = LockOptions(timeout: 900, comment: "<until> noon")
            let result = await client.perform(Wish(.lock, options: options), "/docs/plan.odt")
            #expect(result.outcome == .done, "\(result.why)")
            #expect(result.after?.timeout == 900 && result.after?.comment == "<until> noon")
            let other = try #require(try await stage.client(.account("bob")).row("/docs/plan.odt").lock)
            #expect(other.holder.name == "alice: <until> noon" && other.holder.id == nil)
            #expect(other.holder.ownership == .unknown)
            let sent = try #require(client.wire.changes.first)
            #expect(sent.headers["Depth"] == "0" && sent.headers["Timeout"] == "Second-900")
            #expect(sent.headers["If-Match"] == "*")
        }
    }

    @Test("A lock in our own name that this program did not take is nobody's that is known")
    func claimed() async throws {
        try await WebDAVStage.during { stage in
            try await stage.lock("/docs/plan.odt", as: "alice", owner: "alice")
            let client = try stage.client()
            let row = try await client.row("/docs/plan.odt")
            #expect(row.lock?.holder.name == "alice" && row.lock?.holder.ownership == .unknown)
            let result = await client.perform(.unlock, "/docs/plan.odt")
            #expect(result.outcome == .refused && result.reason == .conflict)
            #expect(result.why.contains("by the lock's own words"))
            #expect(client.wire.changes.isEmpty)
        }
    }

    @Test("A lock is still ours in the next run, and another account's program does not take it for its own")
    func betweenRuns() async throws {
        try await WebDAVStage.during { stage in
            let store = ContractStore()
            let settings = ClientSettings(store: store)
            #expect(
                await (try stage.client(.account("alice"), settings)).perform(.lock, "/docs/plan.odt").outcome == .done)
            let row = try await stage.client(.account("alice"), settings).row("/docs/plan.odt")
            #expect(row.lock?.holder.isMe == true)
            let bob = try await stage.client(.account("bob"), settings).row("/docs/plan.odt")
            #expect(bob.lock?.holder.ownership == .unknown)
            let result = await (try stage.client(.account("alice"), settings)).perform(.unlock, "/docs/plan.odt")
            #expect(result.outcome == .done, "\(result.why)")
            #expect(store.all.values.allSatisfy { !$0.contains("plan.odt") })
        }
    }

    @Test("A lock of which nobody says whose it is is held by somebody unknown, waited for and ended as any other")
    func nobody() async throws {
        try await WebDAVStage.during { stage in
            try await stage.lock("/docs/plan.odt", as: "bob", owner: "")
            let client = try stage.client()
            let lock = try #require(try await client.row("/docs/plan.odt").lock)
            #expect(lock.holder.name == nil && lock.holder.id == nil && lock.holder.ownership == .unknown)
            let taken = await client.perform(.lock, "/docs/plan.odt")
            #expect(taken.outcome == .refused && taken.reason == .conflict, "\(taken.why)")
            let wish = Wish(.forceUnlock, expecting: .lock(lock.identity))
            #expect(await client.perform(wish, "/docs/plan.odt").outcome == .done)
        }
    }

    @Test("Another program of the same user takes a lock, and this one knows it as ours")
    func besides() async throws {
        try await WebDAVStage.during { stage in
            let settings = ClientSettings(store: ContractStore())
            let shown = try stage.client(.account("alice"), settings)
            #expect(try await shown.row("/docs/plan.odt").lock == nil)
            #expect(
                await (try stage.client(.account("alice"), settings)).perform(.lock, "/docs/plan.odt").outcome == .done)
            #expect(try await shown.row("/docs/plan.odt").lock?.holder.isMe == true)
        }
    }

    @Test(
        "A folder's lock holds all that is below, whether or not the server says so there",
        arguments: [
            WebDAVSwitches.Inherited.shown, .bare, .hidden,
        ])
    func tree(_ inherited: WebDAVSwitches.Inherited) async throws {
        try await WebDAVStage.during(with: { $0.inherited = inherited }) { stage in
            try await stage.add("/docs/sub", "Sub", type: "Folder")
            try await stage.add("/docs/sub/deep.odt", "Deep")
            try await stage.lock("/docs", depth: "infinity", owner: "bob")
            let client = try stage.client()
            for fresh in [true, false] {
                let reader = fresh ? try stage.client() : client
                let row = try await reader.row("/docs/sub/deep.odt")
                #expect(row.lock?.scope == .through("/docs") && row.lock?.holder.name == "bob")
            }
            let folder = try await client.row("/docs")
            #expect(folder.lock?.scope == .tree)
            #expect(folder.lock?.identity == (try await client.row("/docs/plan.odt")).lock?.identity)
            let result = await client.perform(.lock, "/docs/sub/deep.odt")
            #expect(result.reason == .conflict && result.why.contains("through the folder /docs"))
            let force = await client.perform(.forceUnlock, "/docs/sub/deep.odt")
            #expect(force.reason == .unsupported && force.why.contains("/docs"))
            #expect(client.wire.changes.isEmpty)
            // Read by the listing, the same.
            let lister = try stage.client()
            _ = try await lister.system.signIn()
            var rows: [Row] = []
            var marks: [PageMark?] = [nil]
            while let mark = marks.popLast() {
                let page = try await lister.system.items(after: mark)
                rows += page.rows
                marks += page.following
            }
            #expect(rows.first { $0.item.id == "/docs" }?.lock?.scope == .tree)
            #expect(rows.first { $0.item.id == "/docs/sub/deep.odt" }?.lock?.scope == .through("/docs"))
            #expect(await client.perform(.forceUnlock, "/docs").outcome == .done)
            let items = rows.map(\.item)
            _ = try await lister.system.find("/docs")
            for result in try await lister.system.read(items) { #expect(try result.get().reading.state == .free) }
        }
    }

    @Test("Of two shared locks force ends the one that was shown, and the other stays")
    func shared() async throws {
        try await WebDAVStage.during { stage in
            try await stage.lock("/docs/plan.odt", as: "bob", scope: "shared", owner: "bob")
            try await stage.lock("/docs/plan.odt", as: "erin", scope: "shared", owner: "erin")
            let client = try stage.client()
            let row = try await client.row("/docs/plan.odt")
            #expect(row.reading.locks.map(\.kind) == [.shared, .shared])
            let erin = try #require(row.reading.locks.first { $0.holder.name == "erin" })
            let result = await client.perform(
                Wish(.forceUnlock, expecting: .lock(erin.identity)), "/docs/plan.odt")
            #expect(result.outcome == .done, "\(result.why)")
            #expect(try await client.row("/docs/plan.odt").reading.locks.map(\.holder.name) == ["bob"])
        }
    }

    @Test("A server that keeps a lock to its holder is believed, and the lock stays")
    func keptToHolder() async throws {
        try await WebDAVStage.during(with: { $0.force = .holder }) { stage in
            try await stage.lock("/docs/plan.odt")
            let client = try stage.client()
            let result = await client.perform(.forceUnlock, "/docs/plan.odt")
            #expect(result.outcome == .refused && result.reason == .forbidden)
            #expect(result.why.contains("lets only the holder end the lock"))
            #expect(client.wire.changes.map(\.method.rawValue) == ["UNLOCK"])
        }
    }

    @Test("Where the token is not shown, force is refused before anything is sent")
    func hiddenToken() async throws {
        try await WebDAVStage.during(with: { $0.showsTokens = false }) { stage in
            try await stage.lock("/docs/plan.odt")
            let client = try stage.client()
            let result = await client.perform(.forceUnlock, "/docs/plan.odt")
            #expect(result.reason == .tokenNeeded && client.wire.changes.isEmpty)
        }
    }

    @Test("A server that tells no locks leaves items unknown, and never free")
    func undisclosed() async throws {
        try await WebDAVStage.during(with: { $0.discloses = false }) { stage in
            let row = try await stage.client().row("/docs/plan.odt")
            #expect(row.reading.state == .unknown)
            #expect(row.reading.error == "share does not tell who has locked what.")
        }
    }

    @Test("A server that grants everything and makes nothing is found out")
    func pretends() async throws {
        try await WebDAVStage.during(with: { $0.pretends = true }) { stage in
            let client = try stage.client()
            let result = await client.perform(.lock, "/docs/plan.odt")
            #expect(result.outcome == .unverified && result.reason == .unseen)
            #expect(try await client.row("/docs/plan.odt").reading.state == .free)
        }
    }

    @Test("A server without locks says so, and nothing is offered there")
    func noLocks() async throws {
        try await WebDAVStage.during(with: { $0.hasLocks = false }) { stage in
            let signIn = try await stage.client().system.signIn()
            #expect(signIn.operations[.lock].why?.contains("without locks") == true)
        }
    }

    @Test("A lock never leaves an empty file where an item was taken away in between")
    func noGhost() async throws {
        try await WebDAVStage.during(with: { $0.heedsConditions = false }) { stage in
            let client = try stage.client()
            let item = try await client.row("/docs/plan.odt").item
            try await stage.remove("/docs/plan.odt")
            let system = try #require(client.system as? WebDAVSystem)
            await #expect { try await system.lock(item, .standard) } throws: { ($0 as? LockError)?.code == .gone }
            #expect(client.wire.changes.map(\.method.rawValue) == ["LOCK", "DELETE"])
            #expect(try await stage.send("GET", "/docs/plan.odt").status == 404)
        }
    }

    @Test("A name that nothing is at can't be locked, and no LOCK is sent for it")
    func missing() async throws {
        try await WebDAVStage.during { stage in
            let client = try stage.client()
            for name in ["/docs/none.odt", "/docs/../docs/plan.odt", "/docs/%2E%2E"] {
                #expect(await client.perform(.lock, name).reason == .gone)
            }
            #expect(client.wire.changes.isEmpty)
        }
    }

    @Test("What is granted for less than was asked is told")
    func granted() async throws {
        try await WebDAVStage.during { stage in
            let client = try stage.client()
            client.wire.bendChanges { request, next in
                var less = request
                less.headers["Timeout"] = "Second-120"
                return try await next(less)
            }
            let result = await client.perform(Wish(.lock, options: LockOptions(timeout: 3600)), "/docs/plan.odt")
            #expect(result.outcome == .done)
            #expect(result.why.contains("granted 120 seconds, not the 3600"))
        }
    }

    @Test("A lock without end stays without end when it is refreshed")
    func endless() async throws {
        try await WebDAVStage.during(with: { $0.usualTimeout = 4_294_967_280 }) { stage in
            let client = try stage.client()
            #expect(await client.perform(.lock, "/docs/plan.odt").after?.expires == nil)
            let result = await client.perform(.refresh, "/docs/plan.odt")
            #expect(result.outcome == .done && result.after?.expires == nil && result.after?.timeout == nil)
            #expect(client.wire.changes.last?.headers["Timeout"] == "Infinite")
        }
    }

    @Test("On a server that tells what was granted and not what is left, no end is made up and ours is known")
    func periods() async throws {
        try await WebDAVStage.during(with: { $0.countsDown = false }) { stage in
            try await stage.add("/docs/other.odt", "Other")
            try await stage.lock("/docs/other.odt")
            let client = try stage.client()
            let lock = try #require(await client.perform(.lock, "/docs/plan.odt").after)
            _ = try await client.row("/docs/other.odt")
            await stage.pass(100)
            #expect(try await client.row("/docs/plan.odt").lock?.expires == lock.expires)
            let other = try #require(try await client.row("/docs/other.odt").lock)
            #expect(other.expires == nil && other.timeout == 600)
        }
    }

    @Test("A token that no header can carry is sent to nobody", arguments: ["a\u{7}b", "a b", "x>y", "é", ""])
    func badToken(_ token: String) async throws {
        try await WebDAVStage.during { stage in
            let client = try stage.client()
            _ = try await client.row("/docs/plan.odt")
            client.wire.bendChanges { _, _ in
                Response(
                    status: 200, headers: ["Lock-Token": "<\(token)>"], body: Array("<D:prop xmlns:D='DAV:'/>".utf8))
            }
            let result = await client.perform(.lock, "/docs/plan.odt")
            #expect(result.outcome != .done && client.wire.changes.count == 1, "\(result.why)")
            client.wire.bend(nil)
            let lock = Lock(
                kind: .lock, holder: Holder(id: nil, name: "bob", ownership: .unknown),
                identity: LockIdentity(of: "x"), token: Token(token))
            let item = try await client.row("/docs/plan.odt").item
            client.wire.forget()
            let system = try #require(client.system as? WebDAVSystem)
            await #expect { try await system.forceUnlock(item, seen: lock) } throws: {
                ($0 as? LockError)?.code == .tokenNeeded
            }
            #expect(client.wire.requests.isEmpty)
        }
    }

    @Test("The token is the header's, whoever the body tells of first, and no bracket is needed around it")
    func sharedAnswer() async throws {
        try await WebDAVStage.during { stage in
            let client = try stage.client()
            client.wire.bendChanges { request, next in
                var answer = try await next(request)
                let other = "<D:activelock><D:locktoken><D:href>urn:other</D:href></D:locktoken></D:activelock>"
                let text = String(decoding: answer.body, as: UTF8.self)
                answer.body = Array(text.replacing("<D:lockdiscovery>", with: "<D:lockdiscovery>" + other).utf8)
                answer.headers["Lock-Token"] = answer.headers["Lock-Token"].map { String($0.dropFirst().dropLast()) }
                return answer
            }
            let result = await client.perform(.lock, "/docs/plan.odt")
            #expect(result.outcome == .done && result.after?.holder.isMe == true, "\(result.why)")
        }
    }
}
