// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Synchronization

/// The demo server as a SuperOffice, its clock standing still, and clients without a network.
final class SuperOfficeStage: Stage {
    let demo: StandingDemo
    private let paths = Mutex([String]())

    private init(_ demo: StandingDemo) { self.demo = demo }

    /// A server without documents, set up further by `change`.
    static func open(_ change: (inout SuperOfficeOptions) -> Void = { _ in }) async throws -> SuperOfficeStage {
        SuperOfficeStage(try await StandingDemo.open(.superoffice, \.superOffice, change).demo)
    }

    /// A server with the archive that fails where the polite one refuses.
    static func openStandard() async throws -> SuperOfficeStage {
        try await open { options in
            options.archive = .standard
            options.sentryStatus = 500
        }
    }

    /// The server's origin.
    var origin: String { String(server.address.dropLast("/SuperOffice".count)) }

    /// One read of a document is one request.
    var readsSingly: Bool { true }

    static func isSignIn(_ request: Request) -> Bool { request.url.contains("/User/currentPrincipal") }
    func isSignIn(_ request: Request) -> Bool { Self.isSignIn(request) }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        try client(.role(role, settings), settings)
    }

    /// A client whose profile is set up further by `change`.
    func client(
        _ login: SystemProfile.Login = .account("alice"), _ settings: ClientSettings = ClientSettings(),
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        try client("crm", login, settings) { profile in
            profile.connections = 4
            change(&profile)
        } system: {
            SuperOfficeSystem($0)
        }
    }

    // Documents are numbered in the order in which they are made; the folder has the first number.
    func addItem(titled title: String) async throws -> String { try await add(titled: title) }

    @discardableResult
    func add(titled title: String = "Page", type: String = "Document", state: String = "published") async throws
        -> String
    {
        let path = paths.withLock { paths in
            paths.append("/docs/item-\(paths.count + 1)")
            return paths[paths.count - 1]
        }
        try await server.add(path: path, type: type, title: title, state: state)
        return String(paths.withLock(\.count) + 1)
    }

    func addHiddenItem() async throws -> String { try await add(titled: "Private", state: "private") }

    /// Where in the demo's site a document is.
    func sitePath(_ item: String) -> String {
        let number = item.split(separator: "/").last.flatMap { Int($0) } ?? 0
        return paths.withLock { $0[number - 2] }
    }

    func remove(_ item: String) async throws { try await server.remove(path: sitePath(item)) }

    /// Lets somebody check a document out, past the protocol.
    func hold(_ item: String, as person: String) async throws {
        try await server.lock(path: sitePath(item), as: person)
    }

    func fillListing() async throws -> Int {
        for _ in 0..<250 { try await add() }
        return 250
    }
}

/// The published examples, and messages made from the published descriptions.
enum SuperOfficeRecording {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return Array(try Data(contentsOf: URL(filePath: "/\(folder)/Recordings/superoffice/\(name).json")))
    }

    static func answer(_ name: String, status: Int = 200) throws -> Response {
        Response(
            status: status, headers: ["Content-Type": "application/json; charset=utf-8"], body: try bytes(name))
    }
}

/// A SuperOffice that answers from recordings: by the method, and by a part of the address.
struct SuperOfficeScript {
    let transport: MemoryTransport
    let system: SuperOfficeSystem

    init(
        _ rules: [(method: String, part: String, answer: Response)],
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws {
        let me = try SuperOfficeRecording.answer("made-current-principal")
        transport = MemoryTransport { request in
            let rule = rules.first { $0.method == request.method.rawValue && request.url.contains($0.part) }
            if let rule { return rule.answer }
            return request.url.contains("currentPrincipal") ? me : Response(status: 404)
        }
        var profile = SystemProfile(
            name: "crm", address: try WebAddress("https://crm.example.org/SuperOffice"),
            login: .password(user: "HAL", secret: { "secret" }, isBasic: true), transport: transport, connections: 4,
            now: { Date(timeIntervalSince1970: 1_777_888_800) })
        change(&profile)
        system = SuperOfficeSystem(profile)
    }

    /// Document 141.
    static let offer = Item(id: "141", path: "/Document/141", title: "Offer Acme.docx", type: "Offer")
}

/// The error that something ends in; fails when it does not.
func lockError(_ work: () async throws -> Void) async throws -> LockError {
    do {
        try await work()
    } catch let error as LockError {
        return error
    }
    throw NoError()
}

/// Something ended well that should not have.
struct NoError: Error {}
