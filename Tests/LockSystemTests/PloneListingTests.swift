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
    private func rows(_ client: Client) async throws -> [Row] {
        _ = try await client.system.signIn()
        client.wire.forget()
        return try await Listing.rows(
            of: client.system, server: "contract", limit: 100_000, width: 4, journal: ForgetfulJournal(),
            now: client.now()
        ).rows
    }

    private func client(_ stage: DemoStage, _ selection: SystemProfile.Selection) throws -> Client {
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

    @Test("A lock that is read alone is told as the whole item tells it, whatever lock it is")
    func locksAlone() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<8 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        let items = try await rows(alice).map(\.item)
        let bob = try await stage.client(.second)
        #expect(await alice.perform(.lock, items[0].path).outcome == .done)
        #expect(await bob.perform(.lock, items[1].path).outcome == .done)
        #expect(await bob.perform(.checkOut, items[2].path).outcome == .done)
        #expect(await alice.perform(.checkOut, items[3].path).outcome == .done)
        await stage.pass(60)
        let wholes = try await rows(alice)
        let now = wholes.map(\.item)
        #expect(wholes.count == 10 && wholes.count { $0.item.workingCopyOf != nil } == 2)
        await stage.pass(2)
        alice.wire.forget()
        let eight = now.filter { $0.workingCopyOf != nil || items.prefix(6).map(\.id).contains($0.id) }
        let results = try await alice.system.read(eight)
        for (item, result) in zip(eight, results) {
            let whole = try #require(wholes.first { $0.item.id == item.id })
            #expect(try result.get().isSame(as: whole), "\(item.path)")
        }
        #expect(alice.wire.requests.count { $0.url.hasSuffix("/@lock") } == 8)
        // A check-out is more than its lock: these two are read whole.
        #expect(alice.wire.requests.count { $0.url.hasSuffix("?include_items=false") } == 2)
        #expect(!alice.wire.requests.contains { $0.url.contains("fullobjects") })
        await stage.close()
    }

    @Test("Among items whose locks are read alone, one that is moved, gone or found elsewhere is told as gone")
    func goneAmongLocks() async throws {
        let stage = try await DemoStage.open { $0.acquisition = true }
        for _ in 0..<6 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        let items = try await rows(alice).map(\.item)
        // Its name is found in the folder above from now on, where somebody has locked it.
        try await stage.server.move(path: items[1].path, to: "/item-2")
        try await stage.server.lock(path: "/item-2", as: "bob")
        try await stage.server.remove(path: items[2].path)
        try await stage.server.lock(path: items[4].path, as: "bob")
        alice.wire.forget()
        let results = try await alice.system.read(items)
        #expect(alice.wire.requests.count { $0.url.hasSuffix("/@lock") } == 4)
        let states = results.map { result -> String in
            switch result {
            case .success(let row): row.reading.state.rawValue
            case .failure(let error): error.code.rawValue
            }
        }
        #expect(states == ["free", "gone", "gone", "free", "held", "free"])
        await stage.close()
    }

    @Test("Where a check-out makes no lock, locks tell not all: items are read whole from then on")
    func lockingOff() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<6 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        let items = try await rows(alice).map(\.item)
        let path = items[3].path
        alice.wire.bend { request, next in
            var answer = try await next(request)
            guard request.url.contains("fullobjects") || request.url.contains("include_items") else { return answer }
            let copy = """
                "working_copy": {"@id": "\(stage.server.address)/docs/copy", "created": null, "title": "Copy",
                "creator_name": "Bob", "creator_url": "\(stage.server.address)/author/bob"}
                """
            let parts = String(decoding: answer.body, as: UTF8.self).split(separator: "\(path)\",", maxSplits: 1)
            guard parts.count == 2 else { return answer }
            let rest = parts[1].replacing(/"working_copy": null/, with: copy, maxReplacements: 1)
            answer.body = Array((parts[0] + "\(path)\"," + rest).utf8)
            return answer
        }
        let listed = try await rows(alice)
        #expect(listed.count { $0.reading.state == .held } == 1)
        alice.wire.forget()
        let results = try await alice.system.read(items)
        #expect(try results.filter { try $0.get().reading.state == .held }.count == 1)
        #expect(!alice.wire.requests.contains { $0.url.hasSuffix("/@lock") })
        await stage.close()
    }

    @Test("Of heavy documents only the locks are read, however many there are")
    func heavy() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<50 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        alice.wire.bend { request, next in
            var answer = try await next(request)
            if request.url.contains("fullobjects") { answer.body += Array(repeating: 0x20, count: 1_000_000) }
            return answer
        }
        let items = try await rows(alice).map(\.item)
        for _ in 0..<3 {
            alice.wire.forget()
            #expect(try await alice.system.read(items).map { try $0.get().item } == items)
            #expect(alice.wire.requests.count == 51)
            #expect(!alice.wire.requests.contains { $0.url.contains("fullobjects") })
        }
        await stage.close()
    }

    @Test("The more a listing weighs, the more rarely it is to be read again, but at least every ten minutes")
    func secondsPerSweep() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<100 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        #expect(alice.system.secondsPerSweep == 0)
        let few = try client(stage, .init(path: "/docs", text: "nothing"))
        _ = try await rows(few)
        #expect(few.system.secondsPerSweep == 0)
        _ = try await rows(alice)
        #expect((10...30).contains(alice.system.secondsPerSweep))
        alice.wire.bend { request, next in
            var answer = try await next(request)
            if request.url.contains("fullobjects") { answer.body += Array(repeating: 0x20, count: 10_000_000) }
            return answer
        }
        _ = try await rows(alice)
        #expect(alice.system.secondsPerSweep == 600)
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

