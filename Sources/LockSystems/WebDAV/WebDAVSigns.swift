// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension WebDAVSystem {
    /// What shows that it is one: the header by which every such server says that it has locks (webdav.md section 2).
    static let signs: @Sendable (Probe) async throws -> Sighting? = { probe in
        let answer = try await probe.ask("OPTIONS", probe.address.description + "/")
        guard (200..<300).contains(answer.status) else { return nil }
        let words = answer.headers.all("DAV").flatMap { $0.split(separator: ",") }
        return words.contains { $0.filter { $0 != " " } == "2" } ? Sighting(probe.address) : nil
    }
}
