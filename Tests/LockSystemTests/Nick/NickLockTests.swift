// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing
import Watching

@Suite("Locks on Nick")
struct NickLockTests {
    @Test("My own lock is really released, although DELETE only says so")
    func unlocksReally() async throws {
        let stage = try await NickStage.open()
        let mine = try stage.client("alice")
        let item = try await stage.add()
        #expect(await mine.perform(.lock, item).outcome == .done)
        mine.wire.forget()
        let result = await mine.perform(.unlock, item)
        #expect(result.outcome == .done)
        #expect(result.after == nil)
        #expect(mine.wire.changes.map(\.method.rawValue) == ["DELETE", "PATCH"])
        let other = try stage.client("bob")
        #expect(await other.perform(.lock, item).outcome == .done)
        await stage.close()
    }

    @Test("Where DELETE really deletes nothing more is sent")
    func unlocksByDeleting() async throws {
        let stage = try await NickStage.open { $0.nick.deletes = true }
        let mine = try stage.client("alice")
        let item = try await stage.add()
        await mine.perform(.lock, item)
        mine.wire.forget()
        #expect(await mine.perform(.unlock, item).outcome == .done)
        #expect(mine.wire.changes.map(\.method.rawValue) == ["DELETE"])
        await stage.close()
    }

    @Test("A refresh keeps the options and the identity, though Nick makes a new lock")
    func refreshes() async throws {
        let stage = try await NickStage.open()
        let mine = try stage.client("alice")
        let item = try await stage.add()
        let options = LockOptions(timeout: 3600, stealable: false)
        let lock = try #require(await mine.perform(Wish(.lock, options: options), item).after)
        await stage.pass(100)
        let after = try #require(await mine.perform(.refresh, item).after)
        #expect(after.identity == lock.identity)
        #expect(after.token != lock.token)
        #expect(after.timeout == 3600)
        #expect(after.stealable == false)
        #expect(after.expires == lock.expires?.addingTimeInterval(100))
        #expect(after.since == lock.since)
        #expect(after.sinceIs == .firstSeen)
        await stage.close()
    }

    @Test("A lock that somebody else refreshes stays the same lock, and one that is taken anew after its end does not")
    func chains() async throws {
        let stage = try await NickStage.open()
        let holder = try stage.client("bob")
        let watcher = try stage.client("alice")
        let item = try await stage.add()
        await holder.perform(.lock, item)
        let first = try #require(try await watcher.row(item).lock)
        await stage.pass(300)
        await holder.perform(.refresh, item)
        let second = try #require(try await watcher.row(item).lock)
        #expect(second.identity == first.identity)
        #expect(second.since == first.since)
        let before = Reading.known([first], at: stage.now)
        let event = LockEvent.between(before, try await watcher.row(item), on: "nick", at: stage.now)
        #expect(event?.kind == .refreshed)
        await stage.pass(700)
        await holder.perform(.lock, item)
        let third = try #require(try await watcher.row(item).lock)
        #expect(third.identity != first.identity)
        #expect(third.sinceIs == .refreshed)
        await stage.close()
    }

    @Test("A lock given back and taken again is another one, where the gap was seen")
    func seesTheGap() async throws {
        let stage = try await NickStage.open()
        let mine = try stage.client("alice")
        let item = try await stage.add()
        let first = try #require(await mine.perform(.lock, item).after)
        await stage.pass(5)
        await mine.perform(.unlock, item)
        let second = try #require(await mine.perform(.lock, item).after)
        #expect(first.identity != second.identity)
        await stage.close()
    }

