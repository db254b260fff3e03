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

@Suite("Listing and reading on Graph")
struct GraphListingTests {
    private func listings(_ client: Client) -> [String] {
        client.wire.requests.map(\.url).filter { $0.contains("/delta") || $0.contains("/children") }
    }

    @Test("The whole drive takes one request for 200 entries, and one alone asks for the facet by name")
    func tree() async throws {
        let stage = try await GraphStage.open { $0.documents = 1_000 }
        let client = try stage.client(.application).client
        let all = try await client.list()
        // Folders are entries too, and so is the root, which all paths have in common.
        let folders = all.reduce(into: Set<String>()) { folders, row in
            let levels = row.item.path.split(separator: "/").dropLast()
            for count in 1...levels.count { folders.insert(levels.prefix(count).joined(separator: "/")) }
        }
        let requests = listings(client)
        #expect(all.count > 800)
        #expect(requests.count == (all.count + folders.count + 199) / 200)
        #expect(requests.allSatisfy { $0.contains("/root/delta") && $0.contains("publication") })
        #expect(all.allSatisfy { $0.reading.state == .free })
        #expect(all.contains { $0.item.path.hasPrefix("/Documents/docs/section-01/") })
        await stage.close()
    }

    private func isLarge(_ address: String) -> Bool { ["$top=200", "$top=100"].contains { address.contains($0) } }

    private func full() async throws -> GraphStage {
        let stage = try await GraphStage.open()
        for number in 0..<450 { try await stage.server.add(path: "/docs/file-\(number)", title: "File \(number)") }
        return stage
    }

    @Test(
        "A drive, or a folder, whose pages come too late is listed in smaller ones, and that is remembered",
        arguments: [nil, "/docs"])
    func smallerPages(path: String?) async throws {
        let stage = try await full()
        let client = try stage.client(.application) { $0.selection.path = path }.client
        client.wire.bend { request, next in
            guard self.isLarge(request.url) else { return try await next(request) }
            throw TransportError(.timedOut, "127.0.0.1 did not answer in time.", surelyNotSent: false)
        }
        let all = try await client.list()
        #expect(Set(all.map(\.item.id)).count == all.count && all.count { $0.item.path.contains("/docs/File ") } == 450)
        #expect(listings(client).contains(where: isLarge) && listings(client).contains { $0.contains("$top=50") })
        client.wire.forget()
        #expect(try await client.list().map(\.item.id).sorted() == all.map(\.item.id).sorted())
        #expect(!listings(client).contains(where: isLarge))
        await stage.close()
    }

    @Test("A drive whose later pages are too large for what stands before it is listed anew in smaller ones")
    func smallerLaterPages() async throws {
        let stage = try await full()
        let client = try stage.client(.application).client
        let all = try await client.list()
        let fresh = try stage.client(.application).client
        fresh.wire.bend { request, next in
            let response = try await next(request)
            guard request.url.contains("/delta"), request.url.contains("token="), try Self.count(response) > 50 else {
                return response
            }
            return Response(status: 504, headers: ["Content-Type": "text/html"], body: Array("<html>".utf8))
        }
        #expect(try await fresh.list().map(\.item.id).sorted() == all.map(\.item.id).sorted())
        #expect(listings(fresh).count { !$0.contains("token=") } == 3)
        await stage.close()
    }

    private static func count(_ response: Response) throws -> Int {
        struct Page: Decodable { var value: [Entry] }
        struct Entry: Decodable {}
        return try JSONBody.decode(Page.self, from: response).value.count
    }

    @Test("The demo's people hold files and give them back; nothing is unknown, and no working copy shows")
    func people() async throws {
        let stage = try await GraphStage.open(beta: true) {
            $0.documents = 60
            $0.people = true
        }
        let client = try stage.client(.application).client
        // What was there at the start stays: a check-out does not run out by itself.
        await stage.pass(120)
        let before = try await client.list()
        #expect(before.contains { $0.lock?.kind == .checkout } && before.contains { $0.lock?.kind == .lock })
        #expect(before.allSatisfy { $0.reading.state != .unknown && !$0.item.path.contains("copy_of") })
        await stage.pass(600)
        let after = try await client.list()
        let free = Set(after.filter { $0.lock == nil }.map(\.item.id))
        #expect(before.contains { $0.lock != nil && free.contains($0.item.id) })
        await stage.close()
    }

