// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Testing

@testable import LockSystems

@Suite("Reading WebDAV's listings and locks")
struct DAVItemTests {
    /// An answer of a real server.
    private struct Recorded: Decodable {
        struct Answer: Decodable {
            var status: Int
            var body: String?
        }
        var name: String
        var response: Answer
    }

    private static let folder =
        "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Recordings/webdav"

    private static func recorded(_ server: String, _ name: String) throws -> Recorded {
        try JSONDecoder().decode(
            Recorded.self, from: try Data(contentsOf: URL(filePath: "\(folder)/\(server)/\(name).json")))
    }

    private func items(_ server: String, _ name: String) throws -> [DAVItem] {
        try DAVItem.items(in: Array((Self.recorded(server, name).response.body ?? "").utf8))
    }

    private func locks(_ item: DAVItem) throws -> [DAVLock] {
        guard case .told(let locks) = item.discovery else { throw NotTold() }
        return locks
    }

    private struct NotTold: Error {}

    @Test("Every listing and every granted lock that real servers sent is read", arguments: ["apache", "wsgidav"])
    func all(_ server: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(Self.folder)/\(server)")
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
        var (listings, granted) = (0, 0)
        for name in names.sorted() {
            let answer = try Self.recorded(server, name).response
            let body = Array((answer.body ?? "").utf8)
            if answer.status == 207, name.hasPrefix("propfind") {
                let items = try DAVItem.items(in: body)
                #expect(!items.isEmpty && items.allSatisfy { $0.address.hasPrefix("/dav/") }, "\(name)")
                listings += 1
            }
            guard answer.status == 200 || answer.status == 201, name.hasPrefix("lock") else { continue }
            let locks = try DAVItem.locks(in: body)
            #expect(!locks.isEmpty && locks.allSatisfy { $0.isWrite && $0.token != nil }, "\(name)")
            granted += 1
        }
        #expect(listings >= 15 && granted > 20)
    }

    @Test("Two servers tell the same lock, each in its own prefixes", arguments: ["apache", "wsgidav"])
    func sameLock(_ server: String) throws {
        let item = try #require(try items(server, "propfind-locked-by-owner").first)
        let lock = try #require(try locks(item).first)
        #expect(lock.owner == "alice@example.org" && !lock.isShared && !lock.isTree && lock.isWrite)
        #expect(lock.token?.hasPrefix("opaquelocktoken:") ?? false)
        #expect(lock.seconds.map { (1...3_600).contains($0) } ?? false)
        #expect(!item.isFolder && item.takesLocks == true && item.modified != nil && item.name == nil)
    }

    @Test("Of several holders each has a lock of its own", arguments: ["apache", "wsgidav"])
    func shared(_ server: String) throws {
        let locks = try locks(try #require(try items(server, "propfind-two-shared").first))
        #expect(locks.count == 2 && locks.allSatisfy(\.isShared) && Set(locks.map(\.token)).count == 2)
        #expect(Set(locks.map(\.owner)) == ["alice", "bob"])
    }

    @Test("A tree's lock is told of the folder, and by Apache of its members too")
    func tree() throws {
        for (server, tells) in [("apache", true), ("wsgidav", false)] {
            let items = try items(server, "propfind-under-locked-collection")
            let folder = try #require(items.first { $0.isFolder })
            #expect(try locks(folder).map(\.isTree) == [true])
            for member in items where !member.isFolder {
                #expect(try locks(member).isEmpty != tells, "\(server) \(member.address)")
            }
        }
    }

    @Test("What is free is told as such, and what ran out on Apache with a status of its own")
    func free() throws {
        for server in ["apache", "wsgidav"] {
            #expect(try items(server, "propfind-depth-0-unlocked").map(\.discovery) == [.told([])])
        }
        #expect(try items("apache", "propfind-after-expiry").map(\.discovery) == [.refused(404)])
        #expect(try items("wsgidav", "propfind-after-expiry").map(\.discovery) == [.told([])])
    }

    @Test(
        "A time-out is what is told and meant",
        arguments: [
            ("Second-10", 10), ("second-10", 10), ("Infinite", nil), ("Second-10, Infinite", 10),
            ("Infinite, Second-10", nil), ("Second-0", nil), ("Second--60", nil), ("", nil), ("Second-4294967295", nil),
            ("Second-4294967294", 4_294_967_294), ("Second-99999999999999999999", nil), ("soon", nil), ("Second-", nil),
        ] as [(String, Int?)])
    func timeouts(_ text: String, _ seconds: Int?) {
        #expect(DAVLock.seconds(text) == seconds)
    }

    private func listing(_ inside: String) throws -> [DAVItem] {
        try DAVItem.items(in: Array("<D:multistatus xmlns:D=\"DAV:\">\(inside)</D:multistatus>".utf8))
    }

    @Test("Order, unknown elements and a status in front change nothing; what is no listing is refused")
    func oddities() throws {
        let items = try listing(
            "<x xmlns=\"other\"><D:response/></x><D:response><D:propstat><D:status>HTTP/1.1 200 OK</D:status>"
                + "<D:prop><a xmlns=\"other\"><D:lockdiscovery/></a><D:displayname>Lease &amp; more</D:displayname>"
                + "<D:lockdiscovery><D:activelock><D:owner>\n <b>Ines</b>\u{1B} [console]\n</D:owner><D:locktoken/>"
                + "</D:activelock></D:lockdiscovery></D:prop></D:propstat><D:href> /a%20b </D:href></D:response>")
        #expect(items.map(\.address) == ["/a%20b"] && items[0].name == "Lease & more")
        #expect(try locks(items[0]).map(\.token) == [nil] && locks(items[0]).map(\.isShared) == [false])
        #expect(try locks(items[0])[0].owner == "Ines\u{1B} [console]")
        let unread = try listing(
            "<D:response><D:href>/a</D:href><D:href>/b</D:href><D:status>HTTP/1.1 403 Forbidden</D:status></D:response>"
        )
        #expect(unread.map(\.address) == ["/a", "/b"] && unread.allSatisfy { $0.status == 403 })
        #expect(unread.allSatisfy { $0.discovery == .missing })
        for text in ["<multistatus/>", "<a xmlns=\"DAV:\"/>", "<D:prop xmlns:D=\"DAV:\"/>"] {
            let error = #expect(throws: MalformedAnswer.self) { try DAVItem.items(in: Array(text.utf8)) }
            #expect(error?.kind == .otherShape)
        }
    }
}
