// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension WebDAVSystem {
    private struct Status: Decodable {
        var productname: String
    }

    /// A cloud whose front page was named is no collection, and says what it is (webdav.md, section 10).
    /// - Throws: where its files are, when it is one.
    static func findFrontPage(of probe: Probe) async throws {
        for (root, _) in probe.roots() where WebPage(probe.page)?.text.contains("data-requesttoken") ?? false {
            let status = try await probe.ask("GET", root.description + "/status.php")
            guard let facts = try? JSONBody.decode(Status.self, from: status) else { continue }
            throw LockError(
                .wrongSystem, "\(probe.address) is the front page of a \(facts.productname).",
                advice: "Give the address of its files: \(root)/remote.php/dav/files/USER")
        }
    }
}
