// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing
import Watching

@Suite("Listing on Nick")
struct NickListingTests {
    @Test("A listing is one request for each folder that has something in it, and one for the catalogue")
    func countsRequests() async throws {
        let stage = try await NickStage.open()
        #expect(try await stage.fillListing() == 250)
        for _ in 0..<10 { try await stage.add() }
        let client = try stage.client("alice")
        let rows = try await client.list()
        // The site, six folders and what lies in them.
        #expect(rows.count == 267)
        #expect(client.calls.filter { $0.contains("@search") }.count == 1)
        let folders = client.calls.filter { !$0.contains("@") }
        let expected = ["GET /", "GET /docs"] + (0..<5).map { number in "GET /folder-\(number)" }
        #expect(folders.sorted() == expected)
        client.wire.forget()
        #expect(try await client.list().count == rows.count)
        #expect(client.calls.count == 7)
        await stage.close()
    }

    @Test("Of a thousand items in one folder the locks come with one request")
    func countsOneBigFolder() async throws {
        let stage = try await NickStage.open()
        for _ in 0..<1_100 { try await stage.add() }
        let client = try stage.client("alice")
        let held = try await stage.add()
        await client.perform(.lock, held)
        client.wire.forget()
        let rows = try await client.list()
        #expect(rows.count == 1_103)
        #expect(rows.filter { $0.reading.state == .held }.map(\.item.id) == [held])
        #expect(client.calls.filter { $0.contains("@search") }.count == 2)
        #expect(client.calls.filter { !$0.contains("@") }.count == 2)
        await stage.close()
    }

    @Test(
        "A catalogue whose pages come too late is read in smaller ones, and that is remembered", arguments: [250, 125])
    func smallerPages(most: Int) async throws {
        let stage = try await NickStage.open()
        for _ in 0..<1_100 { try await stage.add() }
        let client = try stage.client("alice")
        client.wire.bend { request, next in
            guard let size = Self.size(request), size > most else { return try await next(request) }
            throw TransportError(.timedOut, "127.0.0.1 did not answer in time.", surelyNotSent: false)
        }
        #expect(try await client.list().count == 1_102)
        #expect(client.wire.requests.contains { (Self.size($0) ?? 0) > most })
        client.wire.forget()
        await stage.pass(700)
        #expect(try await client.list().count == 1_102)
        #expect(client.calls.contains { $0.contains("@search") })
        #expect(!client.wire.requests.contains { (Self.size($0) ?? 0) > most })
        await stage.close()
    }

    private static func size(_ request: Request) -> Int? {
        request.url.firstRange(of: "b_size=").flatMap { Int(request.url[$0.upperBound...].prefix { $0.isNumber }) }
    }

    @Test("The catalogue is read rarely, and never more often than is allowed, while the locks are read on and on")
    func spendsLittleOnSearches() async throws {
        let stage = try await NickStage.open()
        try await stage.add()
        let client = try stage.client("alice")
        for _ in 0..<200 {
            _ = try await client.list()
            await stage.pass(5)
        }
        #expect(client.calls.filter { $0.contains("@search") }.count == 2)
        #expect(client.calls.filter { $0 == "GET /docs" }.count == 200)
        await stage.close()
    }

    @Test("A catalogue that has not changed is not sent again; of one that has, only the pages that have")
    func sendsTheCatalogueOnce() async throws {
        let stage = try await NickStage.open()
        for number in 0..<1_100 { try await stage.server.add(path: "/docs/page-\(number)", title: "Page") }
        let client = try stage.client("alice")
        #expect(try await client.list().count == 1_102)
        func searches() async -> [Int] {
            let log = await stage.server.requestLog.filter { $0.path.contains("@search") }
            await stage.server.resetRequestLog()
            return log.map(\.status)
        }
        #expect(await searches() == [200, 200])
        await stage.pass(700)
        #expect(try await client.list().count == 1_102)
        #expect(await searches() == [304, 304])
        // The last of all paths.
        try await stage.server.add(path: "/zoo", type: "Folder", title: "Zoo")
        try await stage.server.add(path: "/zoo/page", title: "Page")
        await stage.pass(700)
        #expect(try await client.list().map(\.item.id).contains("/zoo/page"))
        #expect(await searches() == [304, 200])
        await stage.close()
    }

