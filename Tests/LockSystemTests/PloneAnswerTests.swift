// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization
import TestSupport
import Testing

@testable import LockSystems

/// Something that goes wrong on the way, and is told to a person.
private struct Mishap: Sendable {
    let name: String
    let reply: MemoryTransport.Reply

    init(_ name: String, _ reply: @escaping MemoryTransport.Reply) {
        self.name = name
        self.reply = reply
    }

    init(_ name: String, _ status: Int, _ body: String, as type: String? = "application/json", headers: Headers = [:]) {
        self.init(name) { _ in
            var headers = headers
            headers["Content-Type"] = type
            return Response(status: status, headers: headers, body: Array(body.utf8))
        }
    }

    init(_ code: TransportError.Code, _ message: String, notSent: Bool) {
        self.init("\(code)\(notSent ? ", surely not sent" : "")") { _ in
            throw TransportError(code, message, surelyNotSent: notSent)
        }
    }

    static let page = "<!DOCTYPE html><html><title>Sign in</title></html>"

    static let all: [Mishap] = answers + statuses + transports

    static let answers = [
        Mishap("a web page", 200, page, as: "text/html; charset=utf-8"),
        Mishap("a web page named JSON", 200, page),
        Mishap("another server's JSON", 200, #"{"hello": "world"}"#),
        Mishap("JSON of another shape", 200, #"["locked"]"#),
        Mishap("empty", 200, "", as: nil),
        Mishap("half a JSON text", 200, #"{"locked": true, "crea"#),
        Mishap("no JSON", 200, "It works!", as: "text/plain"),
        Mishap("100 MB") { _ in
            Response(
                status: 200, headers: ["Content-Type": "application/json"],
                body: [UInt8](repeating: 0x20, count: 100 << 20))
        },
        Mishap("nested a thousand deep", 200, String(repeating: "[", count: 1_000)),
    ]

    static let statuses = [
        Mishap("301", 301, "", as: nil, headers: ["Location": "https://cms.example.org/elsewhere"]),
        Mishap("302 without a target", 302, "", as: nil),
        Mishap("400", 400, #"{"type": "BadRequest", "message": "[{'error': 'x'}]"}"#),
        Mishap("401", 401, #"{"type": "Unauthorized", "message": "You are not authorized."}"#),
        Mishap("403 locked", 403, #"{"error": {"type": "Forbidden", "message": "Resource is locked."}}"#),
        Mishap("403 refused", 403, #"{"error": {"type": "Not authorized", "message": "Checkout not allowed"}}"#),
        Mishap("403 by a proxy", 403, page, as: "text/html"),
        Mishap("404", 404, #"{"type": "NotFound", "message": "Resource not found: x", "context": null}"#),
        Mishap("404 not REST", 404, #"{"error_type": "NotFound"}"#),
        Mishap("404 web page", 404, page, as: "text/html"),
        Mishap("405", 405, "", as: nil),
        Mishap("412", 412, "", as: nil),
        Mishap("418", 418, "", as: nil),
        Mishap("423", 423, #"{"type": "ResourceLockedError", "message": "Object \"d1\" is locked."}"#),
        Mishap("429", 429, "", as: nil),
        Mishap("429 with a time", 429, "", as: nil, headers: ["Retry-After": "90"]),
        Mishap("500", 500, #"{"type": "TypeError", "message": "('Could not adapt', None)"}"#),
        Mishap("500 without words", 500, page, as: "text/html"),
        Mishap(
            "500 no place", 500,
            #"{"error": {"type": "InternalServerError", "message": "Cannot find checkout location"}}"#),
        Mishap("501", 501, "", as: nil),
        Mishap("502", 502, page, as: "text/html"),
        Mishap("503", 503, page, as: "text/html"),
        Mishap("504", 504, page, as: "text/html"),
        Mishap("599", 599, "", as: nil),
    ]

    static let transports = [
        Mishap(.refused, "Nothing listens at cms.example.org:443.", notSent: true),
        Mishap(.hostNotFound, "There is no host cms.example.org.", notSent: true),
        Mishap(.timedOut, "cms.example.org did not answer within 30 s.", notSent: false),
        Mishap(.connectionLost, "cms.example.org ended the connection.", notSent: false),
        Mishap(.untrusted, "The certificate of cms.example.org has expired.", notSent: true),
        Mishap(.tooLarge, "The answer of cms.example.org is larger than 64 MB.", notSent: false),
        Mishap(.malformed, "cms.example.org does not speak HTTP.", notSent: false),
        Mishap(.badAddress, "The address must begin with https:// or http://.", notSent: true),
        Mishap(.proxy, "The proxy proxy.example.org:3128 refused.", notSent: true),
    ]
}

@Suite("What is told when an answer is not what it should be")
struct PloneAnswerTests {
    private static let claims = Data(#"{"sub": "alice", "exp": 4102444800, "fullname": "Alice"}"#.utf8)
    private static let token = "e30.\(claims.base64EncodedString().replacing("=", with: "")).x"

    private static func system(
        _ login: SystemProfile.Login = .account("alice"), reply: @escaping MemoryTransport.Reply
    ) throws -> (system: PloneSystem, transport: MemoryTransport) {
        let transport = MemoryTransport(reply)
        let profile = SystemProfile(
            name: "intranet", address: try WebAddress("https://cms.example.org/Plone"), login: login,
            transport: transport, now: { Date(timeIntervalSince1970: 1_800_000_000) })
        return (PloneSystem(profile), transport)
    }

    /// A server that signs everybody in, and then has the mishap.
    private static func signedIn(_ mishap: Mishap) throws -> (system: PloneSystem, transport: MemoryTransport) {
        try system { request in
            guard request.url.contains("/@login") else { return try await mishap.reply(request) }
            return Response(
                status: 200, headers: ["Content-Type": "application/json"],
                body: Array(#"{"token": "\#(token)"}"#.utf8))
        }
    }

    private static func tell(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "it is taken as it is"
        } catch let error as LockError {
            let wait = error.retryAfter.map { ", \(Int($0)) s" } ?? ""
            let perhaps = error.mayHaveHappened ? ", may have happened" : ""
            return "\(error.code)\(wait)\(perhaps)\n    \(error.description)"
        } catch {
            return "a foreign error: \(error)"
        }
    }

    private static func table(_ body: (Mishap) async throws -> Void) async -> String {
        var lines: [String] = []
        for mishap in Mishap.all {
            lines.append("\(mishap.name): \(await tell { try await body(mishap) })")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let item = Item(id: "/docs/d1", path: "/docs/d1", title: "D 1")
    private static let lock = Lock(
        kind: .lock, holder: Holder(id: "alice", isMe: true), identity: LockIdentity(of: "x"))

    @Test("Signing in tells what stands there instead")
    func signingIn() async throws {
        try Golden.check(
            await Self.table { _ = try await Self.system(reply: $0.reply).system.signIn() }, named: "plone-sign-in")
    }

    @Test("Signing in as anybody tells what stands there instead")
    func anonymous() async throws {
        let text = await Self.table { _ = try await Self.system(.anonymous, reply: $0.reply).system.signIn() }
        try Golden.check(text, named: "plone-anonymous")
    }

    @Test("Reading an item tells what came")
    func finding() async throws {
        try Golden.check(
            await Self.table { _ = try await Self.signedIn($0).system.find("/docs/d1") }, named: "plone-find")
    }

    @Test("Listing tells what came")
    func listing() async throws {
        try Golden.check(
            await Self.table { _ = try await Self.signedIn($0).system.items(after: nil) }, named: "plone-list")
    }

    @Test("Locking tells what came, and whether it may have happened")
    func locking() async throws {
        try Golden.check(
            await Self.table { try await Self.signedIn($0).system.lock(Self.item, .standard) }, named: "plone-lock")
    }

    @Test("Checking out tells what came, and whether it may have happened")
    func checkingOut() async throws {
        try Golden.check(
            await Self.table { try await Self.signedIn($0).system.checkOut(Self.item) }, named: "plone-check-out")
    }

    @Test("No mishap makes a change be asked for twice", arguments: Mishap.all.map(\.name))
    func onceOnly(name: String) async throws {
        let mishap = try #require(Mishap.all.first { $0.name == name })
        for operation in [Locks.Operation.lock, .refresh, .unlock, .forceUnlock, .checkOut] {
            let (system, transport) = try Self.signedIn(mishap)
            _ = await Self.tell {
                switch operation {
                case .lock: try await system.lock(Self.item, .standard)
                case .refresh: try await system.refresh(Self.item, held: Self.lock)
                case .unlock: try await system.unlock(Self.item, held: Self.lock)
                case .forceUnlock: try await system.forceUnlock(Self.item, seen: Self.lock)
                default: try await system.checkOut(Self.item)
                }
            }
            let changes = transport.requests.count { $0.purpose == .change }
            #expect(changes == 1, "\(operation)")
        }
    }

    /// Keeps how long each request may take.
    private final class Patience: Transport {
        private let spans = Mutex<[Duration]>([])
        var all: [Duration] { spans.withLock { $0 } }
        func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
            spans.withLock { $0.append(deadline - .now) }
            throw TransportError(.timedOut, "cms.example.org did not answer within 7 s.", surelyNotSent: false)
        }
    }

    @Test("A server that hangs is waited for as long as is configured, and no longer")
    func hanging() async throws {
        let patience = Patience()
        let profile = SystemProfile(
            name: "intranet", address: try WebAddress("https://cms.example.org"), login: .anonymous,
            transport: patience, timeout: 7, now: { Date(timeIntervalSince1970: 0) })
        await #expect { _ = try await PloneSystem(profile).signIn() } throws: {
            ($0 as? LockError)?.code == .unreachable && ($0 as? LockError)?.mayHaveHappened == false
        }
        #expect(patience.all.count == 1 && patience.all.allSatisfy { $0 <= .seconds(7) && $0 > .seconds(6) })
    }

    @Test("Every message is whole sentences without a double full stop, a secret or a bare number")
    func style() throws {
        let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Golden"
        for name in ["plone-sign-in", "plone-anonymous", "plone-find", "plone-list", "plone-lock", "plone-check-out"] {
            let text = String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name).txt")), as: UTF8.self)
            let sentences = text.split(separator: "\n").filter { $0.hasPrefix("    ") }
            #expect(!sentences.isEmpty)
            for sentence in sentences {
                #expect(sentence.hasSuffix(".") || sentence.hasSuffix("locktop login intranet"), "\(sentence)")
                #expect(!sentence.contains("..") && !sentence.contains("?."), "\(sentence)")
                #expect(sentence.hasPrefix("    intranet") || sentence.contains("intranet"), "\(sentence)")
                #expect(!sentence.contains("alice-pw") && !sentence.contains("e30."), "\(sentence)")
            }
        }
    }
}
