// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

@Suite("Following what a server tells of its listing", .timeLimit(.minutes(1)))
struct FollowingTests {
    private static func desk(_ count: Int = 100, limit: Int = 1_000, tellsLocks: Bool = true) -> Desk {
        let desk = Desk(count, limit: limit, isFollowed: true)
        desk.book.set { state in
            state.pageSize = 20
            state.tellsLocks = tellsLocks
        }
        return desk
    }

    private static func named(_ ids: String...) -> ItemPage {
        ItemPage(rows: ids.map { Row(item: Item(id: $0, path: "/\($0)", title: "Item \($0)")) })
    }

    @Test("Once the listing has come whole it is read no more, but for a sweep every five minutes")
    func rest() async {
        let desk = Self.desk()
        await desk.start()
        #expect(desk.book.count(.items) == 5)
        for _ in 0..<59 { await desk.pass(5) }
        #expect(desk.book.count(.items) == 5 && desk.book.count(.changes) == 59)
        for _ in 0..<10 { await desk.pass(5) }
        #expect(desk.book.count(.items) == 10 && desk.book.count(.changes) == 69)
        await desk.stop()
    }

    @Test("What is named and was not told is read at once; what is not named keeps the time at which it was read")
    func named() async {
        let desk = Self.desk()
        await desk.start()
        desk.book.give("7", to: "bob")
        desk.book.give("8", to: "bob")
        desk.book.add(200)
        desk.book.set { $0.changes = [.told(Self.named("7", "200"))] }
        await desk.pass(5)
        #expect(desk.book.log.filter { $0.hasPrefix("read") } == ["read 7,200"])
        #expect(desk.holder("7") == "bob" && desk.state("200") == .free)
        #expect(Set(desk.kinds) == [.locked, .appeared])
        #expect(desk.state("8") == .free && desk.last?.catalog["8"]?.reading.observedAt == noon)
        await desk.stop()
    }

    @Test("A lock that is told with the change is taken as it is told, without a reading")
    func told() async {
        let desk = Self.desk()
        await desk.start()
        let bob = Lock(kind: .lock, holder: Holder(id: "bob"), identity: LockIdentity(of: "bob's"))
        var page = Self.named("7")
        page.rows[0].reading = .known([bob], at: desk.time.wall)
        desk.book.set { $0.changes = [.told(page)] }
        await desk.pass(5)
        #expect(desk.holder("7") == "bob" && desk.kinds == [.locked])
        #expect(!desk.book.log.contains { $0.hasPrefix("read") })
        await desk.stop()
    }

    @Test("What moved is the same item in another place, and what is gone has vanished")
    func movedAndGone() async {
        let desk = Self.desk()
        desk.book.give("7", to: "bob")
        await desk.start()
        desk.book.remove("8")
        var page = Self.named()
        (page.moved, page.removed) = (["7": "/new/7", "900": "/new/900"], ["8", "901"])
        desk.book.set { $0.changes = [.told(page)] }
        await desk.pass(5)
        #expect(desk.last?.catalog["7"]?.item.path == "/new/7" && desk.holder("7") == "bob")
        #expect(desk.last?.catalog["8"] == nil && desk.last?.catalog.count == 99)
        #expect(desk.kinds == [.vanished])
        await desk.stop()
    }

    @Test("What is told while it is operated on: the name counts, and the lock is that which the operation left")
    func operatedOn() async {
        let desk = Self.desk()
        await desk.start()
        var page = Self.named("7")
        page.rows[0].item.title = "Another title"
        page.rows[0].reading = .known([], at: desk.time.wall)
        page.moved = ["8": "/new/8"]
        let gate = Gate()
        desk.book.set { [page] state in
            state.changes = [.told(page)]
            state.gates[.changes] = gate
        }
        let naps = desk.time.naps.count
        desk.time.advance(by: 5)
        await gate.arrived()
        // It was taken after the server had made its answer up.
        await desk.watch.touch("7")
        desk.book.give("7", to: "me")
        gate.open()
        await desk.time.quiet(after: naps)
        #expect(desk.last?.catalog["7"]?.item.title == "Another title")
        #expect(desk.last?.catalog["7"]?.reading.observedAt == noon)
        #expect(desk.last?.catalog["8"]?.item.path == "/new/8")
        #expect(desk.last?.catalog["8"]?.reading.observedAt == noon)
        await desk.stop()
    }

    @Test("Where the server has forgotten where we stood, the listing is read from its beginning")
    func forgotten() async {
        let desk = Self.desk()
        await desk.start()
        desk.book.give("99", to: "bob")
        desk.book.set { $0.changes = [.forgotten, .untold, .untold, .untold, .untold] }
        for _ in 0..<5 { await desk.pass(5) }
        #expect(desk.book.log.filter { $0.hasPrefix("items") }.suffix(5) == (0..<5).map { "items \($0 * 20)" })
        #expect(desk.holder("99") == "bob")
        for _ in 0..<5 { await desk.pass(5) }
        #expect(desk.book.count(.items) == 10, "and then it is followed again")
        await desk.stop()
    }

