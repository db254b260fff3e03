// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization
import Testing
import Watching

@Suite("Answers of Nick that are a little odd")
struct NickOddAnswerTests {
    private static let root = "http://nick.example.org"
    private static let free = #"{"locked": false, "stealable": true}"#

    private static func json(_ text: String) -> Response {
        Response(status: 200, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    /// A site with one folder whose children these are, and a catalogue that finds these.
    private static func client(_ children: String, hits: String = "[]") throws -> Client {
        let wire = Wire(
            MemoryTransport { request in
                if request.url.hasSuffix("/@site") { return json("{\"@id\": \"\(root)/@site\"}") }
                if request.url.contains("/@search") { return json("{\"items\": \(hits), \"items_total\": 1}") }
                return json("{\"@id\": \"\(root)/\", \"id\": \"root\", \"lock\": \(free), \"items\": \(children)}")
            })
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let profile = SystemProfile(
            name: "nick", address: try WebAddress(root), login: .anonymous, transport: wire, now: { now })
        return Client(system: NickSystem(profile), wire: wire, now: { now })
    }

    private static func rows(_ client: Client) async throws -> [Row] {
        _ = try await client.system.signIn()
        return try await Listing.rows(
            of: client.system, server: "nick", limit: 1_000, width: 4, journal: ForgetfulJournal(), now: client.now()
        ).rows
    }

    private static func locked(_ fields: String) -> String {
        #"{"locked": true, "creator": "bob", "created": "2027-01-15T08:00:00Z", "token": "t", "#
            + fields.dropFirst() + "}"
    }

    @Test(
        "A time-out is what the server makes of it, whatever its type",
        arguments: [
            (#"{"timeout": 600"#, 600, true), (#"{"timeout": 1.5"#, 2, true), (#"{"timeout": true"#, 1, true),
            (#"{"timeout": []"#, 0, true), (#"{"timeout": "3600""#, nil, false), (#"{"timeout": {}"#, nil, false),
            (#"{"timeout": "soon""#, nil, false), (#"{"timeout": 1e300"#, nil, false),
        ] as [(String, Int?, Bool)])
    func timeouts(fields: String, seconds: Int?, ends: Bool) async throws {
        let child = "[{\"id\": \"a\", \"title\": \"A\", \"lock\": \(Self.locked(fields))}]"
        let lock = try #require(try await Self.rows(try Self.client(child)).last?.lock)
        #expect(lock.timeout == seconds)
        #expect((lock.expires != nil) == ends)
        #expect(lock.notes.contains { $0.contains("does not end by itself") } == !ends)
    }

    @Test("Odd words about stealing are not told", arguments: [#""no""#, "null", "0", "[]", "{}"])
    func stealable(value: String) async throws {
        let child = "[{\"id\": \"a\", \"lock\": \(Self.locked("{\"timeout\": 600, \"stealable\": \(value)"))}]"
        let lock = try #require(try await Self.rows(try Self.client(child)).last?.lock)
        #expect(lock.stealable == nil && lock.timeout == 600)
    }

    @Test("A child with odd fields costs itself only")
    func oddChildren() async throws {
        let children = """
            [{"id": "a", "title": {"x": 1}, "lock": \(Self.free)}, {"id": "b", "@id": 7, "title": "B", "lock": 5},
             {"@id": "\(Self.root)/c\\ud83d", "title": "C\u{07}", "lock": {"locked": "yes"}}, 7, null, {},
             {"id": "d", "@type": [], "modified": 3, "title": "D", "lock": \(Self.free)}]
            """
        let rows = try await Self.rows(try Self.client(children))
        #expect(rows.map(\.item.title) == ["/", "a", "B", "C\u{FFFD}", "D"])
        #expect(rows.map(\.reading.state) == [.free, .free, .unknown, .unknown, .free])
        #expect(rows[2].reading.error?.hasPrefix("nick says of its lock what can't be read.") == true)
    }

    @Test("A folder none of whose children can be read is no empty folder")
    func onlyOddChildren() async throws {
        await #expect { _ = try await Self.rows(try Self.client("[{}, 7]")) } throws: {
            ($0 as? LockError)?.code == .nonsense
        }
    }

    @Test("A catalogue that names nothing that can be asked for is told", arguments: ["[{\"@id\": \"a\"}]", "[7, {}]"])
    func strangeHits(hits: String) async throws {
        await #expect { _ = try await Self.rows(try Self.client("[]", hits: hits)) } throws: {
            [.wrongSystem, .nonsense].contains(($0 as? LockError)?.code)
        }
    }

    @Test("A catalogue that gives the same page again and again is told")
    func samePages() async throws {
        let hits = (0..<1_000).map { "{\"path\": \"/p\($0)\"}" }.joined(separator: ",")
        let client = try Self.client("[]", hits: "[\(hits)]")
        await #expect { _ = try await Self.rows(client) } throws: {
            ($0 as? LockError)?.message == "nick gives the same items on every page of its catalogue."
        }
        #expect(client.wire.requests.count { $0.url.contains("@search") } == 2)
    }

    @Test("A catalogue without an end is read as far as the server lets anybody read in a quarter of an hour")
    func endless() async throws {
        let asked = Mutex(0)
        let client = try Self.client("[]")
        client.wire.bend { request, next in
            guard request.url.contains("@search") else { return try await next(request) }
            let page = asked.withLock { count in
                count += 1
                return count
            }
            let hits = (0..<1_000).map { "{\"path\": \"/f/p\(page)-\($0)\"}" }.joined(separator: ",")
            return Self.json("{\"items\": [\(hits)]}")
        }
        _ = try await client.system.signIn()
        _ = try await client.system.items(after: nil)
        #expect(asked.withLock(\.self) == 100)
    }

    @Test("Locks that have run out leave nothing behind among the kept sign-ins")
    func keptLocks() async throws {
        let stage = try await NickStage.open()
        let tokens = KeptTokens()
        for number in 0..<30 {
            // Each run locks one item and ends.
            let client = try stage.client("alice") { $0.tokens = tokens }
            let path = try await stage.add()
            #expect(await client.perform(.lock, path).outcome == .done)
            let kept = tokens.all.filter { $0.key.hasSuffix(" locks") }
            #expect(kept.count == 1)
            #expect(kept.values.allSatisfy { $0.utf8.count < 800 }, "\(number)")
            await stage.pass(400)
        }
        #expect(tokens.all.count <= 3)
        await stage.close()
    }

    @Test("However many connections are configured, four requests at most are under way")
    func fourAtMost() async throws {
        let underWay = Mutex((now: 0, most: 0))
        let client = try Self.client("[]")
        client.wire.bend { request, next in
            underWay.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            defer { underWay.withLock { $0.now -= 1 } }
            for _ in 0..<50 { await Task.yield() }
            return request.url.hasSuffix("/@lock") ? Self.json(Self.free) : try await next(request)
        }
        let items = (0..<40).map { Item(id: "/f\($0)/a", path: "/f\($0)/a", title: "") }
        #expect(try await client.system.read(items).count == 40)
        #expect((2...4).contains(underWay.withLock(\.most)))
    }
}
