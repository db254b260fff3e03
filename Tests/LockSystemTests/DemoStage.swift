// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization

/// The demo server's site with the folder `/docs`, its clock standing still, and clients without a network.
final class DemoStage: ContractServer {
    let server: DemoServer
    private let start: Double
    private let state = Mutex((passed: 0.0, count: 0))

    private init(_ server: DemoServer) async {
        self.server = server
        start = await server.now
    }

    /// An empty site, set up further by `change`.
    static func open(_ change: (inout DemoOptions) -> Void = { _ in }) async throws -> DemoStage {
        var options = DemoOptions(documents: 0, speed: 0, people: false)
        change(&options)
        let stage = await DemoStage(try await DemoServer.start(options))
        try await stage.server.add(path: "/docs", type: "Folder", title: "Documents")
        return stage
    }

    /// The time that both clocks show.
    var now: Date { Date(timeIntervalSince1970: start + state.withLock { $0.passed }) }

    /// Lets time pass for everybody.
    func pass(_ seconds: Double) async {
        await server.advance(by: seconds)
        state.withLock { $0.passed += seconds }
    }

    static func name(_ role: Role) -> String? {
        switch role {
        case .first: "alice"
        case .second: "bob"
        case .third: "erin"
        case .administrator: "manager"
        case .outsider: "mallory"
        case .nobody: nil
        }
    }

    static func isSignIn(_ request: Request) -> Bool {
        request.url.contains("/@login") || request.url.contains("/@users/")
    }

    func isSignIn(_ request: Request) -> Bool { Self.isSignIn(request) }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        try client(Self.name(role).map { .account($0, password: settings.secret) } ?? .anonymous, settings)
    }

    /// A client whose profile is set up further by `change`.
    func client(
        _ login: SystemProfile.Login, _ settings: ClientSettings = ClientSettings(), at address: String? = nil,
        over base: (any Transport)? = nil, _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        let wire = Wire(base ?? InProcess(server: server), isSignIn: Self.isSignIn)
        let now: @Sendable () -> Date = { [self] in self.now.addingTimeInterval(settings.clockAhead) }
        var profile = SystemProfile(
            name: "contract", address: try WebAddress(address ?? server.address), login: login, transport: wire,
            now: now, time: .standing { [self] in self.state.withLock { $0.passed } })
        if let store = settings.store { profile.tokens = store }
        change(&profile)
        return Client(system: PloneSystem(profile), wire: wire, isReadOnly: settings.isReadOnly, now: now)
    }

    func addItem(titled title: String) async throws -> String { try await add("Document", title) }

    /// Adds an item to `/docs` and gives back its path.
    @discardableResult
    func add(_ type: String = "Document", _ title: String = "Page", state: String = "published") async throws -> String
    {
        let number = self.state.withLock { state in
            state.count += 1
            return state.count
        }
        let path = "/docs/item-\(number)"
        try await server.add(path: path, type: type, title: title, state: state)
        return path
    }

    func addHiddenItem() async throws -> String { try await add("Document", "Private", state: "private") }
    func remove(_ item: String) async throws { try await server.remove(path: item) }
    var shortTimeout: Int? { nil }

    func fillListing() async throws -> Int {
        for _ in 0..<250 { try await add() }
        return 250
    }

    func close() async { await server.stop() }
}

extension SystemProfile.Login {
    /// Somebody of the demo server, by token or by Basic.
    static func account(_ name: String, password: String? = nil, isBasic: Bool = false) -> SystemProfile.Login {
        let secret = password ?? (name == "admin" ? "admin" : name + "-pw")
        return .password(user: name, secret: { secret }, isBasic: isBasic)
    }
}

/// The demo server as a transport, without a network.
struct InProcess: Transport {
    let server: DemoServer
    func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        await server.answer(request)
    }
}
