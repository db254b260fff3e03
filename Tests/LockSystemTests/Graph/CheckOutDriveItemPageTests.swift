// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import LockSystems

/// The page “Check-out a DriveItem resource”, section by section.
@Suite("The page “Check-out a DriveItem resource”")
struct CheckOutDriveItemPageTests {
    @Test("Introduction: a check-out keeps others from editing, and ends with the check-in")
    func introduction() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer.docx")
        let mine = try await stage.person("alice").client
        let other = try await stage.person("bob").client
        #expect(await mine.perform(.checkOut, id).outcome == .done)
        let refused = await other.perform(.checkOut, id)
        #expect(refused.reason == .conflict)
        #expect(refused.after?.holder.name == "Alice Ångström")
        #expect(await mine.perform(Wish(.checkIn, comment: "Prices"), id).outcome == .done)
        #expect(await other.perform(.checkOut, id).outcome == .done)
        await stage.close()
    }

    @Test("Permissions: a sign-in without writing is offered no operation and sends none")
    func permissions() async throws {
        let stage = try await GraphStage.open { $0.graph.grantsReadingOnly = true }
        let id = try await stage.add("Offer.docx")
        let made = try await stage.person("alice")
        let signIn = try await made.system.signIn()
        #expect(
            signIn.operations[.checkOut].why
                == "The sign-in was granted reading only (Files.Read.All Sites.Read.All).")
        made.client.wire.forget()
        #expect(await made.client.perform(.checkOut, id).reason == .unsupported)
        #expect(made.client.wire.requests.isEmpty)
        await stage.close()
    }

    @Test(
        "HTTP request: each of the five addresses checks out, and each is one of the configured words",
        arguments: [
            ("drives/DRIVE", "drive:DRIVE", false), ("groups/GROUP/drive", "group:GROUP", false),
            ("me/drive", "me", true), ("sites/SITE/drive", GraphStage.site, false),
            ("users/alice@harbour.example/drive", "user:alice@harbour.example", true),
        ])
    func address(_ form: String, _ word: String, isOwn: Bool) async throws {
        let stage = try await GraphStage.open { $0.graph.operatorName = "alice" }
        try await stage.server.add(path: "/team", type: "Folder", title: "Team")
        try await stage.server.add(path: "/team/mine", title: "Mine.docx")
        let known = try await stage.add("Offer.docx")
        let library = String(known.split(separator: "/")[0])
        func filled(_ text: String) -> String {
            text.replacing("DRIVE", with: library).replacing("GROUP", with: "9d0f3c52-0000-4000-8000-000000000010")
                .replacing(
                    "SITE",
                    with: "harbour.sharepoint.example,5c1b0d5e-0000-4000-8000-000000000001,"
                        + "5c1b0d5e-0000-4000-8000-000000000002")
        }
        let made = try await stage.person("alice") { $0.options.put("drives", [filled(word)]) }
        let path = isOwn ? "/OneDrive/Mine.docx" : "/Documents/docs/Offer.docx"
        let row = try await made.client.row(path)
        let item = try #require(row.item.id.split(separator: "/").last)
        let token = try await made.system.site.session.token()
        let answer = await stage.server.answer(
            Request(
                "POST", "\(stage.server.address)/v1.0/\(filled(form))/items/\(item)/checkout",
                headers: ["Authorization": "Bearer \(token)"], body: []))
        #expect(answer.status == 204)
        #expect(try await made.client.row(path).lock?.holder.isMe == true)
        await stage.close()
    }

    @Test("Request body: none is sent, and its length is said to be zero")
    func requestBody() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer.docx")
        let client = try await stage.person("alice").client
        await client.perform(.checkOut, id)
        let sent = try #require(client.wire.changes.first)
        #expect(sent.body == [])
        #expect(sent.headers["Content-Type"] == nil)
        await stage.close()
    }

    @Test("Example: the client's own request is POST /drives/{drive-id}/items/{item-id}/checkout")
    func example() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer.docx")
        let client = try await stage.person("alice").client
        await client.perform(.checkOut, id)
        let parts = id.split(separator: "/").map { WebAddress.encode(String($0)) }
        let sent = try #require(client.wire.changes.first)
        #expect(sent.method == "POST")
        #expect(sent.url == "\(stage.server.address)/v1.0/drives/\(parts[0])/items/\(parts[1])/checkout")
        await stage.close()
    }

    @Test("Response: 204 without a body; it alone proves nothing, and the reading after it does")
    func response() async throws {
        let stage = try await GraphStage.open()
        let id = try await stage.add("Offer.docx")
        let client = try await stage.person("alice").client
        client.wire.bendChanges { _, _ in Response(status: 204) }
        let result = await client.perform(.checkOut, id)
        #expect(result.outcome == .unverified)
        client.wire.bendChanges { request, next in
            let answer = try await next(request)
            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
            return answer
        }
        #expect(await client.perform(.checkOut, id).outcome == .done)
        await stage.close()
    }
}
