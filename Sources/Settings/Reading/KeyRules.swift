// SPDX-License-Identifier: MIT

/// Which keys stand where, and which kinds know them.
struct KeyRules {
    /// Kinds that the tables below speak about; any other kind takes the keys of every server.
    private static let tabled = ["plone", "nick", "superoffice", "msgraph", "webdav", "gitlfs"]

    static let top = [
        "poll", "request_budget", "stale_after", "departed", "read_only", "keep_alive", "theme", "servers",
    ]
    static let secrets = ["password", "token", "app_token", "client_secret"]

    private static let ofEveryServer = [
        "name", "kind", "url", "auth", "items", "poll", "request_budget", "connections", "limit", "read_only",
        "protected", "color", "ca_file", "client_cert", "client_key", "proxy", "language", "insecure_http",
        "insecure_tls",
    ]
    private static let ofSomeServers: [(key: String, kinds: [String])] = [
        ("force_by_save", ["nick"]),
        ("tenant", ["superoffice", "msgraph"]),
        ("environment", ["superoffice"]),
        ("state_url", ["superoffice"]),
        ("login_url", ["msgraph"]),
        ("api", ["msgraph"]),
        ("drives", ["msgraph"]),
    ]
    private static let ofItems: [(key: String, kinds: [String])] = [
        ("path", ["plone", "nick", "msgraph", "webdav", "gitlfs"]),
        ("types", ["plone", "nick"]),
        ("depth", ["plone", "nick", "msgraph", "webdav"]),
        ("text", ["plone", "nick"]),
        ("filter", ["superoffice"]),
    ]
    private static let ofAuth: [(key: String, kinds: [String])] = [
        ("user", ["plone", "nick", "superoffice", "webdav", "gitlfs"]),
        ("scheme", ["plone", "superoffice"]),
        ("flow", ["msgraph"]),
        ("client_id", ["msgraph"]),
        ("netrc", ["plone", "nick", "superoffice", "webdav", "gitlfs"]),
        ("password", ["plone", "nick", "superoffice", "webdav", "gitlfs"]),
        ("token", tabled),
        ("app_token", ["superoffice"]),
        ("client_secret", ["msgraph"]),
    ]

    /// The kind of the server, `nil` if it is missing or wrong: then every key of any kind is known.
    let kind: String?

    var server: [String] { Self.ofEveryServer + keys(Self.ofSomeServers) }
    var items: [String] { keys(Self.ofItems) }
    var auth: [String] { keys(Self.ofAuth).flatMap { Self.secrets.contains($0) ? Self.forms(of: $0) : [$0] } }

    /// The four keys of a secret.
    static func forms(of secret: String) -> [String] {
        [secret, secret + "_env", secret + "_file", secret + "_command"]
    }

    private func keys(_ table: [(key: String, kinds: [String])]) -> [String] {
        table.filter { isKnown(in: $0.kinds) }.map(\.key)
    }

    private func isKnown(in kinds: [String]) -> Bool {
        guard let kind, Self.tabled.contains(kind) else { return true }
        return kinds.contains(kind)
    }

    /// Why a key under a server isn't known there, if it is a key of another kind or level.
    func misplacedInServer(_ key: String) -> String? {
        otherKind(key, Self.ofSomeServers) ?? belongs(key, to: auth, "auth") ?? belongs(key, to: items, "items")
            ?? (Self.top.contains(key) ? "`\(key)` belongs to the top of the file" : nil)
    }

    /// The same for a key under `auth`.
    func misplacedInAuth(_ key: String) -> String? {
        let secret = Self.secrets.first { Self.forms(of: $0).contains(key) }
        return otherKind(key, Self.ofAuth, lookup: secret)
            ?? (server.contains(key) ? "`\(key)` belongs to the server" : nil)
    }

    /// The same for a key under `items`.
    func misplacedInItems(_ key: String) -> String? {
        otherKind(key, Self.ofItems) ?? (server.contains(key) ? "`\(key)` belongs to the server" : nil)
    }

    /// The same for a key at the top of the file.
    static func misplacedAtTop(_ key: String) -> String? {
        let any = KeyRules(kind: nil)
        return any.server.contains(key) || any.auth.contains(key) || any.items.contains(key)
            ? "`\(key)` belongs to a server under `servers`" : nil
    }

    private func belongs(_ key: String, to keys: [String], _ section: String) -> String? {
        keys.contains(key) ? "`\(key)` belongs under `\(section)`" : nil
    }

    private func otherKind(
        _ key: String, _ table: [(key: String, kinds: [String])], lookup: String? = nil
    ) -> String? {
        guard let kind, let row = table.first(where: { $0.key == lookup ?? key }), !isKnown(in: row.kinds) else {
            return nil
        }
        let kinds = row.kinds.count == 1 ? "kind \(row.kinds[0])" : "kinds " + row.kinds.joined(separator: ", ")
        return "`\(key)` belongs to \(kinds), this server is \(kind)"
    }
}
