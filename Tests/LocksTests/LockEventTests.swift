// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@Suite("Events between two readings")
struct LockEventTests {
    private func happened(_ before: [Lock], _ after: [Lock]) -> LockEvent? {
        LockEvent.between(
            .known(before, at: noon), Row(item: row().item, reading: .known(after, at: noon)), on: "intranet", at: noon)
    }

    private func kind(_ before: [Lock], _ after: [Lock]) -> LockEvent.Kind? { happened(before, after)?.kind }

    @Test("Nothing happened where nothing changed")
    func nothing() {
        #expect(kind([], []) == nil)
        #expect(kind([lock(of: "bob")], [lock(of: "bob")]) == nil)
        #expect(kind([lock(of: "bob", expires: 60)], [lock(of: "bob", expires: 61)]) == nil)
        #expect(kind([lock(of: "bob", expires: 60)], [lock(of: "bob", expires: 30)]) == nil)
    }

    @Test("A free item that is held by now was locked or checked out by its holder", arguments: Lock.Kind.allCases)
    func taken(_ kind: Lock.Kind) throws {
        let event = try #require(happened([], [lock(of: "bob", kind)]))
        let isCopy = kind == .checkout || kind == .workingCopy
        #expect(event.kind == (isCopy ? .checkedOut : .locked))
        #expect(event.by?.id == "bob")
        #expect(event.text == (isCopy ? "bob checked it out" : "bob took it"))
        #expect(event.ref == ItemRef(server: "intranet", id: "/news/agm") && event.path == "/news/agm")
        #expect(event.title == "AGM" && !event.isOurs && event.seq == nil && event.at == noon)
    }

    @Test("A held item that is free by now was released, and nobody knows by whom")
    func released() {
        #expect(kind([lock(of: "bob")], []) == .released)
        #expect(happened([lock(of: "bob", expires: 60)], [])?.kind == .released)
        #expect(happened([lock(of: "bob")], [])?.by == nil)
        #expect(happened([lock(of: "bob")], [])?.text == "bob no longer has it after 5m")
        #expect(happened([lock(of: "bob", since: nil)], [])?.text == "bob no longer has it")
    }

    @Test("It ran out if its time was over, give or take two seconds")
    func expired() {
        #expect(kind([lock(of: "bob", expires: -1)], []) == .expired)
        #expect(kind([lock(of: "bob", expires: 1.9)], []) == .expired)
        #expect(kind([lock(of: "bob", expires: 2.1)], []) == .released)
        #expect(happened([lock(of: "bob", expires: -1)], [])?.text == "bob's lock ran out after 5m")
    }

    @Test("Another holder without a free reading between has stolen it")
    func stolen() throws {
        let event = try #require(happened([lock(of: "bob")], [lock(of: "carol")]))
        #expect(event.kind == .stolen && event.by?.id == "carol")
        #expect(event.before?.holder.id == "bob" && event.after?.holder.id == "carol")
        #expect(kind([lock(of: "bob", expires: -5)], [lock(of: "carol")]) == .stolen)
        #expect(kind([lock(of: "bob")], [lock(of: "me")]) == .stolen)
    }

    @Test("The same lock with a later end was refreshed; fractions of a second are the clock's")
    func refreshed() {
        #expect(kind([lock(of: "bob", expires: 60)], [lock(of: "bob", expires: 120)]) == .refreshed)
        #expect(kind([lock(of: "bob", expires: 60)], [lock(of: "bob", expires: 61.4)]) == nil)
        let old = lock(of: "bob", since: -300, sinceIs: .refreshed)
        #expect(kind([old], [lock(of: "bob", since: -10, sinceIs: .refreshed)]) == .refreshed)
        #expect(kind([old], [lock(of: "bob", since: -10)]) == nil)
    }

    @Test("By the server's own time a refresh is told from clocks that were set, ours or the server's")
    func clocks() {
        func stamped(_ stamp: Double, expires: Double) -> Lock {
            var lock = lock(of: "bob", expires: expires)
            lock.stamp = stamp
            return lock
        }
        #expect(kind([stamped(100, expires: 60)], [stamped(100, expires: 62.4)]) == nil)
        #expect(kind([stamped(100, expires: 60)], [stamped(100, expires: 28_860)]) == nil)
        #expect(kind([stamped(100, expires: 28_860)], [stamped(101, expires: 61)]) == .refreshed)
    }

    @Test("Another lock of the same holder is a refresh, also when only the name has changed")
    func tokenChanged() {
        var renamed = lock(of: "bob", identity: "two")
        renamed.holder.name = "Robert"
        #expect(kind([lock(of: "bob", identity: "one")], [renamed]) == .refreshed)
        renamed.holder.id = nil
        #expect(kind([lock(of: "bob", identity: "one")], [renamed]) == .stolen)
    }

