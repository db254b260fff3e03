// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@Suite("The journal that forgets at the end")
struct JournalTests {
    private let journal = ForgetfulJournal()
    private let ref = ItemRef(server: "s", id: "1")

    private func complete(
        _ operation: Locks.Operation, _ outcome: Outcome = .done, _ reason: Reason? = nil, before: Lock? = nil,
        after: Lock? = nil
    ) {
        journal.complete(
            0,
            with: OperationResult(
                ref: ref, path: "/a", operation: operation, outcome: outcome, reason: reason, before: before,
                after: after), at: noon)
    }

    private var taken: Set<LockIdentity> { journal.taken(on: "s", by: "me") }

    @Test("Events are numbered one after the other")
    func numbers() {
        let event = LockEvent(at: noon, ref: ref, path: "/a", title: "A", kind: .locked, text: "x")
        #expect(journal.keep([event, event]).map(\.seq) == [1, 2])
        #expect(journal.keep([event]).map(\.seq) == [3])
    }

    @Test("A lock taken through it is remembered until it is given back or lost")
    func remembered() {
        let mine = lock(of: "me")
        complete(.lock, after: mine)
        #expect(taken == [mine.identity])
        #expect(journal.taken(on: "other", by: "me").isEmpty)
        complete(.unlock, before: mine)
        #expect(taken.isEmpty)
        complete(.lock, after: mine)
        complete(.refresh, .refused, .lost, before: mine, after: lock(of: "bob"))
        #expect(taken.isEmpty)
    }

    @Test("A refresh carries the memory on to the new identity, and adds none of its own")
    func refreshed() {
        let (one, two) = (lock(of: "me", identity: "one"), lock(of: "me", identity: "two"))
        complete(.refresh, before: one, after: two)
        #expect(taken.isEmpty)
        complete(.lock, after: one)
        complete(.refresh, before: one, after: two)
        #expect(taken == [two.identity])
    }

    @Test("A lock that was not taken, and a check-out, are not remembered")
    func notTaken() {
        complete(.lock, .refused, .conflict, after: lock(of: "bob"))
        complete(.lock, .unverified, .unseen, after: lock(of: "me"))
        complete(.checkOut, after: lock(of: "me", .checkout))
        #expect(taken.isEmpty)
    }
}
