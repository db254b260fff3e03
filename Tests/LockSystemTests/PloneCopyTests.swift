// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing

@Suite("Working copies on Plone")
struct PloneCopyTests {
    private func checkedOut(
        _ change: (inout DemoOptions) -> Void = { _ in }
    ) async throws -> (stage: DemoStage, path: String, copy: String, alice: Client) {
        let stage = try await DemoStage.open(change)
        let path = try await stage.add()
        let alice = try await stage.client(.first)
        #expect(await alice.perform(.checkOut, path).outcome == .done)
        return (stage, path, path.replacing("/item-", with: "/copy_of_item-"), alice)
    }

    @Test("A check-out is a hold without an end, and names its copy")
    func fields() async throws {
        let (stage, path, copy, alice) = try await checkedOut()
        let lock = try #require(try await alice.row(path).lock)
        #expect(lock.kind == .workingCopy && lock.holder.isMe && lock.stealable == false)
        #expect(lock.expires == nil && lock.timeout == nil)
        #expect(lock.notes == ["Working copy: \(copy)"])
        #expect(try await alice.row(copy).item.workingCopyOf == path)
        #expect(try await alice.row(copy).reading.state == .free)
        let outsider = try await stage.client(.outsider).row(path)
        #expect(
            outsider.lock?.notes == ["Its working copy can't be seen: it was deleted, or this account may not see it."])
        await stage.close()
    }

    @Test("The working copy's own name ends the check-out too", arguments: [Locks.Operation.checkIn, .discard])
    func byCopy(operation: Locks.Operation) async throws {
        let (stage, path, copy, alice) = try await checkedOut()
        let result = await alice.perform(operation, copy)
        #expect(result.outcome == .done && result.ref.id == path)
        #expect(try await alice.row(path).reading.state == .free)
        await #expect { _ = try await alice.row(copy) } throws: { ($0 as? LockError)?.code == .gone }
        await stage.close()
    }

    @Test("An original that has forgotten its copies is checked in on the copy", arguments: [false, true])
    func brokenRelation(isFresh: Bool) async throws {
        let (stage, path, copy, alice) = try await checkedOut()
        try await stage.server.remove(path: copy)
        #expect(try await alice.row(path).reading.state == .free)
        #expect(await alice.perform(.checkOut, path).outcome == .done)
        let client = isFresh ? try await stage.client(.first) : alice
        client.wire.forget()
        #expect(await client.perform(.checkIn, path).outcome == .done)
        #expect(client.wire.changes.map(\.url) == [stage.server.address + copy + "/@workingcopy"])
        await stage.close()
    }

    @Test("A name that leads to another item by acquisition is never checked in or discarded")
    func acquisition() async throws {
        let (stage, path, copy, alice) = try await checkedOut { $0.acquisition = true }
        let item = try await alice.row(path).item
        let lock = try #require(try await alice.row(path).lock)
        try await stage.server.remove(path: copy)
        let name = copy.split(separator: "/").last.map(String.init) ?? ""
        try await stage.server.add(path: "/" + name, title: "Not the copy")
        alice.wire.forget()
        let plone = try #require(alice.system as? PloneSystem)
        await #expect { try await plone.discard(item, held: lock) } throws: {
            ($0 as? LockError)?.message
                == "The working copy of \(path) can't be found: it was deleted, or this account may not see it."
        }
        #expect(alice.wire.changes.isEmpty)
        #expect(try await alice.row("/" + name).item.title == "Not the copy")
        await stage.close()
    }

    @Test("A copy that somebody else has made anew in the meantime is found")
    func madeAnew() async throws {
        let (stage, path, _, alice) = try await checkedOut()
        let boss = try await stage.client(.administrator)
        #expect(await boss.perform(Wish(.discard, mayTakeFromOthers: true), path).outcome == .done)
        #expect(await boss.perform(.checkOut, path).outcome == .done)
        #expect(await alice.perform(.discard, path).reason == .conflict)
        #expect(await alice.perform(Wish(.discard, mayTakeFromOthers: true), path).outcome == .done)
        await stage.close()
    }

    @Test("With locking switched off a check-out is a hold all the same")
    func lockingOff() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        try await stage.server.perform(.setLocking(false))
        let alice = try await stage.client(.first)
        let result = await alice.perform(.checkOut, path)
        #expect(result.outcome == .done && result.after?.kind == .workingCopy && result.after?.holder.isMe == true)
        #expect(
            result.after?.notes.last == "The original itself is not locked: locking is switched off on the site.")
        let bob = try await stage.client(.second)
        #expect(try await bob.row(path).lock?.holder.id == "alice")
        #expect(await bob.perform(.checkOut, path).reason == .conflict)
        #expect(await alice.perform(.discard, path).outcome == .done)
        await stage.close()
    }

    @Test("Whoever may not add to the folder is told what is missing")
    func cannotAdd() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        let erin = try await stage.client(.third)
        let result = await erin.perform(.checkOut, path)
        #expect(result.outcome == .refused && result.reason == .forbidden)
        #expect(
            result.why == "contract has no place for a working copy of \(path) that this account may write to. "
                + "It needs the right to add content in the folder.")
        await stage.close()
    }

    @Test("A copy that somebody is editing can't be checked in", arguments: [Locks.Operation.checkIn, .discard])
    func copyIsLocked(operation: Locks.Operation) async throws {
        let (stage, path, copy, alice) = try await checkedOut()
        try await stage.server.lock(path: copy, as: "bob")
        let result = await alice.perform(operation, path)
        #expect(result.outcome == .refused && result.reason == .forbidden)
        let word = operation == .checkIn ? "checkin" : "cancel"
        #expect(
            result.why == "contract refused it for \(copy): \(word) not allowed. "
                + "Something there is locked or checked out, or this account may not: read it again.")
        #expect(try await alice.row(path).lock?.kind == .workingCopy)
        await stage.close()
    }

    @Test("A site without working copies says so")
    func noWorkingCopies() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        let alice = try await stage.client(.first)
        alice.wire.bendChanges { request, _ in
            let body = #"{"type": "NotFound", "message": "Resource not found: \#(request.url)", "context": null}"#
            return Response(status: 404, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
        }
        let result = await alice.perform(.checkOut, path)
        #expect(result.outcome == .refused && result.reason == .unsupported)
        #expect(
            result.why == "\(path) can't be checked out: contract has no working copies. "
                + "The site needs the add-on for working copies (plone.app.iterate).")
        await stage.close()
    }
}
