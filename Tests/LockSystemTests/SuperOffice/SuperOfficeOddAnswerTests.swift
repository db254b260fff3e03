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

/// Answers of SuperOffice that are odd in one place, and sign-ins that change while the program runs.
@Suite("Odd answers of SuperOffice")
struct SuperOfficeOddAnswerTests {
    private func json(_ text: String, _ status: Int = 200) -> Response {
        Response(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    @Test(
        "A line of the listing that can't be read costs itself and is counted; a document without a name has a number")
    func oddLines() async throws {
        let lines = """
            {"value":[{"documentId":"141","name":null,"text":{},"type":7,"updatedDate":false},{"name":"no number"},\
            3,{"PrimaryKey":"142","name":"Offer"}],"odata.nextLink":5}
            """
        let script = try SuperOfficeScript([("GET", "v1/Document?", json(lines))])
        let page = try await script.system.items(after: nil)
        #expect(page.rows.map(\.item.id) == ["141", "142"])
        #expect(page.rows.map(\.item.title) == ["Document 141", "Offer"])
        #expect(
            page.lacks?.message.hasPrefix("crm: 2 documents are named in the listing and can't be read.") == true)
        #expect(page.following.isEmpty)
    }

    @Test(
        "A check-out without a number is held: by whom the name says, else by somebody unknown",
        arguments: [
            (#"{"State":"CheckedOutOther","Name":"Bob Moe"}"#, "Bob Moe"),
            (#"{"State":"CheckedOutOther","AssociateId":null,"Name":"Bob Moe"}"#, "Bob Moe"),
            (#"{"State":"CheckedOutOther","AssociateId":{},"Name":[]}"#, String?.none),
            (#"{"State":2}"#, String?.none),
        ])
    func nameless(_ body: String, _ name: String?) async throws {
        let script = try SuperOfficeScript([("GET", "/Lock", json(body))])
        let row = try await script.system.read([SuperOfficeScript.offer])[0].get()
        #expect(row.reading.state == .held)
        #expect(row.lock?.holder == Holder(id: nil, name: name))
    }

    @Test("Who we are may come as text; a principal without a number is no SuperOffice's")
    func principal() async throws {
        let text = try SuperOfficeScript([
            ("GET", "currentPrincipal", json(#"{"AssociateId":"5","FullName":null,"Associate":7,"UserType":{}}"#))
        ])
        #expect(try await text.system.signIn().account == Account(id: "5", name: "7"))
        let none = try SuperOfficeScript([("GET", "currentPrincipal", json(#"{"AssociateId":"x"}"#))])
        #expect(try await lockError { _ = try await none.system.signIn() }.code == .wrongSystem)
    }

    @Test("A password that was changed is fetched again after a refusal, once, and one that is the same is not tried")
    func rotated() async throws {
        let asked = Mutex(0)
        let good = Mutex("old")
        let configured = Mutex("old")
        let me = try SuperOfficeRecording.answer("made-current-principal")
        let passed = Mutex(0.0)
        let transport = MemoryTransport { request in
            let right = Credentials.basic(user: "HAL", password: good.withLock(\.self)).header
            return request.headers["Authorization"] == right ? me : Response(status: 401)
        }
        let system = SuperOfficeSystem(
            SystemProfile(
                name: "crm", address: try WebAddress("https://crm.example.org/SuperOffice"),
                login: .password(
                    user: "HAL",
                    secret: {
                        asked.withLock { $0 += 1 }
                        return configured.withLock(\.self)
                    }, isBasic: true), transport: transport, now: { Date(timeIntervalSince1970: 1_777_888_800) },
                time: .standing { passed.withLock(\.self) }))
        _ = try await system.signIn()
        good.withLock { $0 = "new" }
        passed.withLock { $0 = 61 }
        #expect(try await lockError { _ = try await system.signIn() }.code == .notSignedIn)
        #expect(asked.withLock(\.self) == 2 && transport.requests.count == 2)
        configured.withLock { $0 = "new" }
        #expect(try await system.signIn().account.id == "5")
        #expect(asked.withLock(\.self) == 3 && transport.requests.count == 4)
    }

    @Test("A name that could not be had is asked for again after a while, and not before")
    func nameAgain() async throws {
        let state = #"{"State":"CheckedOutOther","AssociateId":17,"Name":""}"#
        let isBroken = Mutex(true)
        let passed = Mutex(0.0)
        let me = try SuperOfficeRecording.answer("made-current-principal")
        let transport = MemoryTransport { [self] request in
            if request.url.contains("/Lock") { return json(state) }
            guard request.url.contains("InternalUsers") else { return me }
            return isBroken.withLock(\.self)
                ? Response(status: 500) : json(#"{"value":[{"fullName":"Bob Moe","userName":"BOB"}]}"#)
        }
        let system = SuperOfficeSystem(
            SystemProfile(
                name: "crm", address: try WebAddress("https://crm.example.org/SuperOffice"),
                login: .password(user: "HAL", secret: { "secret" }, isBasic: true), transport: transport,
                now: { Date(timeIntervalSince1970: 1_777_888_800) }, time: .standing { passed.withLock(\.self) }))
        func name() async throws -> String? {
            try await system.read([SuperOfficeScript.offer])[0].get().lock?.holder.name
        }
        #expect(try await name() == nil)
        isBroken.withLock { $0 = false }
        #expect(try await name() == nil)
        #expect(transport.requests.count { $0.url.contains("InternalUsers") } == 1)
        passed.withLock { $0 = 301 }
        #expect(try await name() == "Bob Moe")
    }

    @Test("An account is confirmed anew by the clock that nobody sets back")
    func setBack() async throws {
        let wall = Mutex(1_777_888_800.0)
        let passed = Mutex(0.0)
        let script = try SuperOfficeScript([]) {
            $0.now = { Date(timeIntervalSince1970: wall.withLock(\.self)) }
            $0.time = .standing { passed.withLock(\.self) }
        }
        _ = try await script.system.signIn()
        wall.withLock { $0 -= 8 * 3_600 }
        passed.withLock { $0 = 61 }
        _ = try await script.system.signIn()
        #expect(script.transport.requests.count == 2)
    }

    @Test("A session that has ended is a refused sign-in, and whoever lost a right is asked who they are at once")
    func lostRights() async throws {
        let ended = json(#"{"Error":true,"ErrorType":"SoSessionException","ErrorMessage":"Ended"}"#, 500)
        let first = try SuperOfficeScript([("GET", "/Lock", ended)])
        _ = try await first.system.signIn()
        #expect(
            try await lockError { _ = try await first.system.read([SuperOfficeScript.offer]) }.code == .notSignedIn)
        let second = try SuperOfficeScript([("GET", "/Lock", Response(status: 403))])
        _ = try await second.system.signIn()
        _ = try await second.system.read([SuperOfficeScript.offer])
        _ = try await second.system.signIn()
        #expect(second.transport.requests.count { $0.url.contains("currentPrincipal") } == 2)
    }

    @Test(
        "Force is offered, and ends another's check-out by the undo where the server lets the account",
        arguments: [("manager", Outcome.done, Reason?.none), ("bob", .refused, .forbidden)])
    func force(_ person: String, _ outcome: Outcome, _ reason: Reason?) async throws {
        let stage = try await SuperOfficeStage.open()
        let id = try await stage.add()
        try await stage.hold(id, as: "alice")
        let client = try stage.client(.account(person))
        #expect(client.system.operations[.forceUnlock].isOffered)
        let result = await client.perform(Wish(.forceUnlock, mayTakeFromOthers: true), id)
        #expect(result.outcome == outcome && result.reason == reason)
        #expect(client.wire.changes.map(\.method) == ["DELETE"])
        #expect(result.operation == .forceUnlock)
        await stage.close()
    }

    @Test(
        "Whether a change was refused may come as text or number; neither yes nor no is settled by a reading",
        arguments: [("\"true\"", true), ("1", true), ("\"False\"", false), ("null", Bool?.none)])
    func flags(_ flag: String, _ isSuccess: Bool?) throws {
        let body = Array(#"{"Success":\#(flag),"Type":[],"Value":{},"AdditionalInfo":1}"#.utf8)
        let reply = try? JSONBody.decode(SuperOfficeReply.self, from: body)
        #expect(reply?.isSuccess == isSuccess)
    }
}
