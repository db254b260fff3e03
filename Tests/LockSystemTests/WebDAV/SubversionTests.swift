// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import LockSystems

@Suite("Locks of a Subversion repository")
struct SubversionTests {
    private func opened(
        _ change: (inout WebDAVSwitches) -> Void = { _ in }, _ body: (WebDAVStage) async throws -> Void
    ) async throws {
        let set: (inout WebDAVSwitches) -> Void = { switches in
            switches.isSubversion = true
            change(&switches)
        }
        try await WebDAVStage.during(["/docs/hero.psd"], with: set, body)
    }

    /// A client that lists the locks alone, as it does when nothing else is asked for.
    private func client(_ stage: WebDAVStage, _ name: String = "alice") throws -> Client {
        try stage.client(.account(name)) { $0.options.put("all", false) }
    }

    @Test("All locks come by one request, whatever folders they are in, and tell of holds alone")
    func listing() async throws {
        try await opened { stage in
            for number in 0..<2_000 {
                if number.isMultiple(of: 200) {
                    try await stage.add("/docs/f\(number / 200)", "Folder", type: "Folder")
                }
                let path = try await stage.add("/docs/f\(number / 200)/file-\(number).psd", "file")
                try await stage.server.lock(path: path, as: "bob", timeout: 4_294_967_280)
            }
            let client = try client(stage)
            _ = try await client.system.signIn()
            client.wire.forget()
            let page = try await client.system.items(after: nil)
            #expect(client.wire.requests.map(\.method.rawValue) == ["REPORT"])
            #expect(page.rows.count == 2_000 && page.covers == .holdsOnly && page.following.isEmpty)
            let lock = try #require(page.rows.first?.lock)
            #expect(lock.holder.id == "bob" && lock.holder.ownership == .other && lock.expires == nil)
            #expect(page.rows.allSatisfy { $0.item.type == "File" })
        }
    }

    @Test("A listing that begins in a folder has its locks alone, and no deeper than asked")
    func selection() async throws {
        try await opened { stage in
            try await stage.add("/docs/a", type: "Folder")
            try await stage.add("/docs/a/b", type: "Folder")
            for path in ["/docs/hero.psd", "/docs/a/one.psd", "/docs/a/b/two.psd"] {
                if path != "/docs/hero.psd" { try await stage.add(path) }
                try await stage.server.lock(path: path, as: "bob")
            }
            func listed(_ path: String?, _ depth: Int?) async throws -> [String] {
                let client = try stage.client { profile in
                    profile.options.put("all", false)
                    (profile.selection.path, profile.selection.depth) = (path, depth)
                }
                _ = try await client.system.signIn()
                return try await client.system.items(after: nil).rows.map(\.item.id)
            }
            #expect(try await listed(nil, nil) == ["/docs/a/b/two.psd", "/docs/a/one.psd", "/docs/hero.psd"])
            #expect(try await listed("/docs/a", nil) == ["/docs/a/b/two.psd", "/docs/a/one.psd"])
            #expect(try await listed("/docs/a", 1) == ["/docs/a/one.psd"])
        }
    }

    @Test(
        "A lock has the comment alone for its words, never ends by itself, and is asked for as a client of Subversion's"
    )
    func lock() async throws {
        try await opened { stage in
            let client = try client(stage)
            let wish = Wish(.lock, options: LockOptions(comment: "retouching <3, back on Friday"))
            let result = await client.perform(wish, "/docs/hero.psd")
            #expect(result.outcome == .done, "\(result.why)")
            let sent = try #require(client.wire.changes.first)
            #expect(sent.headers["User-Agent"]?.hasPrefix("SVN/") == true && sent.headers["Timeout"] == nil)
            let seen = try #require(try await self.client(stage, "bob").row("/docs/hero.psd").lock)
            #expect(seen.comment == "retouching <3, back on Friday" && seen.expires == nil)
            #expect(seen.holder.id == "alice" && seen.holder.name == "alice")
            // A refresh from such a client is refused there.
            client.wire.forget()
            #expect(await client.perform(.refresh, "/docs/hero.psd").outcome == .done)
            #expect(client.wire.changes.map { $0.headers["User-Agent"] } == [nil])
            #expect(client.wire.changes.first?.headers["Timeout"] == "Infinite")
        }
    }

    @Test("A lock that ends keeps its own period when it is refreshed")
    func period() async throws {
        try await opened { stage in
            let client = try client(stage)
            let wish = Wish(.lock, options: LockOptions(timeout: 900))
            #expect(await client.perform(wish, "/docs/hero.psd").after?.timeout == 900)
            await stage.pass(300)
            let result = await client.perform(.refresh, "/docs/hero.psd")
            #expect(result.outcome == .done && result.after?.timeout == 900, "\(result.why)")
        }
    }

