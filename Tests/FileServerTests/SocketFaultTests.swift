// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import HTTPTransport
import LockSystemContract
import LockSystems
import Locks
import Testing

/// A system of the demo server that is spoken to over a socket.
struct SocketScene: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let dialect: DialectKind
    var change: @Sendable (inout DemoOptions) -> Void = { _ in }
    let make: @Sendable (SystemProfile) -> any LockSystem

    static let all = [
        SocketScene(testDescription: "Git LFS", dialect: .gitlfs, make: { GitLFSSystem($0) }),
        SocketScene(testDescription: "WebDAV", dialect: .webdav, make: { WebDAVSystem($0) }),
        SocketScene(
            testDescription: "Subversion", dialect: .webdav, change: { $0.webDAV.isSubversion = true },
            make: { WebDAVSystem($0) }),
        SocketScene(
            testDescription: "Nextcloud", dialect: .webdav, change: { $0.webDAV.isNextcloud = true },
            make: { profile in
                var profile = profile
                profile.options.put("dialect", "nextcloud")
                return WebDAVSystem(profile)
            }),
    ]
}

@Suite("What goes wrong on a socket, with each system of files", .timeLimit(.minutes(2)))
struct SocketFaultTests {
    @Test(
        "A reading that goes wrong is told in the right word, and the next one is right",
        arguments: SocketScene.all,
        [
            (Fault.Kind.dropBeforeEffect, LockError.Code.unreachable), (.dropAfterEffect, .unreachable),
            (.hang, .unreachable), (.slowDrip(bytes: 1, pause: .seconds(1)), .unreachable),
            (.hugeBody(2 << 20), .unreachable), (.truncatedJSON, .nonsense), (.emptyBody, .nonsense),
            (.loginPage, .wrongSystem), (.status(503, retryAfter: 1), .slowDown),
            (.status(401, retryAfter: nil), .notSignedIn),
        ])
    func readings(_ scene: SocketScene, _ fault: (kind: Fault.Kind, code: LockError.Code)) async throws {
        var options = DemoOptions(dialect: scene.dialect, documents: 0, people: false)
        scene.change(&options)
        let server = try await DemoServer.start(options)
        try await server.add(path: "/docs", type: "Folder", title: "Documents")
        try await server.add(path: "/docs/plan.odt", title: "Plan")
        var network = NetworkOptions()
        network.maximumBytes = 1 << 20
        let transport = try NetworkTransport(network)
        let system = scene.make(
            SystemProfile(
                name: "files", address: try WebAddress(server.address), login: .account("alice", isBasic: true),
                transport: transport, timeout: 0.5, now: { Date() }))
        _ = try await system.signIn()
        await server.setFaults(Faults([Fault(fault.kind)]))
        await #expect { _ = try await system.find("/docs/plan.odt") } throws: { error in
            let error = error as? LockError
            return error?.code == fault.code && error?.message.isEmpty == false && error?.mayHaveHappened == false
        }
        await server.setFaults(.none)
        #expect(try await system.find("/docs/plan.odt").reading.state == .free)
        await transport.shutdown()
        await server.stop()
    }
}
