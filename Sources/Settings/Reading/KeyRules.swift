// SPDX-License-Identifier: MIT
internal import Locks

/// Which keys stand where, and which kinds know them.
struct KeyRules {
    static let top = [
        "poll", "request_budget", "stale_after", "departed", "read_only", "keep_alive", "theme",
        "columns", "views", "keys", "bell", "hooks", "audit_syslog", "servers",
    ]

    static let ofEveryServer = [
        "name", "kind", "url", "auth", "items", "poll", "request_budget", "connections", "request_timeout",
        "limit", "read_only", "protected", "color", "ca_file", "client_cert", "client_key", "proxy", "language",
        "insecure_http",
        "insecure_tls",
    ]

    /// What every kind that is known knows.
    let all: [OptionList]
    /// The kind of the server, `nil` if it is missing or wrong: then every key of any kind is known.
    let kind: String?

    init(all: [OptionList], kind: String?) {
        self.all = all
        self.kind = kind
    }

    /// What the server's kind knows.
    var list: OptionList? { all.first { $0.kind == kind } }

    var server: [String] { Self.ofEveryServer + words(\.server) }
    var items: [String] { words(\.items) }
    var auth: [String] { words(\.auth) }

    private func words(_ section: KeyPath<OptionList, [OptionKey]>) -> [String] {
        var words: [String] = []
        for key in (list.map { [$0] } ?? all).flatMap({ $0[keyPath: section] }) {
            words += key.forms.filter { !words.contains($0) }
        }
        return words
    }

    /// Why a key under a server isn't known there, if it is a key of another kind or level.
    func misplacedInServer(_ key: String) -> String? {
        otherKind(key, \.server) ?? belongs(key, to: auth, "auth") ?? belongs(key, to: items, "items")
            ?? (Self.top.contains(key) ? "`\(key)` belongs to the top of the file" : nil)
    }

    /// The same for a key under `auth`.
    func misplacedInAuth(_ key: String) -> String? { otherKind(key, \.auth) ?? ofServer(key) }

    /// The same for a key under `items`.
    func misplacedInItems(_ key: String) -> String? { otherKind(key, \.items) ?? ofServer(key) }

    /// The same for a key at the top of the file.
    static func misplacedAtTop(_ key: String, all: [OptionList]) -> String? {
        let any = KeyRules(all: all, kind: nil)
        return any.server.contains(key) || any.auth.contains(key) || any.items.contains(key)
            ? "`\(key)` belongs to a server under `servers`" : nil
    }

    private func belongs(_ key: String, to keys: [String], _ section: String) -> String? {
        keys.contains(key) ? "`\(key)` belongs under `\(section)`" : nil
    }

    private func ofServer(_ key: String) -> String? {
        server.contains(key) ? "`\(key)` belongs to the server" : nil
    }

    private func otherKind(_ key: String, _ section: KeyPath<OptionList, [OptionKey]>) -> String? {
        let kinds = all.filter { $0[keyPath: section].contains { $0.forms.contains(key) } }.map(\.kind)
        guard let kind, !kinds.isEmpty, !kinds.contains(kind) else { return nil }
        let named = kinds.count == 1 ? "kind \(kinds[0])" : "kinds " + kinds.joined(separator: ", ")
        return "`\(key)` belongs to \(named), this server is \(kind)"
    }
}
