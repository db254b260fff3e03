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

@Suite("Following the changes of Graph's drives")
struct GraphChangesTests {
    private func told(_ client: Client) async throws -> ItemPage? {
        if case .told(let page) = try await client.system.changed() { page } else { nil }
    }

    @Test("Where nothing changed one short request tells it; before a listing nothing is told")
    func quiet() async throws {
        let stage = try await GraphStage.open { $0.documents = 450 }
        let client = try stage.client(.application).client
        _ = try await client.system.signIn()
        #expect(try await client.system.changed() == .untold)
        _ = try await client.list()
        client.wire.forget()
        await stage.server.resetRequestLog()
        for _ in 0..<3 { #expect(try await told(client) == ItemPage(rows: [])) }
        #expect(client.wire.requests.count == 3)
        #expect(await stage.server.requestLog.allSatisfy { $0.bytes < 600 })
        await stage.close()
    }

    @Test("A new file comes with its lock, a check-out that Graph does not name is not told, and what is gone is named")
    func files() async throws {
        for isSeen in [false, true] {
            let stage = try await GraphStage.open { $0.graph.deltaSeesCheckout = isSeen }
            let (kept, gone) = (try await stage.add("Kept"), try await stage.add("Gone"))
            let client = try stage.client(.application).client
            _ = try await client.list()
            await stage.pass(10)
            try await stage.server.lock(path: try stage.path(kept), as: "bob")
            try await stage.remove(gone)
            let new = try await stage.add("New")
            let page = try #require(try await told(client))
            #expect(page.removed == [gone])
            #expect(page.rows.map(\.item.id).sorted() == (isSeen ? [kept, new].sorted() : [new]))
            #expect(page.rows.first { $0.item.id == new }?.reading == .known([], at: stage.now))
            #expect(page.rows.first { $0.item.id == new }?.item.path == "/Documents/docs/New")
            if isSeen { #expect(page.rows.first { $0.item.id == kept }?.lock?.holder.name == "Bob Builder") }
            await stage.close()
        }
    }

    @Test("Files go with a folder that moves, and with one that is deleted, though only the folder is named")
    func folders() async throws {
        let stage = try await GraphStage.open()
        for folder in ["/docs/a", "/docs/a/b", "/docs/c"] {
            try await stage.server.add(path: folder, type: "Folder", title: "Folder")
        }
        let (deep, other) = (try await stage.add("Deep", to: "/docs/a/b"), try await stage.add("Other", to: "/docs/c"))
        let client = try stage.client(.application).client
        let rows = try await client.list()
        #expect(rows.first { $0.item.id == deep }?.item.path == "/Documents/docs/a/b/Deep")
        try await stage.server.move(path: "/docs/a", to: "/docs/c/z")
        #expect(try await told(client)?.moved == [deep: "/Documents/docs/c/z/b/Deep"])
        #expect(try await told(client)?.moved == [:])
        // Graph may name the folder alone.
        client.wire.bend { request, next in
            var answer = try await next(request)
            guard request.url.contains("/delta") else { return answer }
            let text = String(decoding: answer.body, as: UTF8.self)
            let ids = [deep, other].compactMap { $0.split(separator: "/").last.map(String.init) }
            answer.body = Array(
                ids.reduce(text) {
                    $0.replacing("{\"id\":\"\($1)\",\"deleted\":{\"state\":\"deleted\"}}", with: "null")
                }
                .replacing("null,", with: "").replacing(",null", with: "").utf8)
            return answer
        }
        try await stage.server.remove(path: "/docs/c")
        #expect(
            try await told(client)?.removed.filter { $0 == deep || $0 == other }.sorted() == [deep, other].sorted())
        #expect(try await told(client) == ItemPage(rows: []))
        await stage.close()
    }

    @Test("Where the server has forgotten where we stood, the listing gives another place to go on from")
    func forgotten() async throws {
        let stage = try await GraphStage.open()
        try await stage.add("Page")
        let client = try stage.client(.application).client
        _ = try await client.list()
        let once = Once()
        client.wire.bend { request, next in
            guard request.url.contains("token=since"), once.take() else { return try await next(request) }
            return Response(
                status: 410, body: Array(#"{"error":{"code":"resyncRequired","message":"Resync required."}}"#.utf8))
        }
        #expect(try await client.system.changed() == .forgotten)
        #expect(try await client.system.changed() == .untold)
        _ = try await client.list()
        #expect(try await told(client) == ItemPage(rows: []))
        await stage.close()
    }

    @Test("What one drive told is not lost because another could not be asked", arguments: [429, 500])
    func twoDrives(_ status: Int) async throws {
        let stage = try await GraphStage.open { $0.graph.operatorName = "alice" }
        try await stage.server.add(path: "/team", type: "Folder", title: "Team")
        try await stage.server.add(path: "/team/mine", title: "Mine")
        let client = try await stage.person("alice") { $0.options.put("drives", [GraphStage.site, "me"]) }.client
        _ = try await client.list()
        let new = try await stage.add("New")
        let (drive, once) = (String(new.prefix { $0 != "/" }), Once())
        client.wire.bend { request, next in
            guard request.url.contains("token=since"), !request.url.contains(WebAddress.encode(drive)),
                !request.url.contains(drive), once.take()
            else { return try await next(request) }
            return Response(status: status, body: Array(#"{"error":{"code":"x","message":"Later."}}"#.utf8))
        }
        if status == 429 {
            let error = try await lockError { _ = try await client.system.changed() }
            #expect(error.code == .slowDown)
            await stage.pass(600)
        } else {
            #expect(try await client.system.changed() == .forgotten)
            _ = try await client.list()
        }
        #expect(try await told(client)?.rows.map(\.item.id) == [new])
        await stage.close()
    }

    @Test("What one drive told is not lost because another one told of a file in a folder that was never seen")
    func strangeFolder() async throws {
        let stage = try await GraphStage.open { $0.graph.operatorName = "alice" }
        try await stage.server.add(path: "/team", type: "Folder", title: "Team")
        let client = try await stage.person("alice") { $0.options.put("drives", [GraphStage.site, "me"]) }.client
        _ = try await client.list()
        let new = try await stage.add("New")
        let (drive, once) = (String(new.prefix { $0 != "/" }), Once())
        client.wire.bend { request, next in
            var answer = try await next(request)
            guard request.url.contains("token=since"), !request.url.contains(WebAddress.encode(drive)),
                !request.url.contains(drive), once.take()
            else { return answer }
            let file = #"{"id":"X","name":"X","file":{},"parentReference":{"id":"NOWHERE"}}"#
            let text = String(decoding: answer.body, as: UTF8.self)
            answer.body = Array(text.replacing("\"value\":[]", with: "\"value\":[\(file)]").utf8)
            return answer
        }
        #expect(try await told(client)?.rows.map(\.item.id) == [new])
        #expect(try await client.system.changed() == .untold)
        await stage.close()
    }

    @Test("A folder that moves while the drives are swept takes the files of later pages along")
    func movedWhileSwept() async throws {
        let stage = try await GraphStage.open()
        for folder in ["/docs/a", "/docs/b"] {
            try await stage.server.add(path: folder, type: "Folder", title: "Folder")
        }
        for number in 0..<250 {
            try await stage.server.add(path: "/docs/a/file-\(number)", title: "File \(number)")
        }
        let client = try stage.client(.application).client
        _ = try await client.list()
        let first = try await client.system.items(after: nil)
        try await stage.server.move(path: "/docs/a", to: "/docs/b/a")
        #expect(try await told(client)?.moved.count == 250)
        let mark: PageMark = try #require(first.following.first)
        let second = try await client.system.items(after: mark)
        #expect(second.rows.count > 40)
        #expect(second.rows.allSatisfy { $0.item.path.hasPrefix("/Documents/docs/b/a/") })
        await stage.close()
    }

    @Test("Of many drives four are asked at a time, each in its turn")
    func manyDrives() async throws {
        let stage = try await GraphStage.open()
        let people = ["alice", "bob", "erin", "carol", "mallory", "yuki"]
        let client = try stage.client(.application) { profile in
            profile.options.put("drives", people.map { "user:\($0)" } + [GraphStage.site])
        }.client
        _ = try await client.list()
        let new = try await stage.add("New")
        client.wire.forget()
        var found = 0
        for _ in 0..<2 { found += try await told(client)?.rows.count { $0.item.id == new } ?? 0 }
        #expect(found == 1)
        let asked = client.wire.requests.map(\.url).filter { $0.contains("/delta") }
        #expect(asked.count == 8 && Set(asked).count >= 7)
        await stage.close()
    }

    @Test("A link to another host is not followed: no sign-in is carried there, and the listing is read again")
    func strangers() async throws {
        let stage = try await GraphStage.open()
        let client = try stage.client(.application).client
        _ = try await client.list()
        client.wire.bend { request, next in
            var answer = try await next(request)
            let text = String(decoding: answer.body, as: UTF8.self)
            answer.body = Array(
                text.replacing("deltaLink\":\"http://127.0.0.1", with: "deltaLink\":\"http://evil.example").utf8)
            return answer
        }
        #expect(try await client.system.changed() == .forgotten)
        #expect(!client.wire.requests.contains { $0.url.contains("evil.example") })
        await stage.close()
    }

    @Test("Where changes are followed, reading a file again asks for its locks alone, and keeps what is known of it")
    func lean() async throws {
        for isBeta in [false, true] {
            let stage = try await GraphStage.open(beta: isBeta) { $0.graph.lockInfoPlace = .file }
            for number in 0..<3 { try await stage.add("Number \(number)") }
            let client = try stage.client(.application).client
            let items = try await client.list().map(\.item)
            try await stage.server.perform(.checkOut(path: try stage.path(items[1].path), by: "bob"))
            client.wire.forget()
            let rows = try await client.system.read(items).map { try $0.get() }
            #expect(rows.map(\.item) == items)
            #expect(rows.map { $0.lock?.holder.name } == [nil, "Bob Builder", nil])
            let body = String(decoding: client.wire.requests[0].body ?? [], as: UTF8.self)
            #expect(!body.contains("webUrl") && body.contains("publication"))
            #expect(try await client.system.read([items[1]]).map { try $0.get().lock?.holder.name } == ["Bob Builder"])
            await stage.close()
        }
    }

    @Test("Where the library's own list is believed, what is named is read anew: the list is as old as the listing")
    func believedList() async throws {
        let stage = try await GraphStage.open { options in
            options.graph.facetShowsOthers = false
            options.graph.deltaSeesCheckout = true
        }
        let (held, taken) = (try await stage.add("Held"), try await stage.add("Taken"))
        try await stage.server.lock(path: try stage.path(held), as: "bob")
        let client = try await stage.person("alice").client
        #expect(try await client.list().first { $0.item.id == taken }?.reading.state == .free)
        try await stage.server.lock(path: try stage.path(taken), as: "bob")
        let row = try #require(try await told(client)?.rows.first { $0.item.id == taken })
        #expect(row.reading == .never)
        #expect(try await client.system.read([row.item]).map { try $0.get().lock?.holder.name } == ["Bob Builder"])
        await stage.close()
    }

    @Test("Whatever moves, goes and comes in one turn: every file is where the server has it", arguments: 0..<20)
    func random(_ seed: Int) async throws {
        let drive = MadeUpDrive(seed: UInt64(seed))
        let system = try drive.system()
        _ = try await system.signIn()
        var paths: [String: String] = [:]
        func list() async throws {
            paths = [:]
            for row in try await system.items(after: nil).rows { paths[row.item.id] = row.item.path }
        }
        try await list()
        var toldCount = 0
        for _ in 0..<60 {
            drive.change()
            switch try await system.changes() {
            case .told(let page):
                toldCount += 1
                for (id, path) in page.moved { paths[id] = path }
                for row in page.rows { paths[row.item.id] = row.item.path }
                for id in page.removed { paths[id] = nil }
            default: try await list()
            }
            #expect(paths == drive.paths)
        }
        #expect(toldCount > 30)
    }
}
