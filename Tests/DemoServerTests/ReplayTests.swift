// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

/// Plays the recordings to one server, in their order, and compares what it answers.
@Suite("The recorded exchanges of a real server")
struct ReplayTests {
    @Test("are answered alike: status, type, place and body")
    func replay() async throws {
        let player = try await Player()
        for line in ReplayScript.text.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
            let words = line.split(separator: " ").map(String.init)
            if words.first == "+" {
                try await player.prepare(Array(words.dropFirst()))
            } else {
                for name in words { try await player.play(try Recording(named: name)) }
            }
        }
        for (name, differences) in await player.failures {
            Issue.record("\(name): \(differences.joined(separator: "; "))")
        }
        #expect(await player.played.count == (try Recording.all()).count - ReplayScript.excluded.count)
    }

    @Test("are all in the script once, or excluded with a reason")
    func complete() throws {
        let lines = ReplayScript.text.split(separator: "\n").filter { !$0.contains("+ ") }
        let played = lines.flatMap { $0.split(separator: " ").map(String.init) }
        #expect((played + ReplayScript.excluded.keys).sorted() == (try Recording.all()))
    }
}

/// One server with the site that the recordings were made on.
actor Player {
    private let server: Core
    private var tokens: [String: String] = [:]
    private var cookie: String?
    private(set) var failures: [(String, [String])] = []
    private(set) var played: [String] = []
    private static let site = "http://127.0.0.1:8080/Plone"

    init() async throws {
        server = Core(
            DemoOptions(documents: 0, speed: 0, people: false, title: "Lock test site"))
    }

    // MARK: Steps that were not recorded

    func prepare(_ words: [String]) async throws {
        switch words[0] {
        case "folder":
            try await add(words[1], "Folder", words[2], "published", "admin")
        case "page":
            try await item(words[1], "Document")
        case "item":
            try await item(words[1], words[2].replacing("_", with: " "))
        case "documents":
            try await documents()
        case "account":
            try await server.perform(
                .addAccount(
                    DemoAccount(
                        name: words[1], password: words[1] + "-pw", fullName: "Temp",
                        roles: ["Contributor", "Editor", "Member"])))
            _ = try await token(words[1])
        case "delete-account":
            try await server.perform(.removeAccount(words[1]))
        case "token":
            _ = try await token(words[1])
        case "wait":
            let seconds = try #require(Double(words[1]))
            await server.advance(by: seconds)
            if seconds > 1000 { tokens = tokens.filter { $0.key == "late" } }
        default:
            let response = await server.answer(
                Request(
                    Method(rawValue: words[0]), Self.site + words[1],
                    headers: ["Accept": "application/json", "Authorization": try await token(words[2])],
                    body: words.count > 3 ? Array(words[3...].joined(separator: " ").utf8) : nil))
            #expect((200..<300).contains(response.status), "\(words)")
        }
    }

    private func add(
        _ path: String, _ type: String, _ title: String, _ state: String, _ by: String, description: String = ""
    ) async throws {
        try await server.perform(
            .add(path: "/" + path, type: type, title: title, description: description, state: state, by: by))
    }

    private func item(_ name: String, _ type: String) async throws {
        try await add("lab/" + name, type, "Lab \(name)", "private", "manager")
        guard type != "File", type != "Image" else { return }
        try await prepare(["POST", "/lab/\(name)/@workflow/publish", "manager"])
    }

    private func documents() async throws {
        let titles = [
            "Quarterly report #", "Meeting minutes #", "Überprüfung der Maßnahmen #", "Installation guide #", "議事録 #",
            "Press release #", "Release checklist # 🔒",
            "A rather long title, as real editors write them, for page number # of the handbook",
        ]
        for number in 1...200 {
            let section = "docs/section-0\((number - 1) / 25 + 1)"
            if number % 25 == 1 {
                try await add(section, "Folder", "Section \((number - 1) / 25 + 1)", "published", "admin")
            }
            let digits = String(number)
            let id = "doc-" + String(repeating: "0", count: 4 - digits.count) + digits
            try await add(
                "\(section)/\(id)", "Document", titles[number % 8].replacing("#", with: digits),
                number % 5 == 0 ? "private" : "published", "admin", description: "Page \(number) of 200")
        }
    }

    // MARK: Recordings

    func play(_ recording: Recording) async throws {
        var headers = Headers()
        for (name, value) in recording.headers where name != "Host" {
            headers.add(name, try await translate(name, value, recording))
        }
        let response = await server.answer(
            Request(
                Method(rawValue: recording.method), "http://127.0.0.1:8080" + recording.path, headers: headers,
                body: recording.body))
        played.append(recording.name)
        var problems: [String] = []
        if response.status != recording.status { problems.append("status \(response.status), not \(recording.status)") }
        if response.headers["Content-Type"] != recording.contentType {
            problems.append("type \(response.headers["Content-Type"] ?? "none")")
        }
        if response.headers["Location"] != recording.location { problems.append("location") }
        if let length = recording.exactLength, response.body.count != length {
            problems.append("\(response.body.count) bytes, not \(length)")
        }
        problems += compareBody(response, recording)
        if !problems.isEmpty { failures.append((recording.name, problems)) }
    }

    private func compareBody(_ response: Response, _ recording: Recording) -> [String] {
        guard recording.answer != .null, recording.method != "HEAD" else {
            return recording.method == "HEAD" || response.body.isEmpty ? [] : ["a body"]
        }
        if case .string(let text) = recording.answer {
            // HTML and XML are for people and office programs: the kind of document is compared.
            let same = String(decoding: response.body.prefix(5), as: UTF8.self) == text.prefix(5)
            return same ? [] : ["another kind of document"]
        }
        guard let body = try? JSON(reading: response.body) else { return ["no JSON"] }
        return JSONComparison(recording.answer, body).differences
    }

    private func translate(_ name: String, _ value: String, _ recording: Recording) async throws -> String {
        switch name {
        case "Authorization":
            guard value.hasPrefix("Bearer ey"), let user = recording.user else { return value }
            return try await token(user)
        case "Cookie":
            if cookie == nil { _ = try await token("alice") }
            return try #require(cookie)
        case "Lock-Token":
            guard value.contains("-00105A989226") else { return value }
            let item = recording.path.split(separator: "/@")[0]
            let answer = await server.answer(
                Request("GET", "http://127.0.0.1:8080\(item)/@lock", headers: ["Accept": "application/json"]))
            let ours = try JSON(reading: answer.body)["token"]?.text ?? value
            return value.hasPrefix("<") ? "<opaquelocktoken:\(ours)>" : ours
        default:
            return value
        }
    }

    private func token(_ user: String) async throws -> String {
        if let token = tokens[user] { return token }
        let password = user == "admin" ? "admin" : user + "-pw"
        let response = await server.answer(
            Request(
                "POST", Self.site + "/@login", headers: ["Accept": "application/json"],
                body: (["login": .string(user), "password": .string(password)] as JSON).encoded()))
        let token = "Bearer " + (try #require(try JSON(reading: response.body)["token"]?.text))
        if user == "alice" { cookie = response.headers["Set-Cookie"].map { String($0.prefix { $0 != ";" }) } }
        tokens[user] = token
        return token
    }
}
