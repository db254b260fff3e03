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
    private let clocks = RunningClocks()

    private init(_ address: String, _ transport: NetworkTransport, folder: String) {
        self.address = address
        self.transport = transport
        self.folder = folder
    }

    static func open() async throws -> PloneServer {
        guard let address = RealPlone.address else { throw NotReady(RealPlone.reason) }
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
            throw NotReady("\(method.rawValue) \(path): \(answer.status)")
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

    func pass(_ seconds: Double) async throws { try await clocks.pass(seconds) }

    var shortTimeout: Int? { 2 }

    /// The site comes with 200 documents.
    func fillListing() async throws -> Int { 200 }

    func close() async {
        // Locked items do not keep their folder from being deleted.
        _ = try? await ask("DELETE", folder)
        await transport.shutdown()
    }

    // MARK: Clients

    static func isSignIn(_ request: Request) -> Bool {
        request.url.contains("/@login") || request.url.contains("/@users/")
    }

    func isSignIn(_ request: Request) -> Bool { Self.isSignIn(request) }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        try client(named: role.account, settings)
    }

    /// A client of somebody; `nil`: of nobody.
    func client(
        named name: String?, _ settings: ClientSettings = ClientSettings(), isBasic: Bool = false,
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        try .made(
            "plone", at: address,
            name.map { .account($0, password: settings.secret, isBasic: isBasic) } ?? .anonymous, settings,
            over: transport, by: clocks, isSignIn: Self.isSignIn, change
        ) {
            PloneSystem($0)
        }
    }
}
