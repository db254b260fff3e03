// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

/// Plays a script of recordings to a demo server, in their order, and compares what it answers.
actor Replay {
    let site: any ReplaySite
    let place: String
    private(set) var core: Core
    private(set) var failures: [String] = []
    private(set) var played = 0
    /// The cookie of the last sign-in.
    private(set) var cookie: String?
    private var tokens: [String: String] = [:]
    /// Whose token stands for one that was recorded without a name.
    private var stranger: String?
    /// What stands for recorded lock tokens and marks of bodies.
    private var known: [String: String] = [:]

    init(_ site: any ReplaySite, place: String) {
        self.site = site
        self.place = place
        core = Core(site.options([]))
    }

    /// Plays all of it.
    static func run(_ script: ReplayScript, on site: any ReplaySite) async throws {
        let replay = Replay(site, place: script.place)
        try await site.begin(replay)
        for line in script.lines {
            switch line {
            case .step(let words): try await replay.step(words)
            case .recordings(let names):
                for name in names { try await replay.play(try Recording(named: name, in: script.place)) }
            }
        }
        for failure in await replay.failures { Issue.record("\(failure)") }
        #expect(await replay.played == script.played.count)
        #expect(try script.mistakes() == [])
    }

    // MARK: Steps

    private func step(_ words: [String]) async throws {
        switch words[0] {
        case "wait": await core.advance(by: try #require(Double(words[1])))
        case "restart": try await restart(words)
        case "times":
            for _ in 0..<(try #require(Int(words[1]))) { try await request(Array(words.dropFirst(2))) }
        case "delete-account": try await core.perform(.removeAccount(words[1]))
        case "token": tokens[words[1]] = try await signedIn(words.count > 2 ? words[2] : words[1])
        case "forget-tokens": tokens = tokens.filter { words.dropFirst().contains($0.key) }
        case "as": stranger = words[1]
        case "GET", "POST", "PATCH", "DELETE", "PUT", "LOCK": try await request(words)
        default: try await site.prepare(words, self)
        }
    }

    private func restart(_ words: [String]) async throws {
        core = Core(site.options(words))
        (tokens, stranger) = ([:], nil)
        try await site.begin(self)
    }

    /// Sends a request that was not recorded. What follows `=>` is the recorded token of the lock that it makes.
    private func request(_ words: [String]) async throws {
        let end = words.firstIndex(of: "=>") ?? words.endIndex
        let body = words.count > 3 && end > 3 ? Array(words[3..<end].joined(separator: " ").utf8) : nil
        var headers: Headers = ["Accept": "application/json", "Authorization": try await token(words[2])]
        if body != nil { headers["Content-Type"] = "application/json" }
        let response = await core.answer(
            Request(Method(rawValue: words[0]), site.origin + site.path + words[1], headers: headers, body: body))
        #expect((200..<300).contains(response.status), "\(words)")
        guard end < words.endIndex else { return }
        known[words[end + 1]] = try JSON(reading: response.body)["token"]?.text
    }

    // MARK: Recordings

    private func play(_ recording: Recording) async throws {
        var headers = Headers()
        for (name, value) in recording.headers {
            headers.add(name, try await translate(name, value, recording))
        }
        let origin = headers["Host"].map { "http://" + $0 } ?? site.origin
        headers["Host"] = nil
        let response = await core.answer(
            Request(
                Method(rawValue: recording.method), origin + (try await site.target(recording, self)),
                headers: headers, body: recording.body))
        played += 1
        learn(recording, response)
        let problems = compare(recording, response)
        if !problems.isEmpty { failures.append("\(recording.name): " + problems.joined(separator: "; ")) }
    }

    private func translate(_ name: String, _ value: String, _ recording: Recording) async throws -> String {
        if name == "Authorization", value.hasPrefix("Bearer ey") {
            if let user = recording.user { return try await token(user) }
            if let stranger { return try await token(stranger) }
        }
        if let same = known[value] { return same }
        return try await site.translate(name, value, recording, self) ?? value
    }

    // Later requests name locks and bodies by what these were called then.
    private func learn(_ recording: Recording, _ response: Response) {
        if let tag = recording.tag { known[tag] = response.headers["ETag"] }
        guard let body = try? JSON(reading: response.body) else { return }
        learn(recording.answer, body)
    }

    private func learn(_ recorded: JSON, _ found: JSON) {
        if let token = recorded["token"]?.text, let ours = found["token"]?.text { known[token] = ours }
        for field in recorded.fields ?? [] where field.value.fields != nil {
            if let other = found[field.key] { learn(field.value, other) }
        }
    }

    private func compare(_ recording: Recording, _ response: Response) -> [String] {
        var problems: [String] = []
        if response.status != recording.status { problems.append("status \(response.status), not \(recording.status)") }
        if response.headers["Content-Type"] != recording.contentType {
            problems.append("type \(response.headers["Content-Type"] ?? "none")")
        }
        if response.headers["Location"] != recording.location { problems.append("location") }
        if let length = recording.exactLength, site.lengthCounts(recording), response.body.count != length {
            problems.append("\(response.body.count) bytes, not \(length)")
        }
        if response.headers["RateLimit-Policy"] != nil {
            for field in recording.limits.fields where response.headers[field.name] != field.value {
                problems.append("\(field.name) \(response.headers[field.name] ?? "none"), not \(field.value)")
            }
        }
        return problems + compareBody(response, recording)
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
        return site.compare(recording, body)
    }

    // MARK: People

    func token(_ user: String) async throws -> String {
        if let token = tokens[user] { return token }
        let token = try await signedIn(user)
        tokens[user] = token
        return token
    }

    private func signedIn(_ user: String) async throws -> String {
        var headers: Headers = ["Accept": "application/json", "Content-Type": "application/json"]
        // Where sign-ins are limited by address, those that were not recorded count for another.
        headers["X-Forwarded-For"] = "198.51.100.7"
        let response = await core.answer(
            Request(
                "POST", site.origin + site.path + "/@login", headers: headers,
                body: (["login": .string(user), "password": .string(site.password(of: user))] as JSON).encoded()))
        if user == "alice" { cookie = response.headers["Set-Cookie"].map { String($0.prefix { $0 != ";" }) } }
        return "Bearer " + (try #require(try JSON(reading: response.body)["token"]?.text))
    }
}
