// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import LockSystems

@Suite("Graph behind a bad network")
struct GraphFaultTests {
    static let pages: [Response] = [
        Response(status: 200, headers: ["Content-Type": "text/html"], body: Array("<!DOCTYPE html><html></html>".utf8)),
        Response(status: 200, body: Array(#"{"value": [{"id": "#.utf8)),
        Response(status: 200, headers: ["Content-Type": "application/json"]),
        Response(status: 200, body: Array(String(repeating: "[", count: 500).utf8)),
        Response(status: 502, headers: ["Content-Type": "text/html"], body: Array("<html>Bad gateway</html>".utf8)),
    ]

    @Test("What is no Graph at all is said to be none; what was Graph before has had a bad moment")
    func firstContact() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        for (number, page) in Self.pages.enumerated() {
            let made = try stage.client(.application)
            made.client.wire.bend { request, next in
                request.url.contains("/oauth2/") ? try await next(request) : page
            }
            let first = await code { _ = try await made.client.row(id) }
            #expect(first == (number == 4 ? .nonsense : .wrongSystem))
            made.client.wire.bend(nil)
            _ = try await made.client.row(id)
            made.client.wire.bend { _, _ in page }
            #expect(await code { _ = try await made.client.row(id) } == .nonsense)
            #expect(await code { _ = try await made.system.items(after: nil) } == .nonsense)
        }
        await stage.close()
    }

    @Test("A page or half an answer to a change is no success: a reading tells, and nothing is sent twice")
    func changes() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let client = try await stage.person("alice").client
        for (number, page) in Self.pages.enumerated() where number != 2 {
            client.wire.forget()
            client.wire.bendChanges { _, _ in page }
            let before = await client.perform(.checkOut, id)
            #expect(before.outcome == .failed && before.reason == .server)
            #expect(before.why.hasSuffix("Nothing changed: it was read again."))
            client.wire.bendChanges { request, next in
                _ = try await next(request)
                return page
            }
            #expect(await client.perform(.checkOut, id).outcome == .done)
            #expect(await client.perform(.discard, id).outcome == .done)
            #expect(client.wire.changes.count == 3)
        }
        await stage.close()
    }

    @Test("Redirects are not followed, and no token is carried anywhere", arguments: [301, 302, 307, 308])
    func redirects(_ status: Int) async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let made = try stage.client(.application)
        let away = Response(status: status, headers: ["Location": "https://evil.example/v1.0/me"])
        made.client.wire.bend { request, next in request.url.contains("/oauth2/") ? try await next(request) : away }
        #expect(await code { _ = try await made.system.signIn() } == .wrongSystem)
        made.client.wire.bend(nil)
        _ = try await made.client.row(id)
        made.client.wire.bend { _, _ in away }
        #expect(await code { _ = try await made.client.row(id) } == .gone)
        #expect(!made.client.wire.requests.contains { $0.url.contains("evil.example") })
        await stage.close()
    }

    @Test("Of a redirect to a sign-in page only the origin is told, by Graph and by its sign-in host")
    func redirectSecrets() async throws {
        let answer = Response(
            status: 302, headers: ["Location": "https://sso.example.org/s/abc;sid=1?ticket=ST-1&code=2#state=3"])
        let errors = GraphErrors(
            voice: GraphErrors.voice(
                server: "files", address: "https://graph.microsoft.com", now: { Date(timeIntervalSince1970: 0) }))
        for error in [
            errors.refusal(answer, "/Documents/a.docx", changing: false), errors.wrongSystem(answer, changing: false),
            errors.wrongAuthority(answer, "login.example"),
        ] {
            #expect(error.description.contains("to https://sso.example.org"), "\(error)")
            #expect(!["ST-1", "sid", "code", "/s/"].contains { error.description.contains($0) }, "\(error)")
        }
    }

    @Test("Retry-After is heeded in both its forms")
    func retryAfter() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer")
        let client = try stage.client(.application).client
        _ = try await client.row(id)
        for (seconds, isDate) in [(17.0, false), (40.0, true)] {
            let text = isDate ? HTTPDate.text(stage.now.addingTimeInterval(seconds)) : "17"
            client.wire.bend { _, _ in Response(status: 503, headers: ["Retry-After": text]) }
            do {
                _ = try await client.row(id)
                Issue.record("A refusal was taken for a row.")
            } catch let error as LockError {
                #expect(error.code == .slowDown)
                #expect(abs((error.retryAfter ?? 0) - seconds) <= 1)
            }
            await stage.pass(seconds + 1)
        }
        await stage.close()
    }

    private func code(_ work: () async throws -> Void) async -> LockError.Code? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? LockError)?.code
        }
    }
}
