// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing

@testable import LockSystems
@testable import Watching

@Suite("Listing and reading on SuperOffice")
struct SuperOfficeListingTests {
    private func listed(_ client: Client, limit: Int) async throws -> (rows: [Row], isCut: Bool) {
        var rows: [Row] = []
        var walk = Walk()
        while walk.count < limit, let next = walk.next() {
            let page = try await client.system.items(after: next.mark)
            _ = walk.take(page, limit: limit) { id in rows.contains { $0.item.id == id } }
            rows += page.rows
        }
        return (rows, walk.isCut)
    }

    @Test("A listing is one request a page, newest first, and tells nothing of check-outs")
    func pages() async throws {
        let stage = try await SuperOfficeStage.open()
        for number in 1...230 {
            try await stage.add(titled: "Number \(number)")
            await stage.pass(1)
        }
        let client = try stage.client()
        let (rows, isCut) = try await listed(client, limit: 1_000)
        #expect(rows.count == 230 && !isCut)
        #expect(client.wire.requests.count == 3)
        #expect(rows.allSatisfy { $0.reading == .never })
        #expect(rows.first?.item.title == "Number 230")
        let times = rows.compactMap(\.item.modified)
        #expect(times.count == 230 && times == times.sorted(by: >))
        await stage.close()
    }

    @Test("A server that can't give so many documents at a time gives all of them, each once", arguments: [99, 40, 13])
    func smallerPages(most: Int) async throws {
        let stage = try await SuperOfficeStage.open()
        for _ in 0..<230 { try await stage.add() }
        let client = try stage.client()
        // The limit is found out in the middle of the listing.
        client.wire.bend { request, next in
            func number(_ name: String) -> Int {
                request.url.split(separator: "&").first { $0.hasPrefix(name) }
                    .flatMap { Int($0.drop { $0 != "=" }.dropFirst()) } ?? 0
            }
            guard number("%24top") > most, number("%24skip") > 0 else { return try await next(request) }
            return Response(status: 502, headers: ["Content-Type": "text/html"], body: Array("<html>".utf8))
        }
        let (rows, isCut) = try await listed(client, limit: 1_000)
        #expect(rows.count == 230 && Set(rows.map(\.item.id)).count == 230 && !isCut)
        client.wire.forget()
        #expect(try await listed(client, limit: 1_000).rows.count == 230)
        #expect(client.wire.requests.allSatisfy { !$0.url.contains("%24top=100") })
        await stage.close()
    }

    @Test("At the limit the listing ends and says so")
    func limit() async throws {
        let stage = try await SuperOfficeStage.open()
        for _ in 0..<230 { try await stage.add() }
        let client = try stage.client()
        let (rows, isCut) = try await listed(client, limit: 100)
        #expect(rows.count == 100 && isCut && client.wire.requests.count == 1)
        await stage.close()
    }

    @Test("The configured filter is the server's own; without one there is a condition all the same")
    func filter() async throws {
        let stage = try await SuperOfficeStage.open { $0.needsFilter = true }
        for title in ["Offer Acme", "Brochure", "An offer"] { try await stage.add(titled: title) }
        let all = try await stage.client().system.items(after: nil)
        #expect(all.rows.count == 3 && all.following.isEmpty)
        let some = try stage.client { $0.selection.filter = "name contains 'offer'" }
        #expect(Set(try await some.system.items(after: nil).rows.map(\.item.title)) == ["Offer Acme", "An offer"])
        let wrong = try stage.client { $0.selection.filter = "colour is 'red'" }
        let error = try await lockError { _ = try await wrong.system.items(after: nil) }
        #expect(error.code == .unsupported && error.message.contains("colour is 'red'"))
        await stage.close()
    }

