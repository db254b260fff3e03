// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import DemoServer
@testable import LockSystems

/// An exchange with a real Plone, as it was recorded.
private struct Recorded {
    let name: String
    let method: String
    let path: String
    let user: String?
    let status: Int
    let headers: Headers
    let body: JSON

    static let site = "http://127.0.0.1:8080/Plone"
    private static let folder =
        "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/DemoServerTests/Recordings/plone"

    init(named name: String) throws {
        let json = try JSON(reading: Array(try Data(contentsOf: URL(filePath: "\(Self.folder)/\(name).json"))))
        self.name = name
        method = json["request"]?["method"]?.text ?? ""
        path = json["request"]?["path"]?.text ?? ""
        user = json["request"]?["user"]?.text
        if case .int(let status)? = json["response"]?["status"] { self.status = status } else { status = 0 }
        var headers: Headers = [:]
        for field in json["response"]?["headers"]?.fields ?? [] { headers[field.key] = field.value.text }
        self.headers = headers
        body = json["response"]?["body"] ?? .null
    }

    static func all() throws -> [Recorded] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
        return try names.sorted().map { try Recorded(named: String($0.dropLast(5))) }
    }

    var isTrimmed: Bool { body["(note)"] != nil }
    var response: Response {
        let bytes: [UInt8] =
            switch body {
            case .null: []
            case .string(let text): Array(text.utf8)
            default: body.encoded(.compact)
            }
        return Response(status: status, headers: headers, body: bytes)
    }
    /// The path within the site, without service and query.
    var item: String {
        let plain = path.prefix { $0 != "?" }.dropFirst("/Plone".count).replacing("/++api++", with: "")
        return "/" + plain.split(separator: "/").filter { !$0.hasPrefix("@") }.joined(separator: "/")
    }
    var service: String { String(path.prefix { $0 != "?" }.split(separator: "/").first { $0.hasPrefix("@") } ?? "") }
}

extension JSON {
    fileprivate var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}

@Suite("Answers that a real Plone gave")
struct PloneReplayTests {
    /// A client that gets one recorded answer to everything but the sign-in, at the time of the recording.
    private func client(_ recorded: Recorded, _ login: SystemProfile.Login) throws -> Client {
        let date = recorded.headers["Date"].flatMap { HTTPDate.date($0) } ?? Date(timeIntervalSince1970: 1_795_226_072)
        let token = try Recorded(named: "login-ok").response
        let wire = Wire(
            MemoryTransport { $0.url.contains("/@login") ? token : recorded.response }, isSignIn: DemoStage.isSignIn)
        let profile = SystemProfile(
            name: "recorded", address: try WebAddress(Recorded.site), login: login, transport: wire, now: { date })
        return Client(system: PloneSystem(profile), wire: wire, now: { date })
    }

    private func check(_ lock: Lock?, against wire: JSON, me: String?, _ name: String) {
        guard wire["locked"] == .bool(true) else {
            #expect(lock == nil, "\(name)")
            return
        }
        guard let lock else {
            Issue.record("\(name) has a lock that was not read")
            return
        }
        let isCopy = wire["name"]?.text == "iterate.lock"
        #expect(lock.kind == (isCopy ? .workingCopy : .lock), "\(name)")
        #expect(lock.holder.id == wire["creator"]?.text, "\(name)")
        #expect(lock.holder.name == wire["creator_name"]?.text, "\(name)")
        #expect(lock.holder.isMe == (wire["creator"]?.text == me), "\(name)")
        #expect(wire["stealable"] == lock.stealable.map { .bool($0) }, "\(name)")
        #expect(lock.token?.reveal() == wire["token"]?.text, "\(name)")
        #expect(lock.identity == LockIdentity(of: wire["token"]?.text ?? ""), "\(name)")
        let start = wire["token"]?.text?.split(separator: ":").last.flatMap { Double($0) }
        #expect(lock.since?.timeIntervalSince1970 == start, "\(name)")
        #expect(lock.sinceIs == .acquired, "\(name)")
        let seconds = wire["timeout"]?.number ?? 0
        #expect(lock.timeout == (seconds >= 4_294_967_280 ? nil : Int(seconds)), "\(name)")
        let end = seconds >= 4_294_967_280 ? nil : wire["time"]?.number.map { $0 + seconds }
        #expect((lock.expires?.timeIntervalSince1970 ?? 0) - (end ?? 0) < 0.001, "\(name)")
        #expect(lock.notes.contains(PloneLocks.madeOverWebDAV) == (wire["name"] == nil), "\(name)")
    }

