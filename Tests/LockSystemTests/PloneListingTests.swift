// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing
import Watching

@Suite("Listing and reading on Plone")
struct PloneListingTests {
    func rows(_ client: Client) async throws -> [Row] {
        _ = try await client.system.signIn()
        client.wire.forget()
        return try await Listing.rows(
            of: client.system, server: "contract", limit: 100_000, width: 4, journal: ForgetfulJournal(),
            now: client.now()
        ).rows
    }

    func client(_ stage: DemoStage, _ selection: SystemProfile.Selection) throws -> Client {
        try stage.client(.account("alice")) { $0.selection = selection }
    }

    @Test("A thousand items are ten requests, with their locks")
    func thousand() async throws {
        let stage = try await DemoStage.open()
        for number in 0..<1_000 {
            let path = try await stage.add()
            if number.isMultiple(of: 20) { try await stage.server.lock(path: path, as: "bob") }
        }
        let alice = try client(stage, .init(types: ["Document"]))
        let rows = try await rows(alice)
        #expect(rows.count == 1_000 && Set(rows.map(\.item.id)).count == 1_000)
        #expect(rows.count { $0.reading.state == .held } == 50)
        #expect(alice.wire.requests.count == 10)
        await stage.close()
    }

    @Test(
        "One item is read whole; of fifty the lock alone is, of as many as come within a second, and the rest by one search"
    )
    func reading() async throws {
        let stage = try await DemoStage.open()
        for number in 0..<50 {
            let path = try await stage.add()
            if number.isMultiple(of: 3) { try await stage.server.lock(path: path, as: "bob") }
        }
        let alice = try client(stage, .init(path: "/docs"))
        let listed = try await rows(alice)
        let items = listed.map(\.item)
        #expect(items.count == 50 && alice.system.itemsPerRead == 50)
        alice.wire.forget()
        #expect(try await alice.system.read([items[7]])[0].get().item == items[7])
        #expect(alice.wire.requests.map(\.url) == [stage.server.address + items[7].path + "?include_items=false"])
        // The stage's clock stands still, so that each time twice as many come within the second.
        for (pause, singles) in [(0.0, 8), (0, 0), (1, 0), (1, 16), (2, 32), (2, 50), (0, 0)] {
            await stage.pass(pause)
            alice.wire.forget()
            let results = try await alice.system.read(items)
            #expect(try zip(listed, results).allSatisfy { try $1.get().isSame(as: $0) })
            #expect(alice.wire.requests.count { $0.url.hasSuffix("/@lock") } == singles)
            let searches = alice.wire.requests.count { $0.url.contains("fullobjects") }
            #expect(searches == (singles == 50 ? 0 : 1))
            #expect(alice.wire.requests.count == singles + searches + (singles > 0 ? 1 : 0))
        }
        await stage.close()
    }

    @Test("Path, depth, types and words narrow the listing at the server")
    func selections() async throws {
        let stage = try await DemoStage.open()
        try await stage.server.add(path: "/docs/deep", type: "Folder", title: "Deep")
        try await stage.server.add(path: "/docs/deep/er", type: "Folder", title: "Deeper")
        try await stage.server.add(path: "/news", type: "Folder", title: "News")
        for (path, type, title) in [
            ("/docs/a", "Document", "Apple pie"), ("/docs/b", "News Item", "Banana bread"),
            ("/docs/deep/c", "Document", "Cherry cake"), ("/docs/deep/er/d", "Document", "Apple crumble"),
            ("/news/e", "News Item", "Apples"), ("/docs/f", "File", "Apple.pdf"),
        ] { try await stage.server.add(path: path, type: type, title: title) }
        func paths(_ selection: SystemProfile.Selection) async throws -> [String] {
            try await rows(try client(stage, selection)).map(\.item.path)
        }
        #expect(try await paths(.init(path: "/docs")) == ["/docs/a", "/docs/b", "/docs/deep/c", "/docs/deep/er/d"])
        #expect(try await paths(.init(path: "docs/")) == ["/docs/a", "/docs/b", "/docs/deep/c", "/docs/deep/er/d"])
        #expect(try await paths(.init(path: "/docs", depth: 1)) == ["/docs/a", "/docs/b"])
        #expect(try await paths(.init(path: "/docs", depth: 2)) == ["/docs/a", "/docs/b", "/docs/deep/c"])
        #expect(try await paths(.init(path: "/docs/a", depth: 0)) == ["/docs/a"])
        #expect(try await paths(.init(types: ["News Item"])) == ["/docs/b", "/news/e"])
        #expect(try await paths(.init(types: ["News Item", "Document"])).count == 5)
        #expect(try await paths(.init(text: "apple")) == ["/docs/a", "/docs/deep/er/d"])
        #expect(try await paths(.init(path: "/news", text: "apple*")) == ["/news/e"])
        #expect(try await paths(.init(text: "*")) == [], "a search for no word finds nothing, and breaks nothing")
        #expect(try await paths(.init(path: "/docs/a", depth: 1, text: "nothing")) == [])
        // Of the folder's own level there is only itself, which a search by depth leaves out.
        #expect(try await paths(.init(path: "/docs/a", depth: 1)) == ["/docs/a"])
        #expect(try await paths(.init(path: "/docs/a", types: ["News Item"], depth: 1)) == [])
        await stage.close()
    }