    @Test("Where the server forgets again and again, the listing is still read to its end")
    func oftenForgotten() async {
        let desk = Self.desk()
        await desk.start()
        desk.book.give("99", to: "bob")
        desk.book.set { $0.changes = Array(repeating: .forgotten, count: 20) }
        for _ in 0..<6 { await desk.pass(5) }
        #expect(desk.holder("99") == "bob")
        await desk.stop()
    }

    @Test("What was told once and could not be read then is read when the server is back")
    func toldWhileAway() async {
        let desk = Self.desk()
        await desk.start()
        desk.book.give("7", to: "bob")
        desk.book.set { state in
            state.changes = [.told(Self.named("7"))]
            state.faults[.read] = [LockError(.unreachable, "Nobody answers.")]
        }
        await desk.pass(5)
        #expect(desk.state("7") == .free)
        await desk.pass(60)
        #expect(desk.holder("7") == "bob")
        #expect(desk.book.log.filter { $0.hasPrefix("read") } == ["read 7", "read 7"])
        await desk.stop()
    }

    @Test("Where the server does not tell, the listing is swept as it always was")
    func untold() async {
        let desk = Self.desk()
        desk.book.set { $0.changes = Array(repeating: .untold, count: 20) }
        await desk.start()
        desk.book.give("99", to: "bob")
        for _ in 0..<6 { await desk.pass(5) }
        #expect(desk.book.count(.items) == 11 && desk.holder("99") == "bob")
        await desk.stop()
    }

    @Test("A server that fails when it is asked for changes is swept all the same")
    func failing() async {
        let desk = Self.desk()
        await desk.start()
        desk.book.give("99", to: "bob")
        desk.book.set { $0.lasting[.changes] = LockError(.nonsense, "500.") }
        for _ in 0..<6 { await desk.pass(5) }
        #expect(desk.holder("99") == "bob" && desk.last?.status.phase == .watching)
        await desk.stop()
    }

    @Test("What is on screen and what is held is read at every poll, whatever is told")
    func onScreen() async {
        let desk = Self.desk()
        desk.book.give("50", to: "bob")
        await desk.start()
        await desk.watch.show(["40"])
        desk.book.give("40", to: "carol")
        desk.book.free("50")
        await desk.pass(5)
        #expect(desk.holder("40") == "carol" && desk.state("50") == .free)
        #expect(desk.book.log.suffix(3) == ["read 40", "read 50", "changes"])
        await desk.stop()
    }

    @Test("A listing that one request tells is asked for at every poll, since it tells of the locks as well")
    func small() async {
        let desk = Self.desk(20)
        await desk.start()
        desk.book.give("3", to: "bob")
        await desk.pass(5)
        #expect(desk.book.log.suffix(1) == ["items 0"] && desk.book.count(.changes) == 0 && desk.holder("3") == "bob")
        await desk.stop()
    }

    @Test(
        "What comes beyond the limit is shown until a sweep makes room, and the table does not grow by more than a tenth"
    )
    func beyondTheLimit() async {
        let desk = Self.desk(60, limit: 50)
        await desk.start()
        #expect(desk.last?.status.isCut == true)
        var most = 0
        for number in 100..<160 {
            desk.book.set { state in
                state.items.insert(Item(id: "\(number)", path: "/\(number)", title: ""), at: 0)
                state.changes = [.told(Self.named("\(number)"))]
            }
            await desk.pass(5)
            #expect(desk.last?.catalog["\(number)"] != nil)
            most = max(most, desk.last?.catalog.count ?? 0)
        }
        #expect(most <= 80)
        #expect(!desk.kinds.contains(.vanished))
        await desk.stop()
    }
}

@Suite("Reading what no listing tells of", .timeLimit(.minutes(1)))
struct CatchingUpTests {
    /// A server of which every reading takes a second, and whose listing tells nothing of locks.
    private static func desk(_ count: Int, poll: Double = 2) -> Desk {
        let desk = Desk(count, poll: poll, isFollowed: true)
        desk.book.set { [time = desk.time] state in
            state.pageSize = 100
            state.tellsLocks = false
            state.slowly[.read] = { time.advance(by: 1) }
        }
        return desk
    }

