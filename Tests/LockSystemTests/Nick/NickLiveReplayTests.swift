// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import DemoServer
@testable import LockSystems

@Suite("Answers that a running Nick gave")
struct NickLiveReplayTests {
    /// A site at the time of the exchange.
    private func site(_ exchange: RecordedAnswer, _ transport: MemoryTransport = MemoryTransport([])) throws -> NickSite
    {
        NickSite(try profile(exchange, .anonymous, transport))
    }

    private func profile(_ exchange: RecordedAnswer, _ login: SystemProfile.Login, _ transport: MemoryTransport) throws
        -> SystemProfile
    {
        let date = exchange.date
        return SystemProfile(
            name: "live", address: try WebAddress(RecordedAnswer.Place.nick.site), login: login, transport: transport,
            now: { date })
    }

    private func check(_ lock: Lock?, against wire: JSON, me: String, _ exchange: RecordedAnswer) {
        guard let lock = exchange.check(lock, against: wire, me: me) else { return }
        let name = exchange.name
        #expect(lock.kind == .lock, "\(name)")
        #expect(lock.since == wire["created"]?.text.flatMap { RFC3339.date($0) }, "\(name)")
        let seconds: Double? =
            switch wire["timeout"] {
            case .int(let seconds)?: Double(seconds)
            case .double(let seconds)?: seconds
            case .bool(let flag)?: flag ? 1 : 0
            case .array?: 0
            default: nil
            }
        let isEndless = seconds.map { abs($0) >= 200_000_000_000 } ?? true
        #expect(lock.timeout == (isEndless ? nil : seconds.map { Int($0.rounded(.up)) }), "\(name)")
        #expect((lock.expires == nil) == isEndless, "\(name)")
        if case .bool(let flag)? = wire["stealable"] {
            #expect(lock.stealable == flag, "\(name)")
        } else {
            #expect(lock.stealable == nil, "\(name)")
        }
    }

    @Test("Every lock object is read, and every field is where it belongs")
    func lockObjects() throws {
        let exchanges = try RecordedAnswer.all(in: .nick).filter {
            $0.service.lowercased() == "@lock" && $0.status == 200 && $0.body["locked"] != nil
        }
        #expect(exchanges.count > 120)
        for exchange in exchanges {
            let site = try site(exchange)
            let wire = try JSONBody.decode(NickLock.self, from: exchange.response)
            let locks = NickLocks(site: site, chains: NickChains(site.profile), me: Account(id: "alice", name: nil))
            let reading = locks.reading(wire, of: exchange.item)
            check(reading.locks.first, against: exchange.body, me: "alice", exchange)
        }
    }

    @Test("Every document is found with its lock, and every child of a folder with its own")
    func contents() async throws {
        let exchanges = try RecordedAnswer.all(in: .nick).filter {
            $0.method == "GET" && $0.service.isEmpty && $0.status == 200 && $0.body["@id"] != nil
                && !$0.path.contains("VirtualHost")
        }
        #expect(exchanges.count > 20)
        for exchange in exchanges {
            var site = try RecordedAnswer(named: "site-anonymous", in: .nick).response
            // It was asked at another time.
            site.headers["Date"] = nil
            let transport = MemoryTransport { [site] in $0.url.hasSuffix("/@site") ? site : exchange.response }
            let system = NickSystem(try profile(exchange, .anonymous, transport))
            _ = try await system.signIn()
            let row = try await system.find(exchange.item)
            #expect(row.item.title == exchange.body["title"]?.text, "\(exchange.name)")
            #expect(row.item.type == exchange.body["@type"]?.text, "\(exchange.name)")
            check(row.lock, against: exchange.body["lock"] ?? .null, me: "", exchange)
            let children = exchange.body["items"]?.elements?.filter { $0["@id"] != nil } ?? []
            guard children.count > 1 else { continue }
            let names = children.compactMap { $0["id"]?.text }
            let items = names.map { name -> Locks.Item in
                let path = NickPath.child(name, of: exchange.item)
                return Locks.Item(id: path, path: path, title: "")
            }
            for (child, result) in zip(children, try await system.read(items)) {
                let found = try result.get()
                #expect(found.item.title == child["title"]?.text, "\(exchange.name)")
                check(found.lock, against: child["lock"] ?? .null, me: "", exchange)
            }
        }
    }

