// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@Suite("Locks, holders and identities")
struct LockTests {
    @Test("An identity is the same for the same source in every run and on every machine")
    func stable() {
        #expect(LockIdentity(of: "opaquelocktoken:1").digest == LockIdentity(of: "opaquelocktoken:1").digest)
        #expect(LockIdentity(of: "").digest == "3df5d0b4cd3e")
        #expect(LockIdentity(of: "plone.locking bob 0.95").digest == "8c3ab372298b")
        #expect(LockIdentity(of: "ü").digest == "4054b329c203")
    }

    @Test("An identity is twelve hexadecimal digits, and differs for a hundred thousand sources")
    func different() {
        var seen: Set<String> = []
        for number in 0..<100_000 {
            let digest = LockIdentity(of: "0.95175756124\(number)-00105A989226:1630.12").digest
            #expect(digest.utf8.count == 12)
            seen.insert(digest)
        }
        #expect(seen.count == 100_000)
        #expect(seen.allSatisfy { $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
    }

    @Test("An identity that was written down is the same again")
    func writtenDown() {
        let identity = LockIdentity(of: "token")
        #expect(LockIdentity(digest: identity.description) == identity)
    }

    @Test("A token never shows by accident")
    func token() {
        let token = Token("s3cret-token")
        var dumped = ""
        dump(token, to: &dumped)
        let lock = Lock(kind: .lock, holder: Holder(id: "bob"), identity: LockIdentity(of: "x"), token: token)
        dump(lock, to: &dumped)
        for text in ["\(token)", String(reflecting: token), String(describing: lock), String(reflecting: lock), dumped]
        {
            #expect(!text.contains("s3cret"))
        }
        #expect(token.reveal() == "s3cret-token")
        #expect(token == Token("s3cret-token") && token != Token("other"))
    }

    @Test("A holder is named by the id, or by the name where there is no id")
    func naming() {
        #expect(Holder(id: "bob", name: "Bob Ross").isNamed("bob"))
        #expect(!Holder(id: "bob", name: "Bob Ross").isNamed("Bob Ross"))
        #expect(Holder(id: nil, name: "Bob Ross").isNamed("Bob Ross"))
        #expect(!Holder(id: nil).isNamed(""))
        #expect(Holder(id: "bob", name: "Bob").label == "bob")
        #expect(Holder(id: nil, name: "Bob").label == "Bob")
        #expect(Holder(id: "19", name: "Bob").label == "Bob")
        #expect(Holder(id: "19").label == "19")
        #expect(Holder(id: "48d31887-5fad-4d73-a9f5-3c356e68a038", name: "Bob").label == "Bob")
        #expect(Holder(id: nil).label == "unknown")
    }

    @Test("Two holders are the same by id where both have one, else by name")
    func same() {
        #expect(Holder(id: "bob", name: "Bob").isSame(as: Holder(id: "bob", name: "Robert", isMe: true)))
        #expect(!Holder(id: "bob", name: "Bob").isSame(as: Holder(id: "rob", name: "Bob")))
        #expect(Holder(id: nil, name: "Bob").isSame(as: Holder(id: nil, name: "Bob")))
        #expect(!Holder(id: nil, name: "Bob").isSame(as: Holder(id: "bob", name: "Bob")))
        #expect(!Holder(id: "bob", name: "Bob").isSame(as: Holder(id: nil, name: "Bob")))
    }

    @Test("A lock has run out once its end is reached, and never without one")
    func expiry() {
        #expect(lock(of: "bob", expires: 0).isExpired(at: noon))
        #expect(!lock(of: "bob", expires: 0.1).isExpired(at: noon))
        #expect(!lock(of: "bob").isExpired(at: noon))
    }

    @Test("Items are named by server and id, in that order")
    func references() {
        let refs = [ItemRef(server: "b", id: "1"), ItemRef(server: "a", id: "2"), ItemRef(server: "a", id: "1")]
        #expect(refs.sorted().map(\.description) == ["a:1", "a:2", "b:1"])
    }
}

@Suite("Readings")
struct ReadingTests {
    @Test("The decisive lock: exclusive, check-out, working copy, shared; among shared mine, then the oldest")
    func decisive() {
        let locks = [
            lock(of: "zoe", .shared, since: -900), lock(of: "ann", .shared, since: nil),
            lock(of: "me", .shared, since: -1),
            lock(of: "bob", .workingCopy), lock(of: "carol", .checkout), lock(of: "dan"),
        ]
        var dice = Dice(seed: 3)
        for _ in 0..<100 {
            let reading = Reading.known(locks.shuffled(using: &dice), at: noon)
            #expect(reading.locks.map(\.holder.label) == ["dan", "carol", "bob", "me", "zoe", "ann"])
            #expect(reading.lock?.holder.label == "dan")
        }
    }

    @Test("A good reading is held with a lock and free without")
    func known() {
        #expect(Reading.known([], at: noon) == Reading(state: .free, observedAt: noon))
        #expect(Reading.known([lock(of: "bob")], at: noon).state == .held)
    }

    @Test("A failed look is unknown, with its reason and the age of the last good one, and never held or free")
    func failed() {
        let failed = Reading.known([lock(of: "bob")], at: noon).failed("Too slow.")
        #expect(failed == Reading(state: .unknown, observedAt: noon, error: "Too slow."))
        #expect(failed.failed("Gone.").observedAt == noon)
        #expect(Reading.never.failed("No.").observedAt == nil)
        #expect(Reading.never.state == .unknown && Reading.never.error == nil)
    }
}
