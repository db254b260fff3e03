// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization

@testable import LockSystems

/// The demo server as Graph, with the folder `/docs`, its clock standing still, and clients without a network.
final class GraphStage: Stage {
    static let application = "11111111-2222-3333-4444-555555555555"
    static let site = GraphSwitches.libraryWord

    let demo: StandingDemo
    private let isBeta: Bool
    private let paths = Mutex([String: String]())

    private init(_ demo: StandingDemo, isBeta: Bool) {
        self.demo = demo
        self.isBeta = isBeta
    }

    /// An empty site, set up further by `change`.
    static func open(
        beta isBeta: Bool = false, _ change: (inout DemoOptions) -> Void = { _ in }
    ) async throws -> GraphStage {
        let demo = try await StandingDemo.open(.msgraph) { options in
            options.graph.namesAreTitles = true
            options.graph.confirmation = .ignores
            change(&options)
        }
        return GraphStage(demo, isBeta: isBeta)
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
        default: return try await person(role.account ?? "", settings).client
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
        var made: GraphSystem?
        let client = try client("contract", login, settings) { profile in
            profile.tokens = KeptTokens()
            profile.options.put("drives", [Self.site])
            profile.options.tenant = "harbour.example"
            if isBeta { profile.options.put("api", "beta") }
            change(&profile)
        } system: { profile in
            let system = GraphSystem(profile, sleep: sleep)
            made = system
            return system
        }
        guard let made else { throw NotReady("There is no system.") }
        return (client, made)
    }

    func addItem(titled title: String) async throws -> String { try await add(title) }

    /// Adds a file to `/docs`, or another place, and gives back the id that Graph has for it.
    @discardableResult
    func add(_ title: String = "Page", state: String = "published", to folder: String = "/docs") async throws -> String
    {
        let path = "\(folder)/item-\(demo.next())"
        try await server.add(path: path, type: "Document", title: title, state: state)
        // The server alone gives out ids: a program of its own asks for the file.
        let id = try await client(.application).client.row("/Documents" + path).item.id
        paths.withLock { paths in
            paths[id] = path
            paths["/Documents\(folder)/\(title)"] = path
        }
        return id
    }

    /// The path within the site of an item that was added, by what the client calls it.
    func path(_ item: String) throws -> String {
        guard let path = paths.withLock({ $0[item] }) else { throw Unknown(item: item) }
        return path
    }

    /// An item that was never added.
    struct Unknown: Error { let item: String }

    func addHiddenItem() async throws -> String { try await add("Private", state: "private") }
    func remove(_ item: String) async throws { try await server.remove(path: try path(item)) }
    var readsSingly: Bool { false }

    func fillListing() async throws -> Int {
        for number in 0..<250 {
            try await server.add(path: "/docs/fill-\(number)", type: "Document", title: "Fill \(number)")
        }
        return 250
    }
}

extension SystemProfile.Login {
    /// The application that signs in by itself.
    static let application = SystemProfile.Login.program(
        clientID: GraphStage.application, secret: { GraphSwitches.clientSecret })
}
