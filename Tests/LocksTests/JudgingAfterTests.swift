// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

private let refusal = LockError(.forbidden, "You may not.")
private let lost = LockError(.unreachable, "The answer was lost.", mayHaveHappened: true)
private let garbled = LockError(.nonsense, "The answer was cut off.", mayHaveHappened: true)

@Suite("Judging by the reading after an operation")
struct JudgingAfterTests {
    private func verdict(_ wish: Wish, _ before: Row, _ failure: LockError?, _ after: Row) -> String {
        word(wish.judge(before: before, failure: failure, after: .success(after)))
    }

    private func unseen(_ wish: Wish, _ failure: LockError?, _ reading: LockError) -> String {
        word(wish.judge(before: row(lock(of: "me")), failure: failure, after: .failure(reading)))
    }

    private func word(_ judgement: Judgement) -> String {
        ([judgement.outcome.rawValue] + [judgement.reason?.rawValue].compactMap(\.self)).joined(separator: " ")
    }

    /// One row of the table: agreed, refused, answer lost.
    struct Line: Sendable, CustomStringConvertible {
        let operation: Locks.Operation
        let before: [Lock]
        let after: [Lock]
        let verdicts: String

        init(_ operation: Locks.Operation, _ before: [Lock], _ after: [Lock], _ verdicts: String) {
            self.operation = operation
            self.before = before
            self.after = after
            self.verdicts = verdicts
        }

        var description: String {
            "\(before.map(\.holder.label)) \(operation.rawValue) \(after.map(\.holder.label)): \(verdicts)"
        }
    }

    private static let mine = lock(of: "me")
    private static let bobs = lock(of: "bob")
    private static let carols = lock(of: "carol")
    private static let copy = lock(of: "me", .checkout)
    private static let bobsCopy = lock(of: "bob", .checkout)
    private static let later = lock(of: "me", expires: 600, timeout: 600)
    private static let sooner = lock(of: "me", expires: 300, timeout: 600)
    private static let bobShares = lock(of: "bob", .shared)
    private static let carolShares = lock(of: "carol", .shared)

    @Test(
        "Before and after decide, whatever the server said",
        arguments: [
            Line(.lock, [], [mine], "done|done|done"),
            Line(.lock, [], [bobs], "refused conflict|refused conflict|refused conflict"),
            Line(.lock, [], [], "unverified unseen|refused forbidden|failed unreachable"),
            Line(.lock, [], [copy], "unverified unseen|refused forbidden|failed unreachable"),
            Line(.lock, [], [bobShares, lock(of: "me", .shared)], "done|done|done"),
            Line(.refresh, [sooner], [later], "done|done|done"),
            Line(.refresh, [sooner], [sooner], "unverified unseen|refused forbidden|failed unreachable"),
            Line(.refresh, [later], [later], "done|refused forbidden|failed unreachable"),
            Line(.refresh, [mine], [mine], "done|refused forbidden|failed unreachable"),
            Line(.refresh, [mine], [bobs], "refused lost|refused lost|refused lost"),
            Line(.refresh, [mine], [], "refused lost|refused lost|refused lost"),
            Line(.unlock, [mine], [], "done|done|done"),
            Line(.unlock, [mine], [bobs], "done|done|done"),
            Line(.unlock, [mine], [mine], "unverified unseen|refused forbidden|failed unreachable"),
            Line(
                .unlock, [mine], [lock(of: "me", identity: "another")],
                "unverified unseen|unverified unseen|unverified unseen"),
            Line(.unlock, [lock(of: "me", .shared), bobShares], [bobShares], "done|done|done"),
            Line(.forceUnlock, [bobs], [], "done|done|done"),
            Line(.forceUnlock, [bobs], [bobs], "unverified unseen|refused forbidden|failed unreachable"),
            Line(.forceUnlock, [bobs], [carols], "refused changed|refused changed|refused changed"),
            Line(
                .forceUnlock, [bobs], [lock(of: "bob", identity: "new")],
                "refused changed|refused changed|refused changed"),
            Line(.forceUnlock, [bobShares, carolShares], [carolShares], "done|done|done"),
            Line(
                .forceUnlock, [bobShares], [carolShares, bobShares],
                "unverified unseen|refused forbidden|failed unreachable"),
            Line(.forceUnlock, [bobShares], [carols], "refused changed|refused changed|refused changed"),
            Line(.checkOut, [], [copy], "done|done|done"),
            Line(.checkOut, [], [lock(of: "me", .workingCopy)], "done|done|done"),
            Line(.checkOut, [], [bobsCopy], "refused conflict|refused conflict|refused conflict"),
            Line(.checkOut, [], [], "unverified unseen|refused forbidden|failed unreachable"),
            Line(.checkIn, [copy], [], "done|refused lost|done"),
            Line(.checkIn, [copy], [copy], "unverified unseen|refused forbidden|failed unreachable"),
            Line(.discard, [copy], [], "done|done|done"),
            Line(.discard, [bobsCopy], [], "done|done|done"),
            Line(.discard, [bobsCopy], [mine], "done|done|done"),
            Line(.discard, [bobsCopy], [bobsCopy], "unverified unseen|refused forbidden|failed unreachable"),
        ])
    func table(_ line: Line) {
        let before = Row(item: row().item, reading: .known(line.before, at: noon))
        let after = Row(item: row().item, reading: .known(line.after, at: noon))
        let verdicts = [nil, refusal, lost].map { verdict(Wish(line.operation), before, $0, after) }
        #expect(verdicts.joined(separator: "|") == line.verdicts)
    }

