// SPDX-License-Identifier: MIT
import HTTP
import Locks

/// Where a repository's locks are (git-lfs.md section 2).
struct GitLFSAddress: Sendable {
    /// What `/locks` is appended to.
    let endpoint: WebAddress
    /// The repository's page, for people.
    let page: String

    /// From the repository's address as git clones it, or an endpoint, and what the configuration says besides.
    init(_ address: WebAddress, _ options: OptionValues) {
        let own = Self.endpoint(of: address)
        // The configuration was checked: what is no address does not come here.
        endpoint = options.lfsURL.flatMap { try? WebAddress($0) } ?? own
        var path = address.path[...]
        if path.hasSuffix("/info/lfs") { path = path.dropLast("/info/lfs".count) }
        if path.hasSuffix(".git") { path = path.dropLast(".git".count) }
        page = address.origin + (path.isEmpty ? "/" : String(path))
    }

    private static func endpoint(of address: WebAddress) -> WebAddress {
        guard !address.path.hasSuffix("/info/lfs") else { return address }
        let isNamed = address.path.isEmpty || address.path.hasSuffix(".git")
        return (try? WebAddress(address.description + (isNamed ? "" : ".git") + "/info/lfs")) ?? address
    }
}