    @Test("A break names the lock's token, and is refused when it is another lock by then")
    func breaking() async throws {
        try await opened { stage in
            let client = try client(stage)
            try await stage.lock("/docs/hero.psd", as: "bob", owner: "mine")
            let row = try await client.row("/docs/hero.psd")
            let seen = try #require(row.lock)
            let system = try #require(client.system as? WebDAVSystem)
            let result = await client.perform(.forceUnlock, "/docs/hero.psd")
            #expect(result.outcome == .done, "\(result.why)")
            let sent = try #require(client.wire.changes.first)
            #expect(sent.headers["X-SVN-Options"] == "lock-break")
            #expect(sent.headers["Lock-Token"] == seen.token.map { "<\($0.reveal())>" })
            try await stage.lock("/docs/hero.psd", as: "erin", owner: "later")
            await #expect { try await system.forceUnlock(row.item, seen: seen) } throws: {
                ($0 as? LockError)?.code == .conflict
            }
            #expect(try await client.row("/docs/hero.psd").lock?.holder.id == "erin")
        }
    }

    @Test("What a hook says is shown, and its refusal is one")
    func hooks() async throws {
        try await opened({ $0.hook = "Only on Fridays,\nsays the art lead." }) { stage in
            let client = try client(stage)
            let result = await client.perform(.lock, "/docs/hero.psd")
            #expect(result.outcome == .refused && result.reason == .forbidden)
            #expect(result.why.contains("Only on Fridays, says the art lead."), "\(result.why)")
            try await stage.server.lock(path: "/docs/hero.psd", as: "bob")
            let force = await client.perform(.forceUnlock, "/docs/hero.psd")
            #expect(force.reason == .forbidden && force.why.contains("Only on Fridays"), "\(force.why)")
        }
    }

    @Test("Folders can't be locked, and nothing is sent for them")
    func folders() async throws {
        try await opened { stage in
            let client = try client(stage)
            let result = await client.perform(.lock, "/docs")
            #expect(result.reason == .notLockable && client.wire.changes.isEmpty)
        }
    }

    @Test("A report is read whatever prefixes it has, coded or not, and a comment that is an element is its text")
    func report() throws {
        let text = """
            <?xml version="1.0"?><r:get-locks-report xmlns:r="svn:" xmlns:D="DAV:">
            <r:lock><r:path>/trunk/a &amp; b.psd</r:path><r:token>opaquelocktoken:1</r:token>
            <r:creationdate>2026-03-02T08:15:00.412345Z</r:creationdate><r:expirationdate>2026-03-02T10:15:00.000000Z</r:expirationdate>
            <r:owner encoding="base64">aW7DqXM=</r:owner><r:comment >two
            lines</r:comment></r:lock>
            <r:lock><r:path>/trunk/b.psd</r:path><r:token>opaquelocktoken:2</r:token>
            <r:comment >&lt;ns0:owner xmlns:ns0="DAV:"&gt;by &amp;amp; by&lt;/ns0:owner&gt;</r:comment></r:lock>
            <r:lock><r:path>/trunk/c.psd</r:path><r:token>opaquelocktoken:3</r:token><r:comment >&lt;half</r:comment></r:lock>
            <r:lock><r:path>/trunk/d.psd</r:path></r:lock><r:more/>
            </r:get-locks-report>
            """
        let locks = try SVNLock.locks(in: Array(text.utf8))
        #expect(locks.map(\.path) == ["/trunk/a & b.psd", "/trunk/b.psd", "/trunk/c.psd"])
        #expect(locks[0].owner == "inés" && locks[0].comment == "two\nlines")
        #expect(locks[0].created != nil && locks[0].expires != nil)
        #expect(locks[1].comment == "by & by" && locks[1].owner == nil && locks[1].expires == nil)
        #expect(locks[2].comment == "<half")
    }

    @Test(
        "What is no report is said to be none",
        arguments: [
            "", "<html><body>Sign in</body></html>", "<S:get-locks-report xmlns:S=\"svn:\"><S:lock>",
            "<get-locks-report xmlns=\"other:\"/>", "<D:multistatus xmlns:D=\"DAV:\"/>",
        ])
    func noReport(_ text: String) async throws {
        try await opened { stage in
            let client = try client(stage)
            _ = try await client.system.signIn()
            client.wire.bend { request, next in
                guard request.method == "REPORT" else { return try await next(request) }
                return Response(status: 200, headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
            }
            await #expect(throws: LockError.self) { try await client.system.items(after: nil) }
        }
    }

    @Test("A server that is said to be a repository and is none is named for what it is")
    func noRepository() async throws {
        let stage = try await WebDAVStage.open()
        let client = try stage.client { $0.options.put("dialect", "svn") }
        await #expect { try await client.system.signIn() } throws: { ($0 as? LockError)?.code == .wrongSystem }
        await stage.close()
    }
}
