// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization

/// The demo server as a host of Git LFS, its clock standing still, and clients without a network.
final class GitLFSStage: ContractServer {
    let server: DemoServer
    private let start: Double
    private let state = Mutex((passed: 0.0, isHidden: false))

    private init(_ server: DemoServer) async {
        self.server = server
        start = await server.now
    }

    /// A repository without locks, set up further by `change`.
    static func open(_ change: (inout GitLFSOptions) -> Void = { _ in }) async throws -> GitLFSStage {
        var options = DemoOptions(dialect: .gitlfs, documents: 0, speed: 0, people: false)
        change(&options.gitLFS)
        let stage = await GitLFSStage(try await DemoServer.start(options))
        try await stage.server.add(path: "/docs", type: "Folder", title: "Documents")
        return stage
    }

    /// The time that both clocks show.
    var now: Date { Date(timeIntervalSince1970: start + state.withLock { $0.passed }) }

    func pass(_ seconds: Double) async {
        await server.advance(by: seconds)
        state.withLock { $0.passed += seconds }
    }

    /// `locks/verify` reads by `POST`, and shows that the sign-in is right.
    static func isSignIn(_ request: Request) -> Bool { request.url.hasSuffix("/locks/verify") }
    func isSignIn(_ request: Request) -> Bool { Self.isSignIn(request) }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        try client(
            DemoStage.name(role).map { .account($0, password: settings.secret, isBasic: true) } ?? .anonymous, settings)
    }

    /// A client whose profile is set up further by `change`.
    func client(
        _ login: SystemProfile.Login = .account("alice", isBasic: true), _ settings: ClientSettings = ClientSettings(),
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        let wire = Wire(InProcess(server: server), isSignIn: Self.isSignIn)
        let now: @Sendable () -> Date = { [self] in self.now.addingTimeInterval(settings.clockAhead) }
        let isHidden = state.withLock { $0.isHidden }
        let address = isHidden ? server.address.replacing("/office.git", with: "/board") : server.address
        var profile = SystemProfile(
            name: "assets", address: try WebAddress(address), login: login, transport: wire, now: now,
            time: .standing { [self] in self.state.withLock { $0.passed } })
        if let store = settings.store { profile.tokens = store }
        change(&profile)
        return Client(system: GitLFSSystem(profile), wire: wire, isReadOnly: settings.isReadOnly, now: now)
    }

    func addItem(titled title: String) async throws -> String {
        try await server.add(path: "/docs/\(title)", title: title)
        return "/docs/\(title)"
    }

    /// From now on clients speak to the repository that the outsider may not read: there are no rights to one file.
    func addHiddenItem() async throws -> String {
        state.withLock { $0.isHidden = true }
        return try await addItem(titled: "Private")
    }

    func remove(_ item: String) async throws { try await server.remove(path: item) }

    /// Locks do not run out.
    var shortTimeout: Int? { nil }
    var knowsFiles: Bool { false }
    var hasTitles: Bool { false }

    func fillListing() async throws -> Int {
        for number in 0..<250 {
            let path = try await addItem(titled: "Asset \(number)")
            try await server.lock(path: path, as: "erin")
        }
        return 250
    }

    func close() async { await server.stop() }
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
