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

    private var taken: Set<LockIdentity> { Set(journal.taken(on: "s", by: "me").map(\.identity)) }

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

    @Test("A lock that was taken is known with its item: two items may have locks of one identity")
    func sameIdentity() {
        let mine = lock(of: "me")
        complete(.lock, after: mine)
        #expect(journal.taken(on: "s", by: "me") == [LockRef(item: ref, identity: mine.identity)])
    }

    @Test("Where nothing can be written down, what takes or breaks can't begin; what gives one's own back may go on")
    func obstacle() {
        let journal = ForgetfulJournal(obstacle: LockError(.nonsense, "The disk is full."))
        for operation in Operation.allCases {
            for holder in ["me", "bob"] {
                let entry = AuditEntry(
                    at: noon, ref: ref, path: "/a", operation: operation, account: "me", before: lock(of: holder),
                    reason: nil)
                #expect(throws: LockError.self) { try journal.begin(entry) }
                let isOwn = [.unlock, .refresh, .checkIn, .discard].contains(operation) && holder == "me"
                #expect(entry.mayGoUnwritten == isOwn, "\(operation) \(holder)")
            }
        }
        #expect(throws: Never.self) {
            try ForgetfulJournal().begin(
                AuditEntry(
                    at: noon, ref: ref, path: "/a", operation: .lock, account: nil, before: nil, reason: nil))
        }
    }
}
