// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

@Suite("Reading a whole listing", .timeLimit(.minutes(1)))
struct ListingTests {
    private func rows(_ book: Book, limit: Int = 1_000, width: Int = 4) async throws -> ([Row], Bool) {
        let (rows, isCut, lacks) = try await Listing.rows(
            of: BookSystem(book: book), server: "book", limit: limit, width: width, journal: ForgetfulJournal(),
            now: noon)
        #expect(lacks == nil)
        return (rows, isCut)
    }

    @Test(
        "Every item comes once and in order, by offsets and by cursors, in one page or many", arguments: [false, true])
    func complete(_ hasCursors: Bool) async throws {
        for count in [0, 1, 9, 10, 11, 20, 95] {
            let book = Book(count)
            book.set { state in
                state.pageSize = 10
                state.hasCursors = hasCursors
            }
            let (rows, isCut) = try await rows(book)
            #expect(rows.map(\.item.id) == (0..<count).map(String.init))
            #expect(!isCut)
            #expect(book.count(.items) == max(1, (count + 9) / 10))
        }
    }

    @Test("An item that comes twice is one row, and does not cut the listing")
    func repeats() async throws {
        let book = Book(18)
        book.add(3)
        book.add(4)
        book.set { $0.pageSize = 10 }
        let (rows, isCut) = try await rows(book, limit: 18)
        #expect(rows.count == 18 && !isCut)
    }

    @Test("A listing ends at the limit, and says that it was cut only if something was left out")
    func limit() async throws {
        for (limit, isCutThere) in [(5, true), (10, true), (29, true), (30, false), (31, false)] {
            for hasCursors in [false, true] {
                let book = Book(30)
                book.set { state in
                    state.pageSize = 10
                    state.hasCursors = hasCursors
                }
                let (rows, isCut) = try await rows(book, limit: limit, width: 1)
                #expect(rows.count == min(30, limit) && isCut == isCutThere, "\(limit) \(hasCursors)")
            }
        }
    }

    @Test("A server that names the same page for ever does not hold the listing up for ever")
    func circles() async throws {
        let book = Book(20)
        book.set { state in
            state.pageSize = 10
            state.hasCursors = true
            state.circles = true
        }
        let (rows, _) = try await rows(book)
        #expect(rows.count == 20 && book.count(.items) == 2)
    }

    @Test(
        "A page that can't be read costs itself, and the listing says so", arguments: [LockError.Code.nonsense, .gone])
    func brokenPage(_ code: LockError.Code) async throws {
        let book = Book(40)
        book.set { state in
            state.pageSize = 10
            state.brokenPages = ["20": LockError(code, "Page 20 is broken.")]
        }
        let (rows, isCut, lacks) = try await Listing.rows(
            of: BookSystem(book: book), server: "book", limit: 100, width: 2, journal: ForgetfulJournal(), now: noon)
        #expect(rows.count == 30 && !rows.contains { $0.item.id == "25" })
        #expect(!isCut && lacks?.message == "Page 20 is broken.")
        #expect(book.log.count { $0 == "items 20" } == 2)
    }

    @Test("A server that names ever new pages with the same items does not hold the listing up for ever")
    func endless() async throws {
        let book = Book(10)
        book.set { $0.isEndless = true }
        let (rows, _, lacks) = try await Listing.rows(
            of: BookSystem(book: book), server: "book", limit: 100, width: 2, journal: ForgetfulJournal(), now: noon)
        #expect(rows.count == 10 && lacks != nil && book.count(.items) < 10)
    }

    @Test("A page that fails fails the listing")
    func failure() async {
        let book = Book(30)
        book.set { state in
            state.pageSize = 10
            state.others[.after(.items)] = [{ $0.set { $0.lasting[.items] = LockError(.slowDown, "Wait.") } }]
        }
        await #expect(throws: LockError.self) { _ = try await rows(book) }
    }

    @Test("A lock is as old as this program knows, where the server tells less")
    func aged() {
        let journal = ForgetfulJournal()
        func age(_ since: Double?, _ sinceIs: Lock.SinceIs, at now: Double) -> Lock? {
            let lock = Lock(
                kind: .lock, holder: Holder(id: "bob"), since: since.map { noon.addingTimeInterval($0) },
                sinceIs: sinceIs, identity: LockIdentity(of: "\(sinceIs) \(since == nil)"))
            let row = Row(item: Item(id: "1", path: "/1", title: ""), reading: .known([lock], at: noon))
            return Listing.aged(row, server: "s", journal: journal, now: noon.addingTimeInterval(now)).lock
        }
        #expect(age(-60, .acquired, at: 0)?.since == noon.addingTimeInterval(-60))
        #expect(age(-60, .acquired, at: 0)?.sinceIs == .acquired)
        #expect(age(nil, .acquired, at: 0)?.since == noon)
        #expect(age(nil, .acquired, at: 90)?.since == noon && age(nil, .acquired, at: 90)?.sinceIs == .firstSeen)
        #expect(age(-10, .refreshed, at: 0)?.sinceIs == .refreshed)
        let refreshed = age(50, .refreshed, at: 60)
        #expect(refreshed?.since == noon && refreshed?.sinceIs == .firstSeen)
    }

    @Test("A page that takes long holds up no other, and the rows are in the listing's order all the same")
    func slowPage() async throws {
        let (book, gate) = (Book(90), Gate())
        book.set { state in
            state.pageSize = 10
            state.gatedPages = ["10": gate]
        }
        async let listed = rows(book, width: 2)
        await gate.arrived()
        while book.count(.items) < 8 { await Task.yield() }
        #expect(!book.log.contains("items 10"))
        gate.open()
        let (rows, isCut) = try await listed
        #expect(rows.map(\.item.id) == (0..<90).map(String.init) && !isCut)
    }
}
