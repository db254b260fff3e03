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
    private func list(_ client: Client) async throws -> [Row] {
        _ = try await client.system.signIn()
        return try await Listing.rows(
            of: client.system, server: "contract", limit: 100_000, width: 4, journal: ForgetfulJournal(),
            now: client.now()
        ).rows
    }

    private func told(_ client: Client) async throws -> ItemPage? {
        if case .told(let page) = try await client.system.changed() { page } else { nil }
    }

    @Test("Where nothing changed one short request tells it; before a listing nothing is told")
    func quiet() async throws {
        let stage = try await GraphStage.open { $0.documents = 450 }
        let client = try stage.client(.application).client
        _ = try await client.system.signIn()
        #expect(try await client.system.changed() == .untold)
        _ = try await list(client)
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
            _ = try await list(client)
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
        let rows = try await list(client)
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
        _ = try await list(client)
        let once = Once()
        client.wire.bend { request, next in
            guard request.url.contains("token=since"), once.take() else { return try await next(request) }
            return Response(
                status: 410, body: Array(#"{"error":{"code":"resyncRequired","message":"Resync required."}}"#.utf8))
        }
        #expect(try await client.system.changed() == .forgotten)
        #expect(try await client.system.changed() == .untold)
        _ = try await list(client)
        #expect(try await told(client) == ItemPage(rows: []))
        await stage.close()
    }

    @Test("What one drive told is not lost because another could not be asked", arguments: [429, 500])
    func twoDrives(_ status: Int) async throws {
        let stage = try await GraphStage.open { $0.graph.operatorName = "alice" }
        try await stage.server.add(path: "/team", type: "Folder", title: "Team")
        try await stage.server.add(path: "/team/mine", title: "Mine")
        let client = try await stage.person("alice") { $0.options.drives = [GraphStage.site, "me"] }.client
        _ = try await list(client)
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
            _ = try await list(client)
        }
        #expect(try await told(client)?.rows.map(\.item.id) == [new])
        await stage.close()
    }

    @Test("What one drive told is not lost because another one told of a file in a folder that was never seen")
    func strangeFolder() async throws {
        let stage = try await GraphStage.open { $0.graph.operatorName = "alice" }
        try await stage.server.add(path: "/team", type: "Folder", title: "Team")
        let client = try await stage.person("alice") { $0.options.drives = [GraphStage.site, "me"] }.client
        _ = try await list(client)
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
        _ = try await list(client)
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
            profile.options.drives = people.map { "user:\($0)" } + [GraphStage.site]
        }.client
        _ = try await list(client)
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
        _ = try await list(client)
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
            let items = try await list(client).map(\.item)
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
        #expect(try await list(client).first { $0.item.id == taken }?.reading.state == .free)
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

/// A drive in memory whose changes name what was done, and nothing of what lies below it.
private final class MadeUpDrive: Sendable {
    private struct Entry {
        var name: String
        var parent: String
        let isFolder: Bool
    }
    private struct State {
        var dice: UInt64
        var entries: [String: Entry] = [:]
        var changed: [String] = []
        var next = 0
    }
    private let state: Mutex<State>

    init(seed: UInt64) {
        state = Mutex(State(dice: seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493))
        for _ in 0..<40 { add() }
        state.withLock { $0.changed = [] }
    }

    private func roll(_ count: Int) -> Int {
        state.withLock { state in
            state.dice = state.dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state.dice >> 33) % UInt64(count))
        }
    }

    private func pick(_ isWanted: (String, Bool) -> Bool) -> String? {
        let ids = state.withLock { $0.entries.filter { isWanted($0.key, $0.value.isFolder) }.keys.sorted() }
        return ids.isEmpty ? nil : ids[roll(ids.count)]
    }

    private func folder(but avoided: String? = nil) -> String {
        guard roll(3) > 0, let folder = pick({ _, isFolder in isFolder }) else { return "ROOT" }
        var above: String? = folder
        while let id = above {
            if id == avoided { return "ROOT" }
            above = state.withLock { $0.entries[id]?.parent }
        }
        return folder
    }

    private func add() {
        let (parent, isFolder) = (folder(), roll(3) == 0)
        state.withLock { state in
            state.next += 1
            state.entries["I\(state.next)"] = Entry(name: "n\(state.next)", parent: parent, isFolder: isFolder)
            state.changed.append("I\(state.next)")
        }
    }

    private func below(_ id: String) -> [String] {
        let children = state.withLock { $0.entries.filter { $0.value.parent == id }.keys.sorted() }
        return children + children.flatMap { below($0) }
    }

    func change() {
        for _ in 0...roll(5) {
            guard let id = pick({ _, _ in true }) else { return add() }
            switch roll(6) {
            case 0: add()
            case 1:
                // A name that another one has just left, now and then.
                let name = roll(2) == 0 ? "m\(roll(4))" : "n\(roll(400))"
                state.withLock { state in
                    let parent = state.entries[id]?.parent
                    guard !state.entries.values.contains(where: { $0.parent == parent && $0.name == name }) else {
                        return
                    }
                    state.entries[id]?.name = name
                    state.changed.append(id)
                }
            case 2, 3:
                let parent = folder(but: id)
                state.withLock { state in
                    let name = state.entries[id]?.name
                    guard !state.entries.values.contains(where: { $0.parent == parent && $0.name == name }) else {
                        return
                    }
                    state.entries[id]?.parent = parent
                    state.changed.append(id)
                }
            case 4:
                let gone = below(id)
                state.withLock { state in
                    for other in gone + [id] { state.entries[other] = nil }
                    // What had been named already is named as gone; the rest goes without a word.
                    state.changed += gone.filter(state.changed.contains) + [id]
                }
            default: break
            }
        }
    }

    /// Where every file is.
    var paths: [String: String] {
        state.withLock { state in
            var paths: [String: String] = [:]
            for (id, entry) in state.entries where !entry.isFolder {
                var (path, parent) = ("/" + entry.name, entry.parent)
                while let folder = state.entries[parent] { (path, parent) = ("/" + folder.name + path, folder.parent) }
                paths["b!d/" + id] = "/Docs" + path
            }
            return paths
        }
    }

    func system() throws -> GraphSystem {
        let transport = MemoryTransport { [self] request in
            func json(_ text: String) -> Response {
                Response(status: 200, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
            }
            if request.url.contains("/oauth2/") {
                return json(#"{"token_type":"Bearer","access_token":"t","expires_in":3600}"#)
            }
            if request.url.contains("/root/delta") { return json(delta(isWhole: !request.url.contains("token="))) }
            if request.url.contains("/drives/b%21d?") || request.url.contains("/drives/b!d?") {
                return json(#"{"id":"b!d","name":"Docs","driveType":"documentLibrary"}"#)
            }
            return Response(status: 404, body: Array(#"{"error":{"code":"itemNotFound","message":"No."}}"#.utf8))
        }
        var profile = SystemProfile(
            name: "files", address: try WebAddress("https://graph.example"),
            login: .program(clientID: "app", secret: { "secret" }), transport: transport, tokens: KeptTokens(),
            now: { Date(timeIntervalSince1970: 1_777_888_800) })
        profile.options.drives = ["drive:b!d"]
        profile.options.tenant = "t"
        profile.options.loginURL = "https://login.example"
        return GraphSystem(profile, sleep: { _ in })
    }

    private func delta(isWhole: Bool) -> String {
        let ids = state.withLock { state in
            defer { state.changed = [] }
            return isWhole ? state.entries.keys.sorted() : state.changed
        }
        let lines = ids.map { id in
            state.withLock { state in
                guard let entry = state.entries[id] else { return #"{"id":"\#(id)","deleted":{"state":"deleted"}}"# }
                let kind = entry.isFolder ? #""folder":{}"# : #""file":{},"publication":{"level":"published"}"#
                return #"{"id":"\#(id)","name":"\#(entry.name)","parentReference":{"id":"\#(entry.parent)"},\#(kind)}"#
            }
        }
        let root = #"{"id":"ROOT","name":"root","root":{},"folder":{}}"#
        let all = ([root] + lines).joined(separator: ",")
        return #"{"value":[\#(all)],"@odata.deltaLink":"https://graph.example/v1.0/drives/b!d/root/delta?token=x"}"#
    }
}
