// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks

/// The demo server as a WebDAV server, its clock standing still, and clients without a network.
final class WebDAVStage: Stage {
    let demo: StandingDemo
    private let switches: WebDAVSwitches

    private init(_ demo: StandingDemo, _ switches: WebDAVSwitches) {
        self.demo = demo
        self.switches = switches
    }

    /// An empty server, set up further by `change`.
    static func open(_ change: (inout WebDAVSwitches) -> Void = { _ in }) async throws -> WebDAVStage {
        let opened = try await StandingDemo.open(.webdav, \.webDAV, change)
        return WebDAVStage(opened.demo, opened.quirks)
    }

    /// Opens one with these files, does something on it, and ends it.
    static func during(
        _ files: [String] = ["/docs/plan.odt"], with change: (inout WebDAVSwitches) -> Void = { _ in },
        _ body: (WebDAVStage) async throws -> Void
    ) async throws {
        try await open(change).during { stage in
            for file in files { try await stage.add(file, "Plan") }
            try await body(stage)
        }
    }

    // Only the file's owner ends another's lock there.
    var letsOthersForce: Bool { !switches.isNextcloud }

    func isSignIn(_ request: Request) -> Bool { false }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        try client(.role(role, settings, isBasic: true), settings)
    }

    /// A client whose profile is set up further by `change`.
    func client(
        _ login: SystemProfile.Login = .account("alice"), _ settings: ClientSettings = ClientSettings(),
        over base: (any Transport)? = nil, _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        try client("share", login, settings, over: base) { profile in
            // The contract asks for what is free, too.
            if switches.isSubversion { profile.options.put("all", true) }
            if switches.isNextcloud { profile.options.put("dialect", "nextcloud") }
            change(&profile)
        } system: {
            WebDAVSystem($0)
        }
    }

    func addItem(titled title: String) async throws -> String {
        // What no XML can say is only in the address.
        let isSayable = !title.unicodeScalars.contains { $0.value < 0x20 }
        return try await add("/docs/" + (isSayable ? "item-\(demo.next()).txt" : title), title)
    }

    /// Adds an item and gives back its path.
    @discardableResult
    func add(_ path: String, _ title: String = "Page", type: String = "Document", state: String = "published")
        async throws -> String
    {
        try await server.add(path: path, type: type, title: title, state: state)
        return path
    }

    func addHiddenItem() async throws -> String { try await add("/docs/hidden.txt", "Hidden", state: "private") }
    // Nextcloud decides for itself.
    var shortTimeout: Int? { switches.isNextcloud ? nil : 60 }
    func written(_ title: String) -> String { ">\(title)<" }
    var noText: String { "><x y=\"1\"/><" }
    var halfCharacter: String { "&#xD83D;" }

    func fillListing() async throws -> Int {
        for folder in 0..<25 {
            try await add("/docs/folder-\(folder)", "Folder \(folder)", type: "Folder")
            for number in 0..<10 { try await add("/docs/folder-\(folder)/file-\(number).txt", "File \(number)") }
        }
        return 250
    }

    /// Sends a request as somebody, past the client.
    @discardableResult
    func send(
        _ method: HTTP.Method, _ path: String, as person: String = "bob", headers: Headers = [:], _ body: String = ""
    ) async throws -> Response {
        var request = Request(method, server.address + path, headers: headers, body: Array(body.utf8))
        request.headers["Authorization"] = Credentials.basic(user: person, password: person + "-pw").header
        return await server.answer(request)
    }

    /// Locks as another program does, and gives back the token.
    @discardableResult
    func lock(
        _ path: String, as person: String = "bob", scope: String = "exclusive", depth: String = "0",
        owner: String = "<D:href>mailto:bob@example.org</D:href>", timeout: String = "Second-600"
    ) async throws -> String {
        let answer = try await send(
            "LOCK", path, as: person, headers: ["Depth": depth, "Timeout": timeout],
            "<D:lockinfo xmlns:D=\"DAV:\"><D:lockscope><D:\(scope)/></D:lockscope><D:locktype><D:write/></D:locktype>"
                + "<D:owner>\(owner)</D:owner></D:lockinfo>")
        return String((answer.headers["Lock-Token"] ?? "").dropFirst().dropLast())
    }
}
