// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing

@Suite("Faults on the way to a WebDAV server")
struct WebDAVFaultTests {
    private static let names = ["plan.odt", "other.odt", "third.odt", "fourth.odt", "fifth.odt"]

    private func opened(
        _ isRepository: Bool = false, _ body: (WebDAVStage) async throws -> Void
    ) async throws {
        try await WebDAVStage.during(
            Self.names.map { "/docs/" + $0 }, with: { $0.isSubversion = isRepository }, body)
    }

    /// How taking a free item ends.
    private static func ending(_ fault: WireFault) -> (outcome: Outcome, reason: Reason?) {
        switch fault {
        case .lostAfter, .emptyBody, .halfBody: (.done, nil)
        case .lostBefore, .notSent: (.failed, .unreachable)
        case .error429, .error503: (.failed, .throttled)
        case .error401, .error403: (.refused, .forbidden)
        case .error405: (.refused, .unsupported)
        case .error404, .error409, .error412, .redirect, .redirectLoop: (.refused, .gone)
        case .error423: (.refused, .conflict)
        default: (.failed, .server)
        }
    }

    @Test("Taking an item ends with the right word, and is asked for once", arguments: WireFault.allCases)
    func locks(_ fault: WireFault) async throws {
        try await opened { stage in
            let result = try await fault.strike(.lock, "/docs/plan.odt", by: try stage.client())
            let ending = Self.ending(fault)
            #expect(result.outcome == ending.outcome && result.reason == ending.reason, "\(result.why)")
            if fault.happens { #expect(result.after?.holder.isMe == true) }
        }
    }

    @Test("Ending a lock, one's own or another's, never claims what is not so", arguments: WireFault.allCases)
    func ends(_ fault: WireFault) async throws {
        for isRepository in [false, true] {
            for operation in [Locks.Operation.unlock, .forceUnlock] {
                try await opened(isRepository) { stage in
                    let holder = try stage.client()
                    await holder.perform(.lock, "/docs/plan.odt")
                    try await fault.strike(
                        operation, "/docs/plan.odt",
                        by: operation == .unlock ? holder : try stage.client(.account("bob")))
                }
            }
        }
    }

    @Test("A reading that fails is told in the right word, and is never free", arguments: WireFault.allCases)
    func reads(_ fault: WireFault) async throws {
        for isRepository in [false, true] {
            let code = fault.word([
                .error404: .gone, .error405: isRepository ? .wrongSystem : .unsupported,
                .otherJSON: isRepository ? .nonsense : .wrongSystem, .error423: .conflict,
            ])
            try await opened(isRepository) { stage in
                let client = try stage.client()
                await client.perform(.lock, "/docs/plan.odt")
                let items = Self.names.map { Item(id: "/docs/\($0)", path: "/docs/\($0)", title: $0, type: "File") }
                try await fault.strike(items, by: client, is: code)
            }
        }
    }

    @Test("No credential goes to another host, whatever the server points to")
    func followsNoRedirects() async throws {
        try await opened { stage in
            try await WireFault.staysThere(try stage.client(), "/docs/plan.odt", stage.server.address)
        }
    }

    @Test(
        "A listing that is no WebDAV, whole or cut, hides no row behind a free one",
        arguments: [
            "<html><body>Sign in</body></html>", "<!DOCTYPE html><html></html>",
            "<D:multistatus xmlns:D=\"DAV:\"><D:response>", "<multistatus xmlns=\"other:\"><response/></multistatus>",
            "<D:multistatus xmlns:D=\"DAV:\"/>", "",
            "<!DOCTYPE x [<!ENTITY a \"b\">]><D:multistatus xmlns:D=\"DAV:\">&a;</D:multistatus>",
            "<D:multistatus xmlns:D=\"DAV:\">" + String(repeating: "<D:response>", count: 10_000),
        ])
    func noListing(_ text: String) async throws {
        try await opened { stage in
            let client = try stage.client()
            _ = try await client.system.signIn()
            client.wire.bend { _, _ in
                Response(status: 207, headers: ["Content-Type": "application/xml"], body: Array(text.utf8))
            }
            await #expect { try await client.system.items(after: nil) } throws: { error in
                [.nonsense, .wrongSystem].contains((error as? LockError)?.code)
            }
        }
    }

    @Test("An answer of a hundred million bytes is refused in words, and quickly")
    func large() async throws {
        try await opened { stage in
            let client = try stage.client()
            _ = try await client.system.signIn()
            let body = Array("<D:multistatus xmlns:D=\"DAV:\">".utf8) + [UInt8](repeating: 0x20, count: 100 << 20)
            client.wire.bend { _, _ in Response(status: 207, body: body) }
            let start = ContinuousClock.now
            await #expect { try await client.system.items(after: nil) } throws: {
                ($0 as? LockError)?.code == .nonsense
            }
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test("What lies on another host, above the folder or beside it, is no row of it")
    func astray() async throws {
        try await opened { stage in
            let client = try stage.client { $0.selection.path = "/docs" }
            _ = try await client.system.signIn()
            let names = [
                "https://elsewhere.example.org/dav/docs/a.odt", "/dav/docs/../secret.odt", "/dav/docs/%2e%2e/x",
                "/dav/other/b.odt", "/davdocs/c.odt", "/dav/docs/sub/deep.odt", "/dav/docs/f%c3%a4ll.odt",
                "/dav/docs/a%2Fb.odt", "/dav/docs/bad%ff.odt", "/dav/docs/ev%1b%5bil.odt", "/dav/docs/",
            ]
            let inside = names.map {
                "<D:response><D:href>\($0)</D:href><D:propstat><D:prop><D:lockdiscovery/></D:prop>"
                    + "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
            }.joined()
            client.wire.bend { _, _ in
                Response(
                    status: 207, body: Array("<D:multistatus xmlns:D=\"DAV:\">\(inside)</D:multistatus>".utf8))
            }
            let rows = try await client.system.items(after: nil).rows
            #expect(
                rows.map(\.item.id) == [
                    "/docs/fäll.odt", "/docs/a%2Fb.odt", "/docs/bad%ff.odt", "/docs/ev\u{1B}[il.odt",
                ])
            #expect(rows.map(\.item.title) == ["fäll.odt", "a/b.odt", "bad\u{FFFD}.odt", "ev\u{1B}[il.odt"])
            // Each is asked for at the address that it has.
            #expect(
                rows.map { client.system.webAddress(of: $0.item).split(separator: "/").last } == [
                    "f%C3%A4ll.odt", "a%2Fb.odt", "bad%ff.odt", "ev%1B%5Bil.odt",
                ])
        }
    }

    @Test("An address finds out that WebDAV stands there, and not where it does not")
    func signs() async throws {
        try await opened { stage in
            let finding = try await Detection(over: InProcess(server: stage.server))
                .look(at: try WebAddress(stage.server.address))
            guard case .found(let kind, let sighting) = finding else {
                Issue.record("It is not found: \(finding)")
                return
            }
            #expect(kind.word == "webdav" && sighting.address?.description == stage.server.address)
        }
    }
}
