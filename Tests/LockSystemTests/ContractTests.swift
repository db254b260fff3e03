// SPDX-License-Identifier: MIT
import DemoServer
import LockSystemContract
import LockSystems
import Locks
import Testing

private let repeatedPages = "A listing whose pages repeat comes to an end, and shows nothing twice"
private let onePage = "it gives all locks at once"

/// Every lock system that the contract is tried on. A new one is one line here.
let backends = [
    Backend(kind: "plone", name: "Plone on the demo server", open: { try await DemoStage.open() }),
    Backend(kind: "msgraph", name: "Graph on the demo server", open: { try await GraphStage.open() }),
    Backend(
        kind: "nick", name: "Nick on the demo server", open: { try await NickStage.open { $0.nick.deletes = true } }),
    Backend(kind: "superoffice", name: "SuperOffice on the demo server", open: { try await SuperOfficeStage.open() }),
    Backend(
        kind: "superoffice", name: "SuperOffice's standard archive on the demo server",
        open: { try await SuperOfficeStage.openStandard() }),
    Backend(kind: "gitlfs", name: "Git LFS on the demo server", open: { try await GitLFSStage.open() }),
    Backend(
        kind: "gitlfs", name: "GitLab's locks on the demo server", left: [repeatedPages: onePage],
        open: {
            try await GitLFSStage.open { ($0.host, $0.force) = (.gitlab, .maintainers) }
        }),
    Backend(
        kind: "gitlfs", name: "Gitea's locks on the demo server",
        left: [
            repeatedPages: onePage,
            "What an account may not see is not there for it, and never free":
                "it answers 401 to a wrong password and to whoever may not look",
        ],
        open: { try await GitLFSStage.open { $0.host = .gitea } }),
    Backend(kind: "webdav", name: "WebDAV on the demo server", open: { try await WebDAVStage.open() }),
    Backend(
        kind: "webdav", name: "WebDAV that keeps folders' locks to itself, on the demo server",
        open: { try await WebDAVStage.open { $0.inherited = .hidden } }),
    Backend(
        kind: "webdav", name: "Subversion on the demo server",
        open: { try await WebDAVStage.open { $0.isSubversion = true } }),
    Backend(
        kind: "webdav", name: "Nextcloud on the demo server",
        open: { try await WebDAVStage.open { $0.isNextcloud = true } }),
]

@Suite("The contract of a lock system")
struct ContractTests {
    @Test("A promise is kept", arguments: backends.flatMap { backend in backend.clauses.map { (backend, $0) } })
    func keeps(_ backend: Backend, _ clause: Clause) async throws {
        try await clause.hold(on: backend)
    }

    @Test("What a server can't keep by itself is a promise that there is", arguments: backends)
    func left(_ backend: Backend) { #expect(backend.strays.isEmpty) }

    @Test("Every registered kind is on trial", arguments: Registry.kinds.map(\.word))
    func isTried(_ kind: String) {
        #expect(backends.contains { $0.kind == kind }, "\(kind) has no backend in the contract's table")
    }

    @Test("What a kind says that it does is what its system does", arguments: backends)
    func saysWhatItDoes(_ backend: Backend) async throws {
        let kind = try #require(Registry.kind(backend.kind))
        try await backend.open().during { server in
            let client = try await server.client(.first)
            #expect(client.system.operations == kind.operations)
        }
    }
}
