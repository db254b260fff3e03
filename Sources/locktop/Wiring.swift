// SPDX-License-Identifier: MIT
import Dashboard
import FoundationEssentials
import HTTP
import HTTPTransport
import History
import LockSystems
import Locks
import Settings
import Synchronization
import Watching

/// A server that can be spoken to: everything of it that commands and the dashboard need.
struct Connection: Sendable {
    let facts: ServerFacts
    let kind: SystemKind
    let system: any LockSystem
    let performer: Performer
    let limit: Int
    let width: Int
    /// The name of this sign-in's token.
    let user: String
    /// The name of the rows that were read last.
    let cacheKey: String
    let counted: Counted
    /// Whether one signs in there by a code.
    let wantsCode: Bool

    var counters: ServerWatch.Counters {
        let counts = counted.counts
        return ServerWatch.Counters(
            requests: counts.requests, failures: counts.errors, roundTrip: counts.roundTrip.map { $0 / .seconds(1) })
    }
}

/// The only place that knows all parts: makes connections from a configuration.
struct Wiring: Sendable {
    let configuration: Configuration
    let connections: [Connection]
    let journal: any Journal
    /// The local store; `nil` in a demonstration, and where there is an `obstacle`.
    let store: Store?
    /// Why there is no store.
    let obstacle: LockError?
    let staleness: Staleness
    /// What every operation passes.
    let gate: Guard

    /// How the program reaches the servers: as fast as they allow, or spaced out.
    enum Pace: Sendable {
        case once, watching
    }

    /// Reads the configuration and connects what is asked for.
    /// - Throws: `Problem`
    init(_ options: CommonOptions, pace: Pace, readOnly: Bool = false) throws {
        let configuration = try ConfigurationSource.load(options)
        try self.init(configuration, options, pace: pace, readOnly: readOnly, memory: .kept)
    }

    /// What of a run is there in the next one.
    enum Memory: Sendable {
        /// Everything that is to be.
        case kept
        /// Nothing: a demonstration.
        case none
        /// Nothing, and the sign-in is elsewhere until somebody agrees: a server that is about to be added.
        case trial(any TokenStore)
        /// Nothing but what is changed, in the audit log: a look at a server that is not configured.
        case late(any TokenStore)
    }

    /// Connects the servers of a configuration.
    /// - Throws: `Problem`
    init(
        _ configuration: Configuration, _ options: CommonOptions, pace: Pace, readOnly: Bool, memory: Memory
    ) throws {
        self.configuration = configuration
        let tokens: any TokenStore
        switch memory {
        case .kept:
            let (opened, kept, why) = Self.openStore()
            (store, obstacle) = (opened, why)
            journal = NotedJournal(configuration.auditSyslog ? SyslogJournal(kept) : kept)
            tokens = store.map(StoredTokens.init) ?? ForgetfulTokens()
        case .none: (store, journal, obstacle, tokens) = (nil, NotedJournal(ForgetfulJournal()), nil, ForgetfulTokens())
        case .trial(let given): (store, journal, obstacle, tokens) = (nil, ForgetfulJournal(), nil, given)
        case .late(let given):
            (store, journal, obstacle, tokens) = (nil, NotedJournal(LateJournal { Self.openStore().1 }), nil, given)
        }
        staleness = Staleness(after: configuration.staleAfter, departed: configuration.departed)
        let unknown = options.server.filter { name in !configuration.servers.contains { $0.name == name } }
        if let unknown = unknown.first {
            let names = configuration.servers.map(\.name)
            let hint = NearestWord.hint(for: unknown, among: names)
            throw Problem.usage("No server is called \(unknown). There is: \(names.joined(separator: ", ")).\(hint)")
        }
        let isReadOnly = readOnly || configuration.readOnly
        gate = Guard(isReadOnly: isReadOnly)
        let connector = Connector(configuration, journal: journal, tokens: tokens, log: try Self.log(options))
        connections = try configuration.servers
            .filter { options.server.isEmpty || options.server.contains($0.name) }
            .map { try connector.connect($0, pace: pace, isReadOnly: isReadOnly) }
    }

