// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization
import Testing

@testable import LockSystems

/// Reads every message that was written down for Graph, as the client does.
@Suite("Recorded messages of Graph")
struct GraphRecordingTests {
    static let drive = "b!t18F8ybsHUq1z3LTz8xvZqP8zaSWjkFNhsME-Fepo75dTf9vQKfeRblBZjoSQrd7"
    static let bob = "7a1c0d7e-0b7a-4a6e-9b0d-0c5f7e7a1b11"

    static func recording(_ name: String) throws -> [UInt8] {
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return Array(try Data(contentsOf: URL(filePath: "/\(folder)/Recordings/msgraph/made-\(name).json")))
    }

    private static func item(_ name: String, beta isBeta: Bool = false) async throws -> Row {
        let body = try recording(name)
        let system = try system(beta: isBeta) { request in
            request.url.contains("/items/") ? Response(status: 200, body: body) : nil
        }
        return try await system.find("\(drive)/01AAA00000000000000000000000000041")
    }

    /// A client whose requests are answered by `reply`, and the usual ones by themselves.
    static func system(
        beta isBeta: Bool = false, drive word: String = "drive:\(drive)",
        _ reply: @escaping @Sendable (Request) throws -> Response?
    ) throws -> GraphSystem {
        let transport = MemoryTransport { request in
            if let answer = try reply(request) { return answer }
            let text =
                request.url.contains("/oauth2/")
                ? String(decoding: try recording("oauth-token-app"), as: UTF8.self)
                : #"{"id":"\#(drive)","name":"Shared Documents","driveType":"documentLibrary"}"#
            return request.url.contains("/list") && !request.url.contains("login")
                ? Response(status: 403, body: try recording("error-403"))
                : Response(status: 200, body: Array(text.utf8))
        }
        var profile = SystemProfile(
            name: "files", address: try WebAddress("https://graph.microsoft.com"), login: .application,
            transport: transport, now: { Date(timeIntervalSince1970: 1_778_680_000) })
        profile.options.put("drives", [word])
        profile.options.tenant = "contoso.example"
        if isBeta { profile.options.put("api", "beta") }
        return GraphSystem(profile, sleep: { _ in })
    }

    @Test("A file that is checked out is held by whom the facet names, and nobody knows since when")
    func checkedOut() async throws {
        let row = try await Self.item("item-checked-out")
        #expect(row.item.id == "\(Self.drive)/01AAA00000000000000000000000000041")
        #expect(row.item.path == "/Shared Documents/Offer Acme.docx")
        let lock = try #require(row.lock)
        #expect(lock.kind == .checkout)
        #expect(lock.holder == Holder(id: Self.bob, name: "Bob Moe", isMe: false))
        #expect(lock.since == nil && lock.expires == nil && lock.timeout == nil)
        #expect(try await Self.item("item-free").reading.state == .free)
        #expect(try await Self.item("item-no-publication-facet").reading.state == .unknown)
    }

    @Test(
        "A beta lock has a start and an end; a shared one has several holders; none is free only with the other facet")
    func betaLocks() async throws {
        let locked = try #require(try await Self.item("beta-item-locked", beta: true).lock)
        #expect(locked.kind == .lock && locked.timeout == 1_800)
        #expect(locked.since.map { RFC3339.text($0) } == "2026-05-13T14:00:00Z")
        #expect(locked.expires.map { RFC3339.text($0) } == "2026-05-13T14:30:00Z")
        let shared = try await Self.item("beta-item-shared-lock", beta: true).reading.locks
        #expect(shared.map(\.kind) == [.shared, .shared])
        #expect(shared.map(\.holder.name) == ["Bob Moe", "Hanna Larsen"])
        #expect(try await Self.item("beta-item-unlocked", beta: true).reading.state == .unknown)
    }

