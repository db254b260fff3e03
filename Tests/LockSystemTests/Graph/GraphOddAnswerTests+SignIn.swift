// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing
import Watching

@testable import LockSystems

/// Who signs in, for how long, and what that lets them do.
extension GraphOddAnswerTests {
    @Test("A refused sign-in is said with the provider's number and first sentence")
    func reasons() throws {
        let errors = GraphErrors(
            voice: GraphErrors.voice(
                server: "files", address: "x", now: { Date(timeIntervalSince1970: 0) }))
        func said(_ body: String) throws -> LockError {
            errors.signIn(
                try JSONBody.decode(GraphOAuthProblem.self, from: Array(body.utf8)), status: 400, isProgram: false)
        }
        let blocked = try said(
            #"{"error":"invalid_grant","error_description":"AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow it.\r\nTrace ID: 0"}"#
        )
        #expect(
            blocked.message
                == "files: the sign-in was refused. AADSTS53003: Access has been blocked by Conditional Access policies."
        )
        for number in [50076, 65001, 50196, 700_016, 90002, 530_035] {
            let body = #"{"error":"invalid_grant","error_description":"AADSTS\#(number): Because. Trace ID: 1"}"#
            let error = try said(body)
            #expect(error.message == "files: the sign-in was refused. AADSTS\(number): Because.")
            #expect(error.code == .notSignedIn && !error.advice.isEmpty)
        }
        let bare = try said(#"{"error":"invalid_grant","error_description":null,"error_codes":[50076]}"#)
        #expect(bare.message == "files: the sign-in was refused. AADSTS50076.")
        let none = try said(#"{"error":"invalid_grant","error_description":{}}"#)
        #expect(none.message == "files: the sign-in has run out or was revoked (invalid_grant).")
    }

    @Test("Why a renewal was refused is said as long as nobody has signed in anew")
    func reasonStays() async throws {
        let stage = try await GraphStage.open { $0.tokenLifetime = 3_600 }
        let made = try await stage.person("alice")
        await stage.pass(3_590)
        let refused =
            #"{"error":"invalid_grant","error_description":"AADSTS53003: Access has been blocked. Trace ID: 0"}"#
        made.client.wire.bend { request, next in
            request.url.hasSuffix("/token") ? Self.json(refused, 400) : try await next(request)
        }
        for _ in 0..<2 {
            do {
                _ = try await made.client.row("/Documents")
                Issue.record("A token that was refused was used.")
            } catch let error as LockError {
                #expect(error.message.contains("AADSTS53003: Access has been blocked."))
            }
        }
        await stage.close()
    }

    @Test("A clock that is set back does not prolong the time in which nothing is sent")
    func setBack() async throws {
        let wall = Mutex(1_778_680_000.0)
        let spent = Mutex(0.0)
        let isBusy = Mutex(true)
        let transport = MemoryTransport { request in
            if request.url.contains("/me?") { return Self.json(Self.me) }
            if request.url.contains("/items/") {
                return isBusy.withLock(\.self)
                    ? Response(status: 429, headers: ["Retry-After": "10"]) : Self.json(Self.file("a"))
            }
            return Self.json(Self.drive)
        }
        let system = GraphSystem(
            SystemProfile(
                name: "files", address: try WebAddress("https://graph.microsoft.com"), login: .token({ "secret" }),
                transport: transport, now: { Date(timeIntervalSince1970: wall.withLock(\.self)) },
                time: .standing { spent.withLock(\.self) }))
        await #expect(throws: LockError.self) { _ = try await system.find("d1/a") }
        isBusy.withLock { $0 = false }
        wall.withLock { $0 -= 8 * 3_600 }
        spent.withLock { $0 += 11 }
        #expect(try await system.find("d1/a").reading.state == .free)
    }

    @Test("Force is offered to an application, ends another's check-out, and is not offered to a person")
    func force() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        try await stage.server.lock(path: try stage.path(id), as: "bob")
        let person = try await stage.person("alice").client
        let refused = await person.perform(.forceUnlock, id)
        #expect(refused.reason == .unsupported)
        #expect(refused.why == "Graph lets only its holder or an app-only sign-in end a check-out.")
        #expect(person.wire.changes.isEmpty)
        let program = try stage.client(.application).client
        #expect(await program.perform(Wish(.forceUnlock, mayTakeFromOthers: true), id).outcome == .done)
        #expect(program.wire.changes.map(\.url).allSatisfy { $0.hasSuffix("/discardCheckout") })
        #expect(program.wire.changes.count == 1)
        #expect(try await person.row(id).reading.state == .free)
        await stage.close()
    }
}