    @Test("A recorded page is read: keys as text or numbers, a slash and a dot in names, nulls")
    func recorded() async throws {
        let page = try SuperOfficeRecording.answer("made-documents-page")
        let script = try SuperOfficeScript([("GET", "/v1/Document?", page)])
        let rows = try await script.system.items(after: nil).rows
        #expect(rows.map(\.item.id) == ["141", "142"])
        #expect(rows[0].item.path == "/Document/141" && rows[0].item.title == "Offer Acme.docx")
        #expect(rows[0].item.type == "Offer" && rows[0].item.modified == RFC3339.date("2026-05-04T09:12:44Z"))
        let odd = #"{"value":[{"PrimaryKey":7,"name":null,"text":"T","updatedDate":null},{"PrimaryKey":null}]}"#
        let other = try SuperOfficeScript([("GET", "/v1/Document?", Response(status: 200, body: Array(odd.utf8)))])
        let read = try await other.system.items(after: nil)
        #expect(read.rows.map(\.item) == [Item(id: "7", path: "/Document/7", title: "T")])
        #expect(read.following.isEmpty)
        let empty = try SuperOfficeScript([
            ("GET", "/v1/Document?", try SuperOfficeRecording.answer("made-documents-page-empty"))
        ])
        #expect(try await empty.system.items(after: nil).rows.isEmpty)
    }

