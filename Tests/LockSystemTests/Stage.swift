// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization
import Testing
import Watching

/// The demo server of one kind, with the folder `/docs` and nothing else, its clock standing still.
final class StandingDemo: Sendable {
    let server: DemoServer
    let clocks: StandingClocks
    private let made = Mutex(0)

    private init(_ server: DemoServer) async {
        self.server = server
        clocks = StandingClocks(at: await server.now)
    }

    /// An empty server, set up further by `change`.
    static func open(
        _ kind: DialectKind = .plone, _ change: (inout DemoOptions) -> Void = { _ in }
    ) async throws -> StandingDemo {
        var options = DemoOptions(dialect: kind, documents: 0, speed: 0, people: false)
        change(&options)
        let demo = await StandingDemo(try await DemoServer.start(options))
        try await demo.server.add(path: "/docs", type: "Folder", title: "Documents")
        return demo
    }

    /// The same, where a kind has quirks of its own; gives them back as they were set.
    static func open<Quirks>(
        _ kind: DialectKind, _ part: WritableKeyPath<DemoOptions, Quirks>, _ change: (inout Quirks) -> Void
    ) async throws -> (demo: StandingDemo, quirks: Quirks) {
        var options = DemoOptions(dialect: kind)
        change(&options[keyPath: part])
        let quirks = options[keyPath: part]
        return (try await open(kind) { $0[keyPath: part] = quirks }, quirks)
    }

    /// The number of the next thing that is made there, from 1.
    func next() -> Int {
        made.withLock { made in
            made += 1
            return made
        }
    }
}

/// The demo server of one kind and its clients, without a network.
protocol Stage: ContractServer {
    var demo: StandingDemo { get }
}

extension Stage {
    var server: DemoServer { demo.server }

    /// The time that both clocks show.
    var now: Date { demo.clocks.now }

    /// Lets time pass for everybody.
    func pass(_ seconds: Double) async {
        await server.advance(by: seconds)
        demo.clocks.pass(seconds)
    }

    /// Adds an item to `/docs` and gives back its path.
    @discardableResult
    func add(_ type: String = "Document", _ title: String = "Page", state: String = "published") async throws -> String
    {
        let path = "/docs/item-\(demo.next())"
        try await server.add(path: path, type: type, title: title, state: state)
        return path
    }

    func remove(_ item: String) async throws { try await server.remove(path: item) }
    var shortTimeout: Int? { nil }
    func close() async { await server.stop() }

    /// Signs in again and again, and a minute later: the server is asked once a minute.
    func askOnceAMinute(_ client: Client) async throws {
        for minute in 1...2 {
            for _ in 0..<10 { _ = try await client.system.signIn() }
            #expect(client.wire.requests.count == minute)
            try await pass(61)
        }
    }

    /// Somebody's client, whose profile is set up further by `change`.
    func client(
        _ name: String, at address: String? = nil, _ login: SystemProfile.Login, _ settings: ClientSettings,
        over base: (any Transport)? = nil, _ change: (inout SystemProfile) -> Void,
        system: (SystemProfile) -> any LockSystem
    ) throws -> Client {
        try .made(
            name, at: address ?? server.address, login, settings, over: base ?? InProcess(server: server),
            by: demo.clocks, isSignIn: { [self] in isSignIn($0) }, change, system: system)
    }
}

/// The demo server as a transport, without a network.
struct InProcess: Transport {
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

extension Client {
    /// All rows of a listing, as a watch reads them.
    func list() async throws -> [Row] {
        _ = try await system.signIn()
        return try await Listing.rows(
            of: system, server: "contract", limit: 100_000, width: 4, journal: ForgetfulJournal(), now: now()
        ).rows
    }
}