    @Test("A child that took another's place makes the catalogue be read soon, though the number is the same")
    func noticesAnExchange() async throws {
        let stage = try await NickStage.open()
        try await stage.server.add(path: "/docs/old", type: "Folder", title: "Old")
        let client = try stage.client("alice")
        _ = try await client.list()
        try await stage.remove("/docs/old")
        try await stage.server.add(path: "/docs/new", type: "Folder", title: "New")
        try await stage.server.add(path: "/docs/new/page", title: "Page")
        await stage.pass(5)
        _ = try await client.list()
        await stage.pass(25)
        #expect(try await client.list().map(\.item.id).contains("/docs/new/page"))
        await stage.close()
    }

    @Test("When searches are used up, what is known of the tree serves on")
    func survivesTheLimit() async throws {
        let stage = try await NickStage.open()
        let item = try await stage.add()
        let client = try stage.client("alice")
        _ = try await client.list()
        client.wire.bend { request, next in
            guard request.url.contains("@search") else { return try await next(request) }
            return Response(
                status: 429, headers: ["Retry-After": "700"], body: Array(#"{"message":"Too many requests"}"#.utf8))
        }
        await stage.pass(1_000)
        client.wire.forget()
        for _ in 0..<5 { #expect(try await client.list().map(\.item.id).contains(item)) }
        #expect(client.calls.filter { $0.contains("@search") }.count == 1)
        await stage.close()
    }

    @Test("Without any tree, used up searches are a reason to wait as long as the server says")
    func waitsForTheFirstTree() async throws {
        let stage = try await NickStage.open()
        for _ in 0..<100 { _ = await stage.server.answer(Request("GET", stage.server.address + "/@search")) }
        let client = try stage.client("alice")
        do {
            _ = try await client.list()
            Issue.record("The listing came all the same.")
        } catch let error as LockError {
            #expect(error.code == .slowDown)
            #expect(error.retryAfter == 900)
        }
        await stage.close()
    }

    @Test("A new item shows at once, a new folder soon, and what was deleted is gone")
    func followsChanges() async throws {
        let stage = try await NickStage.open()
        let old = try await stage.add()
        let client = try stage.client("alice")
        _ = try await client.list()
        let new = try await stage.add()
        try await stage.remove(old)
        #expect(try await client.list().map(\.item.id).sorted() == ["/", "/docs", new])
        try await stage.server.add(path: "/fresh", type: "Folder", title: "Fresh")
        try await stage.server.add(path: "/fresh/page", title: "Page")
        _ = try await client.list()
        await stage.pass(25)
        #expect(try await client.list().map(\.item.id).contains("/fresh/page"))
        try await stage.remove("/fresh")
        let rows = try await client.list()
        #expect(!rows.map(\.item.id).contains("/fresh/page"))
        await stage.close()
    }

    @Test("The selection holds: folder, depth, types, words; a folder whose name only begins alike is another one")
    func selects() async throws {
        let stage = try await NickStage.open()
        try await stage.server.add(path: "/news", type: "Folder", title: "News")
        try await stage.server.add(path: "/newsletter", type: "Folder", title: "Newsletter")
        try await stage.server.add(path: "/news/deep", type: "Folder", title: "Deep")
        for path in ["/news/one", "/newsletter/two", "/news/deep/three"] {
            try await stage.server.add(
                path: path, type: "News Item", title: "Harbour \(path.split(separator: "/").last ?? "")")
        }
        func ids(_ selection: SystemProfile.Selection) async throws -> [String] {
            let tokens = tokens
            let client = try stage.client("alice") {
                $0.selection = selection
                $0.tokens = tokens
            }
            return try await client.list().map(\.item.id).sorted()
        }
        let all = ["/news", "/news/deep", "/news/deep/three", "/news/one"]
        #expect(try await ids(.init(path: "/news")) == all)
        #expect(try await ids(.init(path: "news/", depth: 1)) == ["/news", "/news/deep", "/news/one"])
        #expect(try await ids(.init(path: "/news", depth: 2)) == all)
        #expect(try await ids(.init(path: "/news", types: ["News Item"])) == ["/news/deep/three", "/news/one"])
        #expect(try await ids(.init(types: ["News Item", "Folder"], depth: 1)) == ["/docs", "/news", "/newsletter"])
        #expect(try await ids(.init(text: "harbour two")) == ["/newsletter/two"])
        #expect(try await ids(.init(path: "/news", text: "Harbour: *")) == ["/news/deep/three", "/news/one"])
        await stage.close()
    }

    private let tokens = KeptTokens()

    @Test("What lies in a folder that may not be seen is read by itself")
    func readsWhatLiesInHiddenFolders() async throws {
        let stage = try await NickStage.open()
        try await stage.server.add(path: "/secret", type: "Folder", title: "Secret", state: "private")
        try await stage.server.add(path: "/secret/public", title: "Public")
        try await stage.server.lock(path: "/secret/public", as: "bob")
        let client = try stage.client("mallory")
        let row = try #require(try await client.list().first { $0.item.id == "/secret/public" })
        #expect(row.lock?.holder.id == "bob")
        await stage.close()
    }

    @Test("Items of one folder are read by one request, single ones by their lock alone, and the gone ones are gone")
    func readsTogether() async throws {
        let stage = try await NickStage.open()
        var items: [Item] = []
        let client = try stage.client("alice")
        for _ in 0..<20 { items.append(try await client.row(try await stage.add()).item) }
        client.wire.forget()
        #expect(try await client.system.read(items).count == 20)
        #expect(client.calls == ["GET /docs"])
        client.wire.forget()
        _ = try await client.system.read([items[0]])
        #expect(client.calls == ["GET \(items[0].path)/@lock"])
        try await stage.remove(items[3].path)
        client.wire.forget()
        let results = try await client.system.read(items)
        guard case .failure(let error) = results[3] else {
            Issue.record("A deleted item was read.")
            return
        }
        #expect(error.code == .gone)
        #expect(client.calls == ["GET /docs", "GET \(items[3].path)/@lock"])
        await stage.close()
    }

    @Test("A name that is a call of the server is no item, and is not asked for")
    func findsNoCalls() async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        _ = try await client.system.signIn()
        client.wire.forget()
        for name in ["@site", "/docs/@lock", "/@users/alice"] {
            do {
                _ = try await client.system.find(name)
                Issue.record("\(name) was found.")
            } catch let error as LockError {
                #expect(error.code == .gone)
            }
        }
        #expect(client.wire.requests.isEmpty)
        await stage.close()
    }

    @Test("An item that was renamed is gone from its old place, and the new one is named")
    func tellsWhereItWent() async throws {
        let stage = try await NickStage.open()
        let item = try await stage.add()
        try await stage.server.move(path: item, to: "/docs/renamed")
        let client = try stage.client("alice")
        let result = await client.perform(.lock, item)
        #expect(result.reason == .gone)
        #expect(result.why.contains("/docs/renamed"))
        await stage.close()
    }

    @Test("A folder that breaks the server spoils its own rows only")
    func survivesBrokenFolders() async throws {
        let stage = try await NickStage.open()
        let item = try await stage.add()
        try await stage.server.add(path: "/fine", type: "Folder", title: "Fine")
        try await stage.server.add(path: "/fine/page", title: "Page")
        let client = try stage.client("alice")
        client.wire.bend { request, next in
            guard nickShort(request) == "GET /docs" else { return try await next(request) }
            return Response(status: 500, body: Array(#"{"message":"Internal server error"}"#.utf8))
        }
        let rows = try await client.list()
        #expect(rows.map(\.item.id).contains("/fine/page"))
        #expect(rows.first { $0.item.id == item }?.reading.state == .free)
        await stage.close()
    }

    @Test("A server that makes no sense at all fails the listing with a handful of requests, not one an item")
    func tellsBrokenServers() async throws {
        let stage = try await NickStage.open()
        for _ in 0..<60 { try await stage.add() }
        let client = try stage.client("alice")
        _ = try await client.list()
        client.wire.forget()
        client.wire.bend { _, _ in
            Response(status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>Sign in</html>".utf8))
        }
        do {
            _ = try await client.list()
            Issue.record("A sign-in page was taken for a listing.")
        } catch let error as LockError {
            #expect(error.code == .nonsense)
        }
        #expect(client.wire.requests.count == 3)
        await stage.close()
    }

    @Test("A listing under way keeps to the tree that it began with")
    func readsTheTreeOnce() async throws {
        let stage = try await NickStage.open()
        _ = try await stage.fillListing()
        let client = try stage.client("alice")
        _ = try await client.system.signIn()
        let first = try await client.system.items(after: nil)
        #expect(first.following.count > 1)
        await stage.pass(1_000)
        for mark in first.following { _ = try await client.system.items(after: mark) }
        #expect(client.calls.filter { $0.contains("@search") }.count == 1)
        await stage.close()
    }
}
