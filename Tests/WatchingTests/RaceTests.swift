// SPDX-License-Identifier: MIT
import Locks
import Testing

@testable import Watching

@Suite("A third person acts while a lock is ended by force", .timeLimit(.minutes(1)))
struct RaceTests {
    private static let points: [Book.Point] = [
        .before(.signIn), .before(.find), .after(.find), .begin, .before(.forceUnlock), .after(.forceUnlock),
    ]

    @Test("A lock that was swapped before the last reading is never broken")
    func swappedBefore() async {
        for point in Self.points.prefix(2) {
            let desk = Desk(1)
            let shown = desk.book.give("0", to: "bob")
            desk.book.set { $0.others[point] = [{ $0.give("0", to: "carol") }] }
            let wish = Wish(.forceUnlock, expectedHolder: "bob", expecting: .lock(shown.identity))
            let result = await desk.performer.perform(wish, on: "0").result
            #expect(result.reason == .changed && result.outcome == .refused)
            #expect(desk.book.changes == 0 && desk.book.lock(of: "0")?.holder.id == "carol")
        }
    }

    @Test("A server that is told which lock is meant never breaks another, and the other is reported", arguments: 2..<5)
    func named(_ point: Int) async {
        let desk = Desk(1)
        let shown = desk.book.give("0", to: "bob")
        desk.book.set { state in
            state.namesTheLock = true
            state.others[Self.points[point]] = [{ $0.give("0", to: "carol") }]
        }
        let result = await desk.performer.perform(Wish(.forceUnlock, expecting: .lock(shown.identity)), on: "0").result
        #expect(result.reason == .changed && result.exitCode == 1)
        #expect(result.after?.holder.id == "carol" && desk.book.get { $0.broken.isEmpty })
    }

    @Test("A lock that comes after the break is left alone and reported")
    func after() async {
        let desk = Desk(1)
        let shown = desk.book.give("0", to: "bob")
        desk.book.set { $0.others[.after(.forceUnlock)] = [{ $0.give("0", to: "carol") }] }
        let result = await desk.performer.perform(Wish(.forceUnlock, expecting: .lock(shown.identity)), on: "0").result
        #expect(result.reason == .changed && result.after?.holder.id == "carol")
        #expect(desk.book.get { $0.broken } == [shown] && desk.book.changes == 1)
    }

    @Test("In a thousand random orders no lock falls unseen, and one that may have fallen is told of")
    func randomly() async {
        var dice = Dice(seed: 42)
        for round in 0..<1_000 {
            let desk = Desk(1)
            let book = desk.book
            let shown = book.give("0", to: "bob")
            let names = Bool.random(using: &dice)
            var swaps: [Int] = []
            var acts: [(Int, @Sendable (Book) -> Void)] = []
            for point in Self.points.indices where Int.random(in: 0..<3, using: &dice) == 0 {
                switch Int.random(in: 0..<3, using: &dice) {
                case 0: acts.append((point, { $0.free("0") }))
                case 1: acts.append((point, { $0.give("0", to: "bob") }))
                default: acts.append((point, { $0.give("0", to: "carol") }))
                }
                swaps.append(point)
            }
            book.set { state in
                state.namesTheLock = names
                if Int.random(in: 0..<4, using: &dice) == 0 { state.losesAnswer = [.forceUnlock] }
                for (point, act) in acts { state.others[Self.points[point]] = [act] }
            }
            let result = await desk.performer.perform(Wish(.forceUnlock, expecting: .lock(shown.identity)), on: "0")
                .result
            let wrong = book.get { $0.broken }.filter { $0.identity != shown.identity }
            let note = "round \(round) swaps \(swaps) \(result.outcome) \(result.why)"
            #expect(book.changes <= 1, "\(note)")
            if names || swaps.contains(where: { $0 < 2 }) { #expect(wrong.isEmpty, "\(note)") }
            if swaps.contains(where: { $0 < 2 }) { #expect(book.changes == 0 && result.reason == .changed, "\(note)") }
            if result.outcome == .done {
                #expect(book.lock(of: "0") == nil, "\(note)")
                #expect(result.why.contains("can't be known"), "\(note)")
            }
            if let lock = book.lock(of: "0"), lock.identity != shown.identity {
                #expect(result.reason == .changed, "\(note)")
            }
            if !wrong.isEmpty { #expect(result.why.contains("can't be known"), "\(note)") }
            if swaps.isEmpty { #expect(result.outcome == .done && wrong.isEmpty, "\(note)") }
        }
    }

    @Test("Of two who lock at once exactly one wins, and the other is told who")
    func twoAtOnce() async {
        for point in [Book.Point.after(.find), .begin, .before(.lock)] {
            let desk = Desk(1)
            desk.book.set { $0.others[point] = [{ $0.give("0", to: "bob") }] }
            let result = await desk.performer.perform(Wish(.lock), on: "0").result
            #expect(result.reason == .conflict && result.after?.holder.id == "bob" && result.exitCode == 75)
        }
    }
}