    /// Where requests are told, if anywhere.
    /// - Throws: `Problem`
    static func log(_ options: CommonOptions) throws -> (@Sendable (String) -> Void)? {
        let (file, isSaid) = (try options.log.map(LogFile.at), options.verbose)
        guard file != nil || isSaid else { return nil }
        return { line in
            file?.line(line)
            if isSaid { Out.say(line) }
        }
    }

    // Without a store everything can be read; what must be written down before it is sent is refused by its journal.
    private static func openStore() -> (Store?, any Journal, LockError?) {
        do {
            guard let directory = ConfigurationPath.stateDirectory(environment: Environment.variables) else {
                throw LockError(
                    .nonsense, "There is no place for the local store.", advice: "Set HOME or XDG_STATE_HOME.")
            }
            let store = try Store(directory: directory)
            store.tell { Out.say($0) }
            return (store, Writer(store), nil)
        } catch {
            let obstacle = Performer.lockError(error, server: "The local store")
            Out.say(
                "\(obstacle.description) Reading goes on; only your own can be given back or refreshed, nothing else changed."
            )
            return (nil, ForgetfulJournal(obstacle: obstacle), obstacle)
        }
    }

    /// The item that a word on the command line names.
    /// - Throws: `Problem`
    func resolve(_ word: String) throws -> (connection: Connection, name: String) {
        if let colon = word.firstIndex(of: ":"), !word.hasPrefix("/") {
            let server = String(word[..<colon])
            let name = String(word[word.index(after: colon)...])
            if let connection = connections.first(where: { $0.facts.name == server }) {
                guard !name.isEmpty else {
                    throw Problem.usage("\(word) names no item: write SERVER:ID or SERVER:/path.")
                }
                return (connection, name)
            }
            let names = connections.map(\.facts.name)
            let hint = NearestWord.hint(for: server, among: names)
            throw Problem.usage("\(word): no server is called \(server).\(hint)")
        }
        guard connections.count == 1 else {
            throw Problem.usage("\(word): several servers are configured, so write SERVER:\(word).")
        }
        return (connections[0], word)
    }
}

/// The environment of the process.
enum Environment {
    static var variables: [String: String] { ProcessInfo.processInfo.environment }
}

/// Where the configuration comes from.
enum ConfigurationSource {
    /// The file that is meant.
    static func path(_ options: CommonOptions) throws -> String {
        if let config = options.config { return config }
        guard let path = ConfigurationPath.configFile(environment: Environment.variables) else {
            throw Problem.configuration("There is no place for a configuration: set HOME, or give --config FILE.")
        }
        return path
    }

    /// Whether there is a file to read.
    static func isThere(_ options: CommonOptions) -> Bool {
        (try? path(options)).map { FileManager.default.fileExists(atPath: $0) } ?? false
    }

    private static var keys: KeyVocabulary {
        KeyVocabulary(
            actions: Keymap.actions.map { .init(name: $0.name, going: $0.going, staying: $0.staying) },
            spelling: { Keymap.name(ofKey: $0) })
    }

    private static let read = Mutex<[String: ConfigurationFile]>([:])

    // A pipe can be read only once, and some commands look twice.
    private static func file(at path: String) throws -> ConfigurationFile {
        if let file = read.withLock({ $0[path] }) { return file }
        let file = try ConfigurationFile.load(path: path)
        read.withLock { $0[path] = file }
        return file
    }

    /// The configuration, whole and right.
    /// - Throws: `Problem` with every mistake in it.
    static func load(_ options: CommonOptions) throws -> Configuration {
        let path = try path(options)
        if options.config == nil, !FileManager.default.fileExists(atPath: path) {
            throw Problem.configuration(
                "There is no configuration at \(path). Add a server with: locktop add URL\n"
                    + "Or look around first with: locktop demo")
        }
        do {
            let file = try file(at: path)
            return try ConfigurationReader.read(
                text: file.text, file: ConfigurationFile.name(of: path), isPrivateFile: file.isPrivate,
                kinds: Registry.kinds.map(\.options), keys: Self.keys,
                environment: Environment.variables)
        } catch {
            throw Problem.configuration("\(error)")
        }
    }
}