    @Test("What can't be locked is no row")
    func unlockable() async throws {
        let stage = try await DemoStage.open()
        for type in ["File", "Image", "Link", "Folder"] { try await stage.add(type) }
        let path = try await stage.add()
        #expect(try await rows(try client(stage, .init(path: "/docs"))).map(\.item.path) == [path])
        await stage.close()
    }

    @Test("A folder that is not there is told as such")
    func noFolder() async throws {
        let stage = try await DemoStage.open()
        let alice = try client(stage, .init(path: "/nowhere"))
        await #expect { _ = try await rows(alice) } throws: {
            ($0 as? LockError)?.message == "/nowhere is not on contract, or this account may not see it."
        }
        await stage.close()
    }

    /// Which objects of the listing a request for full objects asks for.
    private static func range(_ request: Request) -> Range<Int>? {
        guard request.url.contains("fullobjects"), let query = request.url.split(separator: "?").last else {
            return nil
        }
        func number(_ name: String) -> Int? {
            query.split(separator: "&").first { $0.hasPrefix(name + "=") }.flatMap { Int($0.dropFirst(name.count + 1)) }
        }
        let start = number("b_start") ?? 0
        return number("b_size").map { start..<start + $0 }
    }

    @Test("A page that one broken lock breaks is read in parts, and only the broken item is unknown")
    func brokenPage() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<150 { try await stage.add() }
        let broken = "/docs/z-broken"
        try await stage.server.add(path: broken, title: "Broken")
        let alice = try client(stage, .init(path: "/docs"))
        alice.wire.bend { request, next in
            let isBroken = Self.range(request)?.contains(151) ?? false
            guard isBroken || request.url.contains(broken + "?") else { return try await next(request) }
            let body = #"{"type": "MissingParameterError", "message": "Missing 'userid' parameter", "context": null}"#
            return Response(status: 500, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
        }
        let rows = try await rows(alice)
        #expect(rows.count == 151)
        let unknown = rows.filter { $0.reading.state == .unknown }
        #expect(unknown.map(\.item.path) == [broken])
        #expect(
            unknown.first?.reading.error
                == "contract: Plone failed at \(broken): it answered 500 (Missing 'userid' parameter). "
                + "Look at the server's log.")
        #expect(alice.wire.requests.count { $0.url.contains("metadata_fields") } == 1)
        #expect(alice.wire.requests.count == 9)
        // The next round does not run into the same wall again.
        #expect(try await self.rows(alice).count == 151)
        #expect(!alice.wire.requests.contains { Self.range($0)?.contains(151) ?? false })
        #expect(alice.wire.requests.count == 5)
        // Later it is tried again: the item may have been mended.
        alice.wire.bend(nil)
        await stage.pass(601)
        #expect(try await self.rows(alice).filter { $0.reading.state == .unknown }.isEmpty)
        #expect(alice.wire.requests.count == 2)
        await stage.close()
    }

    @Test("A reading that one broken lock breaks is done singly")
    func brokenReading() async throws {
        let stage = try await DemoStage.open()
        var paths: [String] = []
        for _ in 0..<10 { paths.append(try await stage.add()) }
        let alice = try client(stage, .init(path: "/docs"))
        let items = try await rows(alice).map(\.item)
        let broken = paths[4]
        alice.wire.bend { request, next in
            let isBroken = request.url.contains(broken + "?") || request.url.contains(broken + "/@lock")
            guard request.url.contains("fullobjects") || isBroken else {
                return try await next(request)
            }
            return Response(status: 500, headers: ["Content-Type": "application/json"], body: Array("{}".utf8))
        }
        let results = try await alice.system.read(items)
        for (item, result) in zip(items, results) {
            switch result {
            case .success(let row): #expect(row.item.path == item.path && item.path != broken)
            case .failure(let error): #expect(item.path == broken && error.code == .nonsense)
            }
        }
        await stage.close()
    }

    @Test(
        "A site whose full objects come too late or are too large is listed in smaller pages",
        arguments: [TransportError.Code.timedOut, .tooLarge], [50, 30, 7, 1])
    func smallerPages(code: TransportError.Code, most: Int) async throws {
        let stage = try await DemoStage.open()
        for number in 0..<150 {
            try await stage.server.lock(path: try await stage.add("Document", "P \(number)"), as: "bob")
        }
        let alice = try client(stage, .init(path: "/docs"))
        alice.wire.bend { request, next in
            guard let range = Self.range(request), range.count > most else { return try await next(request) }
            throw TransportError(code, "127.0.0.1 did not answer in time.", surelyNotSent: false)
        }
        let rows = try await rows(alice)
        #expect(rows.count == 150 && rows.allSatisfy { $0.reading.state == .held })
        let failures = alice.wire.requests.count { (Self.range($0)?.count ?? 0) > most }
        #expect(failures > 0)
        // What was found out is remembered: `rows` counts anew.
        #expect(try await self.rows(alice).count == 150)
        let later = alice.wire.requests.count { (Self.range($0)?.count ?? 0) > most }
        #expect(later == 0)
        await stage.close()
    }

    @Test("What stands before a site and gives up on large pages gets smaller ones", arguments: [502, 503, 504])
    func impatientProxy(status: Int) async throws {
        let stage = try await DemoStage.open()
        for number in 0..<450 { try await stage.add("Document", "P \(number)") }
        let alice = try client(stage, .init(path: "/docs"))
        alice.wire.bend { request, next in
            guard let range = Self.range(request), range.count > 50 else { return try await next(request) }
            return Response(status: status, headers: ["Content-Type": "text/html"], body: Array("<html>".utf8))
        }
        _ = try await alice.system.signIn()
        // The folder itself is on it, which is no row.
        #expect(try await alice.system.items(after: nil).rows.count == 99)
        alice.wire.forget()
        #expect(try await alice.system.items(after: PageMark("100")).rows.count == 100)
        #expect(alice.wire.requests.count == 2, "the second page does not run into the same wall")
        #expect(Set(try await rows(alice).map(\.item.id)).count == 450)
        await stage.close()
    }

    @Test("A server that hangs altogether is not tried in ever smaller pages")
    func hangs() async throws {
        let stage = try await DemoStage.open()
        let alice = try client(stage, .init(path: "/docs"))
        _ = try await alice.system.signIn()
        alice.wire.forget()
        alice.wire.bend { _, _ in
            throw TransportError(.timedOut, "127.0.0.1 did not answer in time.", surelyNotSent: false)
        }
        await #expect { _ = try await alice.system.items(after: nil) } throws: {
            ($0 as? LockError)?.code == .unreachable
        }
        #expect(alice.wire.requests.count == 2)
        await stage.close()
    }

    @Test("Long paths are read with several addresses, none of which is longer than proxies take")
    func longPaths() async throws {
        let stage = try await DemoStage.open()
        let folder = "/docs/" + String(repeating: "契約書", count: 8)
        try await stage.server.add(path: folder, type: "Folder", title: "Contracts")
        var paths: [String] = []
        for number in 0..<50 {
            paths.append(folder + "/" + String(repeating: "議事録", count: 8) + "-\(number)")
            try await stage.server.add(path: paths[number], title: "Minutes \(number)")
        }
        let alice = try await stage.client(.first)
        _ = try await alice.system.signIn()
        alice.wire.forget()
        let results = try await alice.system.read(paths.map { Item(id: $0, path: $0, title: "") })
        #expect(try results.map { try $0.get().item.path } == paths)
        #expect(alice.wire.requests.allSatisfy { $0.url.utf8.count < 4_400 })
        #expect((2...8).contains(alice.wire.requests.count))
        await stage.close()
    }

    @Test("A listing whose pages repeat ends with a sentence", arguments: [true, false])
    func repeatingPages(tellsTotal: Bool) async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<250 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        alice.wire.bend { request, next in
            var same = request
            same.url = request.url.replacing(/&b_start=[0-9]+/, with: "")
            var answer = try await next(same)
            guard !tellsTotal, request.url.contains("@search") else { return answer }
            answer.body = Array(String(decoding: answer.body, as: UTF8.self).replacing("items_total", with: "x").utf8)
            return answer
        }
        await #expect { _ = try await rows(alice) } throws: {
            let error = $0 as? LockError
            return error?.code == .wrongSystem && error?.message.contains("same items on every page") == true
        }
        #expect(alice.wire.requests.count <= 5)
        await stage.close()
    }

    @Test("A site that does not tell how many items it has is listed whole")
    func untoldTotal() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<250 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        alice.wire.bend { request, next in
            var answer = try await next(request)
            answer.body = Array(String(decoding: answer.body, as: UTF8.self).replacing("items_total", with: "x").utf8)
            return answer
        }
        #expect(try await rows(alice).count == 250)
        await stage.close()
    }

    @Test("A server that asks to be left alone is not asked fifty times more", arguments: [429, 503])
    func busy(status: Int) async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<10 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        let items = try await rows(alice).map(\.item)
        alice.wire.forget()
        alice.wire.bend { _, _ in Response(status: status, headers: ["Retry-After": "30"]) }
        for attempt in [{ _ = try await alice.system.read(items) }, { _ = try await alice.system.items(after: nil) }] {
            await #expect { try await attempt() } throws: {
                let error = $0 as? LockError
                return error?.code == .slowDown && error?.retryAfter == 30
            }
        }
        #expect(alice.wire.requests.count == 2)
        await stage.close()
    }

    @Test("Private items are not in the listing of who may not see them")
    func hidden() async throws {
        let stage = try await DemoStage.open()
        let shown = try await stage.add()
        let hidden = try await stage.addHiddenItem()
        #expect(try await rows(try await stage.client(.outsider)).map(\.item.path).contains(shown))
        #expect(try await !rows(try await stage.client(.outsider)).map(\.item.path).contains(hidden))
        #expect(try await rows(try await stage.client(.first)).map(\.item.path).contains(hidden))
        await stage.close()
    }
}
