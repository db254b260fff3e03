// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks

/// The demo server's site with the folder `/docs`, its clock standing still, and clients without a network.
final class DemoStage: Stage {
    let demo: StandingDemo

    private init(_ demo: StandingDemo) { self.demo = demo }

    /// An empty site, set up further by `change`.
    static func open(_ change: (inout DemoOptions) -> Void = { _ in }) async throws -> DemoStage {
        DemoStage(try await .open(.plone, change))
    }

    static func isSignIn(_ request: Request) -> Bool {
        request.url.contains("/@login") || request.url.contains("/@users/")
    }

    func isSignIn(_ request: Request) -> Bool { Self.isSignIn(request) }

    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client {
        try client(.role(role, settings), settings)
    }

    /// A client whose profile is set up further by `change`.
    func client(
        _ login: SystemProfile.Login, _ settings: ClientSettings = ClientSettings(), at address: String? = nil,
        over base: (any Transport)? = nil, _ change: (inout SystemProfile) -> Void = { _ in }
    ) throws -> Client {
        try client("contract", at: address, login, settings, over: base, change) { PloneSystem($0) }
    }

    func addItem(titled title: String) async throws -> String { try await add("Document", title) }

    func addHiddenItem() async throws -> String { try await add("Document", "Private", state: "private") }

    func fillListing() async throws -> Int {
        for _ in 0..<250 { try await add() }
        return 250
    }
}
