// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import DemoServer
@testable import LockSystems

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
    private func client(_ recorded: RecordedAnswer, _ login: SystemProfile.Login) throws -> Client {
        let date = recorded.date
        let token = try RecordedAnswer(named: "login-ok", in: .plone).response
        let wire = Wire(
            MemoryTransport { $0.url.contains("/@login") ? token : recorded.response }, isSignIn: DemoStage.isSignIn)
        let profile = SystemProfile(
            name: "recorded", address: try WebAddress(RecordedAnswer.Place.plone.site), login: login, transport: wire,
            now: { date })
        return Client(system: PloneSystem(profile), wire: wire, now: { date })
    }

    private func check(_ lock: Lock?, against wire: JSON, _ recorded: RecordedAnswer) {
        guard let lock = recorded.check(lock, against: wire, me: "alice") else { return }
        let name = recorded.name
        let isCopy = wire["name"]?.text == "iterate.lock"
        #expect(lock.kind == (isCopy ? .workingCopy : .lock), "\(name)")
        #expect(wire["stealable"] == lock.stealable.map { .bool($0) }, "\(name)")
        #expect(lock.identity == LockIdentity(of: wire["token"]?.text ?? ""), "\(name)")
        let start = wire["token"]?.text?.split(separator: ":").last.flatMap { Double($0) }
        #expect(lock.since?.timeIntervalSince1970 == start, "\(name)")
        #expect(lock.sinceIs == .acquired, "\(name)")
        let seconds = wire["timeout"]?.number ?? 0
        #expect(lock.timeout == (seconds >= 4_294_967_280 ? nil : Int(seconds)), "\(name)")
        let end = seconds >= 4_294_967_280 ? nil : wire["time"]?.number.map { $0 + seconds }
        #expect((lock.expires?.timeIntervalSince1970 ?? 0) - (end ?? 0) < 0.001, "\(name)")
        #expect(lock.notes.contains(PloneLocks.madeOverWebDAV) == (wire["name"] == nil), "\(name)")
        #expect((lock.origin == .otherInterface) == (wire["name"] == nil), "\(name)")
    }

    @Test("Every lock object is read, and every field is where it belongs")
    func lockObjects() throws {
        let recorded = try RecordedAnswer.all(in: .plone).filter {
            $0.service == "@lock" && $0.status == 200 && $0.body.fields != nil
        }
        #expect(recorded.count > 80)
        let profile = SystemProfile(
            name: "recorded", address: try WebAddress(RecordedAnswer.Place.plone.site), login: .anonymous,
            transport: MemoryTransport([]), now: { Date(timeIntervalSince1970: 1_795_226_072) })
        let locks = PloneLocks(site: PloneSite(profile), me: Account(id: "alice", name: nil))
        for one in recorded {
            let wire = try JSONBody.decode(PloneLock.self, from: one.response)
            let row = try #require(
                locks.row(PloneContent(address: RecordedAnswer.Place.plone.site + one.item, lock: wire)), "\(one.name)")
            #expect(row.item.path == one.item)
            #expect(row.item.isLockable == (one.body["locked"] != nil), "\(one.name)")
            check(row.lock, against: one.body, one)
        }
    }

    @Test("Every content object is found, with its lock and its working copy")
    func contents() async throws {
        let recorded = try RecordedAnswer.all(in: .plone).filter {
            $0.method == "GET" && $0.service.isEmpty && $0.status == 200 && $0.body["@id"] != nil
        }
        #expect(recorded.count >= 9)
        for one in recorded {
            let client = try client(one, .account("alice"))
            let row = try await client.row(one.item)
            #expect(row.item.title == one.body["title"]?.text, "\(one.name)")
            #expect(row.item.type == one.body["@type"]?.text, "\(one.name)")
            if let lock = one.body["lock"], row.lock?.notes.contains(where: { $0.hasPrefix("The original") }) != true {
                check(row.lock, against: lock, one)
            }
            if let copyOf = one.body["working_copy_of"]?["@id"]?.text {
                #expect(row.item.workingCopyOf.map { RecordedAnswer.Place.plone.site + $0 } == copyOf, "\(one.name)")
            }
        }
    }

    @Test("Every search is a page, with a row for what can be locked")
    func searches() async throws {
        let recorded = try RecordedAnswer.all(in: .plone).filter {
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
                page.rows.map { RecordedAnswer.Place.plone.site + $0.item.path }
                    == lockable.compactMap { $0["@id"]?.text }, "\(one.name)"
            )
            #expect(page.total.map { .int($0) } == one.body["items_total"], "\(one.name)")
            for (row, item) in zip(page.rows, lockable) {
                check(row.lock, against: item["lock"] ?? .null, one)
            }
        }
        let nothing = try RecordedAnswer(named: "search-nothing", in: .plone)
        let client = try client(nothing, .account("alice"))
        _ = try await client.system.signIn()
        #expect(try await client.system.items(after: nil).rows.isEmpty)
    }

    @Test("Every sign-in is understood")
    func signIns() async throws {
        for one in try RecordedAnswer.all(in: .plone).filter({ $0.method == "POST" && $0.service == "@login" }) {
            let wire = MemoryTransport { _ in one.response }
            let profile = SystemProfile(
                name: "recorded", address: try WebAddress(RecordedAnswer.Place.plone.site), login: .account("alice"),
                transport: wire,
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
        let recorded = try RecordedAnswer.all(in: .plone).filter {
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
                    default: one.text.contains("checkout location") ? .forbidden : .nonsense
                    }
                #expect(error.code == expected, "\(one.name): \(error)")
                #expect(!error.message.isEmpty)
            }
        }
    }
}
