// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

/// Listings that are longer than is kept.
extension ServerWatchTests {
    @Test("A listing that ends at the limit is not cut, though its last page names one more, which is empty")
    func exactlyAtTheLimit() async throws {
        for isCut in [false, true] {
            let desk = Desk(limit: 2)
            let rows = ["a", "b", "c"].map {
                Row(item: Item(id: $0, path: "/\($0)", title: $0), reading: .known([], at: noon))
            }
            desk.book.set { state in
                state.written = [
                    "0": ItemPage(rows: Array(rows.prefix(2)), following: [PageMark("2")]),
                    "2": ItemPage(rows: isCut ? [rows[2]] : []),
                ]
            }
            await desk.start()
            #expect(desk.last?.catalog.count == 2 && desk.last?.status.isCut == isCut)
            await desk.stop()
            let listed = try await Listing.rows(
                of: BookSystem(book: desk.book), server: "book", limit: 2, width: 1, journal: ForgetfulJournal(),
                now: noon)
            #expect(listed.rows.count == 2 && listed.isCut == isCut)
        }
    }

    @Test("A listing that is cut does not make the table grow beyond the limit as items change")
    func cutAndMoving() async {
        let desk = Desk(10, limit: 10)
        desk.book.set { $0.pageSize = 20 }
        await desk.start()
        for number in 10..<40 {
            desk.book.set { state in
                state.items.insert(Item(id: "\(number)", path: "/\(number)", title: ""), at: 0)
            }
            await desk.pass(5)
        }
        #expect(desk.last?.status.isCut == true)
        #expect((10...13).contains(desk.last?.catalog.count ?? 0))
        #expect(!desk.kinds.contains(.vanished))
        await desk.stop()
    }
}
