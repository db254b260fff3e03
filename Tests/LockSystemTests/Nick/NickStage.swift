// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization

/// A Nick of the demo with the folder `/docs`, its clock standing still, and clients without a network.
final class NickStage: ContractServer {
    let server: DemoServer
    private let start: Double
    private let forcesBySaving: Bool
    private let state = Mutex((passed: 0.0, count: 0))

    private init(_ server: DemoServer, forcesBySaving: Bool) async {
        self.server = server
        self.forcesBySaving = forcesBySaving
        start = await server.now
    }

    /// An empty site, set up further by `change`.
    static func open(
        forcesBySaving: Bool = false, _ change: (inout DemoOptions) -> Void = { _ in }
    ) async throws -> NickStage {
        var options = DemoOptions(dialect: .nick, documents: 0, speed: 0, people: false)
        change(&options)
        let stage = await NickStage(try await DemoServer.start(options), forcesBySaving: forcesBySaving)
        try await stage.server.add(path: "/docs", type: "Folder", title: "Documents")
        return stage
    }

    /// The time that both clocks show.
    var now: Date { Date(timeIntervalSince1970: start + state.withLock { $0.passed }) }

    func pass(_ seconds: Double) async {
        await server.advance(by: seconds)
        state.withLock { $0.passed += seconds }
    }

    func isSignIn(_ request: Request) -> Bool { Self.isSignIn(request) }

    static func isSignIn(_ request: Request) -> Bool {
        request.url.contains("/@login") || request.url.contains("/@users/") || request.url.hasSuffix("/@site")
    }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        let name: String? =
            switch role {
            case .first: "alice"
            case .second: "bob"
            case .third: "erin"
            case .administrator: "manager"
            case .outsider: "mallory"
            case .nobody: nil
            }
        return try client(name, settings, password: settings.secret)
    }

    /// A client of somebody, with a profile that is set up further by `change`.
    func client(
        _ name: String?, _ settings: ClientSettings = ClientSettings(), password: String? = nil,
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        let wire = Wire(NickWire(server: server), isSignIn: Self.isSignIn)
        let now: @Sendable () -> Date = { [self] in self.now.addingTimeInterval(settings.clockAhead) }
        let secret = password ?? (name == "admin" ? "admin" : (name ?? "") + "-pw")
        var profile = SystemProfile(
            name: "nick", address: try WebAddress(server.address),
            login: name.map { .password(user: $0, secret: { secret }, isBasic: false) } ?? .anonymous,
            transport: wire, now: now, time: .standing { [self] in self.state.withLock { $0.passed } })
        profile.options.put("force_by_save", forcesBySaving)
        if let store = settings.store { profile.tokens = store }
        change(&profile)
        let system = Registry.kind("nick")?.make(profile) ?? NickSystem(profile)
        return Client(system: system, wire: wire, isReadOnly: settings.isReadOnly, now: now)
    }

    func addItem(titled title: String) async throws -> String { try await add("Document", title) }

    /// Adds an item to `/docs` and gives back its path.
    @discardableResult
    func add(_ type: String = "Document", _ title: String = "Page", state: String = "published") async throws -> String
    {
        let path = self.state.withLock { state in
            state.count += 1
            return "/docs/item-\(state.count)"
        }
        try await server.add(path: path, type: type, title: title, state: state)
        return path
    }

    func addHiddenItem() async throws -> String { try await add("Document", "Private", state: "private") }
    func remove(_ item: String) async throws { try await server.remove(path: item) }
    var shortTimeout: Int? { nil }
    var readsSingly: Bool { false }

    func fillListing() async throws -> Int {
        for folder in 0..<5 {
            try await server.add(path: "/folder-\(folder)", type: "Folder", title: "Folder")
            for page in 0..<50 { try await server.add(path: "/folder-\(folder)/page-\(page)", title: "Page") }
        }
        return 250
    }

    func close() async { await server.stop() }
}

/// The demo server as a transport, without a network.
private struct NickWire: Transport {
    let server: DemoServer
    func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        await server.answer(request)
    }
}

/// Keeps tokens in memory, as a store that outlives a client.
final class NickTokens: TokenStore {
    private let tokens = Mutex<[String: String]>([:])

    func token(for key: String) -> String? { tokens.withLock { $0[key] } }
    func update(_ key: String, _ change: (String?) -> String?) { tokens.withLock { $0[key] = change($0[key]) } }
    var all: [String: String] { tokens.withLock(\.self) }

    /// The token of somebody's kept sign-in.
    func signIn(_ user: String) -> String? {
        let entry = all.first { $0.key.hasSuffix(" " + user) }?.value
        return entry.flatMap { try? JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }?["token"]
    }
}

/// The method and the path of a request: `GET /docs/@lock`.
func nickShort(_ request: Request) -> String {
    let path = request.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).dropFirst(3)
    return "\(request.method.rawValue) /\(path.joined())"
}

extension Client {
    /// What was sent, without what belongs to signing in.
    var calls: [String] { wire.requests.filter { !NickStage.isSignIn($0) }.map(nickShort) }
    /// The bodies of what was sent, as text.
    var bodies: [String] { wire.requests.map { String(decoding: $0.body ?? [], as: UTF8.self) } }
}
