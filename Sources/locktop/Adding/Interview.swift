// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import HTTP
import HTTPTransport
import LockSystems
import Locks
import Settings
import Watching

/// Finds out what a server is and how one signs in there: by asking the server, by what the command line says, and by
/// asking the person for the rest.
struct Interview {
    let common: CommonOptions
    let said: Said
    /// Whether there is somebody to ask.
    let isInteractive: Bool
    /// Where relative files of the command line lie.
    let folder: String

    /// Whether it is to be added, and there are flags for what is not asked; else it is only looked at.
    let isAdding: Bool

    init(_ common: CommonOptions, _ said: Said, isAdding: Bool = true) {
        self.common = common
        self.said = said
        self.isAdding = isAdding
        isInteractive = Out.isTerminal(0) && Out.isTerminal(2)
        folder = FileManager.default.currentDirectoryPath
    }

    /// The sentence that ends a run in which something would have to be asked.
    private static func missing(_ what: String) -> Problem {
        .usage("\(what) Without a terminal everything has to be said by flags: see locktop add --help")
    }

    // MARK: What it is

    /// What stands there, and what is known of it.
    /// - Parameters:
    ///   - word: what a person named; `nil`: the kind's own address.
    ///   - taken: names that another server has.
    func candidate(_ word: ServerWord?, named name: String?, taken: [String] = []) async throws -> Candidate {
        let known = try said.kind.map(Self.kind)
        var (kind, sighting) = (known, word.map { Sighting($0.address) } ?? Sighting(nil))
        var (user, typed) = (said.user ?? word?.user, nil as Secret?)
        if let word {
            if let assumption = word.assumption { Out.say(assumption) }
            let detection = Detection(known.map { [$0] } ?? Registry.kinds, over: try network(to: word.address))
            do {
                switch try await detection.look(at: word.address) {
                case .found(let found, let seen): (kind, sighting) = (found, seen)
                case .closed(let end, let realm):
                    try Self.checkPrivate(end, of: name)
                    sighting = Sighting(end)
                    let inside = try await lookInside(detection, at: end, realm: realm, user, known)
                    (user, typed) = (inside.user, inside.typed)
                    if let (found, seen) = inside.found { (kind, sighting) = (found, seen) }
                }
            } catch let error as LockError where known != nil && error.code != .unreachable {
                // The person says what it is; the sign-in shows whether that is so.
            } catch let error as LockError {
                throw Problem(error.description, Exits.code(error))
            }
        }
        // Nobody is asked for what could not be sent.
        if let address = sighting.address { try Self.checkPrivate(address, of: name) }
        guard let kind else { throw Problem.usage("Say what it is with --kind.") }
        let standard = Self.name(for: word?.address, kind, sighting.values, taken: taken)
        var profile = ServerProfile(name: name ?? standard, kind: kind.word, url: sighting.address?.description)
        try place(sighting, of: kind, into: &profile)
        if let user, !user.isEmpty, kind.options.auth.contains(where: { $0.name == "user" }) {
            profile.auth.user = user
        }
        return Candidate(kind: kind, profile: profile, typed: typed)
    }

    // By the rule of the configuration, in its words.
    private static func checkPrivate(_ address: WebAddress, of name: String?) throws {
        do { try ConfigurationEdit.check(address.description, of: name ?? address.host) } catch {
            throw Problem.configuration("\(error)")
        }
    }

    private static func kind(_ word: String) throws -> SystemKind {
        if let kind = Registry.kind(word) { return kind }
        let words = Registry.kinds.map(\.word)
        throw Problem.usage(
            "\(word) is no kind of server. There is: \(words.joined(separator: ", ")).\(NearestWord.hint(for: word, among: words))"
        )
    }

    private func network(to address: WebAddress) throws -> any Transport {
        let connector = Connector(
            Configuration(), journal: ForgetfulJournal(), tokens: TrialTokens(), log: try Wiring.log(common))
        do {
            return try connector.network(
                ServerProfile(name: address.host, kind: ""), address, .anonymous, 4)
        } catch {
            throw Problem.configuration(error.message)
        }
    }

    /// What was found behind a sign-in, and who signed in.
    private struct Inside {
        var found: (SystemKind, Sighting)?
        var user: String?
        /// The password, where it was typed.
        var typed: Secret?
    }