    @Test("A short page with a next link is not the last one")
    func nextLink() async throws {
        let body = #"{"odata.nextLink":"http://elsewhere/x","value":[{"documentId":1},{"documentId":2}]}"#
        let script = try SuperOfficeScript([("GET", "/v1/Document?", Response(status: 200, body: Array(body.utf8)))])
        #expect(try await script.system.items(after: nil).following == [PageMark("2")])
        // There the same two come again: that is told, and not followed without end.
        await #expect { _ = try await script.system.items(after: PageMark("2")) } throws: {
            ($0 as? LockError)?.code == .wrongSystem
        }
        #expect(script.transport.requests.allSatisfy { $0.url.hasPrefix("https://crm.example.org/") })
        #expect(script.transport.requests.contains { $0.url.hasSuffix("skip=2") })
    }

    @Test("A page that begins as the list did is told only where the list still does: others may have pushed it on")
    func pushedOn() async throws {
        @Sendable func numbers(_ range: ClosedRange<Int>) -> Response {
            let lines = range.reversed().map { #"{"documentId":\#($0)}"# }.joined(separator: ",")
            return Response(status: 200, body: Array(#"{"value":[\#(lines)]}"#.utf8))
        }
        for isMoving in [true, false] {
            let asked = Mutex(0)
            let transport = MemoryTransport { request in
                guard request.url.contains("v1/Document?") else { return Response(status: 404) }
                let turn = asked.withLock { number in
                    number += 1
                    return number
                }
                // After the first page a hundred newer documents are there.
                if request.url.contains("top=1&") || request.url.hasSuffix("top=1") {
                    return numbers(isMoving ? 300...300 : 200...200)
                }
                return turn == 1 || request.url.contains("skip=100") ? numbers(101...200) : numbers(1...100)
            }
            let system = SuperOfficeSystem(
                SystemProfile(
                    name: "crm", address: try WebAddress("https://crm.example.org/SuperOffice"),
                    login: .password(user: "HAL", secret: { "secret" }, isBasic: true), transport: transport,
                    now: { Date(timeIntervalSince1970: 1_777_888_800) }))
            #expect(try await system.items(after: nil).following == [PageMark("100")])
            if isMoving {
                #expect(try await system.items(after: PageMark("100")).rows.count == 100)
            } else {
                let error = try await lockError { _ = try await system.items(after: PageMark("100")) }
                #expect(error.code == .wrongSystem)
            }
        }
    }

    @Test("A few lines tell what changed since the listing, and nothing where nothing did")
    func changes() async throws {
        let stage = try await SuperOfficeStage.open()
        for number in 1...150 {
            try await stage.add(titled: "Number \(number)")
            await stage.pass(1)
        }
        let client = try stage.client()
        #expect(try await client.system.changed() == .untold, "before the listing there is nothing to compare with")
        _ = try await client.system.items(after: nil)
        client.wire.forget()
        #expect(try await client.system.changed() == .told(ItemPage(rows: [])))
        #expect(client.wire.requests.count == 1 && client.wire.requests[0].url.contains("top=5"))
        for number in 151...153 {
            try await stage.add(titled: "Number \(number)")
            await stage.pass(1)
        }
        #expect(try await client.system.changed().titles == ["Number 153", "Number 152", "Number 151"])
        #expect(try await client.system.changed().titles == [])
        for number in 154...193 { try await stage.add(titled: "Number \(number)") }
        client.wire.forget()
        #expect(try await client.system.changed().titles?.count == 40)
        #expect(client.wire.requests.count == 2)
        for number in 194...300 { try await stage.add(titled: "Number \(number)") }
        #expect(try await client.system.changed() == .forgotten)
        await stage.close()
    }

    @Test("A document that was told as new and is gone by then does not hide what came after it")
    func changesAndGone() async throws {
        let stage = try await SuperOfficeStage.open()
        for number in 1...20 {
            try await stage.add(titled: "Number \(number)")
            await stage.pass(1)
        }
        let client = try stage.client()
        _ = try await client.system.items(after: nil)
        try await stage.remove("21")
        try await stage.add(titled: "After it")
        #expect(try await client.system.changed().titles == ["After it"])
        await stage.close()
    }

    @Test("Lines that can't be read tell nothing of what changed")
    func unreadableChanges() async throws {
        let good = Response(status: 200, body: Array(#"{"value":[{"documentId":7,"updatedDate":"2026-05-04"}]}"#.utf8))
        let odd = Response(
            status: 200, body: Array(#"{"value":[17,{"documentId":7,"updatedDate":"2026-05-04"}]}"#.utf8))
        let script = try SuperOfficeScript([("GET", "top=5", odd), ("GET", "/v1/Document?", good)])
        _ = try await script.system.items(after: nil)
        #expect(try await script.system.changes() == .untold)
    }

    @Test("States are one request each, at most as many at a time as there are connections")
    func states() async throws {
        let stage = try await SuperOfficeStage.open()
        for _ in 0..<25 { try await stage.add() }
        let client = try stage.client()
        let items = try await client.system.items(after: nil).rows.map(\.item)
        let count = Mutex((now: 0, most: 0))
        client.wire.forget()
        client.wire.bend { request, next in
            count.withLock { count in
                count.now += 1
                count.most = max(count.most, count.now)
            }
            await Task.yield()
            let answer = try await next(request)
            count.withLock { $0.now -= 1 }
            return answer
        }
        let results = try await client.system.read(items)
        #expect(try results.map { try $0.get().item.id } == items.map(\.id))
        #expect(client.wire.requests.count == 26, "25 states, and once what is said of what is not there")
        #expect(count.withLock { $0.most } <= 4)
        #expect(client.system.itemsPerRead == 8)
        client.wire.forget()
        _ = try await client.system.read(items)
        #expect(client.wire.requests.count == 25)
        await stage.close()
    }

    @Test(
        "A document is found by its number and by its path, with two requests",
        arguments: ["2", "/Document/2", "Document/2"])
    func find(_ name: String) async throws {
        let stage = try await SuperOfficeStage.open()
        try await stage.add(titled: "Offer")
        let client = try stage.client()
        let row = try await client.system.find(name)
        #expect(row.item.title == "Offer" && row.reading.state == .free)
        #expect(client.wire.requests.count == 2)
        #expect(client.system.webAddress(of: row.item) == "\(stage.server.address)/default.aspx?document_id=2")
        await stage.close()
    }
}

extension LockSystem {
    /// What the system tells of changes, where it tells.
    func changed() async throws -> ListingChanges { try await (self as? any ChangeFeed)?.changes() ?? .untold }
}

extension ListingChanges {
    /// The titles of what is new or other than before; `nil`: it is not told.
    var titles: [String]? {
        if case .told(let page) = self { page.rows.map(\.item.title) } else { nil }
    }
}
