// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import HTTP
import HTTPTransport
import History
import LockSystems
import Locks
import Settings
import Watching

/// Makes a connection from a server's profile: the transport with everything around it, the sign-in, the system.
struct Connector {
    private let configuration: Configuration
    private let journal: any Journal
    private let store: Store?
    private let log: (@Sendable (String) -> Void)?
    private let shared = SharedConnections()

    init(
        _ configuration: Configuration, journal: any Journal, store: Store?, log: (@Sendable (String) -> Void)?
    ) {
        self.configuration = configuration
        self.journal = journal
        self.store = store
        self.log = log
    }

    func connect(_ profile: ServerProfile, pace: Wiring.Pace, isReadOnly: Bool) throws -> Connection {
        guard let kind = Registry.kind(profile.kind) else {
            throw Problem.configuration("\(profile.name): this program does not speak \(profile.kind).")
        }
        let address = try address(of: profile, kind)
        let budget = profile.requestBudget ?? configuration.requestBudget
        let counted: Counted
        do {
            let network = try network(profile, address)
            let logged: any Transport = log.map { Logged(network, time: .machine, to: $0) } ?? network
            counted = Counted(logged, time: .machine)
        } catch {
            throw Problem.configuration("\(profile.name): \(error.message)")
        }
        let limited = Limited(
            counted, sharing: shared.connections(to: address, kind, atMost: profile.connections),
            perSecond: pace == .watching ? budget : nil, time: .machine)
        let made = SystemProfile(
            name: profile.name, address: address, login: login(profile, address),
            selection: SystemProfile.Selection(
                path: profile.items.path, types: profile.items.types, depth: profile.items.depth,
                text: profile.items.text, filter: profile.items.filter),
            details: details(profile), transport: Retrying(limited, time: .machine),
            tokens: store.map(StoredTokens.init) ?? ForgetfulTokens(), connections: profile.connections,
            now: { Date() })
        let system = kind.make(made)
        let facts = ServerFacts(
            name: profile.name, kind: profile.kind, url: address.description,
            isReadOnly: isReadOnly || profile.readOnly, isProtected: profile.protected,
            insecurity: insecurity(profile, address), color: profile.color,
            pace: polling(profile, kind, address), budget: budget)
        return Connection(
            facts: facts, kind: kind, system: system,
            performer: Performer(
                server: profile.name, system: system, journal: journal, isReadOnly: facts.isReadOnly, now: { Date() }),
            limit: profile.limit, width: profile.connections,
            user: made.tokenKey, cacheKey: made.cacheKey, counted: counted,
            wantsCode: profile.auth.clientID != nil && profile.auth.flow != "client_credentials")
    }

    private func address(of profile: ServerProfile, _ kind: SystemKind) throws -> WebAddress {
        guard let text = profile.url ?? kind.standardAddress else {
            throw Problem.configuration("\(profile.name): url is missing in the configuration.")
        }
        do {
            return try WebAddress(text)
        } catch {
            throw Problem.configuration("\(profile.name): \(error.message)")
        }
    }

    // A service that counts requests is left in peace, unless its own poll says otherwise.
    private func polling(_ profile: ServerProfile, _ kind: SystemKind, _ address: WebAddress) -> Pace {
        if let poll = profile.poll { return Pace(poll: poll, isOwn: true) }
        return Pace(poll: configuration.poll, floor: kind.isHosted && !address.isLoopback ? 15 : 0)
    }

    private func details(_ profile: ServerProfile) -> SystemProfile.Details {
        var details = SystemProfile.Details()
        details.tenant = profile.tenant
        details.environment = profile.environment
        details.stateURL = profile.stateURL
        details.loginURL = profile.loginURL
        details.api = profile.api
        details.drives = profile.drives
        details.forcesBySaving = profile.forceBySave
        details.language = profile.language
        details.appToken = profile.auth.appToken.map { secret($0, of: profile.name) }
        return details
    }