    @Test("A folder takes one request for 200 children, and an empty one takes none")
    func folders() async throws {
        let stage = try await GraphStage.open()
        for number in 0..<401 { try await stage.server.add(path: "/docs/file-\(number)", title: "File \(number)") }
        try await stage.server.add(path: "/docs/empty", type: "Folder", title: "Empty")
        try await stage.server.add(path: "/docs/below", type: "Folder", title: "Below")
        try await stage.add("Deep", to: "/docs/below")
        let client = try stage.client(.application) { $0.selection.path = "/docs" }.client
        let all = try await client.list()
        #expect(all.count == 402)
        #expect(listings(client).count == 4)
        #expect(all.contains { $0.item.path == "/Documents/docs/below/Deep" })
        await stage.close()
    }

    @Test("Depth one is direct children only")
    func depth() async throws {
        let stage = try await GraphStage.open()
        try await stage.server.add(path: "/docs/below", type: "Folder", title: "Below")
        try await stage.add("Deep", to: "/docs/below")
        try await stage.add("Shallow")
        let client = try stage.client(.application) {
            $0.selection.path = "/docs"
            $0.selection.depth = 1
        }.client
        #expect(try await client.list().map(\.item.path) == ["/Documents/docs/Shallow"])
        await stage.close()
    }

    @Test("Twenty items are read by one batch, and one by itself")
    func batches() async throws {
        let stage = try await GraphStage.open()
        for number in 0..<45 { try await stage.add("Number \(number)") }
        let client = try stage.client(.application).client
        let items = try await client.list().map(\.item)
        client.wire.forget()
        let results = try await client.system.read(items)
        #expect(results.count == 45)
        #expect(zip(items, results).allSatisfy { item, result in (try? result.get())?.item == item })
        #expect(client.wire.requests.map(\.url).filter { $0.hasSuffix("/v1.0/$batch") }.count == 3)
        #expect(client.wire.requests.count == 3)
        client.wire.forget()
        _ = try await client.system.read([items[0]])
        #expect(client.wire.requests.map(\.method) == ["GET"])
        await stage.close()
    }

