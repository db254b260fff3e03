// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing
import Watching

@testable import LockSystems

/// Answers of Graph that are odd in one place: each costs itself, and nothing is passed over in silence.
@Suite("Odd answers of Graph")
struct GraphOddAnswerTests {
    private static let base = "https://graph.microsoft.com/v1.0"
    static let drive = #"{"id":"d1","name":"Documents","driveType":"business"}"#
    static let me =
        #"{"id":"me-1","displayName":"Ann","userPrincipalName":"Ann@contoso.example","mail":"ann@contoso.example"}"#
    private static let root = #"{"id":"root","name":"root","root":{},"folder":{},"parentReference":{}}"#

    static func json(_ text: String, _ status: Int = 200) -> Response {
        Response(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    private static func refusal(_ status: Int, _ code: String = "accessDenied") -> Response {
        json(#"{"error":{"code":"\#(code)","message":"x"}}"#, status)
    }

    static func file(_ id: String, _ rest: String = free, in parent: String = "root") -> String {
        #"{"id":"\#(id)","name":"\#(id).docx","file":{},"parentReference":{"id":"\#(parent)"},\#(rest)}"#
    }

    static let free = #""publication":{"level":"published"}"#
    private static let bobs =
        #""publication":{"level":"checkout","checkedOutBy":{"user":{"id":"bob","displayName":"Bob"}}}"#

    private static func page(_ entries: [String], next: String? = nil) -> Response {
        let link = next.map { #","@odata.nextLink":"\#($0)""# } ?? #","@odata.deltaLink":"\#(base)/delta""#
        return json(#"{"value":[\#(entries.joined(separator: ","))]\#(link)}"#)
    }

    /// A person's client whose requests are answered by the first rule that fits the address.
    static func system(
        _ rules: [(part: String, answer: Response)], _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> (system: GraphSystem, transport: MemoryTransport) {
        let transport = MemoryTransport { request in
            if let rule = rules.first(where: { request.url.contains($0.part) }) { return rule.answer }
            if request.url.contains("/me?") { return json(me) }
            return request.url.contains("/list") ? refusal(404, "itemNotFound") : json(drive)
        }
        var profile = SystemProfile(
            name: "files", address: try WebAddress("https://graph.microsoft.com"), login: .token({ "secret" }),
            transport: transport, now: { Date(timeIntervalSince1970: 1_778_680_000) })
        change(&profile)
        return (GraphSystem(profile, sleep: { _ in }), transport)
    }

    private static func listing(_ system: GraphSystem) async throws -> (rows: [String: Row], lacks: LockError?) {
        let (rows, _, lacks) = try await Listing.rows(
            of: system, server: "files", limit: 1_000, width: 4, journal: ForgetfulJournal(),
            now: Date(timeIntervalSince1970: 1_778_680_000))
        #expect(Set(rows.map(\.item.id)).count == rows.count)
        return (Dictionary(uniqueKeysWithValues: rows.map { ($0.item.path, $0) }), lacks)
    }

    @Test("Of an item that comes again on a later page the last time counts, and what was deleted is no row")
    func lastCounts() async throws {
        let new = Self.file("a").replacing("a.docx", with: "new name.docx")
        let (system, _) = try Self.system([
            (
                "token=1",
                Self.page([new, Self.file("b", Self.bobs), #"{"id":"c","deleted":{"state":"deleted"}}"#])
            ),
            (
                "/delta",
                Self.page(
                    [Self.root, Self.file("a", Self.bobs), Self.file("b"), Self.file("c")],
                    next: Self.base + "/drives/d1/root/delta?token=1")
            ),
        ])
        let (rows, lacks) = try await Self.listing(system)
        #expect(rows.mapValues(\.reading.state) == ["/Documents/new name.docx": .free, "/Documents/b.docx": .held])
        #expect(lacks == nil)
    }

    @Test("When the server forgets where a tree stood, what comes in the second turn counts")
    func secondTurn() async throws {
        let turns = Mutex(0)
        let next = Self.base + "/drives/d1/root/delta?token=1"
        let transport = MemoryTransport { request in
            if request.url.contains("token=1") { return Self.refusal(410, "resyncRequired") }
            if request.url.contains("/delta") {
                let isFirst = turns.withLock { number in
                    number += 1
                    return number == 1
                }
                return isFirst
                    ? Self.page([Self.root, Self.file("a"), Self.file("b", Self.bobs)], next: next)
                    : Self.page([Self.root, Self.file("a", Self.bobs), Self.file("b"), Self.file("c")])
            }
            if request.url.contains("/me?") { return Self.json(Self.me) }
            return request.url.contains("/list") ? Self.refusal(404, "itemNotFound") : Self.json(Self.drive)
        }
        let system = GraphSystem(
            SystemProfile(
                name: "files", address: try WebAddress("https://graph.microsoft.com"), login: .token({ "secret" }),
                transport: transport, now: { Date(timeIntervalSince1970: 1_778_680_000) }), sleep: { _ in })
        let (rows, lacks) = try await Self.listing(system)
        #expect(lacks == nil)
        let holders = rows.values.sorted { $0.item.path < $1.item.path }.map { $0.lock?.holder.id }
        #expect(holders == ["bob", nil, nil])
    }

    @Test("A folder that comes again under another name takes what lay in it along, however deep, and back to the root")
    func renamedFolder() async throws {
        func folder(_ id: String, _ name: String, in parent: String = "root") -> String {
            #"{"id":"\#(id)","name":"\#(name)","folder":{},"parentReference":{"id":"\#(parent)"}}"#
        }
        let next = Self.base + "/drives/d1/root/delta?token="
        let (system, _) = try Self.system([
            // The place of the second folder is told a page later than that it moved.
            ("token=3", Self.page([folder("h", "Archive")])),
            ("token=2", Self.page([folder("g", "Older", in: "h")], next: next + "3")),
            ("token=1", Self.page([folder("f", "New"), Self.file("e", in: "s")], next: next + "2")),
            (
                "/delta",
                Self.page(
                    [
                        Self.root, folder("f", "Old"), folder("s", "Sub", in: "f"), folder("g", "Aside"),
                        Self.file("a", in: "f"), Self.file("b", Self.bobs, in: "s"), Self.file("c", in: "g"),
                        Self.file("d"),
                    ], next: next + "1")
            ),
            ("/items/b", Self.json(Self.file("b", Self.bobs, in: "s"))),
        ])
        let (rows, lacks) = try await Self.listing(system)
        #expect(lacks == nil)
        #expect(
            rows.values.map(\.item.path).sorted() == [
                "/Documents/Archive/Older/c.docx", "/Documents/New/Sub/b.docx", "/Documents/New/Sub/e.docx",
                "/Documents/New/a.docx", "/Documents/d.docx",
            ])
        let item = try #require(rows.values.first { $0.item.path.hasSuffix("b.docx") })
        #expect(item.lock?.holder.id == "bob")
        #expect(try await system.read([item.item]).first?.get().item.path == "/Documents/New/Sub/b.docx")
    }

    @Test("Within one page, too, the last time counts")
    func lastOnPage() async throws {
        let (system, _) = try Self.system([
            (
                "/delta",
                Self.page([
                    Self.root, Self.file("a", Self.bobs), Self.file("b"), Self.file("a"), #"{"id":"b","deleted":{}}"#,
                ])
            )
        ])
        #expect(try await Self.listing(system).rows.mapValues(\.reading.state) == ["/Documents/a.docx": .free])
    }

    @Test("A folder that is refused costs itself and is named; the rest is listed", arguments: [400, 403])
    func refusedFolder(_ delta: Int) async throws {
        let folder = #"{"id":"f1","name":"Legal","folder":{"childCount":1}}"#
        let (system, _) = try Self.system([
            ("/delta", Self.refusal(delta)), ("/items/f1/children", Self.refusal(403)),
            ("/children", Self.page([folder, Self.file("b", Self.bobs)])),
        ])
        let (rows, lacks) = try await Self.listing(system)
        #expect(rows.mapValues(\.reading.state) == ["/Documents/b.docx": .held])
        #expect(lacks?.code == .forbidden)
        #expect(
            lacks?.message == "files does not let this account see what is in /Documents/Legal: it is left out.")
    }

    @Test("A drive that is refused costs itself; the only one is the server's trouble")
    func refusedDrive() async throws {
        let rules = [
            ("/drives/d2", Self.refusal(403)), ("/delta", Self.page([Self.root, Self.file("a")])),
        ]
        let two = try Self.system(rules) { $0.options.put("drives", ["drive:d1", "drive:d2"]) }
        let (rows, lacks) = try await Self.listing(two.system)
        #expect(rows.keys.sorted() == ["/Documents/a.docx"])
        #expect(lacks?.code == .forbidden && lacks?.message.contains("drive:d2") == true)
        let one = try Self.system(rules) { $0.options.put("drives", ["drive:d2"]) }
        await #expect(throws: LockError.self) { _ = try await Self.listing(one.system) }
    }

    @Test(
        "A check-out that names us by address only is ours; an id that is another's is not",
        arguments: [
            (#"{"email":"ann@contoso.example","displayName":"Ann"}"#, true),
            (#"{"userPrincipalName":"ANN@CONTOSO.EXAMPLE"}"#, true),
            (#"{"id":null,"mail":"ann@contoso.example"}"#, true),
            (#"{"id":"ME-1"}"#, true), (#"{"email":"bob@contoso.example","displayName":"Ann"}"#, false),
            (#"{"id":"bob","email":"ann@contoso.example"}"#, false), (#"{"displayName":"Ann"}"#, false),
        ])
    func byAddress(_ user: String, _ isMe: Bool) async throws {
        let facet = #""publication":{"level":"checkout","checkedOutBy":{"user":\#(user)}}"#
        let (system, _) = try Self.system([("/delta", Self.page([Self.root, Self.file("a", facet)]))])
        _ = try await system.signIn()
        let lock = try #require(try await Self.listing(system).rows["/Documents/a.docx"]?.lock)
        #expect(lock.holder.isMe == isMe)
        #expect(!isMe || lock.holder.id?.lowercased() == "me-1")
    }

    @Test("Ids of personal drives are the same in capitals, small letters and without the zero; SharePoint's are not")
    func spellings() async throws {
        let (system, _) = try Self.system([
            (
                "/delta",
                Self.page([
                    Self.root.replacing("root\",\"name", with: "0ABC!101\",\"name"),
                    #"{"id":"0ABC!5","name":"Legal","folder":{},"parentReference":{"id":"abc!101"}}"#,
                    Self.file("0ABC!6", Self.bobs, in: "0abc!5").replacing("0ABC!6.docx", with: "contract.docx"),
                ])
            )
        ])
        #expect(try await Self.listing(system).rows.keys.sorted() == ["/Documents/Legal/contract.docx"])
        #expect(GraphID.drive("0ABC1") == GraphID.drive("abc1") && GraphID.drive("b!Ab") != GraphID.drive("b!aB"))
        #expect(GraphID.item("0ABC!S5") == GraphID.item("abc!s5") && GraphID.item("01AB") != GraphID.item("01ab"))
    }

    @Test("Entries that can't be read are left out and counted; the others are rows, whatever their fields hold")
    func oddEntries() async throws {
        let odd =
            #"{"id":7,"name":7,"file":true,"parentReference":{"id":"root"},"webUrl":[],"publication":{"level":1}}"#
        let (system, _) = try Self.system([
            (
                "/delta",
                Self.page([Self.root, #"{"name":"no id"}"#, "null", "3", odd, Self.file("a", Self.bobs)])
            )
        ])
        let (rows, lacks) = try await Self.listing(system)
        #expect(rows.mapValues(\.reading.state) == ["/Documents/7": .free, "/Documents/a.docx": .held])
        #expect(lacks?.message.hasPrefix("files: 3 entries of /Documents can't be read and are left out.") == true)
    }

    @Test("A page of entries that don't say what they are is no empty page")
    func kindless() async throws {
        let (system, _) = try Self.system([("/delta", Self.page([Self.root, #"{"id":"a","name":"a.docx"}"#]))])
        let (rows, lacks) = try await Self.listing(system)
        #expect(rows.isEmpty)
        #expect(lacks?.message.contains("an entry of /Documents can't be read") == true)
    }

    @Test(
        "A facet that tells nothing is unknown, never free; one that names a holder is held",
        arguments: [
            (#""publication":{}"#, LockState.unknown), (#""publication":{"level":null}"#, .unknown),
            (#""publication":{"level":{}}"#, .unknown),
            (#""publication":{"checkedOutBy":{"user":{"id":"bob"}}}"#, .held),
            (#""publication":{"level":"checkout","checkedOutBy":"Bob"}"#, .held),
        ])
    func oddFacets(_ facet: String, _ state: LockState) async throws {
        let (system, _) = try Self.system([("/items/a", Self.json(Self.file("a", facet)))])
        #expect(try await system.find("d1/a").reading.state == state)
    }

    @Test("A page without a list and without a link is no page")
    func noList() async throws {
        let (system, _) = try Self.system([("/delta", Self.json("{}")), ("/children", Self.json("{}"))])
        _ = try await system.signIn()
        await #expect(throws: LockError.self) { _ = try await Self.listing(system) }
    }

    @Test("A link that leads in a circle, or to another host, ends the listing with what was read, and says so")
    func circles() async throws {
        let own = Self.base + "/drives/d1/root/delta?token=1"
        for (link, word) in [(own, "have no end"), ("https://evil.example/v1.0/x", "another host")] {
            let (system, transport) = try Self.system([
                ("token=1", Self.page([Self.file("b")], next: link)),
                ("/delta", Self.page([Self.root, Self.file("a")], next: own)),
            ])
            let (rows, lacks) = try await Self.listing(system)
            #expect(rows.keys.sorted() == ["/Documents/a.docx", "/Documents/b.docx"])
            #expect(lacks?.message.contains(word) == true)
            #expect(transport.requests.count { $0.url.contains("token=1") } == 1)
            #expect(!transport.requests.contains { $0.url.contains("evil.example") })
        }
    }

    @Test(
        "A link without its host, or without its path, leads on",
        arguments: ["?token=1", "/v1.0/drives/d1/root/delta?token=1", "https://graph.microsoft.com/?token=1"])
    func cutLinks(_ link: String) async throws {
        let (system, transport) = try Self.system([
            ("token=1", Self.page([Self.file("b")])), ("/delta", Self.page([Self.root, Self.file("a")], next: link)),
        ])
        let (rows, lacks) = try await Self.listing(system)
        #expect(rows.count == 2 && lacks == nil)
        #expect(transport.requests.contains { $0.url == Self.base + "/drives/d1/root/delta?token=1" })
    }

    @Test("Pages of drives that lead in a circle end")
    func drivesInCircle() async throws {
        let link = Self.base + "/sites/a,b,c/drives?page=2"
        let (system, transport) = try Self.system([("/drives", Self.page([Self.drive], next: link))]) {
            $0.options.put("drives", ["site:a,b,c"])
        }
        await #expect(throws: LockError.self) { _ = try await system.signIn() }
        #expect(transport.requests.count { $0.url.contains("/drives") } == 2)
    }

    @Test("One bad part of a batch costs itself")
    func oddPart() async throws {
        let parts = """
            {"responses":[{"id":1,"status":"200","body":\(Self.file("a", Self.bobs))},{"id":"2","status":200,"body":[]},\
            {"id":"3","status":403,"body":"no"},"x",{"id":"5"}]}
            """
        let (system, _) = try Self.system([("/$batch", Self.json(parts))])
        let items = ["a", "b", "c", "d"].map { Item(id: "d1/\($0)", path: "/\($0)", title: $0, type: "file") }
        let results = try await system.read(items)
        #expect(try results[0].get().lock?.holder.name == "Bob")
        let codes = results.dropFirst().map { result in
            if case .failure(let error) = result { error.code } else { LockError.Code?.none }
        }
        #expect(codes == [.nonsense, .forbidden, .nonsense])
    }
}
