// SPDX-License-Identifier: MIT
public import HTTP
public import Locks

/// A kind of lock system: what it is called, what its configuration knows, and how one is made.
///
/// Each has one, in its own folder; `Registry` has them all.
public struct SystemKind: Sendable {
    /// The name for people: `Fileserver`.
    public let name: String
    /// What its configuration knows.
    public let options: OptionList
    /// The address when the configuration gives none; `nil` where it must.
    public var standardAddress: String?
    /// The fewest seconds between two polls of a service at that address that counts requests, unless the
    /// configuration says otherwise; 0: as often as one likes.
    public var leastPoll: @Sendable (WebAddress) -> Double = { _ in 0 }
    /// The most requests that one program may have under way at once, over all accounts on one such server.
    public var mostConnections: Int?
    /// What it does for any account.
    public let operations: Operations
    /// How its items are listed, in a few words for the table of systems.
    public let listing: String
    /// The request that each operation is, for the same table.
    public let calls: [Operation: String]
    /// How one signs in by what the configuration says.
    public var login: @Sendable (SignInOptions) -> SystemProfile.Login = { $0.usual }
    /// Where one signs in, for whoever keeps passwords by their addresses.
    public var signInAddress: @Sendable (WebAddress, OptionValues) -> WebAddress = { address, _ in address }
    /// What it finds of itself at an address; `nil` where it is something else. The kinds are asked in the order of the
    /// registry, and the first one that finds itself is taken.
    /// - Throws: `TransportError`; `LockError` where it is one, and can't be used as it is.
    public var signs: @Sendable (Probe) async throws -> Sighting? = { _ in nil }
    /// Makes one.
    public let make: @Sendable (SystemProfile) -> any LockSystem

    /// The word for the configuration.
    public var word: String { options.kind }
}
