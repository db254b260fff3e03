// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("The rules of locks")
struct LockRuleTests {
    private let lock = "/docs/one/@lock"

    @Test("two POSTs: the first one's lock stays, and the second one is told whose it is")
    func second() async throws {
        let desk = try await Desk()
        let first = await desk.ask("POST", lock, as: "alice")
        let second = await desk.ask("POST", lock, as: "bob")
        #expect(second.status == 200 && second.holder == "alice" && second.token == first.token)
    }

    @Test("of many who lock at once exactly one wins")
    func race() async throws {
        let desk = try await Desk()
        let people = ["alice", "bob", "yuki", "olga", "zoe", "joao"]
        let holders = await withTaskGroup(of: String?.self) { group in
            for person in people { group.addTask { await desk.ask("POST", "/docs/one/@lock", as: person).holder } }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(holders.count == 1)
        #expect(holders.allSatisfy { $0.map(people.contains) ?? false })
    }

    @Test("a stealable lock goes at the first forced DELETE, another one at the second")
    func force() async throws {
        let desk = try await Desk()
        await desk.ask("POST", lock, as: "alice")
        #expect(await desk.ask("DELETE", lock, as: "bob").isLocked == true)
        #expect(await desk.ask("DELETE", lock, as: "bob", #"{"force": true}"#).isLocked == false)
        await desk.ask("POST", lock, as: "alice", #"{"stealable": false}"#)
        #expect(await desk.ask("GET", lock, as: "alice").isStealable == true)
        #expect(await desk.ask("GET", lock, as: "manager").isStealable == false)
        let first = await desk.ask("DELETE", lock, as: "bob", #"{"force": true}"#)
        #expect(first.isLocked == true && first.isStealable == true)
        #expect(await desk.ask("DELETE", lock, as: "bob", #"{"force": true}"#).isLocked == false)
    }

    @Test("a lock runs out when its time is over and not before; PATCH starts it anew")
    func expiry() async throws {
        let desk = try await Desk()
        await desk.ask("POST", lock, as: "alice")
        await desk.core.advance(by: 599)
        #expect(await desk.ask("GET", lock).isLocked == true)
        await desk.ask("PATCH", lock, as: "bob")
        await desk.core.advance(by: 599)
        #expect(await desk.ask("GET", lock).isLocked == true)
        await desk.core.advance(by: 1)
        #expect(await desk.ask("GET", lock).isLocked == false)
        #expect(await desk.ask("PATCH", lock, as: "alice").isLocked == false)
    }

    @Test("a refresh moves the time and keeps the token with the time of creation in it")
    func refresh() async throws {
        let desk = try await Desk()
        let made = await desk.ask("POST", lock, as: "alice")
        await desk.core.advance(by: 100)
        let fresh = await desk.ask("PATCH", lock, as: "alice")
        guard case .double(let before)? = made.json["time"], case .double(let after)? = fresh.json["time"] else {
            Issue.record("time is no number with a fraction")
            return
        }
        #expect(abs(after - before - 100) < 0.001)
        #expect(fresh.token == made.token)
        let tail = made.token?.split(separator: ":").last.flatMap { Double($0) } ?? 0
        #expect(abs(tail - before) < 0.001)
    }

    @Test(
        "a time-out of a lock",
        arguments: [
            ("60", 60), ("-5", 5), (#""30""#, 30), (#""Infinite""#, 720), ("4294967295", 4_294_967_295),
        ])
    func timeout(_ asked: String, _ set: Int) async throws {
        let desk = try await Desk()
        #expect(await desk.ask("POST", lock, as: "alice", #"{"timeout": \#(asked)}"#).json["timeout"] == .int(set))
    }

    @Test(
        "a time-out that is none: 500, and nothing is locked or marked afterwards",
        arguments: ["3600.5", #""abc""#, "null", "true", "4294967296", "-4294967296", "-9223372036854775808"])
    func badTimeout(_ asked: String) async throws {
        let desk = try await Desk()
        let answer = await desk.ask("POST", lock, as: "alice", #"{"timeout": \#(asked), "stealable": false}"#)
        #expect(answer.status == 500)
        #expect(await desk.ask("GET", lock).isLocked == false)
        await desk.ask("POST", lock, as: "alice")
        #expect(await desk.ask("GET", lock, as: "bob").isStealable == true)
    }

    @Test("somebody else's POST with a time-out changes the holder's lock, a check-out's too")
    func foreignTimeout() async throws {
        let desk = try await Desk()
        await desk.ask("POST", "/docs/one/@workingcopy", as: "alice")
        let cut = await desk.ask("POST", lock, as: "bob", #"{"timeout": 1}"#)
        #expect(cut.holder == "alice" && cut.json["name"]?.text == "iterate.lock")
        await desk.core.advance(by: 1)
        #expect(await desk.ask("GET", lock).isLocked == false)
    }

    @Test("a WebDAV lock has no name, no force takes it away, and UNLOCK by an administrator does")
    func webDAV() async throws {
        let desk = try await Desk()
        #expect(await desk.ask("LOCK", "/docs/one", as: "manager", headers: ["Timeout": "Second-120"]).status == 200)
        let info = await desk.ask("DELETE", lock, as: "manager", #"{"force": true}"#)
        #expect(info.isLocked == true && info.json["name"] == nil && info.isStealable == false)
        let token: Headers = ["Lock-Token": "<opaquelocktoken:\(info.token ?? "")>"]
        #expect(await desk.ask("UNLOCK", "/docs/one", as: "bob", headers: token).status == 401)
        #expect(await desk.ask("UNLOCK", "/docs/one", as: "manager", headers: token).status == 204)
        #expect(await desk.ask("UNLOCK", "/docs/one", as: "manager", headers: token).status == 412)
        #expect(await desk.ask("GET", lock).isLocked == false)
    }

    @Test("a pending page is the reviewers' and administrators' to lock, a private one is not anonymous' to see")
    func states() async throws {
        let desk = try await Desk()
        await desk.ask("POST", "/docs/one/@workflow/retract", as: "manager")
        #expect(await desk.ask("GET", lock).status == 401)
        #expect(await desk.ask("GET", lock, as: "carol").status == 200)
        #expect(await desk.ask("POST", "/docs/one/@workflow/submit", as: "manager").status == 200)
        #expect(await desk.ask("POST", lock, as: "alice").status == 401)
        #expect(await desk.ask("POST", lock, as: "admin").holder == "admin")
        #expect(await desk.ask("POST", "/docs/one/@workflow/publish", as: "alice").status == 400)
    }

    @Test("a traceback is for managers only")
    func traceback() async throws {
        let desk = try await Desk()
        #expect(await desk.ask("POST", lock, as: "manager", "[").json["traceback"] != nil)
        #expect(await desk.ask("POST", lock, as: "alice", "[").json["traceback"] == nil)
    }
}
