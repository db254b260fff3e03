// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Who we are on a SuperOffice: the headers that sign a request in, and the account behind them
/// (superoffice.md section 3).
actor SuperOfficeSession {
    private let profile: SystemProfile
    private let errors: SuperOfficeErrors

    private var headers: Headers?
    private var account: Account?
    private var verifiedAt: ContinuousClock.Instant?
    private let fetching = SingleFlight<Headers>()

    init(_ profile: SystemProfile, errors: SuperOfficeErrors) {
        self.profile = profile
        self.errors = errors
    }

    /// The account, once it is known.
    var known: Account? { account }

    /// The user of a sign-in by password.
    nonisolated var user: String? {
        if case .password(let user, _, _) = profile.login { return user }
        return nil
    }

    /// What signs a request in. The secret is fetched when it is first needed, and again after a refusal; it is kept in
    /// memory only.
    /// - Throws: `LockError`
    func credentials() async throws -> Headers {
        if let headers { return headers }
        return try await fetch()
    }

    /// After a refusal: whether the secret is another one by now. The same one is never tried twice.
    /// - Throws: `LockError`
    func hasOther(than used: Headers) async throws -> Bool {
        verifiedAt = nil
        if let headers, headers != used { return true }
        headers = nil
        return try await fetch() != used
    }

    /// Has the account confirmed anew before it is believed the next time: its rights have changed, or it has.
    func doubt() { verifiedAt = nil }

    private func fetch() async throws -> Headers {
        let (profile, errors) = (profile, errors)
        let fresh = try await fetching.run { try await Self.make(profile, errors) }
        headers = fresh
        return fresh
    }

    private static func make(_ profile: SystemProfile, _ errors: SuperOfficeErrors) async throws -> Headers {
        let isOnline = profile.options.tenant != nil
        var headers: Headers = [:]
        switch profile.login {
        case .anonymous: throw errors.nobody()
        case .program, .code, .kerberos:
            throw errors.badLogin(
                "SuperOffice is signed in to with a password, a ticket or a token.",
                "Set auth scheme to basic, soticket or bearer in the configuration.")
        case .password(let user, let secret, _):
            guard !isOnline else {
                throw errors.badLogin(
                    "SuperOffice Online takes no user name and password from programs.",
                    "Set auth scheme to soticket or bearer, with token_command or token_env, and app_token_env.")
            }
            headers["Authorization"] = Credentials.basic(user: user, password: try await secret()).header
        case .token(let secret, let isTicket):
            guard !isOnline || !isTicket || profile.secrets["app_token"] != nil else {
                throw errors.badLogin(
                    "SuperOffice Online takes a ticket only together with the application's token.",
                    "Set auth app_token_env, app_token_file or app_token_command.")
            }
            let scheme = isTicket ? "SOTicket" : "Bearer"
            headers["Authorization"] = scheme + " " + (try plain(try await secret(), without: scheme, errors))
        }
        if let appToken = profile.secrets["app_token"] {
            headers["SO-AppToken"] = try plain(try await appToken(), without: "SO-AppToken:", errors)
        }
        return headers
    }

    /// A secret as a header takes it. Commands print a line's end after it, and some the scheme before it.
    private static func plain(_ secret: String, without scheme: String, _ errors: SuperOfficeErrors) throws -> String {
        var words = secret.split(whereSeparator: \.isWhitespace)
        if words.count == 2, words[0].lowercased() == scheme.lowercased() { words.removeFirst() }
        guard words.count == 1, words[0].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw errors.badLogin(
                "the configured token is none: it is empty, or has blanks or control characters in it.",
                "Look at what token_command, token_env or token_file gives.")
        }
        return String(words[0])
    }

    // MARK: The account

    /// The account if it was confirmed within the last minute.
    var fresh: Account? {
        guard let verifiedAt, profile.time.now() - verifiedAt < .seconds(60) else { return nil }
        return account
    }

    /// Takes note of who the server says we are.
    /// - Throws: `LockError` when it says that we are nobody.
    func adopt(_ principal: SuperOfficePrincipal) throws -> Account {
        guard principal.associate != 0, principal.userType?.text != "AnonymousAssociate" else { throw errors.nobody() }
        let name = [principal.fullName?.text, principal.initials?.text].compactMap(\.self).first { !$0.isEmpty }
        let fresh = Account(id: String(principal.associate), name: name)
        account = fresh
        verifiedAt = profile.time.now()
        return fresh
    }
}
