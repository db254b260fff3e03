// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension WebDAVSystem {
    private struct Status: Decodable {
        var productname: String
    }

    /// What shows that it is one (webdav.md, section 2): the header by which a collection says that it has locks. A cloud whose front
    /// page was named says where its files are.
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
        for (root, _) in probe.roots() where WebPage(probe.page)?.text.contains("data-requesttoken") ?? false {
            let status = try await probe.ask("GET", root.description + "/status.php")
            guard let facts = try? JSONBody.decode(Status.self, from: status) else { continue }
            throw LockError(
                .wrongSystem, "\(probe.address) is the front page of a \(facts.productname).",
                advice: "Give the address of its files: \(root)/remote.php/dav/files/USER")
        }
        return nil
    }
}
