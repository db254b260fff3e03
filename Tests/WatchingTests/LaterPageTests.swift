// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

/// Two pages, the second of which tells items of the first anew: one has a lock by then, one lies in another folder, one
/// is gone, and of one more it knows nothing.
@Suite("Later pages of a listing count", .timeLimit(.minutes(1)))
struct LaterPageTests {
    private static let bob = Lock(
        kind: .lock, holder: Holder(id: "bob"), since: noon, identity: LockIdentity(of: "bob's"))

    private static func row(_ id: String, _ locks: [Lock] = []) -> Row {
        Row(item: Item(id: id, path: "/old/\(id)", title: id), reading: .known(locks, at: noon))
    }

    private static func pages(revising: [Row], moving: [String: String] = [:], removing: [String] = []) -> [String:
        ItemPage]
    {
        var second = ItemPage(rows: [row("d")])
        second.revised = revising
        second.moved = moving
        second.removed = removing
        return ["0": ItemPage(rows: [row("a"), row("b"), row("c")], following: [PageMark("1")]), "1": second]
    }

    private static let told = pages(
        revising: [row("a", [bob]), row("stranger", [bob])], moving: ["b": "/new/b", "stranger": "/new/stranger"],
        removing: ["c", "nobody"])

    @Test("In a list, what a later page tells anew stands in the place of the earlier row")
    func list() async throws {
        let book = Book()
        book.set { $0.written = Self.told }
        let (rows, isCut, lacks) = try await Listing.rows(
            of: BookSystem(book: book), server: "book", limit: 100, width: 4, journal: ForgetfulJournal(), now: noon)
        #expect(rows.map(\.item.path) == ["/old/a", "/new/b", "/old/d"])
        #expect(rows.map { $0.lock?.holder.id } == ["bob", nil, nil])
        #expect(!isCut && lacks == nil)
    }

    @Test("On screen, what a later page tells anew stands in the place of the earlier row, without an event at first")
    func watched() async {
        let desk = Desk()
        desk.book.set { $0.written = Self.told }
        await desk.start()
        #expect(desk.last?.catalog.rows.map(\.item.path).sorted() == ["/new/b", "/old/a", "/old/d"])
        #expect(desk.holder("a") == "bob" && desk.events.isEmpty)
        await desk.stop()
    }

    @Test("A lock that only the later page of a following round tells of is told as an event, once")
    func news() async {
        let desk = Desk()
        desk.book.set { $0.written = Self.pages(revising: []) }
        await desk.start()
        #expect(desk.state("a") == .free)
        desk.book.set { $0.written = Self.pages(revising: [Self.row("a", [Self.bob])]) }
        await desk.ask { await $0.readAll() }
        #expect(desk.holder("a") == "bob" && desk.kinds == [.locked])
        await desk.stop()
    }

    @Test("An item that only a later page takes back has vanished, and one that moved is the same item with its lock")
    func goneAndMoved() async {
        let desk = Desk()
        desk.book.set { $0.written = Self.pages(revising: []) }
        await desk.start()
        let pages = Self.pages(revising: [Self.row("b", [Self.bob])], moving: ["a": "/new/a"], removing: ["c"])
        desk.book.set { $0.written = pages }
        await desk.ask { await $0.readAll() }
        #expect(desk.last?.catalog["a"]?.item.path == "/new/a" && desk.state("a") == .free)
        #expect(desk.last?.catalog["c"] == nil && desk.kinds == [.locked, .vanished])
        await desk.stop()
    }
}
