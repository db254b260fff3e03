// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// The token for Graph: obtains it in the configured way, keeps a person's between runs, renews it before it ends.
actor GraphSession {
    private let profile: SystemProfile
    private let errors: GraphErrors
    private let authority: GraphAuthority
    private let sleep: @Sendable (Double) async throws -> Void

    private var tokens: GraphKeptSignIn?
    /// The sign-in as it was when this program read it from the store or put it there.
    private var kept: String?
    private var account: Account?
    /// By what else than the id the account can be told, in small letters.
    private var addresses: Set<String> = []
    /// When the token ends, by the clock that nobody sets.
    private var runsOut: ContinuousClock.Instant?
    /// Why the sign-in host refused the last renewal: what is asked later has the same cause.
    private var refusal: LockError?
    private var isProgram: Bool
    /// Several requests find out at once that a token is due: they share one.
    private let shared = SingleFlight<Void>()

    init(_ profile: SystemProfile, errors: GraphErrors, sleep: @escaping @Sendable (Double) async throws -> Void) {
        self.profile = profile
        self.errors = errors
        self.sleep = sleep
        authority = GraphAuthority(profile, errors: errors)
        if case .program = profile.login { isProgram = true } else { isProgram = false }
    }

    /// Who we are, once it is known.
    var known: Account? { account }
    /// Who we are, with the addresses by which a server may name us without an id.
    var me: (account: Account?, addresses: Set<String>) { (account, addresses) }
    /// Whether the token is a program's own: then there is no "me", and anybody's check-out can be discarded.
    var isApplication: Bool { isProgram }
    /// What the sign-in was granted; `nil` where nobody said.
    var scope: String? { tokens?.scope }

    func learn(_ account: Account, isApplication: Bool, addresses: Set<String> = []) {
        self.account = account
        self.addresses = addresses
        isProgram = isApplication
    }

    /// The token for the `Authorization` header. Obtains and renews it as needed.
    func token() async throws -> String {
        if tokens == nil { try await shared.run { try await self.obtain() } }
        if isRunningOut { try await shared.run { try await self.renew() } }
        guard let tokens else { throw errors.notSignedIn() }
        return tokens.access
    }

    /// Makes another token after the server refused this one. Many requests find out at once, and one does it.
    func replace(_ refused: String) async throws {
        guard tokens?.access == refused else { return }
        try await shared.run {
            guard await self.isCurrent(refused) else { return }
            try await self.renew()
        }
        if tokens?.access == refused { throw errors.notSignedIn() }
    }

    private func isCurrent(_ token: String) -> Bool { tokens?.access == token }

    /// Signs a person in by a code; what was kept before does not count.
    func signIn(show: @Sendable (SignInCode) -> Void) async throws {
        guard case .code(let clientID) = profile.login else {
            throw LockError(
                .unsupported, "\(profile.name) is not configured for a sign-in by code.",
                advice: "Set auth: {flow: device_code, client_id: …}.")
        }
        let code = try await authority.deviceCode(clientID: clientID)
        let lifetime = code.expiresIn ?? 900
        show(
            SignInCode(
                code: code.userCode, address: code.verificationURI,
                expires: profile.now().addingTimeInterval(lifetime)))
        var interval = max(1, code.interval ?? 5)
        var waited = 0.0
        while waited < lifetime {
            try await sleep(interval)
            waited += interval
            switch try await authority.poll(code, clientID: clientID) {
            case .done(let fresh):
                tokens = nil
                account = nil
                return adopt(fresh)
            case .pending: break
            case .slower: interval += 5
            }
        }
        throw errors.signIn(GraphOAuthProblem(error: "expired_token"), status: 400, isProgram: false)
    }

    private var isRunningOut: Bool {
        guard let runsOut else { return false }
        return runsOut - profile.time.now() < .seconds(60)
    }

    private func obtain() async throws {
        switch profile.login {
        case .code:
            guard takeKept() else { throw refusal ?? errors.notSignedIn() }
        case .program(let clientID, let secret):
            adopt(try await authority.programToken(clientID: clientID, secret: try await secret()))
        case .token(let secret, _):
            // How long it lasts is the command's business: it is asked again when the server refuses the token.
            tokens = GraphKeptSignIn(access: try await secret(), expires: .greatestFiniteMagnitude)
            runsOut = nil
        case .anonymous, .password, .kerberos:
            throw LockError(
                .notSignedIn, "\(profile.name): Graph knows sign-in by code, by client credentials or by a token only.",
                advice: "Set auth: {flow: device_code, client_id: …} in the configuration.")
        }
    }

    private func renew() async throws {
        guard case .code(let clientID) = profile.login else { return try await obtain() }
        // A refresh token serves once: another program of this user may have renewed the sign-in meanwhile.
        if takeKept(), !isRunningOut { return }
        guard let refresh = tokens?.refresh else { throw refusal ?? errors.notSignedIn() }
        do {
            adopt(try await authority.refresh(refresh, clientID: clientID))
        } catch let error as LockError where error.code == .notSignedIn {
            if takeKept() {
                if isRunningOut { throw error }
                return
            }
            tokens = nil
            refusal = error
            profile.tokens.replace(profile.tokenKey, if: kept, with: nil)
            throw error
        }
    }

    /// Takes the sign-in from the store, if it is another one than this program put or found there.
    private func takeKept() -> Bool {
        guard let text = profile.tokens.token(for: profile.tokenKey), text != kept || tokens == nil,
            let found = try? JSONBody.decode(GraphKeptSignIn.self, from: Array(text.utf8))
        else { return false }
        kept = text
        tokens = found
        lasts(found.expires - profile.now().timeIntervalSince1970)
        return true
    }

    private func adopt(_ fresh: GraphTokens) {
        // A new refresh token replaces the old one; without a new one the old one goes on.
        tokens = GraphKeptSignIn(
            access: fresh.accessToken, refresh: fresh.refreshToken ?? tokens?.refresh,
            expires: profile.now().timeIntervalSince1970 + fresh.expiresIn, scope: fresh.scope ?? tokens?.scope)
        lasts(fresh.expiresIn)
        guard case .code = profile.login, let tokens, let bytes = try? JSONBody.encode(tokens) else { return }
        kept = String(decoding: bytes, as: UTF8.self)
        profile.tokens.keep(kept, for: profile.tokenKey)
    }

    private func lasts(_ seconds: Double) {
        // A time that is no number, or farther off than any token lasts, must not overflow.
        runsOut = profile.time.now() + .seconds(seconds.isFinite ? min(max(seconds, -86_400), 31_536_000) : 3_600)
        refusal = nil
    }
}