    // Behind Basic a server tells not even what it is.
    private func lookInside(
        _ detection: Detection, at address: WebAddress, realm: String, _ user: String?, _ known: SystemKind?
    ) async throws -> Inside {
        let wants = "\(address) wants a sign-in before it tells what it is\(realm.isEmpty ? "" : " (“\(realm)”)")"
        let secrets = said.secrets(folder: folder)
        let password = secrets.first { $0.key == "password" }?.source
        // Who says the kind has said enough.
        if known != nil, !isInteractive || !secrets.isEmpty { return Inside(user: user) }
        let isAnswered = user != nil && password != nil
        guard isAnswered || isInteractive && (secrets.isEmpty || password != nil) else {
            throw Problem(
                isAdding
                    ? "\(wants): say who with --user and where the password is, as with --password-env, or what it is with "
                        + "--kind."
                    : "\(wants), and without a terminal nobody can be asked: locktop add takes user and password by flags.",
                isAdding ? 64 : 77)
        }
        if !isAnswered { Out.say("\(wants).") }
        let user = try user ?? Self.answer("User: ")
        guard !user.isEmpty else { return Inside() }
        guard let password else { return try await askInside(detection, at: address, user, known) }
        let secret: Secret
        do { secret = try await SecretReader(environment: Environment.variables).reveal(password) } catch {
            throw Problem("\(error)", 77)
        }
        let credentials = Credentials.basic(user: user, password: secret.reveal())
        return Inside(found: try await detection.look(at: address, with: credentials), user: user)
    }

    private func askInside(
        _ detection: Detection, at address: WebAddress, _ user: String, _ known: SystemKind?
    ) async throws -> Inside {
        var question = "Password of \(user): "
        while true {
            let typed = Secret(try Prompt.secret(question))
            if known != nil { return Inside(user: user, typed: typed) }
            do {
                let credentials = Credentials.basic(user: user, password: typed.reveal())
                let found = try await detection.look(at: address, with: credentials)
                return Inside(found: found, user: user, typed: typed)
            } catch let error as LockError where error.code == .notSignedIn {
                Out.say(error.message)
                question = "Password of \(user), again (^C: leave): "
            }
        }
    }

    /// What the answers and the command line say, under the keys of the kind.
    private func place(_ sighting: Sighting, of kind: SystemKind, into profile: inout ServerProfile) throws {
        var seen = sighting.values
        seen.put("path", sighting.path)
        for key in seen.keys { put(seen[key], under: key, of: kind, into: &profile) }
        let said: [(String, OptionValue?)] = [
            ("scheme", said.scheme.map { .text($0) }), ("tenant", said.tenant.map { .text($0) }),
            ("flow", said.flow.map { .text($0) }), ("client_id", said.clientId.map { .text($0) }),
            ("login_url", said.loginUrl.map { .text($0) }), ("path", said.path.map { .text($0) }),
            ("drives", said.drive.isEmpty ? nil : .list(said.drive)),
        ]
        for (key, value) in said where value != nil {
            guard put(value, under: key, of: kind, into: &profile) else { throw Self.unknown(key, to: kind) }
        }
        for (key, source) in self.said.secrets(folder: folder) {
            guard kind.options.auth.contains(where: { $0.name == key }) else { throw Self.unknown(key, to: kind) }
            guard profile.auth.secrets[key] == nil else {
                throw Problem.usage("Two flags say where the \(key.replacing("_", with: " ")) is: keep one.")
            }
            profile.auth.secrets[key] = source
        }
    }

    @discardableResult
    private func put(
        _ value: OptionValue?, under key: String, of kind: SystemKind, into profile: inout ServerProfile
    ) -> Bool {
        if kind.options.auth.contains(where: { $0.name == key }) {
            profile.auth.values[key] = value
        } else if kind.options.items.contains(where: { $0.name == key }) {
            profile.items[key] = value
        } else if kind.options.server.contains(where: { $0.name == key }) {
            profile.options[key] = value
        } else {
            return false
        }
        return true
    }

    private static func unknown(_ key: String, to kind: SystemKind) -> Problem {
        let flag = key == "drives" ? "drive" : key.replacing("_", with: "-")
        return .usage("\(kind.name) has no use for --\(flag): leave it out.")
    }

