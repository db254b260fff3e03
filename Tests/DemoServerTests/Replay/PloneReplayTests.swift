// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("The recorded exchanges of a real Plone")
struct PloneReplayTests {
    @Test("are answered alike: status, type, place and body; each is played once, or excluded with a reason")
    func replay() async throws { try await Replay.run(.plone, on: PloneSite()) }
}

/// The site that the recordings of Plone were made on.
private struct PloneSite: ReplaySite {
    let origin = "http://127.0.0.1:8080"
    let path = "/Plone"
    func options(_ words: [String]) -> DemoOptions {
        DemoOptions(documents: 0, speed: 0, people: false, title: "Lock test site")
    }

    func password(of user: String) -> String { user == "admin" ? "admin" : user + "-pw" }

    func prepare(_ words: [String], _ replay: Replay) async throws {
        switch words[0] {
        case "folder": try await add(words[1], "Folder", words[2], "published", "admin", to: replay)
        case "page": try await item(words[1], "Document", to: replay)
        case "item": try await item(words[1], words[2].replacing("_", with: " "), to: replay)
        case "documents": try await documents(to: replay)
        case "account":
            try await replay.core.perform(
                .addAccount(
                    DemoAccount(
                        name: words[1], password: password(of: words[1]), fullName: "Temp",
                        roles: ["Contributor", "Editor", "Member"])))
            _ = try await replay.token(words[1])
        default: Issue.record("no step: \(words)")
        }
    }

    func translate(_ name: String, _ value: String, _ recording: Recording, _ replay: Replay) async throws -> String? {
        switch name {
        case "Cookie":
            if await replay.cookie == nil { _ = try await replay.token("alice") }
            return await replay.cookie
        case "Lock-Token":
            guard value.contains("-00105A989226") else { return nil }
            let item = recording.path.split(separator: "/@")[0]
            let answer = await replay.core.answer(
                Request("GET", "\(origin)\(item)/@lock", headers: ["Accept": "application/json"]))
            guard let ours = try JSON(reading: answer.body)["token"]?.text else { return nil }
            return value.hasPrefix("<") ? "<opaquelocktoken:\(ours)>" : ours
        default: return nil
        }
    }

    private func add(
        _ path: String, _ type: String, _ title: String, _ state: String, _ by: String, description: String = "",
        to replay: Replay
    ) async throws {
        try await replay.core.perform(
            .add(path: "/" + path, type: type, title: title, description: description, state: state, by: by))
    }

    private func item(_ name: String, _ type: String, to replay: Replay) async throws {
        try await add("lab/" + name, type, "Lab \(name)", "private", "manager", to: replay)
        guard type != "File", type != "Image" else { return }
        let published = await replay.core.answer(
            Request(
                "POST", "\(origin)\(path)/lab/\(name)/@workflow/publish",
                headers: ["Accept": "application/json", "Authorization": try await replay.token("manager")]))
        #expect(published.status == 200)
    }

    private func documents(to replay: Replay) async throws {
        let titles = [
            "Quarterly report #", "Meeting minutes #", "Überprüfung der Maßnahmen #", "Installation guide #", "議事録 #",
            "Press release #", "Release checklist # 🔒",
            "A rather long title, as real editors write them, for page number # of the handbook",
        ]
        for number in 1...200 {
            let section = "docs/section-0\((number - 1) / 25 + 1)"
            if number % 25 == 1 {
                try await add(
                    section, "Folder", "Section \((number - 1) / 25 + 1)", "published", "admin", to: replay)
            }
            let digits = String(number)
            let id = "doc-" + String(repeating: "0", count: 4 - digits.count) + digits
            try await add(
                "\(section)/\(id)", "Document", titles[number % 8].replacing("#", with: digits),
                number % 5 == 0 ? "private" : "published", "admin", description: "Page \(number) of 200", to: replay)
        }
    }
}
