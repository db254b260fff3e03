// SPDX-License-Identifier: MIT

/// The keys of the configuration that belong to no kind of server, each with what it is for: the manual goes by it.
public enum ConfigurationKeys {
    /// A key.
    public struct Key: Sendable {
        /// The key.
        public let name: String
        /// What it is for, in a few words without a full stop.
        public let meaning: String
    }

    /// The keys at the top of the file.
    public static var top: [Key] { KeyRules.top.map { Key(name: $0, meaning: atTop[$0] ?? "") } }

    /// The keys that every server takes.
    public static var ofEveryServer: [Key] {
        KeyRules.ofEveryServer.map { Key(name: $0, meaning: ofServer[$0] ?? "") }
    }

    private static let atTop = [
        "poll": "the time between two readings of what is on screen; 5s if it is left out",
        "request_budget": "the most requests a second to one server, operations aside; 10/s if it is left out",
        "stale_after": "a lock held longer is called stale; 8h if it is left out",
        "departed": "holders who left: their locks are always stale",
        "read_only": "true: every operation is impossible, on every server",
        "keep_alive":
            "whether my own locks are refreshed before they run out, while locktop runs; true if it is left out",
        "theme": "how the screen looks: dark, light, mono or high-contrast",
        "columns": "the columns of the table, in their order",
        "views": "filters with names: the first three are keys 7 to 9, :view NAME opens each",
        "keys": "another key for an action: its word, and the key",
        "hooks": "commands that are run for events: event, filter, run",
        "bell": "true: the terminal's bell when a wait was taken or lost",
        "audit_syslog": "true: each operation goes to syslog(3) too, facility auth, as one line of JSON",
        "servers": "the servers, each behind a dash",
    ]

    private static let ofServer = [
        "name": "what it is called in SERVER:ITEM: letters, digits, -, _ and .",
        "kind": "what it is; the next section has them all",
        "url": "its address, https:// unless it is on this machine",
        "auth": "how to sign in",
        "items": "which items to list; left out: all of them",
        "poll": "its own time between two readings",
        "request_budget": "its own budget, as 10/s or 60/m",
        "connections": "the most requests that are under way at once",
        "request_timeout": "how long one request may take; 30s if it is left out",
        "limit": "the most items that are listed",
        "read_only": "true: every operation on it is impossible",
        "protected": "true: each operation wants the server's name typed, and a banner says so",
        "color": "the colour of its name",
        "ca_file": "a file of certificate authorities (PEM)",
        "client_cert": "a file with the client's certificate chain (PEM); needs client_key",
        "client_key": "a file with the key of client_cert (PEM)",
        "proxy": "the proxy, as http://host:port",
        "language": "the language asked of the server, as de or en-GB",
        "insecure_http": "true: plain HTTP to another machine is allowed, and shown in red for as long as locktop runs",
        "insecure_tls": "true: certificates are not verified, and that is shown in red for as long as locktop runs",
    ]
}
