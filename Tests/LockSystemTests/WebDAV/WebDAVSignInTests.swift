// SPDX-License-Identifier: MIT
import DemoServer
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing

@testable import LockSystems

@Suite("Signing in on WebDAV servers")
struct WebDAVSignInTests {
    @Test("The sums of Digest are those of the standard's examples")
    func sums() {
        #expect(MD5.hex("") == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(
            MD5.hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890")
                == "57edf4a22be3c955ac49da2e2107b67a")
        // RFC 7616, section 3.9.1.
        let challenge = DAVChallenge(
            scheme: "digest",
            values: [
                "realm": "http-auth@example.org", "qop": "auth, auth-int", "algorithm": "MD5",
                "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
            ])
        let header = challenge.digest(
            user: "Mufasa", password: "Circle of Life", method: "GET", target: "/dir/index.html", count: 1,
            salt: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
        #expect(header.contains("response=\"8ca523f5e9506fed4657c9700eebdbec\""))
    }

    @Test("The ways in are read out of one field or several, quoted or not")
    func challenges() {
        let answer = Response(
            status: 401,
            headers: [
                "WWW-Authenticate":
                    "Negotiate, Basic realm=\"a, \\\"b\\\"\", Digest realm=x, nonce=\"n==\", stale=TRUE",
                "www-authenticate": "Bearer",
            ])
        let found = DAVChallenge.all(in: answer)
        #expect(found.map(\.scheme) == ["negotiate", "basic", "digest", "bearer"])
        #expect(found[1].values == ["realm": "a, \"b\""])
        #expect(found[2].values == ["realm": "x", "nonce": "n==", "stale": "TRUE"])
    }

    /// Lets in whom Digest proves, with a mark that runs out after so many requests.
    private final class DigestDoor: Transport {
        let server: DemoServer
        private let state = Mutex((count: 0, nonce: 0))
        init(_ server: DemoServer) { self.server = server }

        func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
            let header = request.headers["Authorization"] ?? ""
            let (nonce, isStale) = state.withLock { state in
                state.count += 1
                let isStale = header.contains("nonce=\"n\(state.nonce)\"") && state.count % 5 == 0
                if isStale { state.nonce += 1 }
                return ("n\(state.nonce)", isStale)
            }
            let fields =
                DAVChallenge.all(
                    in: Response(status: 401, headers: ["WWW-Authenticate": header])
                ).first?.values ?? [:]
            let target = "/" + (request.url.split(separator: "/", maxSplits: 2).last ?? "")
            let deed = MD5.hex("\(request.method.rawValue):\(target)")
            let secret = MD5.hex("alice:share:alice-pw")
            let middle = "\(fields["nc"] ?? ""):\(fields["cnonce"] ?? ""):auth"
            let expected = MD5.hex("\(secret):\(nonce):\(middle):\(deed)")
            guard !isStale, fields["response"] == expected, fields["uri"] == target else {
                let stale = isStale ? ", stale=true" : ""
                return Response(
                    status: 401,
                    headers: ["WWW-Authenticate": "Digest realm=\"share\", nonce=\"\(nonce)\", qop=\"auth\"\(stale)"])
            }
            var inside = request
            inside.headers["Authorization"] = Credentials.basic(user: "alice", password: "alice-pw").header
            return await server.answer(inside)
        }
    }

    @Test("Digest is answered where it is asked for, a mark that runs out is no refusal, and no password is shown")
    func digest() async throws {
        let stage = try await WebDAVStage.open()
        try await stage.add("/docs/plan.odt")
        let client = try stage.client(over: DigestDoor(stage.server))
        for operation in [Locks.Operation.lock, .refresh, .unlock, .lock, .unlock] {
            #expect(await client.perform(operation, "/docs/plan.odt").outcome == .done)
        }
        #expect(client.wire.requests.allSatisfy { !($0.headers["Authorization"] ?? "").hasPrefix("Basic") })
        let wrong = try stage.client(.account("alice", password: "guess"), over: DigestDoor(stage.server))
        await #expect { try await wrong.system.signIn() } throws: { ($0 as? LockError)?.code == .notSignedIn }
        #expect(wrong.wire.requests.count < 10)
        await stage.close()
    }

    @Test("The first request goes without a password, and a wrong one is tried once")
    func basic() async throws {
        let stage = try await WebDAVStage.open()
        let client = try stage.client(.account("alice", password: "guess"))
        await #expect { try await client.system.signIn() } throws: { error in
            (error as? LockError)?.message == "share does not accept the password of alice."
        }
        #expect(client.wire.requests.first?.headers["Authorization"] == nil)
        #expect(client.wire.requests.count { $0.headers["Authorization"] != nil } == 1)
        await stage.close()
    }

    @Test("A server that takes us for nobody is not taken for one that knows us")
    func silentlyNobody() async throws {
        let stage = try await WebDAVStage.open()
        let client = try stage.client()
        client.wire.bend { request, next in
            var bare = request
            bare.headers["Authorization"] = nil
            return try await next(bare)
        }
        await #expect { try await client.system.signIn() } throws: { ($0 as? LockError)?.code == .notSignedIn }
        await stage.close()
    }

    @Test("With a token we are whom the server says, and the token goes with each request")
    func bearer() async throws {
        let stage = try await WebDAVStage.open()
        try await stage.add("/docs/plan.odt")
        let client = try stage.client(.token({ "secret-token\n" }))
        client.wire.bend { request, next in
            guard request.headers["Authorization"] == "Bearer secret-token" else { return Response(status: 401) }
            var inside = request
            inside.headers["Authorization"] = Credentials.basic(user: "bob", password: "bob-pw").header
            return try await next(inside)
        }
        #expect(try await client.system.signIn().account.id == "bob")
        #expect(await client.perform(.lock, "/docs/plan.odt").after?.holder.name == "bob")
        await stage.close()
    }

    @Test(
        "What is no WebDAV is named for what it is",
        arguments: [
            Response(status: 200, headers: ["Content-Type": "text/html"], body: Array("<html></html>".utf8)),
            Response(status: 404), Response(status: 405), Response(status: 200, headers: ["DAV": "calendar-access"]),
        ])
    func wrongSystem(_ answer: Response) async throws {
        let stage = try await WebDAVStage.open()
        let client = try stage.client()
        client.wire.bend { _, _ in answer }
        await #expect { try await client.system.signIn() } throws: { ($0 as? LockError)?.code == .wrongSystem }
        await stage.close()
    }
}
