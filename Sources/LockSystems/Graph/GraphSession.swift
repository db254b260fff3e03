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
    private var account: Account?
    private var isProgram: Bool
    private var renewing: Task<Void, any Error>?

    init(_ profile: SystemProfile, errors: GraphErrors, sleep: @escaping @Sendable (Double) async throws -> Void) {
        self.profile = profile
        self.errors = errors
        self.sleep = sleep
        authority = GraphAuthority(profile, errors: errors)
        if case .program = profile.login { isProgram = true } else { isProgram = false }
    }

    /// Who we are, once it is known.
    var known: Account? { account }
    /// Whether the token is a program's own: then there is no "me", and anybody's check-out can be discarded.
    var isApplication: Bool { isProgram }
    /// What the sign-in was granted; `nil` where nobody said.
    var scope: String? { tokens?.scope }

    func learn(_ account: Account, isApplication: Bool) {
        self.account = account
        isProgram = isApplication
    }

    /// The token for the `Authorization` header. Obtains and renews it as needed.
    func token() async throws -> String {
        if tokens == nil { try await once { try await self.obtain() } }
        if isRunningOut { try await once { try await self.renew() } }
        guard let tokens else { throw errors.notSignedIn() }
        return tokens.access
    }

    /// Makes another token after the server refused this one. Many requests find out at once, and one does it.
    func replace(_ refused: String) async throws {
        guard tokens?.access == refused else { return }
        try await once {
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
        guard let tokens else { return false }
        return tokens.expires - profile.now().timeIntervalSince1970 < 60
    }

    private func once(_ work: @escaping @Sendable () async throws -> Void) async throws {
        if let renewing { return try await renewing.value }
        let task = Task.detached { try await work() }
        renewing = task
        defer { renewing = nil }
        try await task.valueOrEnd
    }

    private func obtain() async throws {
        switch profile.login {
        case .code:
            guard let text = profile.tokens.token(for: profile.tokenKey),
                let kept = try? JSONBody.decode(GraphKeptSignIn.self, from: Array(text.utf8))
            else { throw errors.notSignedIn() }
            tokens = kept
        case .program(let clientID, let secret):
            adopt(try await authority.programToken(clientID: clientID, secret: try await secret()))
        case .token(let secret, _):
            // How long it lasts is the command's business: it is asked again when the server refuses the token.
            tokens = GraphKeptSignIn(access: try await secret(), expires: .greatestFiniteMagnitude)
        case .anonymous, .password:
            throw LockError(
                .notSignedIn, "\(profile.name): Graph knows sign-in by code, by client credentials or by a token only.",
                advice: "Set auth: {flow: device_code, client_id: …} in the configuration.")
        }
    }

    private func renew() async throws {
        guard case .code(let clientID) = profile.login else { return try await obtain() }
        guard let refresh = tokens?.refresh else { throw errors.notSignedIn() }
        do {
            adopt(try await authority.refresh(refresh, clientID: clientID))
        } catch let error as LockError where error.code == .notSignedIn {
            tokens = nil
            profile.tokens.keep(nil, for: profile.tokenKey)
            throw error
        }
    }

    private func adopt(_ fresh: GraphTokens) {
        // A new refresh token replaces the old one; without a new one the old one goes on.
        tokens = GraphKeptSignIn(
            access: fresh.accessToken, refresh: fresh.refreshToken ?? tokens?.refresh,
            expires: profile.now().timeIntervalSince1970 + fresh.expiresIn, scope: fresh.scope ?? tokens?.scope)
        guard case .code = profile.login, let tokens, let bytes = try? JSONBody.encode(tokens) else { return }
        profile.tokens.keep(String(decoding: bytes, as: UTF8.self), for: profile.tokenKey)
    }
}
