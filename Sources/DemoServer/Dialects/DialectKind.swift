// SPDX-License-Identifier: MIT

/// A lock system that the demo server can be. Each has one, in its own folder; `DialectRegistry` has them all.
public struct DialectKind: Sendable {
    /// The word of the lock system in a configuration.
    public let rawValue: String
    /// What the demo's configuration calls its server.
    public let serverName: String
    /// Where its site lies below the server's origin.
    let path: String
    /// What the site itself is called in the paths of the book.
    var rootName = "site"
    /// Whether its items can be checked out.
    var hasCheckOut = true
    /// Whether its locks run out by themselves.
    var locksExpire = true
    /// How a configuration reaches a server at an address.
    let entry: @Sendable (_ address: String) -> DemoEntry
    /// Makes the dialect over a book.
    let make: @Sendable (LockBook, DemoOptions) -> any Dialect
}

extension DialectKind: CaseIterable {
    /// All that there are, in the order in which they are shown.
    public static var allCases: [DialectKind] { DialectRegistry.kinds }

    /// The one of that word.
    public init?(rawValue: String) {
        guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = kind
    }
}

extension DialectKind: Hashable {
    /// Whether it is the same system.
    public static func == (one: DialectKind, other: DialectKind) -> Bool { one.rawValue == other.rawValue }
    /// By its word.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// How a configuration reaches a demo server: what stands there besides name, kind, address, user and password.
public struct DemoEntry: Hashable, Sendable {
    /// A key with its value.
    public struct Key: Hashable, Sendable {
        /// The key.
        public let name: String
        /// Its value, or several.
        public let value: Value
    }

    /// What stands behind a key.
    public enum Value: Hashable, Sendable {
        /// One value.
        case one(String)
        /// A list.
        case several([String])
    }

    /// What stands beside the name.
    public let server: [Key]
    /// What stands under `auth`.
    public let auth: [Key]
    /// Whether an account's name and password stand there; else a person signs in once, by a code.
    public let hasPassword: Bool

    init(
        server: KeyValuePairs<String, Value> = [:], auth: KeyValuePairs<String, Value> = [:], hasPassword: Bool = true
    ) {
        self.server = server.map { Key(name: $0.key, value: $0.value) }
        self.auth = auth.map { Key(name: $0.key, value: $0.value) }
        self.hasPassword = hasPassword
    }
}
