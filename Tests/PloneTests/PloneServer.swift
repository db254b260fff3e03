// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import HTTPTransport
import LockSystemContract
import LockSystems
import Locks
import Synchronization
import TestSupport

/// A Plone that runs, as Tests/Servers/plone.sh sets it up: its address is in the environment.
enum RealPlone {
    /// The site root; `nil` when there is none to test with.
    static let address = ProcessInfo.processInfo.environment["LOCKTOP_PLONE"].flatMap { $0.isEmpty ? nil : $0 }
    /// Why tests are skipped without it.
    static let reason = "LOCKTOP_PLONE does not name a running Plone: Tests/Servers/test-plone.sh starts one"
}

/// A folder of its own on a real Plone, filled over REST as the server's administrator.
final class PloneServer: ContractServer {
    let address: String
    let folder: String
    private let transport: NetworkTransport
    private let count = Mutex(0)
    private let passed = Mutex(0.0)

    private init(_ address: String, _ transport: NetworkTransport, folder: String) {
        self.address = address
        self.transport = transport
        self.folder = folder
    }

    static func open() async throws -> PloneServer {
        guard let address = RealPlone.address else { throw NotReady(description: RealPlone.reason) }
        let transport = try NetworkTransport()
        let name = "t-\(UInt64.random(in: 0..<UInt64.max))"
        let server = PloneServer(address, transport, folder: "/lab/\(name)")
        try await server.create("Folder", name, in: "/lab", title: "Tests")
        return server
    }

    // MARK: The scene

    /// Sends a request as the administrator and expects it to go well.
    @discardableResult
    func ask(_ method: HTTP.Method, _ path: String, _ body: String? = nil) async throws -> Response {
        let answer = try await send(method, path, as: "admin", body)
        guard (200..<300).contains(answer.status) else {
            throw NotReady(description: "\(method.rawValue) \(path): \(answer.status)")
        }
        return answer
    }

    /// Sends a request as somebody with Basic authentication.
    func send(
        _ method: HTTP.Method, _ path: String, as user: String, _ body: String? = nil, headers more: Headers = [:]
    ) async throws -> Response {
        let password = user == "admin" ? "admin" : user + "-pw"
        var headers: Headers = ["Accept": "application/json", "Content-Type": "application/json"]
        headers["Authorization"] = Credentials.basic(user: user, password: password).header
        for field in more.fields { headers[field.name] = field.value }
        let request = Request(method, address + path, headers: headers, body: body.map { Array($0.utf8) })
        return try await transport.send(request, deadline: .now + .seconds(60))
    }

    private func create(
        _ type: String, _ id: String, in folder: String, title: String, isPublic: Bool = true
    ) async throws {
        let fields = ["@type": type, "id": id, "title": title]
        try await ask("POST", folder, String(decoding: try JSONBody.encode(fields), as: UTF8.self))
        if isPublic { try await ask("POST", "\(folder)/\(id)/@workflow/publish", "{}") }
    }

    private var nextName: String {
        count.withLock { count in
            count += 1
            return "page-\(count)"
        }
    }

    func addItem(titled title: String) async throws -> String {
        let name = nextName
        try await create("Document", name, in: folder, title: title)
        return "\(folder)/\(name)"
    }

    func addHiddenItem() async throws -> String {
        let name = nextName
        try await create("Document", name, in: folder, title: "Private", isPublic: false)
        return "\(folder)/\(name)"
    }

    func remove(_ item: String) async throws {
        for _ in 0..<2 { try await ask("DELETE", item + "/@lock", #"{"force": true}"#) }
        try await ask("DELETE", item)
    }

    /// A day can't be waited for: of so much time only the clients hear.
    func pass(_ seconds: Double) async throws {
        guard seconds <= 60 else { return passed.withLock { $0 += seconds } }
        let end = ContinuousClock.now + .seconds(seconds)
        try await eventually("\(seconds) s have passed", within: .seconds(seconds + 5)) { ContinuousClock.now >= end }
    }

    var shortTimeout: Int? { 2 }

    /// The site comes with 200 documents.
    func fillListing() async throws -> Int { 200 }

    func close() async {
        // Locked items do not keep their folder from being deleted.
        _ = try? await ask("DELETE", folder)
        await transport.shutdown()
    }

    // MARK: Clients

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
        try client(named: Self.name(role), settings)
    }

    /// A client of somebody; `nil`: of nobody.
    func client(
        named name: String?, _ settings: ClientSettings = ClientSettings(), isBasic: Bool = false,
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        let wire = Wire(transport, isSignIn: Self.isSignIn)
        let ahead = settings.clockAhead
        let now: @Sendable () -> Date = { [self] in Date().addingTimeInterval(ahead + passed.withLock(\.self)) }
        let time = TimeSource(
            now: { [self] in ContinuousClock.now.advanced(by: .seconds(passed.withLock(\.self))) }, wall: now,
            sleep: { [self] in
                try await Task.sleep(until: $0.advanced(by: .seconds(-passed.withLock(\.self))), clock: .continuous)
            })
        let login = name.map { name -> SystemProfile.Login in
            let password = settings.secret ?? (name == "admin" ? "admin" : name + "-pw")
            return .password(user: name, secret: { password }, isBasic: isBasic)
        }
        var profile = SystemProfile(
            name: "plone", address: try WebAddress(address), login: login ?? .anonymous, transport: wire, now: now,
            time: time)
        if let store = settings.store { profile.tokens = store }
        change(&profile)
        return Client(system: PloneSystem(profile), wire: wire, isReadOnly: settings.isReadOnly, now: now)
    }
}

/// Something that a test needs could not be had.
struct NotReady: Error, CustomStringConvertible {
    /// What, and why.
    let description: String
}