    /// A name from the first word of the host, which nobody has yet.
    private static func name(
        for address: WebAddress?, _ kind: SystemKind, _ values: OptionValues, taken: [String]
    ) -> String {
        let label = address.map { $0.host.prefix { $0 != "." } } ?? ""
        let isNumber = label.isEmpty || label.contains(":") || label.allSatisfy(\.isNumber) || label == "localhost"
        let tenant = values.text("tenant")?.prefix { $0 != "." } ?? ""
        let base =
            !tenant.isEmpty
            ? String(tenant) : isNumber ? kind.word : String(label == "www" ? Substring(kind.word) : label)
        guard taken.contains(base) else { return base }
        return (2...).lazy.map { "\(base)\($0)" }.first { !taken.contains($0) } ?? base
    }

    // MARK: Who signs in

    /// Asks for what it takes to sign in and was not said.
    func complete(_ candidate: inout Candidate, keepsPassword: Bool) throws {
        let keys = Set(candidate.kind.options.auth.map(\.name))
        let hasSecret = !candidate.profile.auth.secrets.isEmpty || candidate.typed != nil
        if keys.contains("client_id"), candidate.profile.auth.secrets["token"] == nil {
            try completeApplication(&candidate)
            return
        }
        guard keys.contains("user"), candidate.profile.auth.secrets["token"] == nil else { return }
        if candidate.profile.auth.user == nil, said.user == nil {
            guard isInteractive else {
                if hasSecret { throw Self.missing("Say who signs in with --user.") }
                if !keepsPassword { return }
                throw Self.missing("Say who signs in with --user, and where the password is.")
            }
            let answer = try Self.answer("User of \(candidate.profile.name) (Enter: nobody signs in): ")
            candidate.profile.auth.user = answer.isEmpty ? nil : answer
        }
        guard let user = candidate.profile.auth.user, !hasSecret,
            candidate.profile.auth.values.text("scheme") != "negotiate"
        else { return }
        if keepsPassword {
            guard isInteractive else {
                throw Self.missing(
                    "Say where the password of \(user) is with --password-env, --password-file or --password-command.")
            }
            if let source = try source() {
                candidate.profile.auth.password = source
                return
            }
        }
        candidate.typed = Secret(try Prompt.secret("Password of \(user) on \(candidate.profile.name): "))
    }

    private func completeApplication(_ candidate: inout Candidate) throws {
        if candidate.profile.auth.values.text("client_id") == nil {
            guard isInteractive else {
                throw Self.missing("Say as which registered application to sign in with --client-id, or give a token.")
            }
            let id = try Self.answer("Id of the registered application (client id): ")
            guard !id.isEmpty else { throw Problem.usage("Without an application nobody can sign in there.") }
            candidate.profile.auth.values.put("client_id", id)
        }
        let hasTenant = candidate.profile.options.text("tenant") != nil
        if !hasTenant, isInteractive, said.tenant == nil {
            let tenant = try Self.answer("Tenant, its id or domain (Enter: any): ")
            if !tenant.isEmpty { candidate.profile.options.put("tenant", tenant) }
        }
        if candidate.profile.auth.values.text("flow") == nil {
            candidate.profile.auth.values.put("flow", "device_code")
        }
    }

    /// How the password is got from now on; `nil`: it is typed, and the sign-in is kept.
    private func source() throws -> SecretSource? {
        while true {
            let answer = try Self.answer(
                "The password: typed now, or from a command, a file or the environment? [T/c/f/e] ")
            switch answer.lowercased().first {
            case nil, "t": return nil
            case "c": return .command(try Self.needed("Command that prints it: "))
            case "f":
                let path = try Self.needed("File (mode 0600) with it in the first line: ")
                return .file(path.hasPrefix("/") || path.hasPrefix("~/") ? path : "\(folder)/\(path)")
            case "e": return .environment(try Self.needed("Name of the environment variable: "))
            default: continue
            }
        }
    }

    private static func needed(_ question: String) throws -> String {
        while true {
            let text = try answer(question)
            if !text.isEmpty { return text }
        }
    }

    /// An answer without blanks around it; the end of the input calls everything off.
    static func answer(_ question: String) throws -> String {
        guard let line = try Prompt.line(question) else { throw CancellationError() }
        var text = Substring(line)
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return Text.clean(String(text.drop(while: \.isWhitespace)))
    }
}
