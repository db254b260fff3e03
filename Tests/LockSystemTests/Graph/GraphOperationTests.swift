// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import LockSystems

@Suite("Operations on Graph")
struct GraphOperationTests {
    @Test("A check-in carries the comment and is published; too long a comment is refused unasked")
    func checkIn() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let client = try await stage.person("alice").client
        await client.perform(.checkOut, id)
        client.wire.forget()
        let refused = await client.perform(Wish(.checkIn, comment: String(repeating: "x", count: 1_024)), id)
        #expect(refused.reason == .unsupported)
        #expect(client.wire.changes.isEmpty)
        #expect(await client.perform(Wish(.checkIn, comment: "Prices for “Q3”"), id).outcome == .done)
        let body = String(decoding: client.wire.changes[0].body ?? [], as: UTF8.self)
        #expect(body == #"{"checkInAs":"published","comment":"Prices for “Q3”"}"#)
        await stage.close()
    }

    @Test("Another's check-out falls to an application, and for a person the words say who can end it")
    func override() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        try await stage.server.lock(path: try stage.path(id), as: "bob")
        let person = try await stage.person("alice").client
        let wish = Wish(.discard, mayTakeFromOthers: true)
        let refused = await person.perform(wish, id)
        #expect(refused.reason == .forbidden)
        #expect(refused.why.contains("or an app-only sign-in discard the check-out of /Documents/docs/Offer"))
        #expect(person.wire.changes.count == 1)
        #expect(try await person.row(id).lock?.stealable == nil)
        let program = try stage.client(.application).client
        #expect(try await program.row(id).lock?.stealable == true)
        #expect(await program.perform(wish, id).outcome == .done)
        #expect(try await person.row(id).reading.state == .free)
        await stage.close()
    }

    @Test("An application's check-out is its own, and no person's")
    func application() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let program = try stage.client(.application).client
        #expect(await program.perform(.checkOut, id).outcome == .done)
        let person = try await stage.person("alice").client
        let lock = try #require(try await person.row(id).lock)
        #expect(lock.holder == Holder(id: GraphStage.application, name: "locktop", isMe: false))
        #expect(lock.notes.contains("Held by an application: no person can check it in."))
        #expect(await person.perform(.checkIn, id).reason == .conflict)
        #expect(await program.perform(.checkIn, id).outcome == .done)
        await stage.close()
    }

    @Test(
        "A held file answers 500, 423 or 409: the outcome is the same, a conflict that names the holder",
        arguments: [500, 423, 409])
    func held(_ status: Int) async throws {
        let stage = try await GraphStage.open { $0.graph.heldStatus = status }
        let id = try await stage.add("Offer")
        let client = try await stage.person("alice").client
        client.wire.bendChanges { request, next in
            // Bob is quicker, between the reading and the request.
            try await stage.server.lock(path: try stage.path(id), as: "bob")
            return try await next(request)
        }
        let result = await client.perform(.checkOut, id)
        #expect(result.reason == .conflict)
        #expect(result.after?.holder.name == "Bob Builder")
        #expect(client.wire.changes.count == 1)
        await stage.close()
    }

    @Test("A beta lock lasts for whole minutes up to 30; anything else is refused with the limit, and not shortened")
    func minutes() async throws {
        let stage = try await GraphStage.open(beta: true)
        let id = try await stage.add("Offer")
        let client = try await stage.person("alice").client
        for seconds in [0, 59, 90, 1_801, 3_600] {
            let result = await client.perform(Wish(.lock, options: LockOptions(timeout: seconds)), id)
            #expect(result.reason == .unsupported)
            #expect(result.why.contains("1 to 30 whole minutes"))
        }
        #expect(client.wire.changes.isEmpty)
        let result = await client.perform(Wish(.lock, options: LockOptions(timeout: 600)), id)
        #expect(result.after?.timeout == 600)
        #expect(result.after?.stealable == false)
        await stage.pass(300)
        let refreshed = await client.perform(.refresh, id)
        #expect(refreshed.after?.expires == stage.now.addingTimeInterval(600).rounded)
        #expect(refreshed.after?.timeout == 600)
        #expect(client.wire.changes.last?.body == Array(#"{"durationMinutes":10}"#.utf8))
        await stage.close()
    }

    @Test("A beta lock of somebody else can't be forced, and that takes no request")
    func noForce() async throws {
        let stage = try await GraphStage.open(beta: true)
        let id = try await stage.add("Offer")
        let holder = try await stage.person("bob").client
        #expect(await holder.perform(.lock, id).outcome == .done)
        let client = try await stage.person("alice").client
        _ = try await client.system.signIn()
        client.wire.forget()
        let result = await client.perform(.forceUnlock, id)
        #expect(
            result.why.hasSuffix("This server does not let others end a lock: it runs out after 30 minutes at most."))
        #expect(client.wire.requests.isEmpty)
        await stage.close()
    }

    @Test("A check-out and a lock are two things: both show, the lock first")
    func both() async throws {
        let stage = try await GraphStage.open(beta: true)
        let id = try await stage.add("Offer")
        let made = try await stage.person("alice")
        let client = made.client
        #expect(await client.perform(.lock, id).outcome == .done)
        let item = try await client.row(id).item
        try await made.system.checkOut(item)
        #expect(try await client.row(id).reading.locks.map(\.kind) == [.lock, .checkout])
        await stage.close()
    }

    @Test("In version 1.0 edit locks are refused without a request, and the words name the setting")
    func onlyBeta() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let made = try await stage.person("alice")
        let item = try await made.client.row(id).item
        made.client.wire.forget()
        let lock = Lock(kind: .lock, holder: Holder(id: "a"), identity: LockIdentity(of: "a"))
        for attempt in [
            { try await made.system.lock(item, .standard) }, { try await made.system.unlock(item, held: lock) },
            { try await made.system.refresh(item, held: lock) },
        ] as [@Sendable () async throws -> Void] {
            await #expect(throws: LockError(.unsupported, "Edit locks are in the beta only: set api: beta.")) {
                try await attempt()
            }
        }
        #expect(made.client.wire.requests.isEmpty)
        await stage.close()
    }

    @Test("Told to wait, it sends nothing to the tenant until then, and keeps the fraction of the second")
    func throttled() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let client = try await stage.person("alice").client
        _ = try await client.row(id)
        client.wire.bend { _, _ in Response(status: 429, headers: ["Retry-After": "2.128", "RateLimit-Reset": "1"]) }
        let first = await failure(client, id)
        #expect(first?.code == .slowDown)
        #expect(first?.retryAfter == 2.128)
        client.wire.bend(nil)
        client.wire.forget()
        #expect(await client.perform(.checkOut, id).reason == .throttled)
        #expect(await failure(client, id)?.message == "contract has asked to be left alone; nothing was sent.")
        #expect(client.wire.requests.isEmpty)
        await stage.pass(3)
        #expect(await client.perform(.checkOut, id).outcome == .done)
        await stage.close()
    }

    private func failure(_ client: Client, _ id: String) async -> LockError? {
        do {
            _ = try await client.row(id)
            return nil
        } catch {
            return error as? LockError
        }
    }

    @Test("A throttled part of a batch throttles the whole reading: nothing becomes unknown for it")
    func throttledPart() async throws {
        let stage = try await GraphStage.open {
            $0.graph.throttledPart = 2
            $0.graph.retryAfter = "10"
        }
        let ids = [try await stage.add("One"), try await stage.add("Two"), try await stage.add("Three")]
        let client = try await stage.person("alice").client
        var items: [Item] = []
        for id in ids { items.append(try await client.row(id).item) }
        do {
            _ = try await client.system.read(items)
            Issue.record("A throttled part was taken for a reading.")
        } catch let error as LockError {
            #expect(error.code == .slowDown)
            #expect(error.retryAfter == 10)
        }
        await stage.close()
    }

    @Test("At none left of the rate limit the next request waits for its end")
    func rateLimit() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let client = try await stage.person("alice").client
        client.wire.bend { request, next in
            var answer = try await next(request)
            answer.headers["RateLimit-Remaining"] = "0"
            answer.headers["RateLimit-Reset"] = "7"
            return answer
        }
        _ = try await client.row(id)
        #expect(await failure(client, id)?.retryAfter == 7)
        await stage.close()
    }
}

extension Date {
    /// The same to the second, as the wire has it.
    var rounded: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }
}
