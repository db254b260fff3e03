// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension WebDAVSystem {
    /// What shows that it is one (webdav.md, section 2): the header by which a collection says that it has locks.
    static let signs: @Sendable (Probe) async throws -> Sighting? = { probe in
        // A collection has a slash at its end.
        let answer = try await probe.ask("OPTIONS", probe.address.description + "/")
        let words = answer.headers.all("DAV").flatMap { $0.split(separator: ",") }
        if (200..<300).contains(answer.status), words.contains(where: { $0.filter { $0 != " " } == "2" }) {
            return Sighting(probe.address)
        }
        // Nothing else that has locks asks for Digest; that it has, the sign-in shows.
        let challenges = answer.headers.all("WWW-Authenticate").map { $0.lowercased() }
        if answer.status == 401, !challenges.isEmpty, challenges.allSatisfy({ $0.hasPrefix("digest ") }) {
            return Sighting(probe.address)
        }
        try await findFrontPage(of: probe)
        return nil
    }
}