    @Test("A file whose facet is not told is unknown to this account, and never free")
    func missingFacet() async throws {
        let stage = try await GraphStage.open { $0.graph.tellsFacet = false }
        try await stage.add("Hidden")
        let client = try stage.client(.application).client
        let all = try await client.list()
        #expect(all.map(\.reading.state) == [.unknown])
        #expect(
            all[0].reading.error == "Unknown to this account: Graph does not tell it whether the file is held.")
        let result = await client.perform(.checkOut, all[0].item.id)
        #expect(result.outcome == .failed)
        #expect(client.wire.changes.isEmpty)
        await stage.close()
    }

    @Test("Where the tree comes without facets the folders are walked; where the listing omits them files are read")
    func fallbacks() async throws {
        for isOmitting in [false, true] {
            let stage = try await GraphStage.open {
                $0.graph.deltaCarriesFacet = isOmitting
                $0.graph.omitsFacetWhenFree = isOmitting
            }
            let held = try await stage.add("Held")
            try await stage.add("Free")
            try await stage.server.lock(path: try stage.path(held), as: "bob")
            let client = try stage.client(.application).client
            let all = try await client.list()
            #expect(
                Dictionary(uniqueKeysWithValues: all.map { ($0.item.title, $0.reading.state) })
                    == ["Held": .held, "Free": .free])
            #expect(client.wire.requests.contains { $0.url.contains("/children") } == !isOmitting)
            await stage.close()
        }
    }

    @Test("Where the facet hides others' check-outs the library's own list is believed, and names the holder")
    func column() async throws {
        let stage = try await GraphStage.open { $0.graph.facetShowsOthers = false }
        let held = try await stage.add("Held")
        try await stage.add("Free")
        try await stage.server.lock(path: try stage.path(held), as: "bob")
        let client = try await stage.person("alice").client
        let all = try await client.list()
        let row = try #require(all.first { $0.item.title == "Held" })
        #expect(row.lock?.holder == Holder(id: nil, name: "Bob Builder", isMe: false))
        #expect(all.first { $0.item.title == "Free" }?.reading.state == .free)
        #expect(try await client.row(held).lock?.holder.name == "Bob Builder")
        #expect(await client.perform(.checkOut, held).reason == .conflict)
        #expect(client.wire.changes.isEmpty)
        await stage.close()
    }

    @Test("A personal OneDrive shows its files, and everything is withdrawn with the reason")
    func personal() async throws {
        let stage = try await GraphStage.open {
            $0.graph.isPersonal = true
            $0.graph.operatorName = "alice"
        }
        try await stage.server.add(path: "/team", type: "Folder", title: "Team")
        try await stage.server.add(path: "/team/mine", title: "Mine.docx")
        let made = try await stage.person("alice") { $0.options.put("drives", ["me"]) }
        let signIn = try await made.system.signIn()
        #expect(signIn.operations == .none("A personal OneDrive has no check-out and no locks."))
        let all = try await made.client.list()
        #expect(all.map(\.item.isLockable) == [false])
        made.client.wire.forget()
        #expect(await made.client.perform(.checkOut, all[0].item.id).reason == .unsupported)
        await #expect(throws: LockError.self) { try await made.system.checkOut(all[0].item) }
        #expect(made.client.wire.changes.isEmpty)
        await stage.close()
    }

    @Test("The token goes to no other host, whatever a link says")
    func strangers() async throws {
        let stage = try await GraphStage.open()
        for number in 0..<201 { try await stage.server.add(path: "/docs/file-\(number)", title: "File \(number)") }
        let client = try stage.client(.application).client
        _ = try await client.system.signIn()
        client.wire.bend { request, next in
            var answer = try await next(request)
            let text = String(decoding: answer.body, as: UTF8.self)
            answer.body = Array(
                text.replacing("nextLink\":\"http://127.0.0.1", with: "nextLink\":\"http://evil.example").utf8)
            return answer
        }
        let lacks = try await Listing.rows(
            of: client.system, server: "contract", limit: 1_000, width: 4, journal: ForgetfulJournal(),
            now: client.now()
        ).lacks
        #expect(lacks?.message.hasPrefix("contract points to another host for the next page") == true)
        #expect(!client.wire.requests.contains { $0.url.contains("evil.example") })
        await stage.close()
    }

    @Test("A forgotten place in the tree begins the tree anew")
    func resync() async throws {
        let stage = try await GraphStage.open()
        for number in 0..<401 { try await stage.server.add(path: "/docs/file-\(number)", title: "File \(number)") }
        let client = try stage.client(.application).client
        _ = try await client.system.signIn()
        let once = Once()
        client.wire.bend { request, next in
            guard request.url.contains("token=at400"), once.take() else { return try await next(request) }
            return Response(
                status: 410, body: Array(#"{"error":{"code":"resyncRequired","message":"Resync required."}}"#.utf8))
        }
        #expect(try await client.list().count == 401)
        await stage.close()
    }

    @Test("Two drives of one name are told apart, and each is listed once")
    func names() async throws {
        let stage = try await GraphStage.open()
        let client = try stage.client(.application) {
            $0.options.put("drives", ["user:alice", "user:bob", "user:alice", GraphStage.site])
        }
        let drives = try await client.system.listing.drives.all()
        #expect(drives.map(\.name) == ["OneDrive (Alice Ångström)", "OneDrive (Bob Builder)", "Documents"])
        await stage.close()
    }

    @Test(
        "A word that names no drive is refused with the words there are",
        arguments: ["nothing", "drive:", "me:x", "site:"])
    func words(_ word: String) async throws {
        let stage = try await GraphStage.open()
        let client = try stage.client(.application) { $0.options.put("drives", [word]) }.client
        await #expect(throws: LockError.self) { _ = try await client.system.signIn() }
        await stage.close()
    }
}

/// True the first time only.
final class Once: Sendable {
    private let state = Mutex(true)
    func take() -> Bool {
        state.withLock { isFirst in
            defer { isFirst = false }
            return isFirst
        }
    }
}
