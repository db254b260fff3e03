// SPDX-License-Identifier: MIT

/// One server of the configuration.
///
/// Values are checked, but nothing was asked of the server yet. Fields that belong to one kind only are empty for
/// the others.
public struct ServerProfile: Sendable, Equatable {
    /// The name used in `SERVER:ITEM`: letters, digits, `-`, `_` and `.`; unique in the configuration.
    public var name: String
    /// The lock system, as `plone`.
    public var kind: String
    /// Where the server is, as written. `nil` only for a kind that knows its own address.
    public var url: String?
    /// Who signs in, and where the secrets come from.
    public var auth: AuthProfile
    /// Which items are watched.
    public var items: ItemSelection
    /// Seconds between two readings, if this server has its own; else the configuration's.
    public var poll: Double?
    /// The most requests a second, if this server has its own; else the configuration's.
    public var requestBudget: Double?
    /// The most connections at a time.
    public var connections: Int
    /// The most items that are listed.
    public var limit: Int
    /// Whether every operation is impossible on this server.
    public var readOnly: Bool
    /// Whether each operation wants the server's name typed.
    public var protected: Bool
    /// The colour of the server's name: one of `ServerProfile.colors`.
    public var color: String?
    /// A file of certificate authorities (PEM), absolute if the configuration's place is known.
    public var caFile: String?
    /// The client's certificate chain (PEM).
    public var clientCert: String?
    /// The key of `clientCert` (PEM).
    public var clientKey: String?
    /// The proxy, as `http://host:port`.
    public var proxy: String?
    /// The language asked of the server, as `de` or `en-GB`.
    public var language: String?
    /// Whether plain HTTP to another machine was allowed; to be shown as long as locktop runs.
    public var insecureHTTP: Bool
    /// Whether certificates go unchecked; to be shown as long as locktop runs.
    public var insecureTLS: Bool
    /// nick: offer to break a lock by saving with its visible token.
    public var forceBySave: Bool
    /// superoffice online and msgraph: the customer's tenant.
    public var tenant: String?
    /// superoffice online: `sod`, `stage` or `online`.
    public var environment: String?
    /// superoffice online: where the tenant's state is asked, in place of the usual address.
    public var stateURL: String?
    /// msgraph: where tokens are asked, in place of the usual address.
    public var loginURL: String?
    /// msgraph: `v1.0` or `beta`.
    public var api: String?
    /// msgraph: the drives to watch, as `me`, `site:HOST:/PATH`, `group:ID`, `user:UPN`, `drive:ID`.
    public var drives: [String]
    /// The line of the file where the server begins, from 1; 0 if it came from no file.
    public var line: Int

    /// Makes a profile with the documented defaults of its kind. Nothing is checked here.
    public init(
        name: String, kind: String, url: String? = nil, auth: AuthProfile = AuthProfile(),
        items: ItemSelection = ItemSelection(), line: Int = 0
    ) {
        self.name = name
        self.kind = kind
        self.url = url
        self.auth = auth
        self.items = items
        self.line = line
        connections = Self.defaultConnections(kind: kind)
        limit = Self.defaultLimit(kind: kind)
        readOnly = false
        protected = false
        insecureHTTP = false
        insecureTLS = false
        forceBySave = false
        drives = []
    }

    /// How many connections a server of this kind gets if the configuration is silent.
    public static func defaultConnections(kind: String) -> Int {
        ["superoffice", "nick"].contains(kind) ? 4 : 8
    }

    /// How many items of a server of this kind are listed at most if the configuration is silent.
    public static func defaultLimit(kind: String) -> Int {
        kind == "superoffice" ? 1_000 : 100_000
    }

    /// The words `color` takes.
    public static let colors = ["red", "green", "yellow", "blue", "magenta", "cyan", "white", "default"]
}

/// Which items of a server are watched; everything left out means all of it.
public struct ItemSelection: Sendable, Equatable {
    /// The folder whose content is watched, as `/news`.
    public var path: String?
    /// Names of content types, as the server names them.
    public var types: [String]
    /// How many levels below `path`; 1 is its direct children.
    public var depth: Int?
    /// Words that the item's text has to hold.
    public var text: String?
    /// superoffice: a condition in the server's own filter words.
    public var filter: String?

    /// Makes a selection; without arguments it is the whole site.
    public init(
        path: String? = nil, types: [String] = [], depth: Int? = nil, text: String? = nil, filter: String? = nil
    ) {
        self.path = path
        self.types = types
        self.depth = depth
        self.text = text
        self.filter = filter
    }
}