    @Test("What is on screen is read at once after the listing, then all others without a pause, and then it is quiet")
    func first() async {
        let desk = Self.desk(200)
        let screen = (100..<140).map(String.init)
        await desk.watch.show(screen)
        await desk.start()
        #expect(desk.last?.catalog.tally.unknown == 0)
        let reads = desk.book.log.filter { $0.hasPrefix("read") }
        #expect(reads.prefix(4).joined(separator: ",").replacing("read ", with: "") == screen.joined(separator: ","))
        // 200 items are 20 readings; what is on screen may take as much as a third of the time.
        #expect((desk.time.wall.timeIntervalSince(noon)) <= 32)
        let before = desk.book.count(.read)
        await desk.pass(2)
        #expect(desk.book.count(.read) - before == 4, "only what is on screen")
        await desk.stop()
    }

    @Test("What comes on screen meanwhile is read before the others")
    func scrolled() async {
        let desk = Self.desk(200)
        await desk.watch.show(["0"])
        desk.book.set { state in
            state.others[.after(.read)] = [{ book in book.note("scrolled") }]
        }
        let gate = Gate()
        desk.book.set { $0.gates[.read] = gate }
        let started = Task { await desk.start() }
        await gate.arrived()
        await desk.watch.show(["190", "191"])
        desk.book.set { $0.gates = [:] }
        gate.open()
        await started.value
        let reads = desk.book.log.filter { $0.hasPrefix("read") }
        let place = reads.firstIndex { $0.hasPrefix("read 190,191") } ?? .max
        #expect(place <= 3, "\(reads.prefix(6))")
        #expect(desk.last?.catalog.tally.unknown == 0)
        await desk.stop()
    }

    @Test("Rows of the last run are read anew, those that were held before the others")
    func cached() async {
        let desk = Self.desk(60)
        let bob = Lock(kind: .checkout, holder: Holder(id: "bob"), identity: LockIdentity(of: "bob's"))
        let before = noon.addingTimeInterval(-3_600)
        desk.journal.preset(
            (0..<60).map { number in
                Row(
                    item: Item(id: "\(number)", path: "/\(number)", title: "Item \(number)"),
                    reading: .known(number == 55 ? [bob] : [], at: before))
            })
        await desk.start()
        #expect(desk.book.log.first { $0.hasPrefix("read") } == "read 55")
        #expect(desk.last?.catalog.rows.allSatisfy { $0.reading.observedAt.map { $0 >= noon } ?? false } == true)
        await desk.stop()
    }

    @Test("What a server that was away could not be asked for is read when it is back")
    func away() async {
        let desk = Self.desk(50)
        desk.book.set { $0.faults[.read] = [LockError(.unreachable, "Nobody answers.")] }
        await desk.start()
        #expect(desk.last?.catalog.tally.unknown == 50)
        await desk.pass(2)
        #expect(desk.last?.catalog.tally.unknown == 0)
        await desk.stop()
    }

    @Test("Items for which no request gets an answer hold up no others")
    func poisoned() async {
        let desk = Self.desk(50)
        desk.book.set { $0.poisoned["7"] = LockError(.unreachable, "Its archive does not answer.") }
        await desk.start()
        #expect(desk.last?.catalog.tally.unknown == 50)
        for _ in 0..<2 { await desk.pass(60) }
        #expect(desk.last?.catalog.tally.unknown == 10)
        await desk.stop()
    }

    @Test("An item that can't be read holds up no other, and does not keep the watch from resting")
    func broken() async {
        let desk = Self.desk(50)
        desk.book.set { $0.unreadable["7"] = LockError(.forbidden, "You may not.") }
        await desk.start()
        #expect(desk.last?.catalog.tally.unknown == 1 && desk.last?.catalog["7"]?.reading.error == "You may not.")
        let reads = desk.book.count(.read)
        await desk.pass(2)
        #expect(desk.book.count(.read) == reads)
        await desk.stop()
    }

    @Test("Of few documents the free ones that nobody looks at are read again within some minutes")
    func few() async {
        let desk = Self.desk(60)
        await desk.start()
        desk.book.give("50", to: "bob")
        desk.book.set { $0.slowly = [:] }
        let reads = desk.book.count(.read)
        for _ in 0..<10 { await desk.pass(30) }
        #expect(desk.holder("50") == "bob")
        #expect(desk.book.count(.read) - reads < 160)
        await desk.stop()
    }

    @Test(
        "A document that is new is read when it is told of; many that nobody has or looks at are read again in half an hour"
    )
    func later() async {
        let desk = Self.desk(900)
        desk.book.set { $0.slowly = [:] }
        await desk.start()
        desk.book.give("5", to: "bob")
        desk.book.add(2_000)
        desk.book.set { state in
            state.changes = [
                .told(ItemPage(rows: [Row(item: Item(id: "2000", path: "/2000", title: "Item 2000"))]))
            ]
        }
        await desk.pass(2)
        #expect(desk.state("2000") == .free && desk.state("5") == .free)
        let reads = desk.book.count(.read)
        for _ in 0..<40 { await desk.pass(50) }
        #expect(desk.holder("5") == "bob")
        #expect(desk.book.count(.read) - reads < 1_010)
        await desk.stop()
    }
}