@Suite("Where items lie on Plone")
struct PloneAddressTests {
    @Test("A moved item is gone from where it was, and nothing is done where it went")
    func moved() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        let alice = try await stage.client(.first)
        let item = try await alice.row(path).item
        try await stage.server.move(path: path, to: "/moved")
        let target = stage.server.address + "/moved"
        await #expect { _ = try await alice.row(path) } throws: {
            let error = $0 as? LockError
            let start = "\(path) on contract has moved: the server points to \(target)"
            return error?.code == .gone && error?.message.hasPrefix(start) == true
        }
        let plone = try #require(alice.system as? PloneSystem)
        await #expect { try await plone.lock(item, .standard) } throws: { ($0 as? LockError)?.code == .gone }
        #expect(try await alice.row("/moved").reading.state == .free)
        await stage.close()
    }

    @Test("An item that only acquisition finds is gone", arguments: ["/docs/item-1/item-1", "/docs/docs/item-1"])
    func acquired(path: String) async throws {
        let stage = try await DemoStage.open { $0.acquisition = true }
        try await stage.add()
        let alice = try await stage.client(.first)
        await #expect { _ = try await alice.row(path) } throws: {
            ($0 as? LockError)?.message == "\(path) is not on contract any more, or lies elsewhere now."
        }
        for operation in Locks.Operation.allCases { #expect(await alice.perform(operation, path).reason == .gone) }
        #expect(alice.wire.changes.isEmpty)
        let items = ["/docs/item-1", path, path, path].map { Item(id: $0, path: $0, title: "") }
        let results = try await alice.system.read(items)
        #expect(results.map { (try? $0.get())?.item.path } == ["/docs/item-1", nil, nil, nil])
        await stage.close()
    }

    @Test("Services and namespaces are no items", arguments: ["/docs/item-1/@lock", "/@search", "/++api++/docs"])
    func services(name: String) async throws {
        let stage = try await DemoStage.open()
        try await stage.add()
        let alice = try await stage.client(.first)
        await #expect { _ = try await alice.row(name) } throws: { ($0 as? LockError)?.code == .gone }
        await stage.close()
    }

    @Test("A name is found however many slashes a person writes", arguments: ["docs/item-1", "/docs//item-1/"])
    func slashes(name: String) async throws {
        let stage = try await DemoStage.open()
        try await stage.add()
        #expect(try await stage.client(.first).row(name).item.path == "/docs/item-1")
        await stage.close()
    }

    @Test(
        "Signs and letters of all scripts in a path reach the server",
        arguments: [
            "ünï", "議事録", "a+b", "x'y(z)", "a@b", "~a!$&=",
        ])
    func oddNames(name: String) async throws {
        let stage = try await DemoStage.open()
        try await stage.server.add(path: "/docs/" + name, title: name)
        let alice = try await stage.client(.first)
        #expect(await alice.perform(.lock, "/docs/" + name).outcome == .done)
        #expect(try await alice.row("/docs/" + name).lock?.holder.isMe == true)
        await stage.close()
    }

    /// A proxy that shows an inner site under another name; the answers still name the inner one.
    private struct Proxy: Transport {
        let stage: DemoStage
        let outside: String
        func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
            var inner = request
            inner.url = stage.server.address + request.url.dropFirst(outside.count)
            return await stage.server.answer(inner)
        }
    }

    @Test(
        "A site whose answers name it otherwise than we do is understood",
        arguments: [
            "https://cms.example.org", "https://example.org/intranet/cms",
        ])
    func virtualHost(outside: String) async throws {
        let stage = try await DemoStage.open()
        var paths: [String] = []
        for _ in 0..<5 { paths.append(try await stage.add()) }
        let alice = try stage.client(
            .account("alice"), at: outside, over: Proxy(stage: stage, outside: outside)
        ) { $0.selection.path = "/docs" }
        _ = try await alice.system.signIn()
        let page = try await alice.system.items(after: nil)
        #expect(page.rows.map(\.item.path) == paths)
        #expect(await alice.perform(.lock, paths[0]).outcome == .done)
        let results = try await alice.system.read(page.rows.map(\.item))
        #expect(try results.map { try $0.get().item.path } == paths)
        #expect(try results.map { try $0.get().reading.state } == [.held, .free, .free, .free, .free])
        #expect(await alice.perform(.unlock, paths[0]).outcome == .done)
        #expect(await alice.perform(.checkOut, paths[1]).outcome == .done)
        #expect(await alice.perform(.discard, paths[1]).outcome == .done)
        #expect(alice.system.webAddress(of: page.rows[0].item) == outside + paths[0])
        await stage.close()
    }
}

extension Row {
    /// Whether it says the same, though it was seen at another time.
    fileprivate func isSame(as other: Row) -> Bool {
        var other = other
        other.reading.observedAt = reading.observedAt
        return self == other
    }
}