    @Test("Of a lock of ours a later run knows the first start, and forgets it when the lock is given back")
    func remembersOwnLocks() async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        let item = try await stage.add()
        let first = try stage.client("alice") { $0.tokens = tokens }
        let lock = try #require(await first.perform(.lock, item).after)
        await stage.pass(200)
        let refreshed = try await stage.client("alice") { $0.tokens = tokens }.perform(.refresh, item)
        #expect(refreshed.after?.identity == lock.identity)
        await stage.pass(200)
        let later = try stage.client("alice") { $0.tokens = tokens }
        #expect(try await later.row(item).lock?.identity == lock.identity)
        #expect(tokens.all.contains { $0.key.hasSuffix(" locks") && $0.value.contains(item) })
        #expect(await later.perform(.unlock, item).outcome == .done)
        #expect(!tokens.all.keys.contains { $0.hasSuffix(" locks") })
        await stage.close()
    }

    @Test("Options for a lock that is mine already are a change that is really made")
    func changesOptions() async throws {
        let stage = try await NickStage.open()
        let mine = try stage.client("alice")
        let item = try await stage.add()
        await mine.perform(.lock, item)
        let result = await mine.perform(Wish(.lock, options: LockOptions(timeout: 1800)), item)
        #expect(result.outcome == .done)
        #expect(result.after?.timeout == 1800)
        await stage.close()
    }

    @Test("A time-out that Nick would take for another one is refused before anything is sent", arguments: [0, -5])
    func refusesTimeouts(_ timeout: Int) async throws {
        let stage = try await NickStage.open()
        let mine = try stage.client("alice")
        let item = try await stage.add()
        let result = await mine.perform(Wish(.lock, options: LockOptions(timeout: timeout)), item)
        #expect(result.outcome == .refused)
        #expect(result.reason == .unsupported)
        #expect(mine.wire.changes.isEmpty)
        await stage.close()
    }

    @Test("Force is refused in words, with one documented request, and the lock stays")
    func refusesForce() async throws {
        let stage = try await NickStage.open()
        let item = try await stage.add()
        let holder = try stage.client("bob")
        let lock = try #require(await holder.perform(.lock, item).after)
        let boss = try stage.client("manager")
        let result = await boss.perform(.forceUnlock, item)
        #expect(result.outcome == .refused)
        #expect(result.reason == .forbidden)
        #expect(result.why.contains("does not let others end the lock"))
        #expect(boss.calls.filter { !$0.hasPrefix("GET") } == ["DELETE \(item)/@lock"])
        #expect(boss.bodies.contains(#"{"force":true}"#))
        #expect(result.after?.token == lock.token)
        await stage.close()
    }

    @Test("With force_by_save the item is saved with the lock's token, which makes a version")
    func forcesBySaving() async throws {
        let stage = try await NickStage.open(forcesBySaving: true)
        let item = try await stage.add()
        try await stage.client("bob").perform(.lock, item)
        let boss = try stage.client("manager")
        let result = await boss.perform(.forceUnlock, item)
        #expect(result.outcome == .done)
        #expect(result.after == nil)
        #expect(boss.calls.filter { !$0.hasPrefix("GET") } == ["DELETE \(item)/@lock", "PATCH \(item)"])
        let history = await stage.server.answer(Request("GET", stage.server.address + item + "/@history"))
        #expect(String(decoding: history.body, as: UTF8.self).contains("Lock of bob released by manager"))
        await stage.close()
    }

    @Test("A lock that was refreshed since it was shown is not broken by saving: its token has changed")
    func savesOnlyWithTheTokenShown() async throws {
        let stage = try await NickStage.open(forcesBySaving: true)
        let item = try await stage.add()
        let holder = try stage.client("bob")
        await holder.perform(.lock, item)
        let boss = try stage.client("manager")
        boss.wire.bendChanges { request, next in
            if request.method == "PATCH" { await holder.perform(.refresh, item) }
            return try await next(request)
        }
        await stage.pass(5)
        let result = await boss.perform(.forceUnlock, item)
        #expect(result.outcome == .refused)
        #expect(result.reason == .conflict)
        #expect(result.after?.holder.id == "bob")
        await stage.close()
    }

    @Test(
        "Check-out is refused with words and without a request",
        arguments: [
            Locks.Operation.checkOut, .checkIn, .discard,
        ])
    func hasNoCheckOut(_ operation: Locks.Operation) async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        let item = try await stage.add()
        let result = await client.perform(operation, item)
        #expect(result.reason == .unsupported)
        #expect(client.calls.isEmpty)
        #expect(result.why == NickSystem.allOperations[operation].why)
        await stage.close()
    }

    @Test("A time-out that is no number never ends, and says so", arguments: [#""3600""#, #""x""#, "1e300", "{}"])
    func readsStrangeTimeouts(_ timeout: String) async throws {
        let lock = try await read(#""timeout":\#(timeout)"#)
        #expect(lock.expires == nil)
        #expect(lock.timeout == nil)
        #expect(lock.notes.contains { $0.contains("does not end by itself") })
    }

    @Test(
        "Strange values of a lock are read for what they are worth",
        arguments: [
            #""stealable":"no","timeout":600"#, #""stealable":null,"timeout":600.5"#,
            #""timeout":600,"created":"soon""#,
        ])
    func readsStrangeValues(_ fields: String) async throws {
        let lock = try await read(fields)
        #expect(lock.stealable == nil)
        #expect(lock.timeout ?? 0 >= 600)
        #expect(lock.holder.id == "ann")
    }

    private func read(_ fields: String) async throws -> Lock {
        let created = fields.contains("created") ? "" : #","created":"2026-04-08T16:00:00.250Z""#
        let body = #"{"locked":true,"creator":"ann","creator_name":null,"token":"t",\#(fields)\#(created)}"#
        let transport = MemoryTransport { _ in Response(status: 200, body: Array(body.utf8)) }
        let profile = SystemProfile(
            name: "nick", address: try WebAddress("http://nick.example.org"), login: .anonymous, transport: transport,
            now: { Date(timeIntervalSince1970: 1_775_664_000) })
        let item = Item(id: "/a", path: "/a", title: "A")
        return try #require(try await NickSystem(profile).read([item])[0].get().lock)
    }

    @Test("Nothing of ours that shows a lock shows its token")
    func hidesTokens() async throws {
        let stage = try await NickStage.open()
        let mine = try stage.client("alice")
        let item = try await stage.add()
        let lock = try #require(await mine.perform(.lock, item).after)
        let token = try #require(lock.token).reveal()
        #expect(token.utf8.count == 36)
        #expect(!"\(lock)".contains(token))
        #expect(!String(reflecting: lock).contains(token))
        await stage.close()
    }
}
