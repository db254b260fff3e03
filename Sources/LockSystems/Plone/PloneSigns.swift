// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension PloneSystem {
    private struct SiteFacts: Decodable {
        var address: String
        enum CodingKeys: String, CodingKey { case address = "@id" }
    }

    private struct Refusal: Decodable {
        var type: String
        var message: String
    }

    /// Pages of an item that people copy from the browser's line along with it.
    private static let pages: Set = ["view", "edit", "folder_contents", "contents", "sharing", "login"]

    /// What shows that it is one (plone.md, section 8): the site's facts, as JSON only where that is asked for.
    static let signs: @Sendable (Probe) async throws -> Sighting? = { probe in
        for (root, path) in probe.roots(without: ["/++api++"]) {
            for mark in ["", "/++api++"] {
                let url = root.description + mark + "/@site"
                let answer = try await probe.ask("GET", url, headers: ["Accept": "application/json"])
                guard isSite(answer) else { continue }
                // One that answers so to everybody is another that looks alike.
                let plain = try await probe.ask("GET", url)
                guard (try? JSONBody.decode(SiteFacts.self, from: plain)) == nil else { return nil }
                return Sighting(root, path: folder(path))
            }
        }
        let page = WebPage(probe.page)
        if page?.text.contains("@@plone-addsite") ?? false {
            throw LockError(
                .wrongSystem, "\(probe.address) is what Plone's sites lie in, and no site.",
                advice: "Give the address of the site, as \(probe.address)/Plone.")
        }
        if page?.generator.hasPrefix("plone") ?? false {
            throw LockError(
                .wrongSystem, "\(probe.address) is a Plone whose REST interface does not answer.",
                advice: "Have plone.restapi installed there, or give the address at which it is reached.")
        }
        return nil
    }

    private static func isSite(_ answer: Response) -> Bool {
        if answer.status == 200 { return (try? JSONBody.decode(SiteFacts.self, from: answer)) != nil }
        // A site that is closed to the public.
        return answer.status == 401 && (try? JSONBody.decode(Refusal.self, from: answer))?.type == "Unauthorized"
    }

    private static func folder(_ path: String?) -> String? {
        var levels = (path ?? "").split(separator: "/")
        while let last = levels.last, last.hasPrefix("@@") || pages.contains(String(last)) { levels.removeLast() }
        return levels.isEmpty ? nil : "/" + levels.joined(separator: "/")
    }
}
