// SPDX-License-Identifier: MIT
import FoundationEssentials
public import HTTP
public import LockSystems
public import Locks

extension Client {
    /// Somebody's client of a server, as the settings want it; its profile is set up further by `change`.
    public static func made(
        _ name: String, at address: String, _ login: SystemProfile.Login, _ settings: ClientSettings,
        over base: any Transport, by clocks: any Clocks, isSignIn: @escaping @Sendable (Request) -> Bool,
        _ change: (inout SystemProfile) -> Void, system: (SystemProfile) -> any LockSystem
    ) throws -> Client {
        let wire = Wire(base, isSignIn: isSignIn)
        let now = { @Sendable in clocks.now.addingTimeInterval(settings.clockAhead) }
        var profile = SystemProfile(
            name: name, address: try WebAddress(address), login: login, transport: wire, now: now,
            time: clocks.source(now))
        change(&profile)
        if let store = settings.store { profile.tokens = store }
        return Client(system: system(profile), wire: wire, isReadOnly: settings.isReadOnly, now: now)
    }
}

extension SystemProfile.Login {
    /// Somebody of the test servers, whose passwords go by their names, by token or by Basic.
    public static func account(_ name: String, password: String? = nil, isBasic: Bool = false) -> SystemProfile.Login {
        let secret = password ?? (name == "admin" ? "admin" : name + "-pw")
        return .password(user: name, secret: { secret }, isBasic: isBasic)
    }

    /// Whoever has a role there, with the settings' own password where they have one.
    public static func role(
        _ role: Role, _ settings: ClientSettings = ClientSettings(), isBasic: Bool = false
    ) -> SystemProfile.Login {
        role.account.map { .account($0, password: settings.secret, isBasic: isBasic) } ?? .anonymous
    }
}

/// Something that a test needs could not be had.
public struct NotReady: Error, CustomStringConvertible {
    /// What, and why.
    public let description: String

    /// With what it is, and why.
    public init(_ description: String) { self.description = description }
}
