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
    private let tokens: any TokenStore
    private let log: (@Sendable (String) -> Void)?
    private let shared = SharedConnections()

    init(
        _ configuration: Configuration, journal: any Journal, tokens: any TokenStore,
        log: (@Sendable (String) -> Void)?
    ) {
        self.configuration = configuration
        self.journal = journal
        self.tokens = tokens
        self.log = log
    }

    func connect(_ profile: ServerProfile, pace: Wiring.Pace, isReadOnly: Bool) throws -> Connection {
        guard let kind = Registry.kind(profile.kind) else {
            throw Problem.configuration("\(profile.name): this program does not speak \(profile.kind).")
        }
        let address = try address(of: profile, kind)
        let budget = profile.requestBudget ?? configuration.requestBudget
        let width = profile.connections ?? kind.options.connections
        var said = profile.options
        said.merge(profile.auth.values)
        said.merge(profile.items)
        let place = kind.signInAddress(address, said)
        var secrets = profile.auth.secrets.mapValues { secret($0, of: profile.name) }
        if profile.auth.gitCredential { secrets["git_credential"] = gitCredential(profile, place) }
        let login = kind.login(signIn(profile, place, secrets))
        let counted: Counted
        do {
            let network = try network(profile, address, login, width)
            let logged: any Transport = log.map { Logged(network, time: .machine, to: $0) } ?? network
            counted = Counted(NotedTransport(logged, of: profile.name, time: .machine), time: .machine)
        } catch {
            throw Problem.configuration("\(profile.name): \(error.message)")
        }
        let budgetNow = pace == .watching ? budget : nil
        let connections = shared.connections(to: address, kind, atMost: width, isRationed: budgetNow != nil)
        let limited = Limited(counted, sharing: connections, perSecond: budgetNow, time: .machine)
        let made = SystemProfile(
            name: profile.name, address: address, login: login,
            selection: SystemProfile.Selection(profile.items), options: said, secrets: secrets,
            language: profile.language, transport: Retrying(limited, time: .machine),
            tokens: tokens, connections: connections.requests, timeout: profile.requestTimeout ?? 30,
            now: { Date() })
        let system = kind.make(made)
        let facts = ServerFacts(
            name: profile.name, kind: profile.kind, url: address.description,
            isReadOnly: isReadOnly || profile.readOnly, isProtected: profile.protected,
            insecurity: insecurity(profile, address), color: profile.color,
            pace: polling(profile, kind, address), budget: budget)
        var wantsCode = false
        if case .code = login { wantsCode = true }
        return Connection(
            facts: facts, kind: kind, system: system,
            performer: Performer(
                server: profile.name, system: system, journal: journal, isReadOnly: facts.isReadOnly, now: { Date() }),
            limit: profile.limit ?? kind.options.limit, width: width,
            user: made.tokenKey, cacheKey: made.cacheKey, counted: counted, wantsCode: wantsCode)
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
        return Pace(poll: configuration.poll, floor: address.isLoopback ? 0 : kind.leastPoll(address))
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

    /// The way to a server, without limits or sign-in.
    func network(
        _ profile: ServerProfile, _ address: WebAddress, _ login: SystemProfile.Login, _ width: Int
    ) throws(TransportError) -> any Transport {
        let variables = Environment.variables
        var options = NetworkOptions()
        options.connections = width
        options.caFile = profile.caFile
        options.clientCertificate = profile.clientCert
        options.clientKey = profile.clientKey
        options.insecureTLS = profile.insecureTLS
        if case .kerberos = login { options.signsInByTicket = true }
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

    private func signIn(
        _ profile: ServerProfile, _ address: WebAddress, _ secrets: [String: SystemProfile.Secret]
    ) -> SignInOptions {
        let (auth, name) = (profile.auth, profile.name)
        var said = SignInOptions(user: auth.user, password: nil, values: auth.values, secrets: secrets)
        if auth.netrc, auth.token == nil {
            (said.user, said.password) = netrcSecret(profile, address)
        } else if let user = auth.user {
            said.password =
                secrets["password"] ?? {
                    throw LockError(
                        .notSignedIn, "\(name): there is no password for \(user).",
                        advice: "Run: locktop login \(name)")
                }
        }
        return said
    }

    private func netrcSecret(_ profile: ServerProfile, _ address: WebAddress) -> (String?, SystemProfile.Secret) {
        do {
            let reader = SecretReader(environment: Environment.variables)
            let login = try reader.netrc(host: address.host, user: profile.auth.user)
            return (login.user, { login.password.reveal() })
        } catch {
            let refusal = Self.refusal(error, of: profile.name)
            return (profile.auth.user, { throw refusal })
        }
    }

    private func gitCredential(_ profile: ServerProfile, _ address: WebAddress) -> SystemProfile.Secret {
        let reader = SecretReader(environment: Environment.variables)
        return {
            do {
                let path = WebAddress.decode(address.path.drop { $0 == "/" }) ?? ""
                return try await reader.gitCredential(
                    scheme: address.scheme, host: address.hostAndPort, path: path, user: profile.auth.user
                ).reveal()
            } catch let error as SecretError {
                throw Self.refusal(error, of: profile.name)
            }
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
