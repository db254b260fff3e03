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
    private var basic: String?
    private var account: Account?
    private var verifiedAt: Date?
    private var signingIn: Task<Void, any Error>?

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

    private var key: String {
        guard case .password(let user, _, _) = profile.login else { return profile.address.description }
        return "\(profile.address) \(user)"
    }

    /// The value for the `Authorization` header; `nil` for nobody. Signs in and renews as needed.
    func authorization(at site: String) async throws -> String? {
        if case .anonymous = profile.login { return nil }
        if let basic { return basic }
        if token == nil { try await once { try await self.obtain(at: site) } }
        if isRunningOut { try await once { try await self.renew(at: site) } }
        return basic ?? token.map { "Bearer \($0)" }
    }

    /// Makes sure that the server still takes us for the account, at most a minute ago unless `now` is asked for.
    func verify(at site: String, now isUrgent: Bool = false) async throws -> Account {
        if case .anonymous = profile.login { return Account(id: nil, name: nil) }
        let age = verifiedAt.map { profile.now().timeIntervalSince($0) } ?? .infinity
        if !isUrgent, let account, age < 60 { return account }
        guard let authorization = try await authorization(at: site) else { throw errors.notSignedIn(nil) }
        if age > 1 || isUrgent, !(await isAccepted(authorization, at: site)) {
            try await once {
                await self.forget()
                try await self.obtain(at: site)
            }
        }
        verifiedAt = profile.now()
        guard let account else { throw errors.notSignedIn(user) }
        return account
    }

    private var user: String? {
        if case .password(let user, _, _) = profile.login { return user }
        return nil
    }

    private var isRunningOut: Bool {
        guard let expiry = claims?.exp, let ours = clock.ours(expiry) else { return false }
        return ours.timeIntervalSince(profile.now()) < 300
    }

    // Several requests find out at once that a sign-in is due: they share one.
    private func once(_ work: @escaping @Sendable () async throws -> Void) async throws {
        if let signingIn { return try await signingIn.value }
        let task = Task.detached { try await work() }
        signingIn = task
        defer { signingIn = nil }
        try await task.value
    }

    private func forget() {
        token = nil
        claims = nil
        basic = nil
        profile.tokens.keep(nil, for: key)
    }

    private func isAccepted(_ authorization: String, at site: String) async -> Bool {
        if let token, basic == nil {
            let answer = try? await call(json("POST", site + "/@login-renew", authorization: "Bearer \(token)"))
            guard let answer, answer.status < 500 else { return true }
            guard answer.status == 200, let fresh = try? JSONBody.decode(PloneToken.self, from: answer) else {
                return false
            }
            adopt(fresh.token)
            return true
        }
        guard let id = account?.id else { return true }
        let address = site + "/@users/" + WebAddress.encode(id)
        guard let answer = try? await call(json("GET", address, authorization: authorization)) else { return true }
        return answer.status != 401
    }

    private func obtain(at site: String) async throws {
        switch profile.login {
        case .anonymous: return
        case .token(let secret, _):
            adopt(try await secret())
        case .program, .code:
            throw LockError(
                .notSignedIn, "\(profile.name): Plone knows sign-in by password or token only.",
                advice: "Correct auth in the configuration.")
        case .password(let user, let secret, let isBasic):
            if !isBasic, let kept = profile.tokens.token(for: key), let claims = PloneClaims(token: kept) {
                token = kept
                self.claims = claims
                if !isRunningOut, await isAccepted("Bearer \(kept)", at: site) {
                    account = Account(id: claims.sub, name: name(claims))
                    return
                }
                forget()
            }
            try await login(user, try await secret(), isBasic: isBasic, at: site)
        }
    }

    private func login(_ user: String, _ password: String, isBasic: Bool, at site: String) async throws {
        var request = json("POST", site + "/@login")
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
            if (try? JSONBody.decode(PloneProblem.self, from: answer))?.kind.isEmpty ?? true {
                throw errors.wrongSystem(answer)
            }
            throw answer.status >= 500 || answer.status == 429
                ? errors.refusal(answer, path: "/@login", changing: false) : errors.wrongSystem(answer)
        }
    }

    private func renew(at site: String) async throws {
        guard let token else { return }
        guard await isAccepted("Bearer \(token)", at: site), !isRunningOut else {
            if case .token = profile.login, !isRunningOut { throw errors.notSignedIn(nil) }
            forget()
            return try await obtain(at: site)
        }
    }

    private func adopt(_ fresh: String) {
        token = fresh
        claims = PloneClaims(token: fresh)
        if let claims { account = Account(id: claims.sub, name: name(claims)) }
        if account == nil { account = Account(id: nil, name: nil) }
        if case .password(_, _, isBasic: false) = profile.login { profile.tokens.keep(fresh, for: key) }
        verifiedAt = profile.now()
    }

    private func name(_ claims: PloneClaims) -> String? {
        claims.fullname.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func json(_ method: HTTP.Method, _ url: String, authorization: String? = nil) -> Request {
        var headers: Headers = ["Accept": "application/json"]
        headers["Authorization"] = authorization
        if method == "POST" { headers["Content-Type"] = "application/json" }
        return Request(method, url, headers: headers)
    }
}
