// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization

@testable import LockSystems

/// The demo server as Graph, with the folder `/docs`, its clock standing still, and clients without a network.
final class GraphStage: ContractServer {
    static let application = "11111111-2222-3333-4444-555555555555"
    static let site = GraphSwitches.libraryWord

    let server: DemoServer
    private let start: Double
    private let isBeta: Bool
    private let state = Mutex((passed: 0.0, count: 0, paths: [String: String]()))

    private init(_ server: DemoServer, isBeta: Bool) async {
        self.server = server
        self.isBeta = isBeta
        start = await server.now
    }

    /// An empty site, set up further by `change`.
    static func open(
        beta isBeta: Bool = false, _ change: (inout DemoOptions) -> Void = { _ in }
    ) async throws -> GraphStage {
        var options = DemoOptions(dialect: .msgraph, documents: 0, speed: 0, people: false)
        options.graph.namesAreTitles = true
        options.graph.confirmation = .ignores
        change(&options)
        let stage = await GraphStage(try await DemoServer.start(options), isBeta: isBeta)
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

    private static func name(_ role: Role) -> String {
        switch role {
        case .first: "alice"
        case .second: "bob"
        case .third: "erin"
        case .outsider: "mallory"
        case .administrator, .nobody: ""
        }
    }

    /// A batch only reads, whatever its method.
    static func isSignIn(_ request: Request) -> Bool {
        request.url.contains("/oauth2/") || request.url.hasSuffix("/$batch") || request.url.contains("/me?")
    }

    func isSignIn(_ request: Request) -> Bool { Self.isSignIn(request) }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        switch role {
        case .nobody: return try client(.anonymous, settings).client
        case .administrator:
            let secret = settings.secret ?? GraphSwitches.clientSecret
            return try client(.program(clientID: Self.application, secret: { secret }), settings).client
        default: return try await person(Self.name(role), settings).client
        }
    }

    /// A client as one person, who has confirmed the code.
    func person(
        _ name: String, _ settings: ClientSettings = ClientSettings(),
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) async throws -> (client: Client, system: GraphSystem) {
        let shown = Mutex<String?>(nil)
        let made = try client(.code(clientID: Self.application), settings, change) { [server] _ in
            let code = shown.withLock { $0 ?? "" }
            _ = await server.answer(
                Request(
                    "POST", server.address + "/device", body: WebAddress.form([("user_code", code), ("user", name)])))
        }
        _ = try await made.system.signIn { code in shown.withLock { $0 = code.code } }
        made.client.wire.forget()
        return made
    }

    /// A client whose profile is set up further by `change`. `sleep` is what happens between two polls for a code.
    func client(
        _ login: SystemProfile.Login, _ settings: ClientSettings = ClientSettings(),
        _ change: (inout SystemProfile) -> Void = { _ in },
        sleep: @escaping @Sendable (Double) async throws -> Void = { _ in }
    ) throws -> (client: Client, system: GraphSystem) {
        let wire = Wire(InServer(server: server), isSignIn: Self.isSignIn)
        let now: @Sendable () -> Date = { [self] in self.now.addingTimeInterval(settings.clockAhead) }
        var profile = SystemProfile(
            name: "contract", address: try WebAddress(server.address), login: login, transport: wire,
            tokens: KeptTokens(), now: now, time: .standing { [self] in self.state.withLock { $0.passed } })
        profile.options.drives = [Self.site]
        profile.options.tenant = "harbour.example"
        if isBeta { profile.options.api = "beta" }
        if let store = settings.store { profile.tokens = store }
        change(&profile)
        let system = GraphSystem(profile, sleep: sleep)
        return (Client(system: system, wire: wire, isReadOnly: settings.isReadOnly, now: now), system)
    }

    func addItem(titled title: String) async throws -> String { try await add(title) }

    /// Adds a file to `/docs`, or another place, and gives back the id that Graph has for it.
    @discardableResult
    func add(_ title: String = "Page", state: String = "published", to folder: String = "/docs") async throws -> String
    {
        let number = self.state.withLock { state in
            state.count += 1
            return state.count
        }
        let path = "\(folder)/item-\(number)"
        try await server.add(path: path, type: "Document", title: title, state: state)
        // The server alone gives out ids: a program of its own asks for the file.
        let id = try await client(.application).client.row("/Documents" + path).item.id
        self.state.withLock { state in
            state.paths[id] = path
            state.paths["/Documents\(folder)/\(title)"] = path
        }
        return id
    }

    /// The path within the site of an item that was added, by what the client calls it.
    func path(_ item: String) throws -> String {
        guard let path = state.withLock({ $0.paths[item] }) else { throw Unknown(item: item) }
        return path
    }

    /// An item that was never added.
    struct Unknown: Error { let item: String }

    func addHiddenItem() async throws -> String { try await add("Private", state: "private") }
    func remove(_ item: String) async throws { try await server.remove(path: try path(item)) }
    var shortTimeout: Int? { nil }
    var readsSingly: Bool { false }

    func fillListing() async throws -> Int {
        for number in 0..<250 {
            try await server.add(path: "/docs/fill-\(number)", type: "Document", title: "Fill \(number)")
        }
        return 250
    }

    func close() async { await server.stop() }
}

extension SystemProfile.Login {
    /// The application that signs in by itself.
    static let application = SystemProfile.Login.program(
        clientID: GraphStage.application, secret: { GraphSwitches.clientSecret })
}

/// The demo server as a transport, without a network.
private struct InServer: Transport {
    let server: DemoServer
    func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        await server.answer(request)
    }
}

/// Keeps tokens for as long as it lives.
final class KeptTokens: TokenStore {
    private let tokens = Mutex<[String: String]>([:])
    init(_ tokens: [String: String] = [:]) { self.tokens.withLock { $0 = tokens } }
    var all: [String: String] { tokens.withLock(\.self) }
    func token(for key: String) -> String? { tokens.withLock { $0[key] } }
    func update(_ key: String, _ change: (String?) -> String?) { tokens.withLock { $0[key] = change($0[key]) } }
}
