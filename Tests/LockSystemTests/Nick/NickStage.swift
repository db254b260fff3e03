// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks

/// A Nick of the demo with the folder `/docs`, its clock standing still, and clients without a network.
final class NickStage: Stage {
    let demo: StandingDemo
    private let forcesBySaving: Bool

    private init(_ demo: StandingDemo, forcesBySaving: Bool) {
        self.demo = demo
        self.forcesBySaving = forcesBySaving
    }

    /// An empty site, set up further by `change`.
    static func open(
        forcesBySaving: Bool = false, _ change: (inout DemoOptions) -> Void = { _ in }
    ) async throws -> NickStage {
        NickStage(try await .open(.nick, change), forcesBySaving: forcesBySaving)
    }

    func isSignIn(_ request: Request) -> Bool { Self.isSignIn(request) }

    static func isSignIn(_ request: Request) -> Bool {
        request.url.contains("/@login") || request.url.contains("/@users/") || request.url.hasSuffix("/@site")
    }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        try client(role.account, settings, password: settings.secret)
    }

    /// A client of somebody, with a profile that is set up further by `change`.
    func client(
        _ name: String?, _ settings: ClientSettings = ClientSettings(), password: String? = nil,
        _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        let login = name.map { SystemProfile.Login.account($0, password: password) } ?? .anonymous
        return try client("nick", login, settings) { profile in
            profile.options.put("force_by_save", forcesBySaving)
            change(&profile)
        } system: {
            Registry.kind("nick")?.make($0) ?? NickSystem($0)
        }
    }

    func addItem(titled title: String) async throws -> String { try await add("Document", title) }

    func addHiddenItem() async throws -> String { try await add("Document", "Private", state: "private") }
    var readsSingly: Bool { false }

    func fillListing() async throws -> Int {
        for folder in 0..<5 {
            try await server.add(path: "/folder-\(folder)", type: "Folder", title: "Folder")
            for page in 0..<50 { try await server.add(path: "/folder-\(folder)/page-\(page)", title: "Page") }
        }
        return 250
    }
}

extension KeptTokens {
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
