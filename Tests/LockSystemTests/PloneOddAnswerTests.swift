// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing
import Watching

@Suite("Answers of Plone that are a little odd")
struct PloneOddAnswerTests {
    private static let site = "https://cms.example.org/Plone"
    private static let claims = Data(#"{"sub": "alice", "exp": 4102444800}"#.utf8)
    private static let token = "e30.\(claims.base64EncodedString().replacing("=", with: "")).x"
    private static let held = """
        {"locked": true, "stealable": true, "creator": "bob", "creator_name": "Bob", "time": 1799999940, "timeout": 600,
         "name": "plone.locking.stealable", "token": "0.6-0.3-001:1799999940"}
        """
    private static let free = #"{"locked": false, "stealable": true}"#

    private static func json(_ text: String, _ status: Int = 200) -> Response {
        Response(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    /// A site that gives this listing, and for each of these targets this answer.
    private static func client(_ items: String, total: String = "2", _ answers: [String: Response] = [:]) throws
        -> Client
    {
        let wire = Wire(
            MemoryTransport { request in
                if request.url.contains("/@login") { return json("{\"token\": \"\(token)\"}") }
                let target = request.url.dropFirst(site.count).prefix { $0 != "?" }
                if target == "/@search" {
                    return json("{\"@id\": \"\(site)/@search\", \"items\": \(items), \"items_total\": \(total)}")
                }
                return answers[String(target)] ?? json(#"{"type": "NotFound", "message": "nothing here"}"#, 404)
            })
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let profile = SystemProfile(
            name: "intranet", address: try WebAddress(site), login: .account("alice"), transport: wire, now: { now })
        return Client(system: PloneSystem(profile), wire: wire, now: { now })
    }

    private static func rows(_ client: Client) async throws -> [Row] {
        _ = try await client.system.signIn()
        return try await Listing.rows(
            of: client.system, server: "intranet", limit: 1_000, width: 4, journal: ForgetfulJournal(),
            now: client.now()
        ).rows
    }

    private static func object(_ name: String, _ fields: String) -> String {
        "{\"@id\": \"\(site)/\(name)\", \"@type\": \"Document\", \(fields)}"
    }

    @Test("A site whose content does not tell its lock is asked for the lock itself")
    func withoutLock() async throws {
        let plain = Self.object("held", #""title": "Held""#)
        let client = try Self.client(
            "[\(plain), \(Self.object("open", #""title": "Open", "lock": null"#))]",
            [
                "/held": Self.json(plain), "/held/@lock": Self.json(Self.held),
                "/open": Self.json(Self.object("open", #""title": "Open""#)), "/open/@lock": Self.json(Self.free),
            ])
        let rows = try await Self.rows(client)
        #expect(rows.map(\.reading.state) == [.held, .free])
        #expect(rows[0].lock?.holder == Holder(id: "bob", name: "Bob", isMe: false))
        #expect(try await client.row("/held").reading.state == .held)
        let results = try await client.system.read(rows.map(\.item) + rows.map(\.item))
        #expect(try results.map { try $0.get().reading.state } == [.held, .free, .held, .free])
    }

    @Test("A site that has no locks to ask for is not shown as free")
    func withoutLocks() async throws {
        let plain = Self.object("page", #""title": "Page""#)
        let client = try Self.client("[\(plain)]", total: "1", ["/page": Self.json(plain)])
        let rows = try await Self.rows(client)
        #expect(rows.map(\.reading.state) == [.unknown])
        #expect(rows[0].reading.error?.contains("plone.restapi is older") == true)
    }

    @Test("What can't be locked is no row, also where only its lock tells that")
    func unlockable() async throws {
        let plain = Self.object("file", #""title": "File""#)
        let client = try Self.client(
            "[\(plain)]", total: "1", ["/file": Self.json(plain), "/file/@lock": Self.json("{}")])
        #expect(try await Self.rows(client).isEmpty)
    }

    @Test(
        "Addresses that can't be used are told, and are no empty site",
        arguments: ["http://cms.example.org:null/Plone", "https://other.example.org/Plone", "", "null"])
    func strangeAddresses(root: String) async throws {
        let client = try Self.client(
            "[{\"@id\": \"\(root)/a?ticket=secret\", \"title\": \"a\", \"lock\": \(Self.held)}]", total: "1")
        await #expect { _ = try await Self.rows(client) } throws: {
            let error = $0 as? LockError
            return error?.code == .wrongSystem && error?.message.contains("addresses that can't be used") == true
                && error?.message.contains("secret") == false
        }
    }

    @Test("One item with a strange address among others is unknown, and the others are as they are")
    func oneStrangeAddress() async throws {
        let client = try Self.client(
            """
            [\(Self.object("a", "\"title\": \"A\", \"lock\": \(Self.held)")),
             {"@id": "http://cms.example.org:null/b", "title": "B", "lock": \(Self.free)}]
            """)
        let rows = try await Self.rows(client)
        #expect(rows.map(\.reading.state) == [.held, .unknown])
        #expect(rows[1].reading.error?.contains("can't be used") == true)
    }

    @Test(
        "A field of another type costs itself only",
        arguments: [
            #""title": {"token": "x"}"#, #""title": 7"#, #""title": null"#, #""@type": "Document""#,
            #""modified": 12, "working_copy": "none", "working_copy_of": [], "title": []"#,
            "\"title\": \"a\u{07}\\ud83d\"",
        ])
    func oddField(field: String) async throws {
        let client = try Self.client(
            """
            [\(Self.object("a", "\"title\": \"A\", \"lock\": \(Self.held)")),
             \(Self.object("folder/b", "\(field), \"lock\": \(Self.free)"))]
            """)
        let rows = try await Self.rows(client)
        #expect(rows.map(\.item.path) == ["/a", "/folder/b"])
        #expect(rows.map(\.reading.state) == [.held, .free])
        #expect(rows.map(\.item.title) == ["A", field.contains("\u{07}") ? "a\u{FFFD}\u{FFFD}" : "b"])
        #expect(client.wire.requests.count { $0.url.contains("@search") } == 1)
    }

    @Test(
        "A lock that can't be read makes its row unknown, and says why",
        arguments: ["5", "[]", #"{"locked": "yes"}"#, #"{"locked": 1, "creator": "bob"}"#])
    func oddLock(lock: String) async throws {
        let client = try Self.client(
            """
            [\(Self.object("a", "\"title\": \"A\", \"lock\": \(Self.held)")),
             \(Self.object("b", "\"title\": \"B\", \"lock\": \(lock)"))]
            """)
        let rows = try await Self.rows(client)
        #expect(rows.map(\.reading.state) == [.held, .unknown])
        #expect(rows[1].reading.error?.hasPrefix("intranet says of its lock what can't be read.") == true)
    }

    @Test("Of a lock with odd fields what can be read is shown")
    func oddLockFields() async throws {
        let lock = #"{"locked": true, "creator": ["bob"], "time": "soon", "timeout": {}, "name": 7, "token": null}"#
        let client = try Self.client("[\(Self.object("a", "\"title\": \"A\", \"lock\": \(lock)"))]", total: "1")
        let row = try #require(try await Self.rows(client).first)
        #expect(row.reading.state == .held)
        #expect(row.lock?.holder == Holder(id: nil, name: nil, isMe: false))
        #expect(row.lock?.notes.isEmpty == true, "a lock with an odd name was not made over WebDAV")
    }

    @Test("An object without an address costs itself, and a page of nothing else is told")
    func withoutAddress() async throws {
        let good = Self.object("a", "\"title\": \"A\", \"lock\": \(Self.free)")
        for odd in ["null", "7", "[]", "{}", #"{"@id": 7}"#] {
            let rows = try await Self.rows(try Self.client("[\(odd), \(good)]"))
            #expect(rows.map(\.item.path) == ["/a"], "\(odd)")
            await #expect { _ = try await Self.rows(try Self.client("[\(odd), \(odd)]")) } throws: {
                ($0 as? LockError)?.code == .nonsense
            }
        }
    }

    @Test("A size that no site has is not believed without end")
    func hugeTotal() async throws {
        let good = Self.object("a", "\"title\": \"A\", \"lock\": \(Self.free)")
        let client = try Self.client("[\(good)]", total: "9000000000000000000")
        _ = try await client.system.signIn()
        let page = try await client.system.items(after: nil)
        #expect(page.following.count == 100_000)
    }
}
