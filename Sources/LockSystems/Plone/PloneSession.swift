// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Who we are on a Plone site: signs in, keeps the token fresh, and notices when it no longer counts.
///
/// Plone answers a bad token or a wrong password on public content with 200, as to anybody. So a token is renewed
/// before it runs out, and each `verify` asks a question that only an account is answered.
actor PloneSession {
    private let profile: SystemProfile
    private let errors: PloneErrors
    private let clock: ServerClock
    private let call: @Sendable (Request) async throws -> Response

    private var token: String?
    private var claims: PloneClaims?
    /// How many seconds before its end a token is renewed.
    private var margin = 300.0
    private var basic: String?
    private var account: Account?
    private var verifiedAt: Date?
    /// Several requests find out at once that a sign-in is due: they share one.
    private let shared = SingleFlight<Void>()

    /// `call` sends a request as it is: without a sign-in.
    init(
        _ profile: SystemProfile, errors: PloneErrors, clock: ServerClock,
        call: @escaping @Sendable (Request) async throws -> Response
    ) {
        self.profile = profile
        self.errors = errors
        self.clock = clock
        self.call = call
    }

    /// The account, once signed in.
    var known: Account? { account }

    private var key: String { profile.tokenKey }

    /// The value for the `Authorization` header; `nil` for nobody. Signs in and renews as needed.
    func authorization(at site: String) async throws -> String? {
        if case .anonymous = profile.login { return nil }
        if sent == nil || verifiedAt == nil { try await shared.run { try await self.signIn(at: site) } }
        if isRunningOut { try await shared.run { try await self.renew(at: site) } }
        return sent
    }

    /// Makes sure that the server still takes us for the account, at most a minute ago unless `now` is asked for.
    func verify(at site: String, now isUrgent: Bool = false) async throws -> Account {
        if case .anonymous = profile.login { return Account(id: nil, name: nil) }
        if !isUrgent, let account, age < 60 { return account }
        guard let authorization = try await authorization(at: site) else { throw rejection }
        // Signing in a moment ago was the proof.
        if isUrgent || age > 1, !(try await isAccepted(authorization, at: site)) {
            try await shared.run {
                await self.forget()
                try await self.signIn(at: site)
            }
        }
        verifiedAt = profile.now()
        guard let account, account.id != nil else { throw errors.nobodyTold }
        return account
    }

    private var sent: String? { basic ?? token.map { "Bearer \($0)" } }

    private var age: Double { verifiedAt.map { profile.now().timeIntervalSince($0) } ?? .infinity }

    private var rejection: LockError {
        if case .token = profile.login { return errors.tokenRejected }
        return errors.notSignedIn(user)
    }

    private var user: String? {
        if case .password(let user, _, _) = profile.login { return user }
        return nil
    }

    private var isRunningOut: Bool {
        timeLeft.map { $0 < margin } ?? false
    }

    /// Seconds until the token runs out; `nil`: never.
    private var timeLeft: Double? {
        claims?.exp.flatMap(clock.ours).map { $0.timeIntervalSince(profile.now()) }
    }

    private func forget() {
        token = nil
        claims = nil
        basic = nil
        verifiedAt = nil
        profile.tokens.keep(nil, for: key)
    }

    private func signIn(at site: String) async throws {
        try await obtain(at: site)
        // A token from elsewhere, and a password that the server has not checked, count only once they are accepted:
        // public content is answered whether they are good or not.
        guard verifiedAt == nil else { return }
        guard let sent, try await isAccepted(sent, at: site) else {
            forget()
            throw rejection
        }
        verifiedAt = profile.now()
    }

    private func isAccepted(_ authorization: String, at site: String) async throws -> Bool {
        let isToken = basic == nil
        let answer =
            isToken
            ? try await call(json("POST", site + "/@login-renew", authorization: authorization, for: .signIn))
            : try await call(
                json(
                    "GET", site + "/@users/" + WebAddress.encode(account?.id ?? ""), authorization: authorization,
                    for: .read))
        switch answer.status {
        case 200 where isToken:
            guard let fresh = try? JSONBody.decode(PloneToken.self, from: answer) else {
                throw errors.wrongSystem(answer)
            }
            adopt(fresh.token)
            return true
        case 200: return true
        case 401: return false
        // An account of the server itself is not among the site's users.
        case 404 where !isToken: return true
        default: throw isProblem(answer) || answer.status >= 429 ? refusal(answer) : errors.wrongSystem(answer)
        }
    }

    private func isProblem(_ answer: Response) -> Bool {
        !((try? JSONBody.decode(PloneProblem.self, from: answer))?.kind.isEmpty ?? true)
    }

    private func refusal(_ answer: Response) -> LockError {
        errors.refusal(answer, path: "/@login", changing: false)
    }

    private func obtain(at site: String) async throws {
        switch profile.login {
        case .anonymous: return
        case .token(let secret, _):
            token = try await secret()
            take(token.flatMap(PloneClaims.init))
        case .program, .code:
            throw LockError(
                .notSignedIn, "\(profile.name): Plone knows sign-in by password or token only.",
                advice: "Correct auth in the configuration.")
        case .password(let user, let secret, let isBasic):
            if !isBasic, let kept = profile.tokens.token(for: key), let claims = PloneClaims(token: kept) {
                token = kept
                take(claims)
                if (timeLeft ?? 1) > 0, try await isAccepted("Bearer \(kept)", at: site) { return }
                forget()
            }
            try await login(user, try await secret(), isBasic: isBasic, at: site)
        }
    }

    private func login(_ user: String, _ password: String, isBasic: Bool, at site: String) async throws {
        var request = json("POST", site + "/@login", for: .signIn)
        request.body = try JSONBody.encode(["login": user, "password": password])
        let answer = try await call(request)
        let credentials = Credentials.basic(user: user, password: password).header
        switch answer.status {
        case 200:
            guard let fresh = try? JSONBody.decode(PloneToken.self, from: answer) else {
                throw errors.wrongSystem(answer)
            }
            adopt(fresh.token)
            if isBasic {
                basic = credentials
                token = nil
            }
        case 401: throw errors.notSignedIn(user)
        case 501:
            // Without the token add-on Basic is left, and the account's id is taken to be its login name.
            basic = credentials
            account = Account(id: user, name: nil)
        default:
            let isFailure = answer.status >= 500 || answer.status == 429
            throw isFailure && (isProblem(answer) || isBusy(answer)) ? refusal(answer) : errors.wrongSystem(answer)
        }
    }

    // These come from whatever stands before the server too, so they need not look like Plone's.
    private func isBusy(_ answer: Response) -> Bool { [429, 502, 503, 504].contains(answer.status) }

    private func renew(at site: String) async throws {
        guard let sent, isRunningOut else { return }
        if try await isAccepted(sent, at: site) { return }
        forget()
        try await signIn(at: site)
    }

    /// Takes a token that the server has just given out.
    private func adopt(_ fresh: String) {
        token = fresh
        take(PloneClaims(token: fresh))
        if case .password(_, _, isBasic: false) = profile.login { profile.tokens.keep(fresh, for: key) }
        verifiedAt = profile.now()
    }

    private func take(_ claims: PloneClaims?) {
        self.claims = claims
        account = Account(id: claims?.sub, name: claims.flatMap(name))
        // Sites may give out tokens for minutes only: renewing these five minutes before their end would never stop.
        margin = min(300, max(0, (timeLeft ?? .infinity) / 2))
    }

    private func name(_ claims: PloneClaims) -> String? {
        claims.fullname.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func json(
        _ method: HTTP.Method, _ url: String, authorization: String? = nil, for purpose: Request.Purpose
    ) -> Request {
        var headers: Headers = ["Accept": "application/json"]
        headers["Authorization"] = authorization
        if method == "POST" { headers["Content-Type"] = "application/json" }
        return Request(method, url, headers: headers, for: purpose)
    }
}
