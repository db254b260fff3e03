// SPDX-License-Identifier: MIT
import LockSystemContract
import Locks
import Testing

@Suite(.serialized) struct FileServerContractTests {
    private static func backend(_ real: RealServer) -> Backend {
        Backend(kind: "webdav", name: real.name, left: real.left) { try await FileServer.open(real) }
    }

    @Test(
        "Apache keeps a promise", .enabled(if: RealServer.apache.address != nil, "\(RealServer.apache.reason)"),
        arguments: backend(.apache).clauses)
    func apache(_ clause: Clause) async throws { try await clause.hold(on: Self.backend(.apache)) }

    @Test(
        "WsgiDAV keeps a promise", .enabled(if: RealServer.wsgiDAV.address != nil, "\(RealServer.wsgiDAV.reason)"),
        arguments: backend(.wsgiDAV).clauses)
    func wsgiDAV(_ clause: Clause) async throws { try await clause.hold(on: Self.backend(.wsgiDAV)) }

    @Test(
        "Subversion keeps a promise",
        .enabled(if: RealServer.subversion.address != nil, "\(RealServer.subversion.reason)"),
        arguments: backend(.subversion).clauses)
    func subversion(_ clause: Clause) async throws { try await clause.hold(on: Self.backend(.subversion)) }

    @Test(
        "What a server can't keep by itself is a promise that there is",
        arguments: [RealServer.apache, .wsgiDAV, .subversion])
    func left(_ real: RealServer) {
        #expect(Self.backend(real).strays.isEmpty)
    }
}
