// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import LockSystems

/// What is promised of `PloneSystem` alone: calls of the system itself, as from a reading that is stale by now.
private func plone(_ client: Client) throws -> PloneSystem { try #require(client.system as? PloneSystem) }

@Suite("Locks on Plone")
struct PloneLockTests {
    @Test("Options go in a second request, when the lock is surely ours")
    func options() async throws {
        let stage = try await DemoStage.open()
        let alice = try await stage.client(.first)
        let bob = try await stage.client(.second)
        let path = try await stage.add()
        let result = await alice.perform(
            Wish(.lock, options: LockOptions(timeout: 3_600, stealable: false)), path)
        #expect(result.outcome == .done)
        #expect(
            alice.wire.changes.map { $0.body.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
                == ["-", #"{"timeout": 3600, "stealable": false}"#])
        let seen = try #require(try await bob.row(path).lock)
        #expect(seen.timeout == 3_600 && seen.stealable == false)
        #expect(seen.expires == alice.now().addingTimeInterval(3_600))
        // Once more with others: a change of my own lock.
        #expect(await alice.perform(Wish(.lock, options: LockOptions(timeout: 60)), path).outcome == .done)
        #expect(try await bob.row(path).lock?.timeout == 60)
        await stage.close()
    }

    @Test("Options never reach a stranger's lock, however late it came")
    func strangersLock() async throws {
        let stage = try await DemoStage.open()
        let bob = try await stage.client(.second)
        let path = try await stage.add()
        bob.wire.bendChanges { request, next in
            try await stage.server.lock(path: path, as: "alice")
            return try await next(request)
        }
        let wish = Wish(.lock, options: LockOptions(timeout: 7_200, stealable: false))
        let result = await bob.perform(wish, path)
        #expect(result.outcome == .refused && result.reason == .conflict)
        #expect(result.why == "alice took it first.")
        #expect(bob.wire.changes.map(\.body) == [nil])
        #expect(result.after?.timeout == 600)
        #expect(result.after?.stealable == true)
        await stage.close()
    }

    @Test("A time-out that Plone can't keep is refused without a request", arguments: [0, -5, 4_294_967_280, Int.max])
    func badTimeout(seconds: Int) async throws {
        let stage = try await DemoStage.open()
        let alice = try await stage.client(.first)
        let path = try await stage.add()
        let result = await alice.perform(Wish(.lock, options: LockOptions(timeout: seconds)), path)
        #expect(result.outcome == .refused && result.reason == .unsupported)
        #expect(alice.wire.changes.isEmpty)
        await stage.close()
    }

    @Test("A refresh never prolongs a stranger's lock")
    func refresh() async throws {
        let stage = try await DemoStage.open()
        let alice = try await stage.client(.first)
        let bob = try await stage.client(.second)
        let path = try await stage.add()
        let lock = try #require(await alice.perform(.lock, path).after)
        await stage.pass(100)
        #expect(await bob.perform(.refresh, path).reason == .conflict)
        #expect(bob.wire.changes.isEmpty)
        #expect(try await alice.row(path).lock?.expires == lock.expires)
        let refreshed = try #require(await alice.perform(.refresh, path).after)
        #expect(refreshed.expires == lock.expires?.addingTimeInterval(100))
        #expect(refreshed.since == lock.since, "the tail of the token is the true start")
        #expect(refreshed.identity == lock.identity)
        await stage.close()
    }

    @Test("With locking switched off for the site a lock is refused in so many words")
    func lockingOff() async throws {
        let stage = try await DemoStage.open()
        let alice = try await stage.client(.first)
        let path = try await stage.add()
        try await stage.server.perform(.setLocking(false))
        let result = await alice.perform(Wish(.lock, options: LockOptions(timeout: 60)), path)
        #expect(result.outcome == .refused && result.reason == .unsupported)
        #expect(
            result.why == "contract locks nothing: locking is switched off for the whole site. "
                + "An administrator can switch it on in the site's editing settings.")
        #expect(alice.wire.changes.count == 1)
        await stage.close()
    }

    @Test(
        "What is of a type without locking is refused before anything is sent", arguments: ["File", "Image", "Folder"])
    func notLockable(type: String) async throws {
        let stage = try await DemoStage.open()
        let alice = try await stage.client(.first)
        let path = try await stage.add(type)
        #expect(try await !alice.row(path).item.isLockable)
        for operation in Locks.Operation.allCases {
            let result = await alice.perform(operation, path)
            #expect(result.outcome == .refused && result.reason == .notLockable, "\(operation)")
        }
        #expect(alice.wire.changes.isEmpty)
        await stage.close()
    }

    @Test("The mark that makes a lock non-stealable outlives it, and the next lock shows it")
    func markOutlives() async throws {
        let stage = try await DemoStage.open()
        let alice = try await stage.client(.first)
        let bob = try await stage.client(.second)
        let path = try await stage.add()
        #expect(await alice.perform(Wish(.lock, options: LockOptions(timeout: 60, stealable: false)), path).isGood)
        await stage.pass(61)
        #expect(try await alice.row(path).reading.state == .free)
        #expect(await bob.perform(.lock, path).isGood)
        #expect(try await bob.row(path).lock?.stealable == true, "my own lock can always be taken by me")
        #expect(try await alice.row(path).lock?.stealable == false)
        alice.wire.forget()
        #expect(await alice.perform(.forceUnlock, path).outcome == .done)
        #expect(alice.wire.changes.count == 2)
        await stage.close()
    }

    @Test("The token is shown to nobody who prints a lock")
    func tokenIsHidden() async throws {
        let stage = try await DemoStage.open()
        let alice = try await stage.client(.first)
        let path = try await stage.add()
        let lock = try #require(await alice.perform(.lock, path).after)
        let token = try #require(lock.token?.reveal())
        #expect(!"\(lock)".contains(token))
        var dumped = ""
        dump(lock, to: &dumped)
        #expect(!dumped.contains(token))
        await stage.close()
    }
}

@Suite("Force on Plone")
struct PloneForceTests {
    /// A stage on which alice holds an item with a lock that can't be stolen.
    private func guarded() async throws -> (stage: DemoStage, path: String, bob: Client) {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        try await stage.server.lock(path: path, as: "alice", stealable: false)
        return (stage, path, try await stage.client(.second))
    }

    @Test("A lock that can't be stolen takes two blows, with a look before the second")
    func twoBlows() async throws {
        let (stage, path, bob) = try await guarded()
        #expect(try await bob.row(path).lock?.stealable == false)
        bob.wire.forget()
        let result = await bob.perform(.forceUnlock, path)
        #expect(result.outcome == .done && result.after == nil)
        #expect(bob.wire.requests.map(\.method.rawValue) == ["GET", "DELETE", "GET", "DELETE", "GET"])
        #expect(
            bob.wire.changes.map { String(decoding: $0.body ?? [], as: UTF8.self) }
                == Array(repeating: #"{"force": true}"#, count: 2))
        await stage.close()
    }

    @Test("A lock that can be stolen takes one")
    func oneBlow() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        try await stage.server.lock(path: path, as: "alice")
        let bob = try await stage.client(.second)
        let result = await bob.perform(.forceUnlock, path)
        #expect(result.outcome == .done)
        #expect(bob.wire.changes.count == 1)
        #expect(result.why.contains("can't be known"), "the window is named: \(result.why)")
        await stage.close()
    }

    @Test("A third person's lock that came between the two blows is not touched")
    func thirdPerson() async throws {
        let (stage, path, bob) = try await guarded()
        bob.wire.bendChanges { request, next in
            let answer = try await next(request)
            try await stage.server.unlock(path: path)
            try await stage.server.lock(path: path, as: "erin")
            return answer
        }
        let result = await bob.perform(.forceUnlock, path)
        #expect(bob.wire.changes.count == 1)
        #expect(result.after?.holder.id == "erin")
        #expect(result.reason == .changed)
        #expect(try await stage.client(.third).row(path).lock?.holder.isMe == true)
        await stage.close()
    }

    @Test("The holder's own release between the two blows is enough")
    func releasedBetween() async throws {
        let (stage, path, bob) = try await guarded()
        bob.wire.bendChanges { request, next in
            let answer = try await next(request)
            try await stage.server.unlock(path: path)
            return answer
        }
        #expect(await bob.perform(.forceUnlock, path).outcome == .done)
        #expect(bob.wire.changes.count == 1)
        await stage.close()
    }

    @Test("A lock that was made safe after it was read stays, and nobody claims otherwise")
    func madeSafeMeanwhile() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        let alice = try await stage.client(.first)
        #expect(await alice.perform(.lock, path).isGood)
        let bob = try await stage.client(.second)
        bob.wire.bendChanges { request, next in
            #expect(await alice.perform(Wish(.lock, options: LockOptions(stealable: false)), path).isGood)
            return try await next(request)
        }
        let result = await bob.perform(.forceUnlock, path)
        #expect(result.outcome == .unverified && result.reason == .unseen)
        #expect(result.why == "The server agreed, but alice still has it.")
        #expect(result.after?.holder.id == "alice")
        #expect(bob.wire.changes.count == 1)
        await stage.close()
    }

    @Test("A lock made over WebDAV is ended by UNLOCK, which only administrators may")
    func webDAV() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        try await stage.server.perform(.lockByProgram(path: path, by: "manager"))
        let bob = try await stage.client(.second)
        let lock = try #require(try await bob.row(path).lock)
        #expect(lock.stealable == false)
        #expect(lock.notes == ["Made over WebDAV by another program: only an administrator can end it."])
        let refused = await bob.perform(.forceUnlock, path)
        #expect(refused.outcome == .refused && refused.reason == .forbidden)
        #expect(
            refused.why == "\(path) has a lock made over WebDAV, which only an administrator can end. "
                + "Sign in as a Site Administrator or Manager.")
        #expect(try await bob.row(path).lock?.identity == lock.identity)
        let boss = try await stage.client(.administrator)
        #expect(await boss.perform(Wish(.forceUnlock, expecting: .lock(lock.identity)), path).outcome == .done)
        let sent = try #require(boss.wire.changes.first)
        #expect(sent.method == "UNLOCK" && sent.body == nil)
        #expect(sent.headers["Lock-Token"] == "<opaquelocktoken:\(lock.token?.reveal() ?? "")>")
        #expect(boss.wire.changes.count == 1)
        await stage.close()
    }

    @Test("A server that lets no UNLOCK through is told apart from one that refuses", arguments: [405, 501])
    func noWebDAV(status: Int) async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        try await stage.server.perform(.lockByProgram(path: path, by: "alice"))
        let boss = try await stage.client(.administrator)
        boss.wire.bendChanges { _, _ in Response(status: status) }
        let result = await boss.perform(.forceUnlock, path)
        #expect(result.outcome == .refused && result.reason == .unsupported)
        #expect(
            result.why == "\(path) has a lock made over WebDAV, and the server lets no UNLOCK through. "
                + "Ask the Zope administrator: Control_Panel/DavLocks ends such locks.")
        #expect(boss.wire.changes.count == 1)
        await stage.close()
    }

    @Test("UNLOCK names the lock that was shown, so another one in its place is safe")
    func webDAVChanged() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        try await stage.server.perform(.lockByProgram(path: path, by: "alice"))
        let boss = try await stage.client(.administrator)
        boss.wire.bendChanges { request, next in
            try await stage.server.unlock(path: path)
            try await stage.server.perform(.lockByProgram(path: path, by: "bob"))
            return try await next(request)
        }
        let result = await boss.perform(.forceUnlock, path)
        #expect(result.outcome == .refused && result.reason == .changed)
        #expect(result.after?.holder.id == "bob")
        await stage.close()
    }

    @Test("A token that would break the header is not sent", arguments: ["a>b", "a\r\nX: y", "tö", ""])
    func unusableToken(text: String) async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        let boss = try await stage.client(.administrator)
        let item = try await boss.row(path).item
        boss.wire.forget()
        let lock = Lock(
            kind: .lock, holder: Holder(id: "x"), identity: LockIdentity(of: text),
            origin: .otherInterface, token: Token(text))
        await #expect { try await plone(boss).forceUnlock(item, seen: lock) } throws: {
            ($0 as? LockError)?.code == .tokenNeeded
        }
        #expect(boss.wire.requests.isEmpty)
        await stage.close()
    }
}
