// SPDX-License-Identifier: MIT
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
        let address: WebAddress
        do {
            address = try WebAddress(profile.url ?? "")
        } catch {
            throw Problem.configuration("\(profile.name): \(error.message)")
        }
        let budget = profile.requestBudget ?? configuration.requestBudget
        let counted: Counted
        do {
            let network = try NetworkTransport(try networkOptions(profile, address))
            let logged: any Transport = log.map { Logged(network, time: .machine, to: $0) } ?? network
            counted = Counted(logged, time: .machine)
        } catch let error as TransportError {
            throw Problem.configuration("\(profile.name): \(error.message)")
        }
        let limited = Limited(
            Retrying(counted, time: .machine), connections: profile.connections,
            perSecond: pace == .watching ? budget : nil, time: .machine)
        let system = kind.make(
            SystemProfile(
                name: profile.name, address: address, login: login(profile, address),
                selection: SystemProfile.Selection(
                    path: profile.items.path, types: profile.items.types, depth: profile.items.depth,
                    text: profile.items.text, filter: profile.items.filter),
                transport: limited, tokens: store.map(StoredTokens.init) ?? ForgetfulTokens(),
                connections: profile.connections, now: { Date() }))
        let facts = ServerFacts(
            name: profile.name, kind: profile.kind, url: address.description,
            isReadOnly: isReadOnly || profile.readOnly, isProtected: profile.protected,
            insecurity: insecurity(profile, address), color: profile.color,
            poll: profile.poll ?? configuration.poll, budget: budget)
        return Connection(
            facts: facts, kind: kind, system: system,
            performer: Performer(
                server: profile.name, system: system, journal: journal, isReadOnly: facts.isReadOnly, now: { Date() }),
            limit: profile.limit, width: profile.connections,
            user: "\(address) \(profile.auth.user ?? "")", counted: counted)
    }

    private func networkOptions(_ profile: ServerProfile, _ address: WebAddress) throws -> NetworkOptions {
        var options = NetworkOptions()
        options.connections = profile.connections
        options.caFile = profile.caFile
        options.clientCertificate = profile.clientCert
        options.clientKey = profile.clientKey
        options.insecureTLS = profile.insecureTLS
        options.proxy = profile.proxy ?? ProxyRules.proxy(for: address, environment: Environment.variables)
        return options
    }

    private func insecurity(_ profile: ServerProfile, _ address: WebAddress) -> String? {
        if profile.insecureTLS { return "INSECURE: certificates are not verified" }
        if address.scheme == "http", !address.isLoopback { return "INSECURE: http without TLS, passwords can be read" }
        return nil
    }

    private func login(_ profile: ServerProfile, _ address: WebAddress) -> SystemProfile.Login {
        let reader = SecretReader(environment: Environment.variables)
        let name = profile.name
        @Sendable func reveal(_ source: SecretSource) async throws -> String {
            do {
                return try await reader.reveal(source).reveal()
            } catch {
                throw LockError(.notSignedIn, "\(name): \(error.description)", advice: "Correct auth in the configuration.")
            }
        }
        if let token = profile.auth.token { return .token { try await reveal(token) } }
        if profile.auth.netrc {
            guard let login = try? reader.netrc(host: address.host, user: profile.auth.user), let user = login.user else {
                return .password(
                    user: profile.auth.user ?? "",
                    secret: {
                        throw LockError(
                            .notSignedIn, "\(name): the netrc file has no login for \(address.host).",
                            advice: "Add it there, or set another auth in the configuration.")
                    }, isBasic: false)
            }
            return .password(user: user, secret: { login.password.reveal() }, isBasic: profile.auth.scheme == "basic")
        }
        guard let user = profile.auth.user else { return .anonymous }
        guard let password = profile.auth.password else {
            return .password(
                user: user,
                secret: {
                    throw LockError(
                        .notSignedIn, "\(name): there is no password for \(user).",
                        advice: "Run: locktop login \(name)")
                }, isBasic: false)
        }
        return .password(user: user, secret: { try await reveal(password) }, isBasic: profile.auth.scheme == "basic")
    }
}

/// The store's token file, as lock systems see it.
struct StoredTokens: TokenStore {
    private let store: Store

    init(_ store: Store) { self.store = store }

    func token(for key: String) -> String? { store.token(for: key) }
    func keep(_ token: String?, for key: String) { store.keep(token, for: key) }
}