    @Test("Every page of the catalogue is read")
    func searches() throws {
        let exchanges = try RecordedAnswer.all(in: .nick).filter { $0.service == "@search" && $0.status == 200 }
        #expect(exchanges.count > 20)
        for exchange in exchanges {
            let page = try JSONBody.decode(NickSearch.self, from: exchange.response).items
            let items = exchange.body["items"]?.elements?.filter { $0.fields != nil } ?? []
            #expect(page.elements.count == items.count, "\(exchange.name)")
            for (hit, item) in zip(page.elements, items) {
                let path = hit.path.map(NickPath.clean) ?? NickPath.of(address: hit.address)
                #expect(path == item["@id"]?.text.flatMap(NickPath.of(address:)), "\(exchange.name)")
            }
        }
    }

    @Test("Every refusal of a lock becomes a refusal, with the right word")
    func refusals() throws {
        let exchanges = try RecordedAnswer.all(in: .nick).filter {
            ["POST", "PATCH", "DELETE"].contains($0.method) && $0.service == "@lock" && $0.status >= 300
        }
        #expect(exchanges.count > 40)
        for exchange in exchanges {
            let error = try site(exchange).errors.refusal(
                exchange.response, path: exchange.item, purpose: exchange.method == "DELETE" ? .force : .hold)
            let isConflict = exchange.status == 401 && exchange.body["error"]?.fields != nil
            let expected: LockError.Code =
                switch exchange.status {
                case 301, 404: .gone
                case 401 where isConflict: exchange.method == "DELETE" ? .forbidden : .conflict
                case 401: .notSignedIn
                case 403: .forbidden
                default: .nonsense
                }
            #expect(error.code == expected, "\(exchange.name): \(error)")
            #expect(!error.description.contains("<html"), "\(exchange.name)")
        }
    }

    @Test("Limits are heeded as long as the server says")
    func limits() throws {
        let exchanges = try RecordedAnswer.all(in: .nick).filter { $0.status == 429 }
        #expect(exchanges.count >= 4)
        for exchange in exchanges {
            #expect(exchange.headers.fields.allSatisfy { !$0.name.lowercased().hasPrefix("x-ratelimit") })
            let error = try site(exchange).errors.refusal(exchange.response, path: "/", purpose: .read)
            #expect(error.code == .slowDown, "\(exchange.name)")
            #expect(error.retryAfter == exchange.headers["Retry-After"].flatMap(Double.init), "\(exchange.name)")
        }
    }

    @Test("Every sign-in is understood")
    func signIns() async throws {
        let site = try RecordedAnswer(named: "site-anonymous", in: .nick).response
        let exchanges = try RecordedAnswer.all(in: .nick).filter { $0.method == "POST" && $0.service == "@login" }
        #expect(exchanges.count > 10)
        for exchange in exchanges {
            let transport = MemoryTransport { $0.url.hasSuffix("/@site") ? site : exchange.response }
            let login = SystemProfile.Login.password(user: "somebody", secret: { "secret" }, isBasic: false)
            let system = NickSystem(try profile(exchange, login, transport))
            do {
                let account = try await system.signIn().account
                let token = exchange.body["token"]?.text ?? ""
                #expect(exchange.status == 200, "\(exchange.name)")
                #expect(account.id == NickClaims(token: token)?.sub, "\(exchange.name)")
            } catch let error as LockError {
                let expected: LockError.Code =
                    switch exchange.status {
                    case 400, 401: .notSignedIn
                    case 429: .slowDown
                    default: .nonsense
                    }
                #expect(exchange.status != 200 && error.code == expected, "\(exchange.name): \(error)")
            }
        }
    }
}
