// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@Suite("Judging by the reading before an operation")
struct JudgingBeforeTests {
    /// What is there before, for a table.
    enum Before: String, CaseIterable {
        case free, mine, bobs, myCheckout, bobsCheckout, myShared

        var row: Row {
            switch self {
            case .free: sample()
            case .mine: sample(lock(of: "me"))
            case .bobs: sample(lock(of: "bob"))
            case .myCheckout: sample(lock(of: "me", .checkout))
            case .bobsCheckout: sample(lock(of: "bob", .checkout))
            case .myShared: sample(lock(of: "bob", .shared), lock(of: "me", .shared))
            }
        }
    }

    /// The word for what is decided: the outcome and the reason, or `send`.
    private func verdict(_ wish: Wish, _ row: Row) -> String {
        guard let judgement = wish.judge(before: row) else { return "send" }
        return ([judgement.outcome.rawValue] + [judgement.reason?.rawValue].compactMap(\.self)).joined(separator: " ")
    }

    @Test(
        "Every operation on every state is sent, unchanged or refused as the table says",
        arguments: [
            (
                Operation.lock,
                "send|unchanged already|refused conflict|refused conflict|refused conflict|unchanged already"
            ),
            (.refresh, "refused not-held|send|refused conflict|refused unsupported|refused conflict|send"),
            (.unlock, "unchanged already|send|refused conflict|refused unsupported|refused conflict|send"),
            (.forceUnlock, "unchanged already|send|send|refused unsupported|send|send"),
            (.checkOut, "send|refused conflict|refused conflict|unchanged already|refused conflict|refused conflict"),
            (.checkIn, "refused not-held|refused not-held|refused conflict|send|refused conflict|refused not-held"),
            (.discard, "unchanged already|refused not-held|refused conflict|send|refused conflict|refused not-held"),
        ])
    func table(_ operation: Locks.Operation, _ expected: String) {
        let verdicts = Before.allCases.map { verdict(Wish(operation), $0.row) }
        #expect(verdicts.joined(separator: "|") == expected)
    }

    @Test("Another's check-out is discarded only with leave to take from others")
    func discardOfAnother() {
        #expect(verdict(Wish(.discard, mayTakeFromOthers: true), row(lock(of: "bob", .checkout))) == "send")
        #expect(verdict(Wish(.discard, mayTakeFromOthers: true), row(lock(of: "bob", .workingCopy))) == "send")
        #expect(verdict(Wish(.discard, mayTakeFromOthers: true), row(lock(of: "bob"))) == "refused not-held")
        for operation in [Operation.lock, .refresh, .unlock, .checkOut, .checkIn] {
            #expect(verdict(Wish(operation, mayTakeFromOthers: true), row(lock(of: "bob"))) == "refused conflict")
        }
    }

    @Test("A lock of mine with other options is asked for again, a check-out is not")
    func otherOptions() {
        let options = LockOptions(timeout: 3_600)
        #expect(verdict(Wish(.lock, options: options), row(lock(of: "me"))) == "send")
        #expect(verdict(Wish(.checkOut, options: options), row(lock(of: "me", .checkout))) == "unchanged already")
        #expect(verdict(Wish(.lock, options: options), row(lock(of: "bob"))) == "refused conflict")
    }

    @Test("What can't be read is never called free, mine or another's", arguments: Operation.allCases)
    func unknown(_ operation: Locks.Operation) {
        #expect(verdict(Wish(operation), unreadable()) == "failed server")
        #expect(Wish(operation).judge(before: unreadable())?.why == "It was too slow.")
        #expect(Wish(operation).judge(before: unreadable(nil))?.why == "The server does not tell who has it.")
        let bound = Wish(operation, expectedHolder: "bob", expecting: .lock(LockIdentity(of: "x")))
        #expect(verdict(bound, unreadable()) == "failed server")
        let held = Row(item: row().item, reading: row(lock(of: "bob")).reading.failed("Slow."))
        #expect(verdict(Wish(operation, expectedHolder: "bob"), held) == "failed server")
    }

    @Test("An item of a type that can't be held is refused, unless it is held all the same")
    func notLockable() {
        #expect(verdict(Wish(.lock), row(isLockable: false)) == "refused not-lockable")
        #expect(verdict(Wish(.forceUnlock), row(lock(of: "bob"), isLockable: false)) == "send")
    }

    @Test("Another holder than the one expected is refused as changed, whatever the operation")
    func expectedHolder() {
        for operation in Operation.allCases {
            #expect(verdict(Wish(operation, expectedHolder: "bob"), row(lock(of: "carol"))) == "refused changed")
        }
        #expect(verdict(Wish(.forceUnlock, expectedHolder: "bob"), row(lock(of: "bob"))) == "send")
        #expect(verdict(Wish(.forceUnlock, expectedHolder: "Bob"), row(lock(of: "bob"))) == "refused changed")
        var nameless = lock(of: "bob")
        nameless.holder = Holder(id: nil, name: "Bob")
        #expect(verdict(Wish(.forceUnlock, expectedHolder: "Bob"), row(nameless)) == "send")
        nameless.holder = Holder(id: nil)
        #expect(verdict(Wish(.forceUnlock, expectedHolder: "Bob"), row(nameless)) == "refused changed")
    }

    @Test("Another lock of the same holder is refused as changed")
    func expectedLock() {
        let first = lock(of: "bob", identity: "one")
        for operation in Operation.allCases {
            let wish = Wish(operation, expectedHolder: "bob", expecting: .lock(first.identity))
            #expect(verdict(wish, row(lock(of: "bob", identity: "two"))) == "refused changed")
        }
        #expect(verdict(Wish(.forceUnlock, expecting: .lock(first.identity)), row(first)) == "send")
    }

    @Test("An expected lock on an item that is free by now: changed for force, unchanged for unlock")
    func expectedButFree() {
        #expect(verdict(Wish(.forceUnlock, expectedHolder: "bob"), row()) == "refused changed")
        #expect(verdict(Wish(.forceUnlock, expecting: .lock(LockIdentity(of: "x"))), row()) == "refused changed")
        #expect(verdict(Wish(.unlock, expectedHolder: "bob"), row()) == "unchanged already")
        #expect(verdict(Wish(.refresh, expecting: .lock(LockIdentity(of: "x"))), row()) == "refused changed")
    }

    @Test("A refusal names who has it")
    func names() {
        #expect(Wish(.lock).judge(before: row(lock(of: "bob")))?.why.contains("bob") == true)
        let wish = Wish(.forceUnlock, expectedHolder: "bob")
        #expect(wish.judge(before: row(lock(of: "carol")))?.why == "carol has it now, not bob. Nothing was done.")
    }
}
