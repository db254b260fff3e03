// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing
import Watching

@testable import LockSystems

@Suite("Folders of Nick that have not changed")
struct NickFolderTests {
    /// The folders that were sent whole since the log began, and those that the server only said had not changed.
    private func folders(_ stage: NickStage) async -> (whole: [String], same: [String]) {
        let log = await stage.server.requestLog.filter { !$0.path.contains("@") }
        return (
            log.filter { $0.status == 200 }.map(\.path).sorted(), log.filter { $0.status == 304 }.map(\.path).sorted()
        )
    }

    /// What somebody else does on the site.
    private func act(_ stage: NickStage, _ method: HTTP.Method, _ path: String, _ body: String) async throws {
        var request = Request(method, stage.server.address + path, for: .change)
        request.headers["Content-Type"] = "application/json"
        request.body = Array(body.utf8)
        let token = await stage.server.answer(
            Request(
                "POST", stage.server.address + "/@login", headers: ["Content-Type": "application/json"],
                body: Array(#"{"login": "manager", "password": "manager-pw"}"#.utf8), for: .signIn))
        request.headers["Authorization"] = "Bearer " + (try JSONBody.decode(NickToken.self, from: token).token)
        let answer = await stage.server.answer(request)
        try #require((200..<300).contains(answer.status), "\(answer.status)")
    }

    /// A site with a folder in a folder, an item in each, listed once.
    private func listed(_ user: String = "alice") async throws -> (stage: NickStage, client: Client, rows: [Row]) {
        let stage = try await NickStage.open()
        try await stage.add()
        try await stage.server.add(path: "/docs/deep", type: "Folder", title: "Deep")
        try await stage.server.add(path: "/docs/deep/page", title: "Page")
        let client = try stage.client(user)
        let rows = try await client.list()
        await stage.server.resetRequestLog()
        return (stage, client, rows)
    }

    @Test("Where nothing changed no folder is sent again, and its rows are told anew with the time of that reading")
    func saysTheSame() async throws {
        let (stage, client, first) = try await listed()
        await stage.pass(30)
        let second = try await client.list()
        #expect(await folders(stage) == (whole: [], same: ["/", "/docs", "/docs/deep"]))
        #expect(first.map(\.item) == second.map(\.item))
        #expect(second.count == 5)
        #expect(second.allSatisfy { $0.reading.observedAt == stage.now && $0.reading.state == .free })
        await stage.close()
    }

    @Test("A lock that somebody else took on a child is seen in the next listing, and its end in the one after it")
    func seesLocks() async throws {
        let (stage, client, _) = try await listed()
        try await stage.server.lock(path: "/docs/item-1", as: "bob")
        #expect(try await client.list().filter { $0.lock != nil }.map(\.item.id) == ["/docs/item-1"])
        #expect(await folders(stage) == (whole: ["/docs"], same: ["/", "/docs/deep"]))
        await stage.server.resetRequestLog()
        #expect(try await client.list().first { $0.item.id == "/docs/item-1" }?.lock?.holder.id == "bob")
        #expect(await folders(stage).whole == [])
        // Nobody does anything: the lock runs out.
        await stage.pass(700)
        #expect(try await client.list().allSatisfy { $0.lock == nil })
        await stage.close()
    }

    @Test("A lock in a deeper folder is seen, though the folders above it are the same")
    func seesDeepLocks() async throws {
        let (stage, client, _) = try await listed()
        try await stage.server.lock(path: "/docs/deep/page", as: "bob")
        #expect(try await client.list().filter { $0.lock != nil }.map(\.item.id) == ["/docs/deep/page"])
        #expect(await folders(stage) == (whole: ["/docs/deep"], same: ["/", "/docs"]))
        await stage.close()
    }

    @Test("A lock that was refreshed is told with its new end and token")
    func seesRefreshes() async throws {
        let (stage, client, _) = try await listed()
        try await act(stage, "POST", "/docs/item-1/@lock", "{}")
        let before = try #require(try await client.list().first { $0.item.id == "/docs/item-1" }?.lock)
        await stage.pass(60)
        try await act(stage, "PATCH", "/docs/item-1/@lock", "{}")
        let after = try #require(try await client.list().first { $0.item.id == "/docs/item-1" }?.lock)
        #expect(after.identity == before.identity)
        #expect(after.expires == before.expires?.addingTimeInterval(60))
        #expect(after.token?.reveal() != before.token?.reveal())
        await stage.close()
    }

    @Test("A changed title is seen")
    func seesTitles() async throws {
        let (stage, client, _) = try await listed()
        try await act(stage, "PATCH", "/docs/item-1", #"{"title": "Another"}"#)
        #expect(try await client.list().first { $0.item.id == "/docs/item-1" }?.item.title == "Another")
        await stage.close()
    }

    @Test("An item that may no longer be seen is a row no more")
    func seesLostRights() async throws {
        let (stage, client, first) = try await listed("mallory")
        #expect(first.contains { $0.item.id == "/docs/item-1" })
        try await act(stage, "POST", "/docs/item-1/@workflow/retract", "{}")
        let rows = try await client.list()
        #expect(rows.map(\.item.id) == first.map(\.item.id).filter { $0 != "/docs/item-1" })
        await stage.close()
    }

    @Test("What one account was told, another is not asked to confirm")
    func keepsAccountsApart() async throws {
        let stage = try await NickStage.open()
        for _ in 0..<30 { try await stage.add() }
        let tokens = KeptTokens()
        _ = try await stage.client("alice") { $0.tokens = tokens }.system.signIn()
        await stage.pass(5_000)
        _ = try await stage.client("bob") { $0.tokens = tokens }.system.signIn()
        let (alice, bob) = (try #require(tokens.signIn("alice")), try #require(tokens.signIn("bob")))
        let current = Current(alice)
        let client = try stage.client("alice") { $0.login = .token({ current.token.withLock(\.self) }) }
        _ = try await client.list()
        // Alice's token ends soon, and the configuration gives another one by now.
        await stage.pass(2_000)
        current.token.withLock { $0 = bob }
        client.wire.forget()
        _ = try await client.list()
        #expect(try await client.system.signIn().account.id == "bob")
        let reads = client.wire.requests.filter { !nickShort($0).contains("@") }
        #expect(reads.map(nickShort).sorted() == ["GET /", "GET /docs"])
        #expect(reads.allSatisfy { $0.headers["If-None-Match"] == nil })
        let searches = client.wire.requests.filter { $0.url.contains("@search") }
        #expect(searches.map { $0.headers["If-None-Match"] } == [nil])
        await stage.close()
    }

    private final class Current: Sendable {
        let token: Mutex<String>
        init(_ token: String) { self.token = Mutex(token) }
    }

    @Test(
        "A mark that is not made of the answer's body is not trusted to tell of locks",
        arguments: [
            "\"0cc175b9c0f1b6a831c399e269772661\"", "W/\"0cc175b9c0f1b6a831c399e269772661\"",
            "W/\"1-eAnK9duwPBzqotkFnlhWDyu/JFU\"", "W/\"-\"", "",
        ])
    func distrustsOtherMarks(tag: String) async throws {
        let stage = try await NickStage.open()
        for _ in 0..<30 { try await stage.add() }
        let client = try stage.client("alice")
        client.wire.bend { request, next in
            var response = try await next(request)
            response.headers["ETag"] = tag
            return response
        }
        _ = try await client.list()
        client.wire.forget()
        #expect(try await client.list().count == 32)
        #expect(client.wire.requests.allSatisfy { $0.headers["If-None-Match"] == nil })
        await stage.close()
    }

    @Test("What is remembered has an end: light folders fill half of the room, and those that are gone make room")
    func remembersSoMuch() throws {
        let folders = NickFolders()
        let reader = NickSession.Reader(account: "alice", signIn: 1)
        // What a failure prints is not thousands of items.
        func knows(_ path: String, _ reader: NickSession.Reader) -> Bool { folders.known(path, to: reader) != nil }
        func keep(_ path: String, items: Int, bytes: Int) throws -> Bool {
            let body = Array(#"{"id": "a", "items": [{"id": "b"}]}"#.utf8)
            let tag = "W/\"\(String(body.count, radix: 16))-eAnK9duwPBzqotkFnlhWDyu/JFU\""
            let answer = Response(
                status: 200, headers: ["Content-Type": "application/json", "ETag": tag], body: body)
            var content = try JSONBody.decode(NickContent.self, from: answer)
            content.items = Array(repeating: content.items[0], count: items)
            let folder = try #require(NickFolder(content, answer: answer))
            folders.keep(folder, at: path, bytes: bytes, for: reader)
            return knows(path, reader)
        }
        #expect(try keep("/a", items: 6_000, bytes: 100))
        #expect(try !keep("/b", items: 6_000, bytes: 100))
        #expect(try keep("/b", items: 6_000, bytes: 1_000_000))
        #expect(try !keep("/c", items: 9_000, bytes: 1_000_000))
        folders.forget("/a")
        #expect(try keep("/c", items: 9_000, bytes: 1_000_000))
        #expect(knows("/b", reader))
        #expect(!knows("/b", NickSession.Reader(account: "alice", signIn: 2)))
        #expect(!knows("/b", NickSession.Reader(account: "bob", signIn: 1)))
    }
}
