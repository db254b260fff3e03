// SPDX-License-Identifier: MIT
public import FoundationEssentials
public import HTTP
public import Locks

/// What a lock system is made from: where it is, how to sign in, what to list, and the transport to speak through.
public struct SystemProfile: Sendable {
    /// A secret, fetched when it is needed.
    public typealias Secret = @Sendable () async throws -> String

    /// How to prove who we are. Secrets are fetched when they are needed, and kept nowhere else.
    public enum Login: Sendable {
        /// As anybody.
        case anonymous
        /// By name and password. `isBasic`: with every request, instead of once for a token.
        case password(user: String, secret: Secret, isBasic: Bool)
        /// With a token from elsewhere. `isTicket`: in the server's own scheme instead of `Bearer`.
        case token(Secret, isTicket: Bool = false)
        /// As a program of its own, without a person.
        case program(clientID: String, secret: Secret)
        /// By the Kerberos ticket that the transport shows with each request. `user`: what the server calls the account.
        case kerberos(user: String)
        /// As a person who confirms a code in a browser.
        case code(clientID: String)

        /// Whether nobody signs in.
        var isAnonymous: Bool { if case .anonymous = self { true } else { false } }

        /// Who signs in by password.
        var passwordUser: String? { if case .password(let user, _, _) = self { user } else { nil } }
    }

    /// Which items to list.
    public struct Selection: Hashable, Sendable {
        /// The folder to begin at; `nil`: the root.
        public var path: String?
        /// Only these types; none: every type that can be locked.
        public var types: [String]
        /// How many levels below the folder; `nil`: all.
        public var depth: Int?
        /// Words that an item must contain, for the server's own search.
        public var text: String?
        /// A filter in the server's own words.
        public var filter: String?

        /// What the configuration says under `items`.
        public init(_ values: OptionValues) {
            self.init(
                path: values.text("path"), types: values.list("types"), depth: values.whole("depth"),
                text: values.text("text"), filter: values.text("filter"))
        }

        /// A selection.
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

    /// The configured name, for messages.
    public var name: String
    /// The configured address.
    public var address: WebAddress
    /// How to sign in.
    public var login: Login
    /// What to list.
    public var selection: Selection
    /// What only some kinds of server know, in the configuration's words: what stands under `auth` and `items` too.
    public var options: OptionValues
    /// Secrets that only some kinds of server know, by their keys.
    public var secrets: [String: Secret]
    /// The language that the server is to answer in; `nil`: English.
    public var language: String?
    /// How to reach the server. It limits, counts and logs.
    public var transport: any Transport
    /// Where tokens are kept between runs.
    public var tokens: any TokenStore
    /// How many requests may be under way at once.
    public var connections: Int
    /// How long one request may take, in seconds.
    public var timeout: Double
    /// The clock on the wall, for times that are shown or compared with a server's. It may be set back at any moment.
    public var now: @Sendable () -> Date
    /// The clock for spans: how long ago a sign-in was proven, how long a server is to be left alone.
    public var time: TimeSource

    /// A profile.
    public init(
        name: String, address: WebAddress, login: Login, selection: Selection = Selection(),
        options: OptionValues = OptionValues(), secrets: [String: Secret] = [:], language: String? = nil,
        transport: any Transport, tokens: any TokenStore = ForgetfulTokens(), connections: Int = 8,
        timeout: Double = 30, now: @escaping @Sendable () -> Date, time: TimeSource = .machine
    ) {
        self.name = name
        self.address = address
        self.login = login
        self.selection = selection
        self.options = options
        self.secrets = secrets
        self.language = language
        self.transport = transport
        self.tokens = tokens
        self.connections = connections
        self.timeout = timeout
        self.now = now
        self.time = time
    }
}

extension SystemProfile {
    /// The key under which the rows that were read last are kept: it names the server, the account and what is listed,
    /// so that a selection that changed begins without the rows of the one before.
    public var cacheKey: String {
        let account =
            switch login {
            case .anonymous, .token: ""
            case .password(let user, _, _), .kerberos(let user): user
            case .program(let clientID, _), .code(let clientID): "\(options.tenant ?? "") \(clientID)"
            }
        let one: [String?] = [selection.path, selection.depth.map(String.init), selection.text, selection.filter]
        let said = options.keys.sorted().map { key in [key] + (options[key]?.texts.sorted() ?? []) }
        // Each part with its length, so that no two selections are written alike.
        let parts = one.map { $0.map { [$0] } ?? [] } + [selection.types.sorted()] + said
        let words = parts.map { part in "\(part.count) " + part.map { "\($0.utf8.count):\($0)" }.joined() }
        return "\(address) \(account) \(LockIdentity(of: words.joined(separator: " ")))"
    }

    /// The key under which this sign-in's token is kept: it names the server and the account, and never a secret.
    public var tokenKey: String {
        switch login {
        case .anonymous, .token: "\(address) "
        case .password(let user, _, _), .kerberos(let user): "\(address) \(user)"
        case .program(let clientID, _), .code(let clientID): "\(address) \(options.tenant ?? "") \(clientID)"
        }
    }
}