    @Test("The same holder's edit lock that became a check-out was checked out")
    func kindChanged() {
        #expect(kind([lock(of: "bob")], [lock(of: "bob", .checkout)]) == .checkedOut)
        #expect(kind([lock(of: "bob", .checkout)], [lock(of: "bob")]) == .locked)
    }

    @Test("Of several holders one may come or go without a theft")
    func shared() {
        let (ann, bob) = (lock(of: "ann", .shared, since: -600), lock(of: "bob", .shared))
        let mine = lock(of: "me", .shared)
        #expect(happened([ann], [ann, bob])?.text == "bob took it")
        #expect(happened([ann], [ann, mine])?.by?.id == "me")
        #expect(happened([ann, bob], [bob])?.kind == .released)
        #expect(happened([ann, bob], [bob])?.text == "ann no longer has it")
        #expect(happened([ann, bob], [ann])?.text == "bob no longer has it")
        #expect(kind([ann, bob], [bob, ann]) == nil)
        #expect(kind([ann, bob], [lock(of: "carol")]) == .stolen)
    }

    @Test("A reading that failed makes no event, on either side")
    func unknown() {
        for locks in [[], [lock(of: "bob")]] {
            let known = Reading.known(locks, at: noon)
            #expect(LockEvent.between(known, unreadable(), on: "s", at: noon) == nil)
            #expect(
                LockEvent.between(known.failed("No."), Row(item: row().item, reading: known), on: "s", at: noon) == nil)
            #expect(LockEvent.between(.never, Row(item: row().item, reading: known), on: "s", at: noon) == nil)
        }
    }
}

@Suite("Events of our own operations")
struct OwnEventTests {
    private func told(
        _ operation: Locks.Operation, _ outcome: Outcome, _ reason: Reason? = nil, why: String = "",
        before: Lock? = nil,
        after: Lock? = nil
    ) -> LockEvent? {
        LockEvent.of(
            OperationResult(
                ref: ItemRef(server: "s", id: "1"), path: "/a", operation: operation, outcome: outcome, reason: reason,
                why: why, before: before, after: after), title: "A", at: noon)
    }

    @Test("What was done is an event of its own kind, by us")
    func done() {
        let kinds: [Locks.Operation: LockEvent.Kind] = [
            .lock: .locked, .refresh: .refreshed, .unlock: .released, .forceUnlock: .stolen, .checkOut: .checkedOut,
            .checkIn: .checkedIn, .discard: .discarded,
        ]
        for operation in Operation.allCases {
            let event = told(operation, .done)
            #expect(event?.kind == kinds[operation])
            #expect(event?.isOurs == true && event?.title == "A" && event?.at == noon)
        }
    }

    @Test("The event is by us as far as a lock shows who we are, never by a stranger")
    func doer() {
        #expect(told(.lock, .done, after: lock(of: "me"))?.by?.isMe == true)
        #expect(told(.unlock, .done, before: lock(of: "me"), after: lock(of: "bob"))?.by?.isMe == true)
        #expect(told(.forceUnlock, .done, before: lock(of: "bob"))?.by == nil)
    }

    @Test("What we did is said in words")
    func words() {
        #expect(told(.checkOut, .done)?.text == "you checked it out")
        #expect(told(.checkIn, .done)?.text == "you checked it in")
        #expect(told(.lock, .done)?.text == "you locked it")
    }

    @Test("A conflict with a lock of mine says what to do instead of naming me")
    func ownConflict() {
        let event = told(.checkOut, .refused, .conflict, why: "You have it locked.", before: lock(of: "me"))
        #expect(event?.text == "conflict: you asked, You have it locked.")
    }

    @Test("Whose lock was ended is named")
    func victim() {
        #expect(told(.forceUnlock, .done, before: lock(of: "bob"))?.text == "you force-unlocked it (bob had it)")
        #expect(told(.discard, .done, before: lock(of: "bob", .checkout))?.text == "you discarded it (bob had it)")
        #expect(told(.unlock, .done, before: lock(of: "me"))?.text == "you released it")
    }

    @Test("Nothing changed and nobody met is no event")
    func quiet() {
        #expect(told(.lock, .unchanged, .already) == nil)
        #expect(told(.lock, .planned) == nil)
    }

    @Test("A conflict names its holder; other failures say why")
    func failures() {
        let conflict = told(.lock, .refused, .conflict, why: "bob has it.", before: lock(of: "bob"))
        #expect(conflict?.kind == .conflict && conflict?.by?.id == "bob" && conflict?.text.contains("bob") == true)
        #expect(told(.lock, .refused, .forbidden, why: "No.")?.kind == .failed)
        #expect(told(.lock, .refused, .forbidden, why: "No.")?.text == "lock refused: No.")
        #expect(told(.unlock, .failed, .unreachable, why: "No.")?.text == "unlock failed: No.")
        #expect(told(.checkIn, .unverified, .unseen, why: "No.")?.text == "check-in unverified: No.")
    }
}
