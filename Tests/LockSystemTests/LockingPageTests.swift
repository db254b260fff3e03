// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import Locks
import Testing

@testable import LockSystems

/// The documentation's page "Locking" of plone.restapi, section by section: each documented request is what this program
/// sends, and each documented answer is understood.
@Suite("Locking")
struct LockingPageTests {
    /// A documented message: the request in one file, the answer in another.
    private struct Example {
        let method: HTTP.Method
        let path: String
        let headers: Headers
        let body: [UInt8]
        let answer: Response

        init(_ name: String) throws {
            let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Recordings/plone/"
            func read(_ ending: String) throws -> (first: [Substring], headers: Headers, body: [UInt8]) {
                let text = String(decoding: try Data(contentsOf: URL(filePath: folder + name + ending)), as: UTF8.self)
                let parts = text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
                let lines = parts[0].split(separator: "\n")
                var headers = Headers()
                for line in lines.dropFirst() {
                    let sides = line.split(separator: ":", maxSplits: 1)
                    headers.add(String(sides[0]), String(sides[1].drop { $0 == " " }))
                }
                let body = parts.count > 1 ? Array(parts[1].utf8) : []
                return (lines[0].split(separator: " "), headers, body.allSatisfy { $0 <= 0x20 } ? [] : body)
            }
            let (request, response) = (try read(".req"), try read(".resp"))
            method = HTTP.Method(rawValue: String(request.first[0]))
            path = String(request.first[1])
            (headers, body) = (request.headers, request.body)
            answer = Response(
                status: Int(response.first[1]) ?? 0, headers: response.headers, body: response.body)
        }
    }

