// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing
import Watching

@testable import LockSystems

@Suite("The state of a document on SuperOffice")
struct SuperOfficeStateTests {
    private func row(_ name: String) async throws -> Row {
        let script = try SuperOfficeScript([("GET", "/Lock", try SuperOfficeRecording.answer(name))])
        _ = try await script.system.signIn()
        return try await script.system.read([SuperOfficeScript.offer])[0].get()
    }

    @Test("Free, own and other are told apart, without times and without an end")
    func states() async throws {
        #expect(try await row("made-checkoutinfo-free").reading.state == .free)
        let own = try #require(try await row("made-checkoutinfo-own").lock)
        #expect(own.kind == .checkout && own.holder == Holder(id: "5", name: "Hanna Larsen", isMe: true))
        let other = try #require(try await row("made-checkoutinfo-other").lock)
        #expect(other.holder == Holder(id: "17", name: "Bob Moe"))
        for lock in [own, other] {
            #expect(lock.since == nil && lock.expires == nil && lock.timeout == nil && lock.stealable == nil)
        }
    }

    @Test("A holder who is no SuperOffice user has a name and no id")
    func outsider() async throws {
        let lock = try #require(try await row("made-checkoutinfo-outsider").lock)
        #expect(lock.holder == Holder(id: nil, name: "DOMAIN\\svc-scan"))
        #expect(lock.notes == [SuperOfficeLocks.outsider])
        let blank = #"{"State":"CheckedOutOther","AssociateId":0,"Name":null}"#
        let script = try SuperOfficeScript([("GET", "/Lock", Response(status: 200, body: Array(blank.utf8)))])
        let row = try await script.system.read([SuperOfficeScript.offer])[0].get()
        #expect(row.lock?.holder == Holder(id: nil, name: "outside SuperOffice"))
    }

    @Test("A file that Microsoft Office has open can't be ended, and nothing is sent to try")
    func office() async throws {
        let stage = try await SuperOfficeStage.open()
        let id = try await stage.add()
        try await stage.server.perform(.lockByProgram(path: stage.sitePath(id), by: "bob"))
        let client = try stage.client(.account("manager"))
        let lock = try #require(try await client.row(id).lock)
        #expect(lock.holder == Holder(id: nil, name: "Bob Builder"))
        #expect(lock.notes == [SuperOfficeLocks.heldByOffice])
        let result = await client.perform(Wish(.discard, mayTakeFromOthers: true), id)
        #expect(result.outcome == .refused && result.reason == .forbidden)
        #expect(client.wire.changes.isEmpty)
        await stage.close()
    }

    @Test("A document that can't be locked is free and refused without a request")
    func unsupported() async throws {
        let row = try await row("made-checkoutinfo-unsupported")
        #expect(row.reading.state == .free && !row.item.isLockable)
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client()
        let result = await client.perform(.checkOut, try await stage.add(type: "File"))
        #expect(result.outcome == .refused && result.reason == .notLockable)
        #expect(client.wire.changes.isEmpty)
        let listed = try await client.system.items(after: nil).rows.map(\.item.isLockable)
        #expect(listed == [false], "the listing does not take back what a reading told")
        await stage.close()
    }

    @Test(
        "A state or a number that nobody knows is unknown, never free",
        arguments: [
            #"{"State":"Frozen","AssociateId":0,"Name":""}"#, #"{"State":9,"AssociateId":0}"#, #"{"State":null}"#,
        ])
    func unknown(_ body: String) async throws {
        let script = try SuperOfficeScript([("GET", "/Lock", Response(status: 200, body: Array(body.utf8)))])
        let row = try await script.system.read([SuperOfficeScript.offer])[0].get()
        #expect(row.reading.state == .unknown && row.reading.error != nil)
    }

    @Test("States written as numbers are read")
    func numbers() async throws {
        let body = #"{"State":2,"AssociateId":"17","Name":" Bob Moe "}"#
        let script = try SuperOfficeScript([("GET", "/Lock", Response(status: 200, body: Array(body.utf8)))])
        let row = try await script.system.read([SuperOfficeScript.offer])[0].get()
        #expect(row.lock?.holder == Holder(id: "17", name: "Bob Moe"))
    }

    @Test("A holder without a name is asked for once, and is the same lock with and without the name")
    func names() async throws {
        let stage = try await SuperOfficeStage.open { $0.hidesNames = true }
        let client = try stage.client()
        let ids = [try await stage.add(), try await stage.add()]
        for id in ids { try await stage.hold(id, as: "bob") }
        let rows = [try await client.row(ids[0]), try await client.row(ids[1])]
        #expect(rows.map { $0.lock?.holder.name } == ["Bob Builder", "Bob Builder"])
        #expect(client.wire.requests.count { $0.url.contains("InternalUsers") } == 1)
        let nameless = try await row("made-checkoutinfo-other-noname")
        let named = try await row("made-checkoutinfo-other")
        #expect(nameless.lock?.holder == Holder(id: "17", name: nil))
        #expect(nameless.lock?.identity == named.lock?.identity)
        await stage.close()
    }

    @Test("The same check-out is mine for its holder and another's for everybody else")
    func relative() async throws {
        let stage = try await SuperOfficeStage.open()
        let id = try await stage.add()
        try await stage.hold(id, as: "alice")
        let alice = try await stage.client(.account("alice")).row(id).lock
        let bob = try await stage.client(.account("bob")).row(id).lock
        #expect(alice?.holder.isMe == true && bob?.holder.isMe == false)
        #expect(alice?.identity == bob?.identity)
        #expect(alice?.holder.id == bob?.holder.id)
        await stage.close()
    }

    @Test("A check-out does not run out")
    func neverExpires() async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client()
        let id = try await stage.add()
        await client.perform(.checkOut, id)
        await stage.pass(90 * 86_400)
        #expect(try await client.row(id).lock?.holder.isMe == true)
        await stage.close()
    }

    @Test(
        "What is gone is gone, however the server says it",
        arguments: [SuperOfficeOptions.Missing.notFound, .failure, .free])
    func gone(_ missing: SuperOfficeOptions.Missing) async throws {
        let stage = try await SuperOfficeStage.open { $0.missing = missing }
        let client = try stage.client()
        let id = try await stage.add()
        let item = try await client.row(id).item
        try await stage.remove(id)
        let result = try await client.system.read([item])[0]
        #expect(throws: LockError.self) { try result.get() }
        if case .failure(let error) = result { #expect(error.code == .gone) }
        await stage.close()
    }

    @Test("An archive that fails for one document does not hide the others")
    func oneFails() async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client()
        var items: [Item] = []
        for _ in 0..<3 { items.append(try await client.row(try await stage.add()).item) }
        let broken = items[1].id
        let answer = try SuperOfficeRecording.answer("made-error-500-office-lock", status: 500)
        client.wire.bend { request, next in
            request.url.contains("/Document/\(broken)/Lock") ? answer : try await next(request)
        }
        let results = try await client.system.read(items)
        #expect(try results[0].get().reading.state == .free)
        #expect(try results[2].get().reading.state == .free)
        if case .failure(let error) = results[1] {
            #expect(error.code == .nonsense)
            #expect(!error.message.contains("SuperOffice.Services.Implementation"))
        } else {
            Issue.record("the broken one was read")
        }
        await stage.close()
    }
}
