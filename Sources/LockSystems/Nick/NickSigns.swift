// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension NickSystem {
    private struct SiteFacts: Decodable {
        var address: String
        enum CodingKeys: String, CodingKey { case address = "@id" }
    }

    /// What shows that it is one (nick.md, section 9): the site's facts as JSON, also where nothing asks for that. A
    /// separate front end passes the mark of the interface on.
    static let signs: @Sendable (Probe) async throws -> Sighting? = { probe in
        var seen: (root: WebAddress, path: String?)?
        // Every document answers so, and the root is the uppermost one.
        for (root, path) in probe.roots(without: ["/++api++"]) {
            if try await answers(root, probe) { seen = (root, path) } else if seen != nil { break }
        }
        guard let seen else { return nil }
        var levels = (seen.path ?? "").split(separator: "/")
        while let last = levels.last, ["edit", "contents", "login"].contains(last) { levels.removeLast() }
        return Sighting(seen.root, path: levels.isEmpty ? nil : "/" + levels.joined(separator: "/"))
    }

    private static func answers(_ root: WebAddress, _ probe: Probe) async throws -> Bool {
        for mark in ["", "/++api++"] {
            let answer = try await probe.ask("GET", root.description + mark + "/@site")
            if answer.status == 200, (try? JSONBody.decode(SiteFacts.self, from: answer)) != nil { return true }
        }
        return false
    }
}
