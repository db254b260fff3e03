// SPDX-License-Identifier: MIT
import LockSystemContract
import Locks
import Testing

@Suite(.serialized) struct FileServerContractTests {
    private static func clauses(_ real: RealServer) -> [Clause] {
        Clause.all.filter { real.left[$0.sentence] == nil }
    }

    private func keep(_ clause: Clause, on real: RealServer) async throws {
        try await clause.hold(
            on: Backend(kind: "webdav", name: real.name, open: { try await FileServer.open(real) }))
    }

    @Test(
        "Apache keeps a promise", .enabled(if: RealServer.apache.address != nil, "\(RealServer.apache.reason)"),
        arguments: clauses(.apache))
    func apache(_ clause: Clause) async throws { try await keep(clause, on: .apache) }

    @Test(
        "WsgiDAV keeps a promise", .enabled(if: RealServer.wsgiDAV.address != nil, "\(RealServer.wsgiDAV.reason)"),
        arguments: clauses(.wsgiDAV))
    func wsgiDAV(_ clause: Clause) async throws { try await keep(clause, on: .wsgiDAV) }

    @Test(
        "Subversion keeps a promise",
        .enabled(if: RealServer.subversion.address != nil, "\(RealServer.subversion.reason)"),
        arguments: clauses(.subversion))
    func subversion(_ clause: Clause) async throws { try await keep(clause, on: .subversion) }

    @Test(
        "What a server can't keep by itself is a promise that there is",
        arguments: [RealServer.apache, .wsgiDAV, .subversion])
    func left(_ real: RealServer) {
        #expect(Set(real.left.keys).isSubset(of: Clause.all.map(\.sentence)))
    }
}
