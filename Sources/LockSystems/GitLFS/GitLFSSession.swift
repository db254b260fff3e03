// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Who we are to a Git LFS server: the header that signs a request in. Secrets are kept in memory only.
actor GitLFSSession {
    private let profile: SystemProfile
    private let errors: GitLFSErrors
    private let fetching = SingleFlight<Pass>()
    private var pass: Pass?
    private var provenAt: ContinuousClock.Instant?

    /// What signs a request in, and as whom; an empty one for nobody.
    struct Pass: Hashable, Sendable {
        var header: String?
        var user: String?
    }

    init(_ profile: SystemProfile, errors: GitLFSErrors) {
        self.profile = profile
        self.errors = errors
    }

    /// What signs a request in. The secret is fetched when it is first needed, and again after a refusal.
    /// - Throws: `LockError`
    func credentials() async throws -> Pass {
        if let pass { return pass }
        return try await fetch()
    }

    /// After a refusal: whether the secret is another one by now. The same one is never tried twice.
    /// - Throws: `LockError`
    func hasOther(than used: Pass) async throws -> Bool {
        provenAt = nil
        if let pass, pass != used { return true }
        pass = nil
        return try await fetch() != used
    }

    /// The server has let us in.
    func prove() { provenAt = profile.time.now() }

    /// Has the account confirmed anew before it is believed the next time.
    func doubt() { provenAt = nil }

    /// Whether the server has let us in within the last minute.
    var isFresh: Bool { provenAt.map { profile.time.now() - $0 < .seconds(60) } ?? false }

    /// Who signs in, as far as that is known.
    var user: String? { pass?.user ?? profile.login.passwordUser.flatMap { $0.isEmpty ? nil : $0 } }

    private func fetch() async throws -> Pass {
        let (profile, errors) = (profile, errors)
        let fresh = try await fetching.run { try await Self.make(profile, errors) }
        pass = fresh
        return fresh
    }

    private static func make(_ profile: SystemProfile, _ errors: GitLFSErrors) async throws -> Pass {
        switch profile.login {
        case .anonymous: return Pass()
        case .program, .code, .kerberos: throw errors.voice.wrongWay("user and password, or token")
        case .password(let user, let secret, _):
            let text = try await secret()
            guard profile.options.asksGit else { return basic(user, text) }
            guard let answer = GitCredentialAnswer(text) else {
                throw errors.noCredential("git has no user and password for this address.")
            }
            return basic(answer.user, answer.password)
        case .token(let secret, _):
            // One word is a token; two are a scheme and what goes with it, as a host may want them.
            let words = try await secret().split(whereSeparator: \.isWhitespace)
            guard (1...2).contains(words.count), words.joined().utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
                throw errors.badToken()
            }
            return Pass(header: words.count == 2 ? words.joined(separator: " ") : "Bearer \(words[0])")
        }
    }

    private static func basic(_ user: String, _ password: String) -> Pass {
        Pass(header: Credentials.basic(user: user, password: password).header, user: user)
    }
}

/// What `git credential fill` prints: a line for each thing that it knows.
struct GitCredentialAnswer {
    let user: String
    let password: String

    /// `nil` where it has no password.
    init?(_ text: String) {
        var known: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let sides = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if sides.count == 2 { known[sides[0]] = sides[1] }
        }
        guard let user = known["username"], let password = known["password"], !password.isEmpty else { return nil }
        self.user = String(user)
        self.password = String(password)
    }
}