    /// Tells the answers apart that a free page and a locked one need, and gives the documented ones.
    private func system(_ examples: [Example]) throws -> (PloneSystem, MemoryTransport) {
        let transport = MemoryTransport { request in
            if request.url.hasSuffix("/@login") {
                return Response(
                    status: 200, headers: ["Content-Type": "application/json"],
                    body: Array(#"{"token": "e30.eyJzdWIiOiJhZG1pbiJ9.x"}"#.utf8))
            }
            let match = examples.first { example in
                request.method == example.method && request.url.hasSuffix(example.path)
                    && Self.fields(request.body ?? []) == Self.fields(example.body)
            }
            return match?.answer ?? Response(status: 418)
        }
        let profile = SystemProfile(
            name: "plone", address: try WebAddress("http://localhost:55001/plone"),
            login: .password(user: "admin", secret: { "secret" }, isBasic: true), transport: transport,
            now: { Date(timeIntervalSince1970: 807_211_900) })
        return (PloneSystem(profile), transport)
    }

    private static func fields(_ body: [UInt8]) -> [String: String] {
        let text = String(decoding: body, as: UTF8.self).filter { !$0.isWhitespace && $0 != "{" && $0 != "}" }
        return text.split(separator: ",").reduce(into: [:]) { fields, pair in
            let sides = pair.split(separator: ":")
            if sides.count == 2 { fields[String(sides[0])] = String(sides[1]) }
        }
    }

    private func expectSame(_ request: Request?, as example: Example) throws {
        let request = try #require(request)
        #expect(request.method == example.method)
        #expect(request.url == "http://localhost:55001" + example.path)
        #expect(request.headers["Accept"] == example.headers["Accept"])
        #expect(request.headers["Authorization"] == example.headers["Authorization"])
        #expect(Self.fields(request.body ?? []) == Self.fields(example.body))
    }

    private let item = Item(id: "/front-page", path: "/front-page", title: "Welcome", type: "Document")
    private let mine = Lock(kind: .lock, holder: Holder(id: "admin", isMe: true), identity: LockIdentity(of: "x"))

    private func changes(_ transport: MemoryTransport) -> [Request] {
        transport.requests.filter { $0.purpose == .change }
    }

    @Test("Locking an object: POST @lock, and the answer names the holder, the time-out and the token")
    func locking() async throws {
        let example = try Example("lock")
        let (system, transport) = try system([example])
        try await system.lock(item, .standard)
        try expectSame(changes(transport).last, as: example)
        let wire = try JSONBody.decode(PloneLock.self, from: example.answer)
        #expect(wire.locked == true && wire.creator == "admin" && wire.timeout == 600 && wire.stealable == true)
        #expect(wire.token == "0.684672730996-0.25195226375-00105A989226:1477076400.000")
    }

    @Test("Locking an object, not stealable and for an hour: the options go in the body, once the lock is ours")
    func lockingWithOptions() async throws {
        let (plain, example) = (try Example("lock"), try Example("lock_nonstealable_timeout"))
        let (system, transport) = try system([plain, example])
        try await system.lock(item, LockOptions(timeout: 3_600, stealable: false))
        try expectSame(changes(transport).first, as: plain)
        try expectSame(changes(transport).last, as: example)
        #expect(try JSONBody.decode(PloneLock.self, from: example.answer).timeout == 3_600)
    }

    @Test("Unlocking an object: DELETE @lock, and the answer says that it is free")
    func unlocking() async throws {
        let example = try Example("unlock")
        let (system, transport) = try system([example])
        try await system.unlock(item, held: mine)
        try expectSame(changes(transport).last, as: example)
        #expect(try JSONBody.decode(PloneLock.self, from: example.answer).locked == false)
    }

    @Test("Unlocking an object locked by another user: DELETE @lock with force")
    func forcing() async throws {
        let example = try Example("unlock_force")
        let (system, transport) = try system([example])
        var other = mine
        other.holder = Holder(id: "bob")
        other.stealable = true
        try await system.forceUnlock(item, seen: other)
        try expectSame(changes(transport).last, as: example)
        #expect(try JSONBody.decode(PloneLock.self, from: example.answer).locked == false)
    }

    @Test("Refreshing a lock: PATCH @lock, and the answer has the new time")
    func refreshing() async throws {
        let example = try Example("refresh_lock")
        let (system, transport) = try system([example])
        try await system.refresh(item, held: mine)
        try expectSame(changes(transport).last, as: example)
        #expect(try JSONBody.decode(PloneLock.self, from: example.answer).time == 807_211_800)
    }

    @Test("Getting lock information: the same lock object comes with the content, which also tells whose page it is")
    func getting() async throws {
        let example = try Example("lock_get")
        let wire = try JSONBody.decode(PloneLock.self, from: example.answer)
        #expect(wire.locked == false && wire.stealable == true)
        let server = try await DemoServer.start(DemoOptions(documents: 0, people: false))
        try await server.add(path: "/front-page", type: "Document", title: "Welcome")
        let answer = await server.answer(
            Request(example.method, server.address + "/front-page/@lock", headers: ["Accept": "application/json"]))
        #expect(try JSONBody.decode(PloneLock.self, from: answer).locked == wire.locked)
        await server.stop()
    }

    @Test("Updating a locked object: PATCH with its Lock-Token is 204, and without it is refused")
    func updating() async throws {
        let example = try Example("lock_update")
        let server = try await DemoServer.start(DemoOptions(documents: 0, people: false))
        try await server.add(path: "/front-page", type: "Document", title: "Welcome")
        try await server.lock(path: "/front-page", as: "admin")
        let page = server.address + "/front-page"
        let admin = Credentials.basic(user: "admin", password: "admin").header
        var headers: Headers = ["Accept": "application/json", "Authorization": admin]
        let lock = await server.answer(Request("GET", page + "/@lock", headers: headers))
        let refused = await server.answer(Request(example.method, page, headers: headers, body: example.body))
        #expect(refused.status == 403)
        headers["Lock-Token"] = try JSONBody.decode(PloneLock.self, from: lock).token
        let updated = await server.answer(Request(example.method, page, headers: headers, body: example.body))
        #expect(updated.status == example.answer.status)
        await server.stop()
    }
}
