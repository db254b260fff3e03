// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing
import Watching

@testable import LockSystems

@Suite("What SuperOffice answers to a change")
struct SuperOfficeReplyTests {
    typealias Step = SuperOfficeOptions.Step

    static let steps = [
        Step("SoProtocol", "contact.main?contact_id=123", isSuccess: true, isDone: false),
        Step("CustomGui", "AskForVersionComment", more: "docid=141", isSuccess: false, isDone: false),
        Step("CustomGUI", "AskForVersionComment", isSuccess: true, isDone: false),
        Step("Other", "X", isSuccess: true, isDone: false),
        Step("URL", "https://docs.example.org/edit/141", isSuccess: true, isDone: false),
        Step("Hologram", nil, isSuccess: true, isDone: false),
    ]

    @Test("A step that is wanted is no success, and says what is wanted", arguments: steps)
    func needsAction(_ step: Step) async throws {
        let stage = try await SuperOfficeStage.open { $0.step = step }
        let client = try stage.client()
        let id = try await stage.add()
        let result = await client.perform(.checkOut, id)
        #expect(result.outcome != .done && result.reason == .needsAction && result.exitCode == 1)
        if let value = step.value { #expect(result.why.contains(value)) }
        #expect(client.wire.changes.count == 1)
        await stage.close()
    }

    @Test("A step that is wanted although it was done: the reading decides", arguments: steps)
    func doneAllTheSame(_ step: Step) async throws {
        var step = step
        step.isDone = true
        let stage = try await SuperOfficeStage.open { $0.step = step }
        let client = try stage.client()
        let id = try await stage.add()
        #expect(await client.perform(.checkOut, id).outcome == .done)
        #expect(try await client.row(id).lock?.holder.isMe == true)
        await stage.close()
    }

    @Test("Success with a message: it is done, and the message stays with the check-out")
    func message() async throws {
        let text = "Checked out; remember to check in before Friday."
        let stage = try await SuperOfficeStage.open {
            $0.step = Step("Message", text, isSuccess: true, isDone: true)
        }
        let client = try stage.client()
        let id = try await stage.add()
        let result = await client.perform(.checkOut, id)
        #expect(result.outcome == .done)
        #expect(result.after?.notes == ["SuperOffice said: \(text)"])
        #expect(result.why.contains(text))
        await stage.close()
    }

    @Test("Success without effect is unverified, never done")
    func agreeable() async throws {
        let stage = try await SuperOfficeStage.open { $0.archive = .agreeable }
        let client = try stage.client()
        let result = await client.perform(.checkOut, try await stage.add())
        #expect(result.outcome == .unverified && result.reason == .unseen)
        await stage.close()
    }

    @Test("A refusal without a reason from an archive that can't lock")
    func silent() async throws {
        let stage = try await SuperOfficeStage.open { $0.archive = .silent }
        let client = try stage.client()
        let result = await client.perform(.checkOut, try await stage.add())
        #expect(result.outcome == .refused && result.reason == .notLockable)
        await stage.close()
    }

    @Test(
        "The end of another's check-out: by right, refused, and in silence not done",
        arguments: [
            (SuperOfficeOptions.Force.administrators, "manager", Outcome.done, Reason?.none),
            (.administrators, "bob", .refused, .forbidden), (.nobody, "manager", .refused, .forbidden),
            (.ignored, "manager", .unverified, .unseen),
        ])
    func force(
        _ force: SuperOfficeOptions.Force, _ person: String, _ outcome: Outcome, _ reason: Reason?
    ) async throws {
        let stage = try await SuperOfficeStage.open { $0.force = force }
        let id = try await stage.add()
        try await stage.hold(id, as: "alice")
        let client = try stage.client(.account(person))
        let result = await client.perform(Wish(.discard, mayTakeFromOthers: true), id)
        #expect(result.outcome == outcome && result.reason == reason)
        #expect(client.wire.changes.map(\.method) == ["DELETE"])
        await stage.close()
    }

    @Test("Another's check-out is never checked in, although the standard archive would do it")
    func checkInAnothers() async throws {
        let stage = try await SuperOfficeStage.open { $0.archive = .standard }
        let id = try await stage.add()
        try await stage.hold(id, as: "alice")
        let client = try stage.client(.account("bob"))
        #expect(await client.perform(.checkIn, id).reason == .conflict)
        let row = try await client.row(id)
        let lock = try #require(row.lock)
        let error = try await lockError {
            try await (client.system as? any CheckingOut)?.checkIn(row.item, held: lock, comment: nil)
        }
        #expect(error.code == .conflict)
        #expect(client.wire.changes.isEmpty)
        await stage.close()
    }

    @Test("A check-in carries its remark")
    func remark() async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client()
        let id = try await stage.add()
        await client.perform(.checkOut, id)
        let result = await client.perform(Wish(.checkIn, comment: "prices & more"), id)
        #expect(result.outcome == .done)
        #expect(client.wire.changes.last?.url.hasSuffix("&versionDescription=prices%20%26%20more") == true)
        let answer = await stage.server.answer(
            Request(
                "GET", "\(stage.server.address)/api/v1/Document/\(id)/Version",
                headers: ["Accept": "application/json", "Authorization": "Basic YWxpY2U6YWxpY2UtcHc="]))
        #expect(String(decoding: answer.body, as: UTF8.self).contains("prices & more"))
        await stage.close()
    }

    @Test("The standard archive fails where somebody was quicker: that is a conflict with who has it")
    func raceOnStandardArchive() async throws {
        let stage = try await SuperOfficeStage.open { $0.archive = .standard }
        let client = try stage.client()
        let id = try await stage.add()
        client.wire.bendChanges { request, next in
            try await stage.hold(id, as: "bob")
            return try await next(request)
        }
        let result = await client.perform(.checkOut, id)
        #expect(result.outcome == .refused && result.reason == .conflict)
        #expect(result.after?.holder.name == "Bob Builder")
        await stage.close()
    }
}
