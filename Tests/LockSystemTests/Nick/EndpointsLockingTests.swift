// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystems
import Locks
import Testing

/// The documentation's page `/endpoints/locking` of Nick, section by section: each documented request is what this
/// program sends, and each documented answer is understood.
@Suite("Endpoints: Locking")
struct EndpointsLockingTests {
    private let item = Item(id: "/news/my-news-item", path: "/news/my-news-item", title: "My News Item", type: "Page")

    /// Answers each documented request with its documented answer, and everything else by the documentation too.
    private func system(_ names: String...) throws -> (NickSystem, MemoryTransport) {
        let examples = try (names + ["get"]).map { try NickExample("locking/\($0)") }
        let transport = MemoryTransport { request in
            if request.url.hasSuffix("/@site") {
                return Response(
                    status: 200, headers: ["Content-Type": "application/json"],
                    body: Array(#"{"@id":"http://localhost:8080/@site"}"#.utf8))
            }
            if request.url.hasSuffix("/@users/admin") {
                return Response(status: 200, body: Array(#"{"id":"admin","fullname":"Admin"}"#.utf8))
            }
            guard let example = examples.first(where: { $0.isFor(request) }) else { return Response(status: 418) }
            return example.response
        }
        let token = try NickExample("locking/get").token
        // The day of the examples: their token has no end and their lock was just made.
        let profile = SystemProfile(
            name: "nick", address: try WebAddress("http://localhost:8080"), login: .token({ token }),
            transport: transport, now: { Date(timeIntervalSince1970: 1_649_433_600) })
        return (NickSystem(profile), transport)
    }

    private func changes(_ transport: MemoryTransport) -> [Request] {
        transport.requests.filter { $0.purpose == .change }
    }

    /// Whether a request is the documented one: method, path, token and body.
    private func expectSame(_ request: Request?, as name: String) throws {
        let example = try NickExample("locking/\(name)")
        let request = try #require(request)
        #expect(example.asks(request), "\(nickShort(request)) \(String(decoding: request.body ?? [], as: UTF8.self))")
        #expect(request.headers["Authorization"] == "Bearer \(example.token)")
        #expect(request.headers["Lock-Token"] == example.headers["Lock-Token"])
        if request.body != nil { #expect(request.headers["Content-Type"] == "application/json") }
    }

    private func lockRead(from system: NickSystem) async throws -> Lock {
        _ = try await system.signIn()
        return try #require(try await system.read([item])[0].get().lock)
    }

    @Test("Locking an object: POST @lock, and the answer's lock is ours")
    func lockingAnObject() async throws {
        let (system, transport) = try system("post")
        try await system.lock(item, .standard)
        #expect(changes(transport).count == 1)
        try expectSame(changes(transport).first, as: "post")
        let lock = try await lockRead(from: system)
        #expect(lock.holder == Holder(id: "admin", name: "Admin", isMe: true))
        #expect(lock.timeout == 600)
        #expect(lock.stealable == true)
        #expect(lock.since == Date(timeIntervalSince1970: 1_649_433_600))
        #expect(lock.expires == Date(timeIntervalSince1970: 1_649_434_200))
        #expect(lock.token == Token("a95388f2-e4b3-4292-98aa-62656cbd5b9c"))
    }

    @Test("Locking an object, non-stealable and for an hour: the options go in the body")
    func lockingWithOptions() async throws {
        let (system, transport) = try system("post_options")
        try await system.lock(item, LockOptions(timeout: 3600, stealable: false))
        #expect(changes(transport).count == 1)
        try expectSame(changes(transport).first, as: "post_options")
    }

    @Test("Unlocking an object: DELETE @lock, a look, and the way that really releases if the lock is still there")
    func unlockingAnObject() async throws {
        let (system, transport) = try system("delete", "patch")
        let lock = try await lockRead(from: system)
        try await system.unlock(item, held: lock)
        #expect(changes(transport).map(\.method.rawValue) == ["DELETE", "PATCH"])
        try expectSame(changes(transport).first, as: "delete")
        #expect(changes(transport).last?.body == Array(#"{"timeout":-1}"#.utf8))
    }

    @Test("Unlocking an object locked by another user: DELETE @lock with force")
    func unlockingByForce() async throws {
        let (system, transport) = try system("delete_force")
        let lock = try await lockRead(from: system)
        try await system.forceUnlock(item, seen: lock)
        #expect(changes(transport).count == 1)
        try expectSame(changes(transport).first, as: "delete_force")
    }

    @Test("Refreshing a lock: PATCH @lock, with the options that Nick would forget")
    func refreshingALock() async throws {
        let (system, transport) = try system("patch")
        let lock = try await lockRead(from: system)
        try await system.refresh(item, held: lock)
        #expect(changes(transport).count == 1)
        let request = try #require(changes(transport).first)
        #expect(nickShort(request) == "PATCH /news/my-news-item/@lock")
        #expect(String(decoding: request.body ?? [], as: UTF8.self) == #"{"stealable":true,"timeout":600}"#)
    }

    @Test("Getting lock information: GET @lock, of a held item and of a free one")
    func gettingLockInformation() async throws {
        let (system, transport) = try system()
        let lock = try await lockRead(from: system)
        #expect(lock.kind == .lock)
        #expect(lock.holder.id == "admin")
        try expectSame(transport.requests.last, as: "get")
        let free = try NickExample("locking/delete").response
        #expect(String(decoding: free.body, as: UTF8.self).contains("\"locked\": false"))
    }

    @Test("Updating a locked object: PATCH of the object with Lock-Token, which is how a lock is broken by saving")
    func updatingALockedObject() async throws {
        let update = try NickExample("locking/update")
        let transport = MemoryTransport { request in
            if request.url.hasSuffix("/@site") { return Response(status: 200, body: Array(#"{"@id":"/@site"}"#.utf8)) }
            if request.url.contains("/@users/") { return Response(status: 200, body: Array(#"{"id":"admin"}"#.utf8)) }
            if request.method == "DELETE" {
                return Response(status: 401, body: Array(#"{"error":{"type":"x","message":"y"}}"#.utf8))
            }
            return nickShort(request) == "PATCH \(update.path)"
                ? update.response : try NickExample("locking/get").response
        }
        var profile = SystemProfile(
            name: "nick", address: try WebAddress("http://localhost:8080"), login: .token({ update.token }),
            transport: transport, now: { Date(timeIntervalSince1970: 1_649_433_600) })
        profile.options.put("force_by_save", true)
        let system = NickSystem(profile)
        let lock = try await lockRead(from: system)
        try await system.forceUnlock(item, seen: lock)
        let request = try #require(transport.requests.last)
        #expect(nickShort(request) == "PATCH \(update.path)")
        #expect(request.headers["Lock-Token"] == update.headers["Lock-Token"])
        #expect(request.headers["Content-Type"] == update.headers["Content-Type"])
        #expect(request.headers["Authorization"] == update.headers["Authorization"])
    }
}

/// A request and its answer as the documentation shows them.
struct NickExample {
    let method: String
    let path: String
    let headers: Headers
    let body: [UInt8]
    let response: Response

    init(_ name: String) throws {
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        func text(_ ending: String) throws -> String {
            let data = try Data(contentsOf: URL(filePath: "/\(folder)/Recordings/nick/\(name).\(ending)"))
            return String(decoding: data, as: UTF8.self)
        }
        let (head, headers, body) = Self.parts(try text("req"))
        method = head.first ?? ""
        path = head.count > 1 ? head[1] : ""
        self.headers = headers
        self.body = body
        let answer = Self.parts(try text("res"))
        response = Response(status: Int(answer.head[1]) ?? 0, headers: answer.headers, body: answer.body)
    }

    /// What stands behind `Bearer`.
    var token: String { String(headers["Authorization"]?.dropFirst("Bearer ".count) ?? "") }

    /// Whether a request is the same call, whatever it says.
    func isFor(_ request: Request) -> Bool { nickShort(request) == "\(method) \(path)" }

    /// Whether a request is this one, whatever the order of what its body says.
    func asks(_ request: Request) -> Bool {
        nickShort(request) == "\(method) \(path)"
            && Self.fields(request.body ?? []) == Self.fields(body)
    }

    private static func fields(_ body: [UInt8]) -> Set<String> {
        let text = String(decoding: body, as: UTF8.self).filter { !$0.isWhitespace && $0 != "{" && $0 != "}" }
        return Set(text.split(separator: ",").map(String.init))
    }

    private static func parts(_ text: String) -> (head: [String], headers: Headers, body: [UInt8]) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let end = lines.firstIndex { $0.isEmpty } ?? lines.endIndex
        var headers = Headers()
        for line in lines[..<end].dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1)
            if sides.count == 2 { headers.add(String(sides[0]), String(sides[1].drop { $0 == " " })) }
        }
        let body = lines[end...].joined(separator: "\n").utf8.drop { $0 == 0x0A }
        return (lines[0].split(separator: " ").map(String.init), headers, Array(body))
    }
}
