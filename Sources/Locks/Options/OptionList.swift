// SPDX-License-Identifier: MIT

/// What the configuration of one kind of server knows: its own keys, each with its rule, and what holds for the keys
/// of every server. Reading, checking, the example and the documentation go by it.
public struct OptionList: Sendable {
    /// The kind's word: what stands behind `kind:`.
    public let kind: String
    /// Keys that stand beside the name.
    public var server: [OptionKey]
    /// Keys that stand under `auth`.
    public var auth: [OptionKey]
    /// Keys that stand under `items`.
    public var items: [OptionKey]
    /// Whether `url` must be there.
    public var needsAddress: Bool
    /// How many connections there are if the configuration is silent.
    public var connections: Int
    /// How many connections the configuration may ask for.
    public var mostConnections: Int
    /// How many items are listed at most if the configuration is silent.
    public var limit: Int
    /// Servers of this kind for the example, each a member of the list under `servers`.
    public var examples: [String]
    /// What no single key can tell.
    public var check: @Sendable (WrittenOptions) -> [OptionFault]

    /// All its keys.
    public var all: [OptionKey] { server + auth + items }

    /// A list. No two of its keys are the same, wherever they stand.
    public init(
        _ kind: String, server: [OptionKey] = [], auth: [OptionKey], items: [OptionKey] = [],
        needsAddress: Bool = true, connections: Int = 8, mostConnections: Int = 256, limit: Int = 100_000,
        examples: [String], check: @escaping @Sendable (WrittenOptions) -> [OptionFault] = { _ in [] }
    ) {
        self.kind = kind
        self.server = server
        self.auth = auth
        self.items = items
        self.needsAddress = needsAddress
        self.connections = connections
        self.mostConnections = mostConnections
        self.limit = limit
        self.examples = examples
        self.check = check
    }
}

/// The keys that stand in the configuration of one server, and the values of those that are right.
public struct WrittenOptions: Sendable {
    /// The values that are right.
    public let values: OptionValues
    private let written: [String: String]

    /// - Parameter written: by key the word under which it stands.
    public init(values: OptionValues, written: [String: String]) {
        self.values = values
        self.written = written
    }

    /// The word under which a key stands, right or not: `password_env` for `password`; `nil` where it does not.
    public func word(for key: String) -> String? { written[key] }
}

/// What is wrong with several keys together.
public enum OptionFault: Sendable {
    /// The key has to be there. `why` follows the sentence that says so.
    case missing(String, why: String)
    /// The secret has to be there, in a form other than itself.
    case missingSecret(String, why: String)
    /// The key that stands there must not: the sentence says why.
    case refused(String, String)
}

extension OptionFault {
    /// What goes with a password: a user, and no second source.
    public static func ofPassword(_ options: WrittenOptions) -> [OptionFault] {
        guard let word = options.word(for: "password") else { return [] }
        var faults: [OptionFault] = [.missing("user", why: ": a password needs one")]
        if options.values.flag("netrc") {
            faults.append(.refused("password", "`\(word)` and `netrc` are two sources of one secret; keep one"))
        }
        return faults
    }

    /// What goes with a sign-in by the Kerberos ticket that `kinit` got: a user, and no secret.
    public static func ofTicket(_ options: WrittenOptions) -> [OptionFault] {
        guard options.values.text("scheme") == "negotiate" else { return [] }
        let user = OptionFault.missing(
            "user", why: ": scheme `negotiate` needs the name that the server knows the account by")
        let unused = ["password", "token"] + (options.values.flag("netrc") ? ["netrc"] : [])
        return [user]
            + unused.compactMap { key in
                options.word(for: key).map { word in
                    let ticket = "scheme `negotiate`, which shows the ticket that `kinit` got"
                    return .refused(key, "`\(word)` is not used by \(ticket)")
                }
            }
    }
}