    private func secret(_ source: SecretSource, of name: String) -> @Sendable () async throws -> String {
        let reader = SecretReader(environment: Environment.variables)
        return {
            do {
                return try await reader.reveal(source).reveal()
            } catch let error as SecretError {
                throw Self.refusal(error, of: name)
            }
        }
    }

    private func network(_ profile: ServerProfile, _ address: WebAddress) throws(TransportError) -> any Transport {
        let variables = Environment.variables
        var options = NetworkOptions()
        options.connections = profile.connections
        options.caFile = profile.caFile
        options.clientCertificate = profile.clientCert
        options.clientKey = profile.clientKey
        options.insecureTLS = profile.insecureTLS
        options.signsInByTicket = profile.auth.scheme == "negotiate"
        options.systemCAFile = variables["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        options.systemCAFolder = variables["SSL_CERT_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        options.proxy = profile.proxy
        if options.proxy == nil, let proxy = ProxyRules.proxy(for: address, environment: variables) {
            // The variable is for all: what is wrong with it concerns who would go through it, and nobody else.
            do { _ = try ProxyAddress(proxy) } catch {
                return NoWay(
                    error: TransportError(
                        .proxy, "\(error.message) \(address.scheme)_proxy or all_proxy of the environment names it.",
                        surelyNotSent: true))
            }
            options.proxy = proxy
        }
        return try NetworkTransport(options)
    }

    private func insecurity(_ profile: ServerProfile, _ address: WebAddress) -> String? {
        if profile.insecureTLS { return "INSECURE: certificates are not verified" }
        if address.scheme == "http", !address.isLoopback { return "INSECURE: http without TLS, passwords can be read" }
        return nil
    }

    private func login(_ profile: ServerProfile, _ address: WebAddress) -> SystemProfile.Login {
        let (auth, name) = (profile.auth, profile.name)
        if auth.scheme == "negotiate" { return .kerberos(user: auth.user ?? "") }
        if let token = auth.token { return .token(secret(token, of: name), isTicket: auth.scheme == "soticket") }
        if let clientID = auth.clientID {
            guard auth.flow == "client_credentials", let source = auth.clientSecret else {
                return .code(clientID: clientID)
            }
            return .program(clientID: clientID, secret: secret(source, of: name))
        }
        let isBasic = auth.scheme == "basic"
        if auth.netrc { return netrcLogin(profile, address, isBasic: isBasic) }
        guard let user = auth.user else { return .anonymous }
        guard let password = auth.password else {
            return .password(
                user: user,
                secret: {
                    throw LockError(
                        .notSignedIn, "\(name): there is no password for \(user).", advice: "Run: locktop login \(name)"
                    )
                }, isBasic: isBasic)
        }
        return .password(user: user, secret: secret(password, of: name), isBasic: isBasic)
    }

    private func netrcLogin(_ profile: ServerProfile, _ address: WebAddress, isBasic: Bool) -> SystemProfile.Login {
        let (name, user) = (profile.name, profile.auth.user)
        do {
            let reader = SecretReader(environment: Environment.variables)
            let login = try reader.netrc(host: address.host, user: user)
            return .password(user: login.user ?? "", secret: { login.password.reveal() }, isBasic: isBasic)
        } catch {
            let refusal = Self.refusal(error, of: name)
            return .password(user: user ?? "", secret: { throw refusal }, isBasic: isBasic)
        }
    }

    private static func refusal(_ error: SecretError, of name: String) -> LockError {
        let text = Text.clean(error.sentence)
        return LockError(
            .notSignedIn, "\(name): \(text.hasSuffix(".") ? text : text + ".")",
            advice: "Correct auth in the configuration.")
    }
}

/// The network of a server that can't be reached from here.
private struct NoWay: Transport {
    let error: TransportError

    func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response { throw error }
}

/// The store's token file, as lock systems see it.
struct StoredTokens: TokenStore {
    private let store: Store

    init(_ store: Store) { self.store = store }

    func token(for key: String) -> String? { store.token(for: key) }
    func update(_ key: String, _ change: (String?) -> String?) { store.updateToken(for: key, change) }
}
