// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import Watching

private let silence = LockError(.unreachable, "Nobody answers.")

@Suite("Operations: read, act, read again", .timeLimit(.minutes(1)))
struct PerformerTests {
    private let desk = Desk(1)
    private var book: Book { desk.book }

    private func word(_ result: OperationResult) -> String {
        ([result.outcome.rawValue] + [result.reason?.rawValue].compactMap(\.self)).joined(separator: " ")
    }

    /// Does it on item 0; gives the outcome and the reason.
    private func perform(_ wish: Wish) async -> String { word(await desk.performer.perform(wish, on: "0").result) }

    /// Brings item 0 into the state from which the operation can be done.
    private func prepare(_ operation: Locks.Operation) {
        switch operation {
        case .lock, .checkOut: book.free("0")
        case .unlock, .refresh: book.give("0", to: "me", timeout: 600)
        case .forceUnlock: book.give("0", to: "bob")
        case .checkIn, .discard: book.give("0", to: "me", .checkout)
        }
    }

    private func call(_ operation: Locks.Operation) throws -> Book.Call {
        try #require(Book.Call(rawValue: operation.rawValue))
    }

    @Test(
        "What can be done is done, with one change sent and its entry written around it", arguments: Operation.allCases)
    func done(_ operation: Locks.Operation) async {
        prepare(operation)
        desk.time.advance(by: 1)
        #expect(await perform(Wish(operation, reason: "why not")) == "done")
        #expect(book.changes == 1)
        #expect(
            book.log == ["signIn", "find 0", "begin", "\(operation.rawValue) 0", "read 0", "complete done"])
        #expect(desk.journal.entries.first?.operation == operation)
        #expect(desk.journal.entries.first?.reason == "why not")
        #expect(desk.journal.entries.first?.account == "me")
        #expect(desk.journal.results.count == 1)
    }

    @Test("What is so already is unchanged, and nothing is sent or written down")
    func unchanged() async {
        #expect(await perform(Wish(.unlock)) == "unchanged already")
        #expect(await perform(Wish(.forceUnlock)) == "unchanged already")
        #expect(await perform(Wish(.discard)) == "unchanged already")
        book.give("0", to: "me")
        #expect(await perform(Wish(.lock)) == "unchanged already")
        book.give("0", to: "me", .checkout)
        #expect(await perform(Wish(.checkOut)) == "unchanged already")
        #expect(book.changes == 0 && desk.journal.entries.isEmpty)
    }

    @Test("What another has is a conflict for everything but force, and nothing is sent")
    func conflict() async throws {
        let lock = book.give("0", to: "bob")
        for operation in Operation.allCases where operation != .forceUnlock {
            let result = await desk.performer.perform(Wish(operation), on: "0").result
            #expect(word(result) == "refused conflict")
            #expect(result.after == lock && result.why.contains("bob"))
        }
        #expect(book.changes == 0 && desk.journal.entries.isEmpty)
    }

    @Test("A lost answer is read, never sent again: done when the effect is there", arguments: Operation.allCases)
    func lostAfterEffect(_ operation: Locks.Operation) async throws {
        prepare(operation)
        desk.time.advance(by: 10)
        let call = try call(operation)
        book.set { $0.losesAnswer = [call] }
        #expect(await perform(Wish(operation)) == "done")
        #expect(book.changes == 1)
    }

    @Test("A lost answer without an effect is failed and says that nothing changed", arguments: Operation.allCases)
    func lostBeforeEffect(_ operation: Locks.Operation) async throws {
        prepare(operation)
        desk.time.advance(by: 10)
        let call = try call(operation)
        book.set { state in
            state.losesAnswer = [call]
            state.pretends = [call]
        }
        let result = await desk.performer.perform(Wish(operation), on: "0").result
        #expect(word(result) == "failed unreachable")
        #expect(result.why.contains("Nothing changed"))
        #expect(book.changes == 1)
    }

    @Test("An answer of yes that a reading contradicts is unverified", arguments: Operation.allCases)
    func pretence(_ operation: Locks.Operation) async throws {
        prepare(operation)
        desk.time.advance(by: 10)
        let call = try call(operation)
        book.set { $0.pretends = [call] }
        #expect(await perform(Wish(operation)) == "unverified unseen")
        #expect(book.changes == 1)
        #expect(desk.journal.results.map(\.outcome) == [.unverified])
    }

    @Test("If the reading fails too it is unverified, after three looks", arguments: [true, false])
    func unread(_ losesAnswer: Bool) async {
        book.set { state in
            if losesAnswer { state.losesAnswer = [.lock] }
            state.faults[.read] = [silence, silence, silence]
        }
        async let word = perform(Wish(.lock))
        await desk.time.quiet(after: 0)
        desk.time.advance(by: 0.3)
        await desk.time.quiet(after: 1)
        desk.time.advance(by: 0.6)
        #expect(await word == "unverified unseen")
        #expect(book.changes == 1 && book.count(.read) == 3)
        #expect(desk.time.naps.count == 2)
    }

    @Test("One look that succeeds after one that failed decides, also where the item alone could not be read")
    func secondLook() async {
        book.set { $0.unreadable["0"] = silence }
        async let word = perform(Wish(.lock))
        await desk.time.quiet(after: 0)
        book.set { $0.unreadable = [:] }
        desk.time.advance(by: 0.3)
        #expect(await word == "done")
        #expect(book.count(.read) == 2 && book.changes == 1)
    }

    @Test(
        "Each way of failing has its reason, and is told without a second try",
        arguments: [
            (LockError.Code.unreachable, "failed unreachable"), (.notSignedIn, "failed sign-in"),
            (.forbidden, "refused forbidden"), (.unsupported, "refused unsupported"), (.slowDown, "failed throttled"),
            (.nonsense, "failed server"), (.needsAction, "refused needs-action"),
            (.tokenNeeded, "refused token-needed"), (.notLockable, "refused not-lockable"), (.gone, "refused gone"),
            (.conflict, "refused conflict"),
        ])
    func reasons(_ code: LockError.Code, _ expected: String) async {
        for call in [Book.Call.signIn, .find, .lock] {
            book.set { $0.faults[call] = [LockError(code, "No.")] }
            #expect(await perform(Wish(.lock)) == expected, "\(call)")
        }
        #expect(book.changes == 1 && book.lock(of: "0") == nil)
    }

    @Test("Whatever the server answers, on every operation, no change is sent twice")
    func faults() async throws {
        let codes: [LockError.Code] = [
            .unreachable, .notSignedIn, .forbidden, .conflict, .gone, .unsupported, .slowDown, .nonsense, .cancelled,
        ]
        for operation in Operation.allCases {
            let call = try call(operation)
            for code in codes {
                for mayHaveHappened in [false, true] {
                    prepare(operation)
                    let before = book.changes
                    book.set { $0.faults[call] = [LockError(code, "No.", mayHaveHappened: mayHaveHappened)] }
                    let result = await perform(Wish(operation))
                    #expect(result.hasPrefix("failed") || result.hasPrefix("refused"), "\(operation) \(code) \(result)")
                    #expect(book.changes == before + 1)
                }
            }
        }
        #expect(desk.journal.entries.count == desk.journal.results.count)
    }

    @Test("Another lock than the one expected is refused, and nothing is sent")
    func changed() async {
        let shown = book.give("0", to: "bob")
        book.give("0", to: "bob")
        #expect(await perform(Wish(.forceUnlock, expecting: .lock(shown.identity))) == "refused changed")
        #expect(await perform(Wish(.forceUnlock, expectedHolder: "carol")) == "refused changed")
        book.free("0")
        #expect(await perform(Wish(.forceUnlock, expecting: .lock(shown.identity))) == "refused changed")
        #expect(await perform(Wish(.refresh)) == "refused not-held")
        #expect(book.changes == 0)
    }

    @Test("A lock that is lost while it is refreshed is lost")
    func lost() async {
        book.give("0", to: "me")
        book.set { $0.others[.begin] = [{ $0.give("0", to: "bob") }] }
        #expect(await perform(Wish(.refresh)) == "refused lost")
    }

    @Test("Read-only sends nothing, not even a question", arguments: Operation.allCases)
    func readOnly(_ operation: Locks.Operation) async {
        let desk = Desk(1, isReadOnly: true)
        let result = await desk.performer.perform(Wish(operation), on: "0").result
        #expect(word(result) == "refused read-only" && result.exitCode == 77)
        #expect(desk.book.log.isEmpty)
    }

    @Test("A rehearsal reads, judges and sends nothing", arguments: Operation.allCases)
    func rehearsal(_ operation: Locks.Operation) async {
        prepare(operation)
        #expect(await perform(Wish(operation, isRehearsal: true)) == "planned")
        book.give("0", to: "bob", .checkout)
        // Ending another's check-out is all that may be planned there.
        let expected = operation == .forceUnlock ? "planned" : "refused conflict"
        #expect(await perform(Wish(operation, isRehearsal: true)) == expected)
        #expect(book.changes == 0 && desk.journal.entries.isEmpty)
    }

    @Test("What can't be written down before is not sent")
    func noJournal() async {
        desk.journal.refuse()
        let performance = await desk.performer.perform(Wish(.lock), on: "0")
        #expect(word(performance.result) == "refused unsupported" && performance.result.path == "/0")
        #expect(
            performance.result.why == "It can't be written down, so nothing was sent. The disk is full.")
        #expect(book.changes == 0 && book.lock(of: "0") == nil)
    }

    @Test("What can't be written down gives back and refreshes one's own all the same, and says so")
    func unwritten() async {
        book.give("0", to: "me", timeout: 600)
        desk.journal.refuse()
        let refreshed = await desk.performer.perform(Wish(.refresh), on: "0").result
        #expect(word(refreshed) == "done" && refreshed.why == "It was not written down. The disk is full.")
        let released = await desk.performer.perform(Wish(.unlock), on: "0").result
        #expect(word(released) == "done" && released.why == "It was not written down. The disk is full.")
        book.give("0", to: "bob")
        let changes = book.changes
        #expect(word(await desk.performer.perform(Wish(.forceUnlock), on: "0").result) == "refused unsupported")
        #expect(book.changes == changes && book.lock(of: "0")?.holder.id == "bob")
    }

    @Test("A result tells the same age of a lock as the table: since it was seen first, where the server tells none")
    func aged() async {
        let hold = Lock(kind: .checkout, holder: Holder(id: "bob"), identity: LockIdentity(of: "checkout bob"))
        book.set { $0.locks["0"] = [hold] }
        let first = await desk.performer.perform(Wish(.checkOut), on: "0").result
        #expect(first.before?.since == noon && first.before?.sinceIs == .firstSeen && first.after?.since == noon)
        desk.time.advance(by: 60)
        #expect(await desk.performer.perform(Wish(.checkOut), on: "0").result.after?.since == noon)
    }

    @Test("A result says when less time was granted than was asked for, and what the server said with it")
    func receipt() async {
        for number in 1...2 { book.add(number) }
        book.set { $0.receipt = Receipt(granted: 600, remark: "Please be quick.") }
        let less = await desk.performer.perform(Wish(.lock, options: LockOptions(timeout: 3_600)), on: "0").result
        #expect(word(less) == "done")
        #expect(less.why == "The server granted 600 seconds, not the 3600 that were asked for. Please be quick.")
        let all = await desk.performer.perform(Wish(.lock, options: LockOptions(timeout: 600)), on: "1").result
        #expect(all.why == "Please be quick.")
        book.set { $0.receipt = Receipt() }
        #expect(await desk.performer.perform(Wish(.lock), on: "2").result.why.isEmpty)
    }

    @Test("What the account may not is refused with the reason, before anything is read")
    func withdrawn() async {
        book.set { $0.withdrawn = [.forceUnlock: "Managers only."] }
        book.give("0", to: "bob")
        let result = await desk.performer.perform(Wish(.forceUnlock), on: "0").result
        #expect(word(result) == "refused unsupported" && result.why == "Managers only.")
        #expect(book.count(.find) == 0)
    }

    @Test("An item is found by its path, and its result has its id; one that is not there is gone")
    func naming() async {
        let result = await desk.performer.perform(Wish(.lock), on: "/0").result
        #expect(result.ref == ItemRef(server: "book", id: "0") && result.path == "/0")
        let missing = await desk.performer.perform(Wish(.lock), on: "/nowhere")
        #expect(word(missing.result) == "refused gone" && missing.isGone && missing.row == nil)
    }

    @Test("Who gives up before anything was sent sends nothing")
    func cancelledBefore() async {
        let gate = Gate()
        book.set { $0.gates[.find] = gate }
        let task = Task { [desk] in await desk.performer.perform(Wish(.lock), on: "0").result }
        await gate.arrived()
        task.cancel()
        gate.open()
        #expect(word(await task.value) == "refused cancelled")
        #expect(book.changes == 0)
    }

    @Test("Who gives up after it was sent still learns how it ended, and the entry is completed")
    func cancelledAfter() async {
        let gate = Gate()
        book.set { $0.gates[.lock] = gate }
        let task = Task { [desk] in await desk.performer.perform(Wish(.lock), on: "0").result }
        await gate.arrived()
        task.cancel()
        gate.open()
        #expect(word(await task.value) == "done")
        #expect(desk.journal.results.map(\.outcome) == [.done])
    }

    @Test("Ending another's lock tells how long before it was read, counted to when the server had done it")
    func window() async {
        book.give("0", to: "bob")
        book.set { [time = desk.time] state in
            state.others[.begin] = [{ _ in time.advance(by: 0.040) }]
            state.others[.after(.forceUnlock)] = [{ _ in time.advance(by: 0.002) }]
            state.others[.before(.read)] = [{ _ in time.advance(by: 5) }]
        }
        let result = await desk.performer.perform(Wish(.forceUnlock), on: "0").result
        #expect(result.why.contains("42 ms"), "\(result.why)")
        #expect(result.why.contains("can't be known"))
    }
}
