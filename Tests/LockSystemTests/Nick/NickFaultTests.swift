// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing

extension WireFault {
    /// How taking a free item ends.
    var ending: (outcome: Outcome, reason: Reason?) {
        switch self {
        case .lostAfter, .emptyBody, .halfBody: (.done, nil)
        case .lostBefore, .notSent: (.failed, .unreachable)
        case .error429, .error503: (.failed, .throttled)
        case .error401, .error403: (.refused, .forbidden)
        case .error404, .error405: (.refused, .unsupported)
        case .redirect, .redirectLoop: (.refused, .gone)
        default: (.failed, .server)
        }
    }
}

@Suite("Faults on the way to Nick")
struct NickFaultTests {
    @Test("Taking an item ends with the right word, and is asked for once", arguments: WireFault.allCases)
    func locks(_ fault: WireFault) async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        let item = try await stage.add()
        _ = try await client.row(item)
        client.wire.bendChanges { try await fault.bend($0, $1) }
        let result = await client.perform(.lock, item)
        #expect(result.outcome == fault.ending.outcome, "\(result.why)")
        #expect(result.reason == fault.ending.reason, "\(result.why)")
        #expect(client.wire.changes.count == 1)
        if fault == .error429 { #expect(result.why.contains("Try again in 7s")) }
        await stage.close()
    }

    @Test(
        "A refresh whose answer is lost was done if the lock ends later, and is never sent again",
        arguments: WireFault.allCases)
    func refreshes(_ fault: WireFault) async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        let item = try await stage.add()
        await client.perform(.lock, item)
        await stage.pass(60)
        client.wire.forget()
        client.wire.bendChanges { try await fault.bend($0, $1) }
        let result = await client.perform(.refresh, item)
        #expect(result.outcome == fault.ending.outcome, "\(result.why)")
        #expect(client.wire.changes.count == 1)
        await stage.close()
    }

    @Test(
        "Unlocking never claims what is not so, and sends neither of its two requests twice",
        arguments: WireFault.allCases, ["DELETE", "PATCH"])
    func unlocks(_ fault: WireFault, _ method: String) async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        let item = try await stage.add()
        await client.perform(.lock, item)
        client.wire.forget()
        client.wire.bendChanges { request, next in
            request.method.rawValue == method ? try await fault.bend(request, next) : try await next(request)
        }
        let result = await client.perform(.unlock, item)
        client.wire.bend(nil)
        let isFree = try await client.row(item).reading.state == .free
        #expect((result.outcome == .done) == isFree, "\(result.why)")
        #expect(isFree == (method == "PATCH" && fault.happens))
        let sent = client.wire.changes.map(\.method.rawValue)
        #expect(Set(sent).count == sent.count)
        await stage.close()
    }

    @Test("An unlocking whose look in between is lost is read again, and told as it is")
    func losesTheLook() async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        let item = try await stage.add()
        await client.perform(.lock, item)
        client.wire.forget()
        let wire = client.wire
        wire.bend { request, next in
            let looks = wire.requests.filter { nickShort($0) == "GET \(item)/@lock" }.count
            guard looks == 1, nickShort(request) == "GET \(item)/@lock" else { return try await next(request) }
            throw TransportError(.timedOut, "No answer in time.", surelyNotSent: false)
        }
        let result = await client.perform(.unlock, item)
        #expect(result.outcome == .failed)
        #expect(result.reason == .unreachable)
        #expect(result.after?.holder.isMe == true)
        #expect(wire.changes.count == 1)
        await stage.close()
    }

    @Test("Breaking by saving never claims what is not so", arguments: WireFault.allCases)
    func forces(_ fault: WireFault) async throws {
        let stage = try await NickStage.open(forcesBySaving: true)
        let item = try await stage.add()
        let holder = try stage.client("bob")
        await holder.perform(.lock, item)
        let boss = try stage.client("manager")
        _ = try await boss.row(item)
        boss.wire.forget()
        boss.wire.bendChanges { request, next in
            request.method == "PATCH" ? try await fault.bend(request, next) : try await next(request)
        }
        let result = await boss.perform(.forceUnlock, item)
        boss.wire.bend(nil)
        let isFree = try await boss.row(item).reading.state == .free
        #expect((result.outcome == .done) == isFree, "\(result.why)")
        #expect(isFree == fault.happens)
        #expect(boss.wire.changes.count == 2)
        await stage.close()
    }

    @Test("A reading that fails is told in the right word", arguments: WireFault.allCases)
    func reads(_ fault: WireFault) async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice")
        let item = Item(id: "/docs/x", path: "/docs/x", title: "X")
        try await stage.server.add(path: "/docs/x", title: "X")
        _ = try await client.system.signIn()
        client.wire.bend { request, next in try await fault.bend(request, next) }
        do {
            let row = try await client.system.read([item])[0].get()
            Issue.record("It was read as \(row.reading.state).")
        } catch let error as LockError {
            let codes: [LockError.Code] =
                switch fault {
                case .lostBefore, .lostAfter, .notSent: [.unreachable]
                case .error429, .error503: [.slowDown]
                case .error401: [.notSignedIn]
                case .error403: [.forbidden]
                case .error404: [.wrongSystem]
                case .error405: [.unsupported]
                case .redirect, .redirectLoop: [.gone]
                default: [.nonsense]
                }
            #expect(codes.contains(error.code), "\(error)")
            #expect(!error.mayHaveHappened)
        }
        await stage.close()
    }

    @Test("No credential goes to another host, whatever the server points to")
    func followsNoRedirects() async throws {
        try await NickStage.open().during { stage in
            try await WireFault.staysThere(try stage.client("alice"), try await stage.add(), stage.server.address)
        }
    }

    @Test("A server clock that is a day off changes no time that is told", arguments: [-86_400.0, 86_400])
    func correctsClocks(_ ahead: Double) async throws {
        let stage = try await NickStage.open()
        let client = try stage.client("alice", ClientSettings(clockAhead: ahead))
        let item = try await stage.add()
        let lock = try #require(await client.perform(.lock, item).after)
        #expect(abs(try #require(lock.expires).timeIntervalSince(client.now()) - 600) < 3)
        #expect(await client.perform(.unlock, item).outcome == .done)
        await stage.close()
    }
}
