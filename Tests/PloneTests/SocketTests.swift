// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import HTTPTransport
import LockSystemContract
import LockSystems
import Locks
import Testing
import Watching

/// The demo server over a real socket, with what can only go wrong there.
@Suite("Plone's protocol over a socket")
struct SocketTests {
    private struct Site {
        let server: DemoServer
        let transport: NetworkTransport
        let performer: Performer
        let system: PloneSystem

        func close() async {
            await transport.shutdown()
            await server.stop()
        }
    }

    private func site(timeout: Double = 10, maximumBytes: Int = 64 << 20) async throws -> Site {
        let server = try await DemoServer.start(DemoOptions(documents: 0, people: false))
        try await server.add(path: "/page", title: "Page")
        var options = NetworkOptions()
        options.maximumBytes = maximumBytes
        let transport = try NetworkTransport(options)
        let system = PloneSystem(
            SystemProfile(
                name: "socket", address: try WebAddress(server.address),
                login: .password(user: "alice", secret: { "alice-pw" }, isBasic: false), transport: transport,
                timeout: timeout, now: { Date() }))
        _ = try await system.signIn()
        let performer = Performer(
            server: "socket", system: system, journal: ForgetfulJournal(), isReadOnly: false, now: { Date() })
        return Site(server: server, transport: transport, performer: performer, system: system)
    }

    @Test("Lock, refresh, unlock, check-out and discard work over a socket")
    func works() async throws {
        let site = try await site()
        for operation in [Locks.Operation.lock, .refresh, .unlock, .checkOut, .checkIn, .checkOut, .discard] {
            let result = await site.performer.perform(Wish(operation), on: "/page").result
            #expect(result.outcome == .done, "\(operation): \(result.why)")
        }
        await site.close()
    }

    @Test(
        "An answer that was lost on the way is never asked for again",
        arguments: [
            Locks.Operation.lock, .unlock, .forceUnlock, .checkOut,
        ])
    func lostAnswer(operation: Locks.Operation) async throws {
        let site = try await site()
        if operation == .unlock { try await site.server.lock(path: "/page", as: "alice") }
        if operation == .forceUnlock { try await site.server.lock(path: "/page", as: "bob") }
        let method = operation == .unlock || operation == .forceUnlock ? "DELETE" : "POST"
        await site.server.setFaults(Faults([Fault(.dropAfterEffect, method: method, next: 1)]))
        await site.server.resetRequestLog()
        let result = await site.performer.perform(Wish(operation), on: "/page").result
        #expect(result.outcome == .done, "\(result.why)")
        #expect(await site.server.requestLog.count { $0.method == method } == 1)
        await site.close()
    }

    @Test("A request that the server never took has changed nothing")
    func lostRequest() async throws {
        let site = try await site()
        await site.server.setFaults(Faults([Fault(.dropBeforeEffect, method: "POST", next: 1)]))
        await site.server.resetRequestLog()
        let result = await site.performer.perform(Wish(.lock), on: "/page").result
        #expect(result.outcome == .failed && result.reason == .unreachable, "\(result.why)")
        #expect(await site.server.requestLog.count { $0.method == "POST" } == 1)
        await site.close()
    }

    @Test("A server that hangs is given up, and the outcome is read", arguments: ["GET", "POST"])
    func hanging(method: String) async throws {
        let site = try await site(timeout: 0.5)
        await site.server.setFaults(Faults([Fault(.hang, method: method, next: 1)]))
        let result = await site.performer.perform(Wish(.lock), on: "/page").result
        #expect(result.outcome == .failed && result.reason == .unreachable, "\(result.why)")
        #expect(result.exitCode == 69)
        await site.close()
    }

    @Test(
        "Half an answer, none and far too much are told apart",
        arguments: [
            (Fault.Kind.truncatedJSON, LockError.Code.nonsense), (.emptyBody, .nonsense), (.loginPage, .nonsense),
            (.hugeBody(2 << 20), .unreachable), (.status(503, retryAfter: 7), .slowDown),
        ])
    func oddAnswers(kind: Fault.Kind, code: LockError.Code) async throws {
        let site = try await site(maximumBytes: 1 << 20)
        await site.server.setFaults(Faults([Fault(kind, method: "GET")]))
        await #expect { _ = try await site.system.find("/page") } throws: { ($0 as? LockError)?.code == code }
        await site.close()
    }
}
