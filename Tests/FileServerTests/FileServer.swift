// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import HTTPTransport
import LockSystemContract
import Locks
import Synchronization
import TestSupport

@testable import LockSystems

/// A file server that runs, as a script in Tests/Servers sets it up: its address is in the environment.
struct RealServer: Sendable {
    /// What it is.
    let name: String
    /// The variable that names it.
    let variable: String
    /// What it can't keep of the contract by itself, and why.
    let left: [String: String]

    /// Where it is; `nil` when there is none to test with.
    var address: String? {
        ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    static let apache = RealServer(
        name: "Apache", variable: "LOCKTOP_APACHE",
        left: [
            "A title that is no text costs itself: its row is there, and the others are as they are": noTitles,
            "Half a character in a title is replaced, and hides nothing": noTitles,
        ])
    static let wsgiDAV = RealServer(
        name: "WsgiDAV", variable: "LOCKTOP_WSGIDAV",
        left: [
            "A title that is no text costs itself: its row is there, and the others are as they are": noTitles,
            "Half a character in a title is replaced, and hides nothing": noTitles,
            "What somebody may not do is forbidden, and sign-in is not asked for again": noRights,
            "Force by somebody who may not is refused, and the lock stays": noRights,
            "What an account may not see is not there for it, and never free": noRights,
            "Hostile text comes through as it is: cleaning it is not the protocol's business":
                "it writes a name's control characters into its XML, which is none then",
        ])
    static let subversion = RealServer(
        name: "Subversion", variable: "LOCKTOP_SVN",
        left: [
            "A title that is no text costs itself: its row is there, and the others are as they are": noTitles,
            "Half a character in a title is replaced, and hides nothing": noTitles,
            "Hostile text comes through as it is: cleaning it is not the protocol's business":
                "it takes no control characters in names",
        ])
    private static let noTitles = "a file's name is all the title that it has"
    private static let noRights = "whoever may read may write"

    /// Why tests are skipped without it.
    var reason: String { "\(variable) does not name a running \(name): Tests/Servers/test-servers.sh starts one" }
}

/// A folder of its own on a real file server.
final class FileServer: ContractServer {
    let address: String
    private let transport: NetworkTransport
    private let shared: NetworkTransport
    private let clocks = RunningClocks()

    /// Whether it is a Subversion repository, which knows whose a lock is and breaks it for whoever may write.
    let isRepository: Bool

    private init(
        _ address: String, isRepository: Bool, _ transport: NetworkTransport, _ shared: NetworkTransport
    ) {
        self.address = address
        self.isRepository = isRepository
        self.transport = transport
        self.shared = shared
    }

    static func open(_ real: RealServer) async throws -> FileServer {
        guard let base = real.address else { throw NotReady(real.reason) }
        let name = "t-\(UInt64.random(in: 0..<UInt64.max))"
        let server = FileServer(
            "\(base)/\(name)", isRepository: real.variable == RealServer.subversion.variable, try NetworkTransport(),
            try NetworkTransport())
        try await server.ask("MKCOL", "")
        return server
    }

    // MARK: The scene

    /// Sends a request as somebody, by a client of its own.
    func send(
        _ method: HTTP.Method, _ path: String, as user: String = "manager", headers: Headers = [:],
        _ body: [UInt8]? = nil
    ) async throws -> Response {
        var request = Request(method, address + path, headers: headers, body: body)
        let password = user + "-pw"
        // What the client says to a challenge is tried by the contract; here the servers are only set up.
        let session = DAVSession(
            SystemProfile(
                name: "setup", address: try WebAddress(address),
                login: .password(user: user, secret: { password }, isBasic: true), transport: shared,
                now: { Date() }),
            ServerVoice(server: "setup", product: "", place: address, now: { Date() }))
        let target = String(request.url.dropFirst(try WebAddress(address).origin.utf8.count))
        for _ in 0..<2 {
            let pass = try await session.pass(method, target)
            request.headers["Authorization"] = pass.header
            let answer = try await shared.send(request, deadline: .now + .seconds(30))
            guard answer.status == 401, try await session.isOther(than: pass, after: answer) else { return answer }
        }
        request.headers["Authorization"] = try await session.pass(method, target).header
        return try await shared.send(request, deadline: .now + .seconds(30))
    }

    /// The same, and expects it to go well.
    @discardableResult
    func ask(_ method: HTTP.Method, _ path: String, _ body: [UInt8]? = nil) async throws -> Response {
        let answer = try await send(method, path, body)
        guard (200..<300).contains(answer.status) else {
            throw NotReady("\(method.rawValue) \(path): \(answer.status)")
        }
        return answer
    }

    /// Writes a file of that name and gives back its path.
    @discardableResult
    func add(_ path: String) async throws -> String {
        let encoded = path.split(separator: "/").map { "/" + WebAddress.encode(String($0)) }.joined()
        try await ask("PUT", encoded, Array("Text\n".utf8))
        return path
    }

    func addItem(titled title: String) async throws -> String { try await add("/" + title) }
    func addHiddenItem() async throws -> String { try await add("/hidden.txt") }

    func remove(_ item: String) async throws {
        let encoded = item.split(separator: "/").map { "/" + WebAddress.encode(String($0)) }.joined()
        let answer = try await send("DELETE", encoded)
        // It may have been taken away, or be held, by what is tried.
        guard (200..<300).contains(answer.status) || [404, 423].contains(answer.status) else {
            throw NotReady("DELETE \(item): \(answer.status)")
        }
    }

    func pass(_ seconds: Double) async throws { try await clocks.pass(seconds) }

    var shortTimeout: Int? { 2 }
    var letsOthersForce: Bool { isRepository }
    func isSignIn(_ request: Request) -> Bool { false }

    func fillListing() async throws -> Int {
        for folder in 0..<20 {
            try await ask("MKCOL", "/folder-\(folder)")
            for number in 0..<4 { try await add("/folder-\(folder)/file-\(number).txt") }
        }
        return 80
    }

    func close() async {
        await transport.shutdown()
        await shared.shutdown()
    }

    // MARK: Clients

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        try client(named: role.account, settings)
    }

    /// A client of somebody; `nil`: of nobody.
    func client(
        named name: String?, _ settings: ClientSettings = ClientSettings(),
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        try .made(
            "files", at: address,
            name.map { .account($0, password: settings.secret, isBasic: true) } ?? .anonymous, settings,
            over: transport, by: clocks, isSignIn: isSignIn
        ) { profile in
            // The contract asks for what is free, too.
            if isRepository { profile.options.put("all", true) }
            change(&profile)
        } system: {
            WebDAVSystem($0)
        }
    }
}