    @Test("A malformed answer that changed nothing is the server's failure")
    func malformed() {
        #expect(verdict(Wish(.lock), row(), garbled, row()) == "failed server")
        #expect(verdict(Wish(.lock), row(), garbled, row(lock(of: "me"))) == "done")
    }

    @Test("Nothing changed is said in words after a lost answer")
    func nothingChanged() {
        let judgement = Wish(.lock).judge(before: row(), failure: lost, after: .success(row()))
        #expect(judgement.why == "The answer was lost. Nothing changed: it was read again.")
    }

    @Test("Other options on a lock of mine: an error is told, and what the reading shows beats a lost answer")
    func otherOptions() {
        let wish = Wish(.lock, options: LockOptions(timeout: 3_600))
        let short = lock(of: "me", timeout: 600)
        let long = lock(of: "me", timeout: 3_600)
        #expect(verdict(wish, row(short), nil, row(long)) == "done")
        #expect(
            verdict(wish, row(short), LockError(.unsupported, "At most 30 minutes."), row(short))
                == "refused unsupported")
        #expect(verdict(wish, row(short), lost, row(short)) == "failed unreachable")
        #expect(verdict(wish, row(short), lost, row(long)) == "done")
    }

    @Test("A lock that was taken without its options is done and says so")
    func optionsMissed() {
        let wish = Wish(.lock, options: LockOptions(stealable: false))
        let judgement = wish.judge(before: row(), failure: lost, after: .success(row(lock(of: "me"))))
        #expect(judgement.outcome == .done)
        #expect(judgement.why.contains("not with the options"))
    }

    @Test("Without a reading afterwards a change that may have happened is unverified", arguments: Operation.allCases)
    func unread(_ operation: Locks.Operation) {
        let silence = LockError(.unreachable, "Nobody answers.")
        #expect(unseen(Wish(operation), nil, silence) == "unverified unseen")
        #expect(unseen(Wish(operation), lost, silence) == "unverified unseen")
        #expect(unseen(Wish(operation), garbled, silence) == "unverified unseen")
        #expect(unseen(Wish(operation), refusal, silence) == "refused forbidden")
        #expect(verdict(Wish(operation), row(lock(of: "me")), lost, unreadable()) == "unverified unseen")
        #expect(verdict(Wish(operation), row(lock(of: "me")), refusal, unreadable()) == "refused forbidden")
    }

    @Test("A working copy that is gone after its check-in or discard was checked in or discarded")
    func copyIsGone() {
        let gone = LockError(.gone, "It is not there.")
        #expect(unseen(Wish(.checkIn), nil, gone) == "done")
        #expect(unseen(Wish(.discard), nil, gone) == "done")
        #expect(unseen(Wish(.discard), lost, gone) == "unverified unseen")
        #expect(unseen(Wish(.unlock), nil, gone) == "unverified unseen")
        #expect(unseen(Wish(.unlock), gone, gone) == "refused gone")
    }

    @Test(
        "An error before anything was changed has its own outcome and word",
        arguments: [
            (LockError.Code.unreachable, "failed unreachable"), (.notSignedIn, "failed sign-in"),
            (.forbidden, "refused forbidden"), (.conflict, "refused conflict"), (.gone, "refused gone"),
            (.unsupported, "refused unsupported"), (.notLockable, "refused not-lockable"),
            (.slowDown, "failed throttled"), (.nonsense, "failed server"), (.wrongSystem, "failed server"),
            (.needsAction, "refused needs-action"), (.tokenNeeded, "refused token-needed"),
            (.cancelled, "refused cancelled"),
        ])
    func errors(_ code: LockError.Code, _ expected: String) {
        #expect(word(Judgement(LockError(code, "No."))) == expected)
        #expect(Judgement(LockError(code, "No.", advice: "Ask.")).why == "No. Ask.")
        #expect(verdict(Wish(.lock), row(), LockError(code, "No."), row()) == expected)
    }
}
