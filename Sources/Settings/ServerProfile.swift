// SPDX-License-Identifier: MIT
public import Locks

/// One server of the configuration.
///
/// Values are checked, but nothing was asked of the server yet.
public struct ServerProfile: Sendable, Equatable {
    /// The name used in `SERVER:ITEM`: letters, digits, `-`, `_` and `.`; unique in the configuration.
    public var name: String
    /// The word for its lock system.
    public var kind: String
    /// Where the server is, as written. `nil` only for a kind that knows its own address.
    public var url: String?
    /// Who signs in, and where the secrets come from.
    public var auth: AuthProfile
    /// Which items are watched, by the keys under `items`; none: all of it.
    public var items: OptionValues
    /// Seconds between two readings, if this server has its own; else the configuration's.
    public var poll: Double?
    /// The most requests a second, if this server has its own; else the configuration's.
    public var requestBudget: Double?
    /// The most connections at a time, if this server has its own number; else its kind's.
    public var connections: Int?
    /// How many seconds one request may take, if this server has its own number; else half a minute.
    public var requestTimeout: Double?
    /// The most items that are listed, if this server has its own number; else its kind's.
    public var limit: Int?
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
    /// What only some kinds of server know, by its key.
    public var options: OptionValues
    /// The line of the file where the server begins, from 1; 0 if it came from no file.
    public var line: Int

    /// Makes a profile with the documented defaults. Nothing is checked here.
    public init(
        name: String, kind: String, url: String? = nil, auth: AuthProfile = AuthProfile(),
        items: OptionValues = OptionValues(), line: Int = 0
    ) {
        self.name = name
        self.kind = kind
        self.url = url
        self.auth = auth
        self.items = items
        self.line = line
        readOnly = false
        protected = false
        insecureHTTP = false
        insecureTLS = false
        options = OptionValues()
    }

    /// The words `color` takes.
    public static let colors = ["red", "green", "yellow", "blue", "magenta", "cyan", "white", "default"]
}
