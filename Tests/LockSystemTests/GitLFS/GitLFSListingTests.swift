// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing
import Watching

@Suite("Listing the locks of a repository")
struct GitLFSListingTests {
    private static func rows(_ system: GitLFSSystem) async throws -> (rows: [Row], isCut: Bool, lacks: LockError?) {
        try await Listing.rows(
            of: system, server: "game", limit: 100_000, width: 4, journal: ForgetfulJournal(),
            now: Date(timeIntervalSince1970: 1_777_888_800))
    }

    private static func script(_ text: String) throws -> GitLFSScript {
        try GitLFSScript { _ in GitLFSScript.json(text) }
    }

    @Test("Ours are mine and theirs another's, each known by its id, its path, its holder and its time")
    func verified() async throws {
        let script = try Self.script(
            #"{"ours":[{"id":"412","path":"Assets/Hero/hero.fbx","locked_at":"2026-03-02T08:15:00Z","owner":{"name":"ines"}}],"#
                + #""theirs":[{"id":398,"path":"Map/a.umap","locked_at":"2026-03-01T18:02:11.5+01:00","owner":{"name":null}},"#
                + #"{"id":"7","path":"b"}],"next_cursor":null,"more":1}"#)
        let page = try await script.system.items(after: nil)
        let rows = page.rows
        #expect(page.following.isEmpty && page.lacks == nil)
        #expect(rows.map(\.item.id) == ["Assets/Hero/hero.fbx", "Map/a.umap", "b"])
        #expect(rows.map(\.item.path) == ["/Assets/Hero/hero.fbx", "/Map/a.umap", "/b"])
        #expect(rows.map(\.item.title) == ["hero.fbx", "a.umap", "b"])
        #expect(rows.map { $0.lock?.holder.name } == ["ines", nil, nil])
        #expect(rows.allSatisfy { $0.lock?.holder.id == nil })
        #expect(rows.map { $0.lock?.holder.ownership } == [.mine, .other, .other])
        #expect(rows.map { $0.lock?.serverID } == ["412", "398", "7"])
        let since = rows.map { $0.lock?.since?.timeIntervalSince1970 }
        #expect(since == [1_772_439_300, 1_772_384_531.5, nil])
        #expect(rows.allSatisfy { $0.lock?.expires == nil && $0.lock?.timeout == nil })
    }

    @Test(
        "A list ends without a cursor, with null and with an empty one",
        arguments: ["", #","next_cursor":null"#, #","next_cursor":"""#])
    func ends(_ cursor: String) async throws {
        let script = try Self.script(#"{"ours":[{"id":"1","path":"a"}],"theirs":null\#(cursor)}"#)
        let page = try await script.system.items(after: nil)
        #expect(page.rows.count == 1 && page.following.isEmpty && page.covers == .holdsOnly)
    }

    @Test("A cursor that comes again ends the list, and so do cursors without end that bring nothing new")
    func circles() async throws {
        let same = try Self.script(#"{"ours":[{"id":"1","path":"a"}],"theirs":[],"next_cursor":"again"}"#)
        #expect(try await Self.rows(same.system).rows.map(\.item.id) == ["a"])
        #expect(same.transport.requests.count == 2)
        let endless = try GitLFSScript { request in
            let body = String(decoding: request.body ?? [], as: UTF8.self)
            let turn = body.filter(\.isNumber)
            return GitLFSScript.json(
                #"{"ours":[{"id":"1","path":"a"}],"theirs":[],"next_cursor":"\#((Int(turn) ?? 0) + 1)"}"#)
        }
        let (rows, _, lacks) = try await Self.rows(endless.system)
        #expect(rows.map(\.item.id) == ["a"] && lacks != nil)
        #expect(endless.transport.requests.count < 20)
        // Looking for one path is no less bounded.
        let circle = try Self.script(#"{"locks":[{"id":"1","path":"a"}],"next_cursor":"again"}"#)
        #expect(try await circle.system.find("b").reading.state == .free)
        #expect(circle.transport.requests.count == 2)
    }

    @Test("A lock that can't be read costs itself: the others are there, and the list says how many are not")
    func unreadable() async throws {
        let script = try GitLFSScript { request in
            request.url.contains("path=c")
                ? GitLFSScript.json(#"{"locks":[null]}"#)
                : GitLFSScript.json(
                    request.method == "GET"
                        ? #"{"locks":[]}"#
                        : #"{"ours":[{"id":"1","path":"a"},null],"theirs":[{"path":"no id"},{"id":"2"},{"id":"","path":"x"},{"id":"3","path":"b"}]}"#
                )
        }
        let page = try await script.system.items(after: nil)
        #expect(page.rows.map(\.item.id) == ["a", "b"])
        #expect(page.lacks?.message.contains("4 locks are in the list and can't be read") == true)
        // What such a list lacks may be one of those: only a look at it tells.
        let items = ["a", "c", "d"].map { Item(id: $0, path: "/" + $0, title: $0) }
        let results = try await script.system.read(items)
        #expect(try results[0].get().reading.state == .held)
        guard case .failure(let error) = results[1] else { return #expect(Bool(false), "\(results[1])") }
        #expect(error.code == .nonsense && error.message.contains("can't be read"))
        #expect(try results[2].get().reading.state == .free)
    }

    @Test("Who may not push reads by GET for the whole session, and none of the locks is theirs")
    func readOnly() async throws {
        let stage = try await GitLFSStage.open()
        let alice = try await stage.client(.first)
        let path = try await stage.addItem(titled: "map")
        await alice.perform(.lock, path)
        let mallory = try await stage.client(.outsider)
        for _ in 0..<3 {
            _ = try await mallory.system.signIn()
            let page = try await mallory.system.items(after: nil)
            #expect(page.rows.map { $0.lock?.holder.name } == ["alice"])
            #expect(page.rows.map { $0.lock?.holder.ownership } == [.other])
        }
        #expect(mallory.wire.requests.filter { $0.url.hasSuffix("/verify") }.count == 1)
        let operations = try await mallory.system.signIn().operations
        #expect(operations[.lock].isOffered && operations[.lock].why?.contains("may perhaps only read") == true)
        await stage.close()
    }

    @Test("A host that says 401 to who may not push is read all the same, and a change there is forbidden")
    func giteaReadOnly() async throws {
        let stage = try await GitLFSStage.open { $0.host = .gitea }
        let path = try await stage.addItem(titled: "map")
        let mallory = try await stage.client(.outsider)
        #expect(try await mallory.row(path).reading.state == .free)
        let result = await mallory.perform(.lock, path)
        #expect(result.outcome == .refused && result.reason == .forbidden && result.exitCode == 77)
        let wrong = try stage.client(.account("alice", password: "wrong", isBasic: true))
        let error = try await lockError { _ = try await wrong.system.signIn() }
        #expect(error.code == .notSignedIn && error.message.contains("alice"))
        await stage.close()
    }

    @Test("Anybody may look at a public repository, and change nothing")
    func anonymous() async throws {
        let stage = try await GitLFSStage.open()
        let path = try await stage.addItem(titled: "map")
        await (try await stage.client(.first)).perform(.lock, path)
        let nobody = try await stage.client(.nobody)
        let signIn = try await nobody.system.signIn()
        #expect(signIn.account.id == nil && !signIn.operations[.lock].isOffered)
        #expect(nobody.wire.requests.isEmpty)
        #expect(try await nobody.system.items(after: nil).rows.map { $0.lock?.holder.ownership } == [.other])
        #expect(nobody.wire.requests.map(\.method) == ["GET"])
        await stage.close()
    }

    @Test("A folder of the configuration leaves out what lies elsewhere, and any path can be asked for all the same")
    func folder() async throws {
        let script = try GitLFSScript({ $0.selection.path = "/Assets" }) { request in
            GitLFSScript.json(
                request.method == "GET"
                    ? #"{"locks":[{"id":"3","path":"Map/a"}]}"#
                    : #"{"ours":[{"id":"1","path":"Assets/a"},{"id":"2","path":"AssetsToo"}],"theirs":[{"id":"3","path":"Map/a"}]}"#
            )
        }
        #expect(try await script.system.items(after: nil).rows.map(\.item.id) == ["Assets/a"])
        let row = try await script.system.find("/Map//a")
        #expect(row.item.id == "Map/a" && row.lock?.holder.ownership == .other)
    }

    @Test("Once it is known whose a lock is, looking at it is one small request")
    func small() async throws {
        let stage = try await GitLFSStage.open()
        _ = try await stage.fillListing()
        let path = try await stage.addItem(titled: "map")
        let alice = try await stage.client(.first)
        await alice.perform(.lock, path)
        alice.wire.forget()
        #expect(try await alice.system.find(path).lock?.holder.ownership == .mine)
        #expect(alice.wire.requests.map(\.method) == ["GET"])
        await stage.close()
    }

    @Test("All locks of a repository come in one request, and a host's pages are read to their end, each row once")
    func hosts() async throws {
        for (host, requests) in [(GitLFSOptions.Host.plain, 3), (.gitlab, 1), (.gitea, 1)] {
            let stage = try await GitLFSStage.open { $0.host = host }
            _ = try await stage.fillListing()
            let client = try await stage.client(.first)
            guard let system = client.system as? GitLFSSystem else { return #expect(Bool(false)) }
            let rows = try await Self.rows(system).rows
            #expect(rows.count == 250 && Set(rows.map(\.item.id)).count == 250)
            #expect(client.wire.requests.count == requests, "\(host)")
            #expect(rows[0].lock?.holder.name == (host == .gitlab ? "Erin Editor" : "erin"))
            await stage.close()
        }
    }

    @Test(
        "Where the holder's account is gone the lock is held by somebody unknown, or can't be read, and is never free")
    func accountGone() async throws {
        for host in [GitLFSOptions.Host.gitlab, .gitea] {
            let stage = try await GitLFSStage.open { $0.host = host }
            let path = try await stage.addItem(titled: "map")
            await (try await stage.client(.second)).perform(.lock, path)
            try await stage.server.perform(.removeAccount("bob"))
            let alice = try await stage.client(.first)
            let page = try await alice.system.items(after: nil)
            if host == .gitlab {
                #expect(page.rows.map { $0.lock?.holder.label } == ["unknown"] && page.lacks == nil)
            } else {
                #expect(page.rows.isEmpty && page.lacks != nil)
                let error = try await lockError { _ = try await alice.system.find(path) }
                #expect(error.code == .nonsense)
            }
            await stage.close()
        }
    }
}
