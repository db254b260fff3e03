// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@Suite("The ages of locks")
struct AgesTests {
    private let ref = ItemRef(server: "s", id: "1")
    private let journal = ForgetfulJournal()

    /// Seconds after noon since when the item's lock is known, as a look at it shows.
    private func since(_ locks: [Lock], at seconds: Double, patience: Double = 120) -> Double? {
        let time = noon.addingTimeInterval(seconds)
        let reading = journal.aged(.known(locks, at: time), of: ref, at: time, patience: patience)
        return reading.lock?.since?.timeIntervalSince(noon)
    }

    private let checkout = lock(of: "bob", .checkout, since: nil, sinceIs: .firstSeen)

    @Test("Out, in, out: the second check-out is not as old as the first")
    func outInOut() {
        #expect(since([checkout], at: 0) == 0)
        #expect(since([checkout], at: 60) == 0)
        #expect(since([], at: 70) == nil)
        #expect(since([checkout], at: 80) == 80)
        #expect(since([checkout], at: 90) == 80)
    }

    @Test("Another holder in between ends an age, and so does another lock of the same holder")
    func another() {
        let other = lock(of: "ann", .checkout, since: nil)
        #expect(since([checkout], at: 0) == 0)
        #expect(since([other], at: 10) == 10)
        #expect(since([checkout], at: 20) == 20)
        let again = lock(of: "bob", .checkout, since: nil, identity: "another")
        #expect(since([again], at: 30) == 30)
        #expect(since([checkout], at: 40) == 40)
    }

    @Test("Where only the holder is told, a gap in watching begins the age anew, and says that it may be older")
    func gap() {
        #expect(since([checkout], at: 0) == 0)
        #expect(since([checkout], at: 119) == 0)
        #expect(since([checkout], at: 238) == 0)
        #expect(since([checkout], at: 1_728_000) == 1_728_000)
        let time = noon.addingTimeInterval(1_728_001)
        #expect(journal.aged(.known([checkout], at: time), of: ref, at: time, patience: 1).lock?.sinceIs == .firstSeen)
    }

    @Test("Where a lock proves that it is the same, nobody need have watched")
    func proven() {
        let refreshed = lock(of: "bob", since: 0, sinceIs: .refreshed)
        #expect(since([refreshed], at: 0) == 0)
        let later = lock(of: "bob", since: 900_000, sinceIs: .refreshed)
        #expect(since([later], at: 900_001) == 0)
        var secret = lock(of: "bob", since: nil)
        secret.token = Token("opaque")
        #expect(since([secret], at: 0) == 0)
        #expect(since([secret], at: 900_000) == 0)
    }

    @Test("A reading that failed says nothing: it neither ends an age nor begins one")
    func failed() {
        #expect(since([checkout], at: 0) == 0)
        let failure = Reading.known([checkout], at: noon).failed("Too slow.")
        #expect(journal.aged(failure, of: ref, at: noon, patience: 120) == failure)
        #expect(since([checkout], at: 100) == 0)
    }

    @Test("A short look does not break the age for a reader that comes less often")
    func patience() {
        #expect(since([checkout], at: 0, patience: 1_200) == 0)
        #expect(since([checkout], at: 1, patience: 120) == 0)
        #expect(since([checkout], at: 400, patience: 1_200) == 0)
    }

    @Test("A start that the server tells is left as it is, and a clock set back leaves none ahead of it")
    func clocks() {
        #expect(since([lock(of: "bob", since: -500)], at: 0) == -500)
        #expect(since([checkout], at: 0) == 0)
        #expect(since([checkout], at: -28_800) == -28_800)
        #expect(since([checkout], at: -28_700) == -28_800)
    }

    @Test("Each of several holders has an age of its own")
    func several() {
        let (ann, bob) = (lock(of: "ann", .shared, since: nil), lock(of: "bob", .shared, since: nil))
        _ = since([ann], at: 0)
        func ages(at seconds: Double) -> [String: Double] {
            let time = noon.addingTimeInterval(seconds)
            let reading = journal.aged(.known([ann, bob], at: time), of: ref, at: time, patience: 120)
            return Dictionary(
                uniqueKeysWithValues: reading.locks.map { ($0.holder.label, $0.since?.timeIntervalSince(noon) ?? -1) })
        }
        #expect(ages(at: 10) == ["ann": 0, "bob": 10])
        #expect(since([bob], at: 20) == 10)
        #expect(ages(at: 30) == ["ann": 30, "bob": 10])
    }

    @Test("Changes of one lock are written as one, and a new hold stays a new hold")
    func changes() {
        let (one, two) = (Ages.Age(first: noon, until: noon), Ages.Age(first: noon, until: noon.addingTimeInterval(1)))
        #expect(Ages.Change.ended.followed(by: .began(one, isAnew: false)) == .began(one, isAnew: true))
        #expect(Ages.Change.began(one, isAnew: true).followed(by: .extended(two)) == .began(two, isAnew: true))
        #expect(Ages.Change.began(one, isAnew: false).followed(by: .ended) == .ended)
        #expect(Ages.Change.extended(one).followed(by: .extended(two)) == .extended(two))
    }
}