    @Test("Every lock object is read, and every field is where it belongs")
    func lockObjects() throws {
        let recorded = try Recorded.all().filter { $0.service == "@lock" && $0.status == 200 && $0.body.fields != nil }
        #expect(recorded.count > 80)
        let profile = SystemProfile(
            name: "recorded", address: try WebAddress(Recorded.site), login: .anonymous,
            transport: MemoryTransport([]), now: { Date(timeIntervalSince1970: 1_795_226_072) })
        let locks = PloneLocks(site: PloneSite(profile), me: Account(id: "alice", name: nil))
        for one in recorded {
            let wire = try JSONBody.decode(PloneLock.self, from: one.response)
            let row = try #require(
                locks.row(PloneContent(address: Recorded.site + one.item, lock: wire)), "\(one.name)")
            #expect(row.item.path == one.item)
            #expect(row.item.isLockable == (one.body["locked"] != nil), "\(one.name)")
            check(row.lock, against: one.body, me: "alice", one.name)
        }
    }

    @Test("Every content object is found, with its lock and its working copy")
    func contents() async throws {
        let recorded = try Recorded.all().filter {
            $0.method == "GET" && $0.service.isEmpty && $0.status == 200 && $0.body["@id"] != nil
        }
        #expect(recorded.count >= 9)
        for one in recorded {
            let client = try client(one, .account("alice"))
            let row = try await client.row(one.item)
            #expect(row.item.title == one.body["title"]?.text, "\(one.name)")
            #expect(row.item.type == one.body["@type"]?.text, "\(one.name)")
            if let lock = one.body["lock"], row.lock?.notes.contains(where: { $0.hasPrefix("The original") }) != true {
                check(row.lock, against: lock, me: "alice", one.name)
            }
            if let copyOf = one.body["working_copy_of"]?["@id"]?.text {
                #expect(row.item.workingCopyOf.map { Recorded.site + $0 } == copyOf, "\(one.name)")
            }
        }
    }

    @Test("Every search is a page, with a row for what can be locked")
    func searches() async throws {
        let recorded = try Recorded.all().filter {
            $0.service == "@search" && $0.status == 200 && $0.path.contains("fullobjects")
        }
        #expect(recorded.count >= 3)
        for one in recorded {
            let client = try client(one, .account("alice"))
            _ = try await client.system.signIn()
            let page = try await client.system.items(after: nil)
            let items = one.body["items"]?.elements ?? []
            let lockable = items.filter { $0["lock"]?["locked"] != nil }
            #expect(
                page.rows.map { Recorded.site + $0.item.path } == lockable.compactMap { $0["@id"]?.text }, "\(one.name)"
            )
            #expect(page.total.map { .int($0) } == one.body["items_total"], "\(one.name)")
            for (row, item) in zip(page.rows, lockable) {
                check(row.lock, against: item["lock"] ?? .null, me: "alice", one.name)
            }
        }
        let nothing = try Recorded(named: "search-nothing")
        let client = try client(nothing, .account("alice"))
        _ = try await client.system.signIn()
        #expect(try await client.system.items(after: nil).rows.isEmpty)
    }

    @Test("Every sign-in is understood")
    func signIns() async throws {
        for one in try Recorded.all().filter({ $0.method == "POST" && $0.service == "@login" }) {
            let wire = MemoryTransport { _ in one.response }
            let profile = SystemProfile(
                name: "recorded", address: try WebAddress(Recorded.site), login: .account("alice"), transport: wire,
                now: { Date(timeIntervalSince1970: 1_795_226_072) })
            do {
                let account = try await PloneSystem(profile).signIn().account
                #expect(one.status == 200, "\(one.name)")
                #expect(account.id == (one.name.contains("admin") ? "admin" : one.user ?? "alice"), "\(one.name)")
            } catch let error as LockError {
                #expect(one.status != 200, "\(one.name)")
                #expect((error.code == .notSignedIn) == (one.status == 401), "\(one.name): \(error)")
            }
        }
    }

    @Test("Every refusal of a change becomes a refusal, with the right word")
    func refusals() async throws {
        let recorded = try Recorded.all().filter {
            ["POST", "PATCH", "DELETE"].contains($0.method) && ["@lock", "@workingcopy"].contains($0.service)
                && $0.status >= 400
        }
        #expect(recorded.count > 20)
        for one in recorded {
            let client = try client(one, .account("alice"))
            let item = Item(id: one.item, path: one.item, title: "")
            let plone = try #require(client.system as? PloneSystem)
            do {
                if one.service == "@lock" {
                    try await plone.lock(item, .standard)
                } else {
                    try await plone.checkOut(item)
                }
                Issue.record("\(one.name) was taken for a success")
            } catch let error as LockError {
                let expected: LockError.Code =
                    switch one.status {
                    case 401, 403: .forbidden
                    case 404: .gone
                    default: one.response.bodyText.contains("checkout location") ? .forbidden : .nonsense
                    }
                #expect(error.code == expected, "\(one.name): \(error)")
                #expect(!error.message.isEmpty)
            }
        }
    }
}

extension Response {
    fileprivate var bodyText: String { String(decoding: body, as: UTF8.self) }
}
