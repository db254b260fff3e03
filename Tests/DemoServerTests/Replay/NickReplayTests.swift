// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("The recorded exchanges of a running Nick")
struct NickReplayTests {
    @Test("are answered alike: status, type, place, limits and body; each is played once, or excluded with a reason")
    func replay() async throws { try await Replay.run(.nick, on: NickSite()) }
}

/// The site that the recordings of Nick were made on.
private struct NickSite: ReplaySite {
    let origin = "http://127.0.0.1:9990"
    let path = ""

    func options(_ words: [String]) -> DemoOptions {
        var options = DemoOptions(dialect: .nick, documents: 0, speed: 0, people: false, title: "Nick")
        options.nick.isLimited = words.contains("limited")
        return options
    }

    func password(of user: String) -> String { ["admin", "anonymous"].contains(user) ? user : user + "-password" }

    func begin(_ replay: Replay) async throws {
        for (name, full, roles) in [
            ("alice", "Alice Ångström", ["Editor"]), ("bob", "Bob Builder", ["Editor"]),
            ("rita", "Rita Reader", ["Reader"]), ("carol", "Carol Contributor", ["Contributor"]),
            ("erin", "Erin Reviewer", ["Reviewer"]), ("nofull", "", ["Editor"]), ("mallory", "Mallory Norole", []),
        ] { try await account(name, full, roles, replay) }
        try await replay.core.perform(
            .add(path: "/lab", type: "Folder", title: "Lab lab", state: "published", by: "admin"))
    }

    private func account(_ name: String, _ full: String, _ roles: [String], _ replay: Replay) async throws {
        try await replay.core.perform(
            .addAccount(DemoAccount(name: name, password: password(of: name), fullName: full, roles: roles)))
    }

    func prepare(_ words: [String], _ replay: Replay) async throws {
        switch words[0] {
        case "folder": try await add("Folder", words, replay)
        case "page": try await add("Document", words, replay)
        case "item": try await add(words[2], [words[0], words[1]], replay)
        case "account":
            try await account(words[1], words[2].replacing("_", with: " "), Array(words.dropFirst(3)), replay)
        default: Issue.record("no step: \(words)")
        }
    }

    /// `page PATH [STATE [OWNER [TITLE]]]`
    private func add(_ type: String, _ words: [String], _ replay: Replay) async throws {
        let name = words[1].split(separator: "/").last ?? ""
        let title = words.count > 4 ? words[4].replacing("_", with: " ") : "Lab \(name)"
        try await replay.core.perform(
            .add(
                path: "/" + words[1], type: type, title: title, state: words.count > 2 ? words[2] : "published",
                by: words.count > 3 ? words[3] : "admin"))
    }

    /// The recorded UIDs that are asked for.
    private static let uids = [
        "e3edc8cd-9733-412b-ba42-30bb754d1b47": "/lab/list/p2", "62c9ffa6-60f3-4e0a-86b2-866737e24b9f": "/lab/list/p1",
    ]

    func target(_ recording: Recording, _ replay: Replay) async throws -> String {
        var target = recording.path
        for (uid, path) in Self.uids where target.contains(uid) {
            let answer = await replay.core.answer(Request("GET", origin + path))
            target = target.replacing(uid, with: try #require(try JSON(reading: answer.body)["UID"]?.text))
        }
        return target
    }

    // The real site's robots.txt fills a page of it.
    func lengthCounts(_ recording: Recording) -> Bool { recording.path != "/@site" }

    func compare(_ recording: Recording, _ body: JSON) -> [String] {
        var (wanted, found) = (recording.answer, body)
        let isSorted = recording.path.contains("sort_on=path") && !recording.path.contains("sort_on=id")
        if recording.path.contains("earch"), !isSorted, let items = wanted["items"]?.elements, !items.isEmpty {
            // Without an order, and among equals, the database's own counts. What comes whole is put in one; of a part
            // it counts how many come, and what is told of each.
            let isWhole = recording.method == "GET" && !recording.path.contains("b_size") && wanted["(note)"] == nil
            (wanted, found) =
                isWhole ? (Self.sorted(wanted), Self.sorted(found)) : (Self.kinds(wanted), Self.kinds(found))
        }
        return JSONComparison(wanted, found).differences.filter { !$0.contains("plone.robots_txt is ") }
    }

    private static func sorted(_ answer: JSON) -> JSON {
        let items = (answer["items"]?.elements ?? []).sorted { $0["path"]?.text ?? "" < $1["path"]?.text ?? "" }
        return [
            "@id": answer["@id"] ?? .null, "items": .array(items), "items_total": answer["items_total"] ?? .null,
        ]
    }

    private static func kinds(_ answer: JSON) -> JSON {
        let items = answer["items"]?.elements ?? []
        return [
            "items": .array(items.map { .array(($0.fields ?? []).map(\.key).sorted().map { .string($0) }) }),
            "items_total": answer["items_total"] ?? .null,
        ]
    }
}
