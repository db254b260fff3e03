// SPDX-License-Identifier: MIT
public import Locks

/// A kind of lock system: the word for the configuration, and how one is made.
public struct SystemKind: Sendable {
    /// The word for the configuration: `plone`.
    public let word: String
    /// The name for people: `Plone`.
    public let name: String
    /// The address when the configuration gives none; `nil` where it must.
    public var standardAddress: String?
    /// Whether it is a service that counts requests, and is polled seldom unless the configuration says otherwise.
    public var isHosted = false
    /// The most requests that one program may have under way at once, over all accounts on one such server.
    public var mostConnections: Int?
    /// What it does for any account.
    public let operations: Operations
    /// How its items are listed, in a few words for the table of systems.
    public var listing = ""
    /// The request that each operation is, for the same table.
    public var calls: [Operation: String] = [:]
    /// Makes one.
    public let make: @Sendable (SystemProfile) -> any LockSystem
}

/// All kinds of lock system that this program speaks. A new one is one line here, and one folder beside this file.
public enum Registry {
    /// The kinds, in the order in which they are shown.
    public static let kinds = [
        SystemKind(
            word: "plone", name: "Plone", operations: PloneSystem.allOperations, listing: PloneSystem.listingInWords,
            calls: PloneSystem.calls, make: { PloneSystem($0) }),
        SystemKind(
            word: "nick", name: "Nick", mostConnections: NickSystem.mostConnections,
            operations: NickSystem.allOperations, listing: NickSystem.listingInWords,
            calls: NickSystem.calls, make: { NickSystem($0) }),
        SystemKind(
            word: "superoffice", name: "SuperOffice", standardAddress: "https://online.superoffice.com",
            operations: SuperOfficeSystem.allOperations, listing: SuperOfficeSystem.listingInWords,
            calls: SuperOfficeSystem.calls, make: { SuperOfficeSystem($0) }),
        SystemKind(
            word: "msgraph", name: "Microsoft Graph", standardAddress: "https://graph.microsoft.com", isHosted: true,
            operations: GraphSystem.allOperations, listing: GraphSystem.listingInWords, calls: GraphSystem.calls,
            make: { GraphSystem($0) }),
    ]

    /// The kind of that word.
    public static func kind(_ word: String) -> SystemKind? { kinds.first { $0.word == word } }
}