    @Test("Pages of children follow each other by the link as it is; folders are no rows")
    func children() async throws {
        let (first, second) = (try Self.recording("children-page1"), try Self.recording("children-page2"))
        let asked = Mutex<[String]>([])
        let system = try Self.system { request in
            guard request.url.contains("/children") || request.url.contains("/delta") else { return nil }
            asked.withLock { $0.append(request.url) }
            if request.url.contains("/delta") { return Response(status: 501) }
            if request.url.contains("01AAA00000000000000000000000000042") {
                return Response(status: 200, body: Array(#"{"value":[]}"#.utf8))
            }
            return Response(status: 200, body: request.url.contains("$skiptoken=") ? second : first)
        }
        var marks: [PageMark] = []
        var rows: [Row] = []
        var page = try await system.items(after: nil)
        repeat {
            rows += page.rows
            marks += page.following
            guard let next = marks.popLast() else { break }
            page = try await system.items(after: next)
        } while true
        #expect(rows.map(\.item.title).sorted() == ["Brochure 2026.pptx", "Offer Acme.docx"])
        #expect(
            asked.withLock(\.self).contains(
                "https://graph.microsoft.com/v1.0/drives/\(Self.drive)/root/children"
                    + "?$select=id,name,publication&$top=2&$skiptoken=UGFnZWQ9VFJVRQ"))
    }

    @Test("A tree comes flat: the last of several entries counts, and what was deleted is left out")
    func tree() async throws {
        let (first, last) = (try Self.recording("delta-page"), try Self.recording("delta-last"))
        let system = try Self.system { request in
            guard request.url.contains("/delta") else { return nil }
            return Response(status: 200, body: request.url.contains("delta(token=") ? last : first)
        }
        let page = try await system.items(after: nil)
        let next = try #require(page.following.first)
        let end = try await system.items(after: next)
        #expect(end.following.isEmpty)
        #expect(end.rows.filter { $0.item.title == "Offer Acme.docx" }.map(\.reading.state) == [.held])
        #expect(!end.rows.contains { $0.item.id.hasSuffix("044") })
    }

    @Test("Parts of a batch are matched by id, whatever their order, and a throttled one throttles")
    func batch() async throws {
        let body = try Self.recording("batch-response-mixed")
        let system = try Self.system { request in
            request.url.hasSuffix("/$batch") ? Response(status: 200, body: body) : nil
        }
        let items = ["41", "43"].map { Item(id: "\(Self.drive)/01AAA\($0)", path: "/x/\($0)", title: $0) }
        _ = try await system.signIn()
        await #expect(throws: LockError.self) { _ = try await system.read(items) }
        let calm = String(decoding: body, as: UTF8.self).replacing("\"status\": 429", with: "\"status\": 404")
        let other = try Self.system { request in
            request.url.hasSuffix("/$batch") ? Response(status: 200, body: Array(calm.utf8)) : nil
        }
        _ = try await other.signIn()
        let results = try await other.read(items)
        #expect(try results[0].get().lock?.holder.name == "Bob Moe")
        guard case .failure(let error) = results[1] else {
            Issue.record("A part that failed was read.")
            return
        }
        #expect(error.code == .gone)
    }

    @Test(
        "Each error body becomes the word for what it is",
        arguments: [
            ("400-api-not-found-personal", 400, LockError.Code.unsupported), ("400-not-a-file", 400, .notLockable),
            ("400-not-checked-out", 400, .conflict), ("403", 403, .forbidden), ("404", 404, .gone),
            ("409-locked-by-other", 409, .conflict), ("410-resync", 410, .gone),
            ("423-checked-out-by-other", 423, .conflict), ("423-lock-token", 423, .conflict), ("429", 429, .slowDown),
            ("500-checkout-held", 500, .nonsense), ("503", 503, .slowDown), ("507", 507, .forbidden),
        ])
    func errors(_ name: String, _ status: Int, _ code: LockError.Code) async throws {
        let body = try Self.recording("error-\(name)")
        let system = try Self.system { request in
            request.url.contains("/items/") ? Response(status: status, body: body) : nil
        }
        let item = Item(id: "\(Self.drive)/01", path: "/Shared Documents/a", title: "a", type: "file")
        do {
            try await system.checkOut(item)
            Issue.record("An error was taken for a success.")
        } catch let error as LockError {
            #expect(error.code == code)
            #expect(error.mayHaveHappened == (status == 500))
        }
    }

    @Test("Both spellings of the inner error are read, down to the deepest code")
    func innerErrors() throws {
        let text = #"{"error":{"code":"a","innererror":{"code":429,"innerError":{"code":"c"}}}}"#
        let problem = try JSONBody.decode(GraphProblem.self, from: Array(text.utf8))
        #expect(problem.codes == ["a", "429", "c"])
    }

    @Test("The sign-in host's messages are read, numbers as text among them")
    func authority() throws {
        let code = try JSONBody.decode(GraphDeviceCode.self, from: try Self.recording("oauth-devicecode"))
        #expect(code.userCode == "FJC3NR8LX" && code.interval == 5 && code.expiresIn == 900)
        let tokens = try JSONBody.decode(GraphTokens.self, from: try Self.recording("oauth-token-delegated"))
        #expect(tokens.refreshToken != nil && tokens.expiresIn == 3_599)
        let old = try JSONBody.decode(
            GraphTokens.self, from: Array(#"{"access_token":"x","expires_in":"1200"}"#.utf8))
        #expect(old.expiresIn == 1_200)
        let words = try [
            "authorization-declined", "authorization-pending", "bad-verification-code", "expired-token",
            "invalid-grant", "slow-down",
        ].map { try JSONBody.decode(GraphOAuthProblem.self, from: try Self.recording("oauth-\($0)")).error }
        #expect(
            words == [
                "authorization_declined", "authorization_pending", "bad_verification_code", "expired_token",
                "invalid_grant", "slow_down",
            ])
    }
}
