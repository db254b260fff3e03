// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension GitLFSSystem {
    /// What shows that it is one: the endpoint of the address answers with locks, or with its media type that it shows
    /// none to a stranger (git-lfs.md sections 2 to 4). One request, for the address as it was named: a repository has no
    /// pages below it that lead back.
    static let signs: @Sendable (Probe) async throws -> Sighting? = { probe in
        guard !probe.address.path.isEmpty else { return nil }
        let endpoint = GitLFSAddress(probe.address, OptionValues()).endpoint
        let answer = try await probe.ask(
            "GET", endpoint.appending(["locks"], query: [("limit", "1")]),
            headers: ["Accept": "application/vnd.git-lfs+json"])
        let isList = answer.status == 200 && (try? JSONBody.decode(GitLFSPage.self, from: answer)) != nil
        let type = answer.headers["Content-Type"]?.lowercased() ?? ""
        let isRefusal =
            [401, 403].contains(answer.status)
            && (type.hasPrefix("application/vnd.git-lfs+json") || answer.headers["LFS-Authenticate"] != nil)
        return isList || isRefusal ? Sighting(probe.address) : nil
    }
}
