// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization

/// The demo server as a host of Git LFS, its clock standing still, and clients without a network.
final class GitLFSStage: Stage {
    let demo: StandingDemo
    let letsOthersForce: Bool
    private let isHidden = Mutex(false)

    private init(_ demo: StandingDemo, letsOthersForce: Bool) {
        (self.demo, self.letsOthersForce) = (demo, letsOthersForce)
    }

    /// A repository without locks, set up further by `change`.
    static func open(_ change: (inout GitLFSOptions) -> Void = { _ in }) async throws -> GitLFSStage {
        let opened = try await StandingDemo.open(.gitlfs, \.gitLFS, change)
        return GitLFSStage(opened.demo, letsOthersForce: opened.quirks.force == .writers)
    }

    /// `locks/verify` reads by `POST`, and shows that the sign-in is right.
    static func isSignIn(_ request: Request) -> Bool { request.url.hasSuffix("/locks/verify") }
    func isSignIn(_ request: Request) -> Bool { Self.isSignIn(request) }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        try client(.role(role, settings, isBasic: true), settings)
    }

    /// A client whose profile is set up further by `change`.
    func client(
        _ login: SystemProfile.Login = .account("alice", isBasic: true), _ settings: ClientSettings = ClientSettings(),
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        let isHidden = isHidden.withLock(\.self)
        let address = isHidden ? server.address.replacing("/office.git", with: "/board") : server.address
        return try client("assets", at: address, login, settings, change) { GitLFSSystem($0) }
    }

    func addItem(titled title: String) async throws -> String {
        try await server.add(path: "/docs/\(title)", title: title)
        return "/docs/\(title)"
    }

    /// From now on clients speak to the repository that the outsider may not read: there are no rights to one file.
    func addHiddenItem() async throws -> String {
        isHidden.withLock { $0 = true }
        return try await addItem(titled: "Private")
    }

    var knowsFiles: Bool { false }
    var hasTitles: Bool { false }

    func fillListing() async throws -> Int {
        for number in 0..<250 {
            let path = try await addItem(titled: "Asset \(number)")
            try await server.lock(path: path, as: "erin")
        }
        return 250
    }
}

/// A host of Git LFS that answers from a script: by the method, and by how the address ends.
struct GitLFSScript {
    let transport: MemoryTransport
    let system: GitLFSSystem

    init(
        url: String = "https://git.example.org/studio/game",
        login: SystemProfile.Login = .account("ines", isBasic: true),
        _ change: (inout SystemProfile) -> Void = { _ in },
        answer: @escaping @Sendable (Request) -> Response
    ) throws {
        transport = MemoryTransport { answer($0) }
        var profile = SystemProfile(
            name: "game", address: try WebAddress(url), login: login, transport: transport,
            now: { Date(timeIntervalSince1970: 1_777_888_800) })
        change(&profile)
        system = GitLFSSystem(profile)
    }

    /// An answer as a host sends it.
    static func json(_ text: String, status: Int = 200) -> Response {
        Response(status: status, headers: ["Content-Type": "application/vnd.git-lfs+json"], body: Array(text.utf8))
    }
}
