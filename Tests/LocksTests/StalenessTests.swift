// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@Suite("Stale locks")
struct StalenessTests {
    private let rule = Staleness(after: 3_600, departed: ["carol", "Dave"])

    private func reasons(_ lock: Lock) -> [String] { rule.reasons(lock, at: noon) }

    @Test("A lock that was taken a while ago and is in use is not stale")
    func fresh() {
        #expect(reasons(lock(of: "bob", since: -3_600)) == [])
        #expect(reasons(lock(of: "bob", since: nil)) == [])
        #expect(reasons(lock(of: "bob", since: 3_600)) == [])
        #expect(reasons(lock(of: "bob", since: -60, expires: 10, timeout: 10)) == [])
    }

    @Test("A lock that is held for longer than the limit is stale")
    func tooLong() {
        #expect(reasons(lock(of: "bob", since: -3_601)) == ["held for 1h"])
        #expect(reasons(lock(of: "bob", since: -200_000)) == ["held for 2d"])
    }

    @Test("A lock that ran out and is still there is stale, after one second of grace")
    func ranOut() {
        #expect(reasons(lock(of: "bob", expires: -1)) == [])
        #expect(reasons(lock(of: "bob", expires: -90)) == ["ran out 1m ago and is still there"])
    }

    @Test("Several time-outs without a refresh make a lock stale where the server tells no end")
    func forsaken() {
        #expect(reasons(lock(of: "bob", since: -1_900, sinceIs: .refreshed, timeout: 600)) == ["not refreshed for 31m"])
        #expect(reasons(lock(of: "bob", since: -1_800, sinceIs: .refreshed, timeout: 600)) == [])
        #expect(reasons(lock(of: "bob", since: -1_900, sinceIs: .acquired, timeout: 600)) == [])
        #expect(reasons(lock(of: "bob", since: -1_900, sinceIs: .refreshed, expires: 60, timeout: 600)) == [])
    }

    @Test("A holder who left makes every lock stale, by id or by name")
    func departed() {
        #expect(reasons(lock(of: "carol", since: 0)) == ["carol has left"])
        #expect(reasons(lock(of: "dave", since: 0)) == ["dave has left"])
        #expect(Staleness().reasons(lock(of: "carol"), at: noon) == [])
    }

    @Test("Whether it is stale and why it is agree, for a thousand random locks")
    func agreement() {
        var dice = Dice(seed: 7)
        for _ in 0..<1_000 {
            let lock = lock(
                of: ["bob", "carol", "dave"].randomElement(using: &dice) ?? "bob",
                since: Bool.random(using: &dice) ? nil : .random(in: -9_000...100, using: &dice),
                sinceIs: [.acquired, .refreshed, .firstSeen].randomElement(using: &dice) ?? .acquired,
                expires: Bool.random(using: &dice) ? nil : .random(in: -20...20, using: &dice),
                timeout: Bool.random(using: &dice) ? nil : .random(in: 1...2_000, using: &dice))
            #expect(rule.isStale(lock, at: noon) == !rule.reasons(lock, at: noon).isEmpty)
        }
    }
}

@Suite("Ages in words")
struct AgeTests {
    @Test(
        "An age is one coarse unit",
        arguments: [
            (0, "0s"), (0.9, "0s"), (59.9, "59s"), (60, "1m"), (3_599, "59m"), (3_600, "1h"), (86_400, "24h"),
            (172_799, "47h"), (172_800, "2d"), (8_640_000, "100d"), (-5, "0s"), (-1e300, "0s"), (1e300, "11574074d"),
            (.infinity, "-"), (-.infinity, "-"), (.nan, "-"),
        ] as [(Double, String)])
    func text(_ seconds: Double, _ expected: String) { #expect(Age.text(seconds) == expected) }

    @Test("A calm age does not count seconds")
    func calm() {
        #expect(Age.calm(0) == "<1m")
        #expect(Age.calm(59.9) == "<1m")
        #expect(Age.calm(-10) == "<1m")
        #expect(Age.calm(60) == "1m")
        #expect(Age.calm(7_200) == "2h")
    }

    @Test("The next thing that turns by itself: an old reading, a stale lock, one that ran out or was forsaken")
    func nextTurn() {
        let rule = Staleness(after: 3_600)
        func turn(_ row: Row, at seconds: Double) -> Double? {
            rule.nextTurn(of: row, oldAfter: 15, after: noon.addingTimeInterval(seconds))?.timeIntervalSince(noon)
        }
        #expect(turn(row(), at: 0) == 15 && turn(row(), at: 14.9) == 15 && turn(row(), at: 15) == nil)
        #expect(turn(Row(item: row().item), at: 0) == nil)
        let held = row(lock(of: "bob", since: -300, expires: 600))
        #expect([0, 15, 480, 600, 601, 3_300].map { turn(held, at: $0) } == [15, 480, 600, 601, 3_300, nil])
        let refreshed = row(lock(of: "bob", since: 0, sinceIs: .refreshed, timeout: 600))
        #expect([15, 1_800].map { turn(refreshed, at: $0) } == [1_800, 3_600])
        // What it names is when the reasons change, a moment later.
        for second in stride(from: 1.0, to: 4_000, by: 7) {
            let time = noon.addingTimeInterval(second)
            guard let next = rule.nextTurn(of: held, oldAfter: 15, after: time), let lock = held.lock else { continue }
            #expect(rule.isStale(lock, at: time) == rule.isStale(lock, at: next.addingTimeInterval(-0.001)))
        }
    }

    @Test("A row is stale when any of its locks is, not only the one that decides: the column and the filter agree")
    func shared() throws {
        let (rule, now) = (Staleness(departed: ["bob"]), Date(timeIntervalSince1970: 1_000_000))
        let locks = ["ann", "bob"].map {
            Lock(kind: .shared, holder: Holder(id: $0), since: now, sinceIs: .acquired, identity: LockIdentity(of: $0))
        }
        let row = Row(item: Item(id: "/a", path: "/a", title: ""), reading: .known(locks, at: now))
        #expect(row.lock?.holder.id == "ann" && rule.isStale(row, at: now))
        #expect(!rule.isStale(Row(item: row.item, reading: .known([locks[0]], at: now)), at: now))
        let wording = Wording(for: .csv, at: now, rule) { _ in "" }
        #expect(Field.stale.cell(of: row, from: Field.Origin(server: "a"), wording).text == "stale")
        #expect(try Query("state:stale").matches(row, in: Query.Context(server: "a", now: now, staleness: rule)))
    }
}
