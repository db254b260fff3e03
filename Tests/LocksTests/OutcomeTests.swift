// SPDX-License-Identifier: MIT
import Locks
import Testing

@Suite("Outcomes, reasons and exit codes")
struct OutcomeTests {
    @Test("Each reason has the exit code of the table")
    func exitCodes() {
        let table: [Reason: Int32] = [
            .already: 0, .conflict: 75, .lost: 1, .notHeld: 1, .readOnly: 77, .changed: 1, .forbidden: 77,
            .tokenNeeded: 1, .needsAction: 1, .notLockable: 1, .unsupported: 1, .gone: 1, .signIn: 77,
            .unreachable: 69, .throttled: 75, .server: 1, .unseen: 1, .cancelled: 130,
        ]
        #expect(Reason.allCases.count == table.count)
        for reason in Reason.allCases { #expect(reason.exitCode == table[reason], "\(reason.rawValue)") }
    }

    @Test("The reasons' words are those that scripts know")
    func words() {
        #expect(
            Reason.allCases.map(\.rawValue).joined(separator: " ")
                == "already conflict lost not-held read-only changed forbidden token-needed needs-action not-lockable "
                + "unsupported gone sign-in unreachable throttled server unseen cancelled")
        #expect(
            Outcome.allCases.map(\.rawValue) == ["done", "unchanged", "refused", "failed", "unverified", "planned"])
    }

    @Test("Only what broke is failed, the rest is refused")
    func breakage() {
        #expect(Reason.allCases.filter(\.isBreakage) == [.signIn, .unreachable, .throttled, .server])
    }

    private func result(_ outcome: Outcome, _ reason: Reason?) -> OperationResult {
        OperationResult(
            ref: ItemRef(server: "s", id: "1"), path: "/a", operation: .lock, outcome: outcome, reason: reason)
    }

    @Test("Done, unchanged and planned end well; the others by their reason, or with 1")
    func results() {
        for outcome in [Outcome.done, .unchanged, .planned] {
            #expect(result(outcome, .changed).exitCode == 0)
            #expect(result(outcome, nil).isGood)
        }
        #expect(result(.refused, .conflict).exitCode == 75)
        #expect(result(.failed, .unreachable).exitCode == 69)
        #expect(result(.unverified, .unseen).exitCode == 1)
        #expect(result(.failed, nil).exitCode == 1)
        #expect(!result(.refused, .readOnly).isGood)
    }

    @Test("An error worth a retry is one that time may mend")
    func passing() {
        let all: [LockError.Code] = [
            .unreachable, .notSignedIn, .forbidden, .conflict, .gone, .unsupported, .notLockable, .slowDown, .nonsense,
            .wrongSystem, .needsAction, .tokenNeeded, .cancelled,
        ]
        #expect(all.filter { LockError($0, "x").isPassing } == [.unreachable, .slowDown, .nonsense])
        #expect(LockError(.gone, "Gone.").description == "Gone.")
        #expect(LockError(.gone, "Gone.", advice: "Look elsewhere.").description == "Gone. Look elsewhere.")
    }
}

@Suite("Operations and their offers")
struct OperationTests {
    @Test("Each operation has its words for people")
    func words() {
        #expect(
            Operation.allCases.map(\.word)
                == ["lock", "refresh", "unlock", "force-unlock", "check-out", "check-in", "discard"])
        #expect(
            Operation.allCases.map(\.past)
                == ["locked", "refreshed", "released", "force-unlocked", "checked out", "checked in", "discarded"])
    }

    @Test("What is not named is not offered, and says why")
    func offers() {
        var operations = Operations([.lock: .yes, .forceUnlock: .depends("Managers only.")])
        #expect(operations[.lock] == .yes)
        #expect(operations[.forceUnlock].isOffered && operations[.forceUnlock].why == "Managers only.")
        #expect(!operations[.refresh].isOffered && operations[.refresh].why != nil)
        operations[.refresh] = .yes
        #expect(operations[.refresh].isOffered)
        #expect(Operation.allCases.allSatisfy { Operations.none("Closed.")[$0] == .no("Closed.") })
    }

    @Test("Withdrawing takes away what is named, for its reason, and leaves the rest")
    func withdrawing() {
        let left = Operations([.lock: .yes, .unlock: .yes]).without([.lock: "Editors only."])
        #expect(left[.lock] == .no("Editors only."))
        #expect(left[.unlock].isOffered)
    }
}
