// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Who we are on a Nick site: signs in, keeps the token fresh, and notices when it no longer counts.
///
/// A bad token is served as anybody without a word (nick.md section 3), and sign-ins are few. So the token is kept
/// between runs, and a question that is not counted, for our own user page, tells whether it still holds.
actor NickSession {
    private let profile: SystemProfile
    private let errors: NickErrors
    private let clock: ServerClock
    private let call: @Sendable (Request) async throws -> Response

    private var signIns: NickSignIns
    private var token: String?
    private var claims: NickClaims?
    private var account: Account?
    private var verifiedAt: Date?
    private var renewalTriedAt: Date?
    /// Several requests find out at once that a sign-in is due: they share one.
    private let shared = SingleFlight<Void>()

    /// `call` sends a request as it is: without a sign-in.
    init(
        _ profile: SystemProfile, errors: NickErrors, clock: ServerClock,
        call: @escaping @Sendable (Request) async throws -> Response
    ) {
        self.profile = profile
        self.errors = errors
        self.clock = clock
        self.call = call
        signIns = NickSignIns(profile)
    }

    /// The account, once signed in.
    var known: Account? { account }

    private var isAnonymous: Bool {
        if case .anonymous = profile.login { return true }
        return false
    }

    private var user: String? {
        if case .password(let user, _, _) = profile.login { return user }
        return nil
    }

    private var key: String { profile.tokenKey }

    /// The value for the `Authorization` header; `nil` for nobody. Signs in and renews as needed.
    func authorization(at root: String) async throws -> String? {
        if isAnonymous { return nil }
        if token == nil { try await shared.run { try await self.obtain(at: root) } }
        if secondsLeft < 300 { try await shared.run { try await self.renew(at: root) } }
        return token.map { "Bearer \($0)" }
    }

    /// Makes sure that the server still takes us for the account, at most a minute ago.
    func verify(at root: String) async throws -> Account {
        if isAnonymous { return Account(id: nil, name: nil) }
        let age = verifiedAt.map { profile.now().timeIntervalSince($0) } ?? .infinity
        if let account, age < 60, age >= 0, secondsLeft > 0 { return account }
        _ = try await confirm(at: root)
        guard let account else { throw errors.notSignedIn(user) }
        return account
    }

    /// Asks the server who we are, and signs in anew if it does not know.
    /// - Returns: whether there was a new sign-in.
    func confirm(at root: String) async throws -> Bool {
        if isAnonymous { return false }
        let before = token
        _ = try await authorization(at: root)
        guard before == token, before != nil else { return true }
        if try await isAccepted(at: root) {
            verifiedAt = profile.now()
            return false
        }
        try await shared.run {
            await self.forget()
            try await self.obtain(at: root)
        }
        return true
    }

    /// Seconds until the token ends, by the server's clock; for ever where it does not say.
    private var secondsLeft: Double {
        guard let expiry = claims?.exp, let ours = clock.ours(expiry) else { return .infinity }
        return ours.timeIntervalSince(profile.now())
    }

    private func forget() {
        token = nil
        claims = nil
        verifiedAt = nil
        if user != nil { profile.tokens.keep(nil, for: key) }
    }

    private func adopt(_ fresh: String) throws {
        guard let claims = NickClaims(token: fresh) else {
            throw LockError(
                .notSignedIn, "\(profile.name): the token is no JSON web token, and Nick knows no other.",
                advice: "Correct auth in the configuration.")
        }
        token = fresh
        self.claims = claims
        account = Account(id: claims.sub, name: claims.fullname.flatMap { $0.isEmpty ? nil : $0 })
    }

    // MARK: Asking the server

    private func isAccepted(at root: String) async throws -> Bool {
        guard let claims, let token, secondsLeft > 0 else { return false }
        let address = root + "/@users/" + WebAddress.encode(claims.sub)
        let answer = try await call(request("GET", address, token: token, for: .read))
        switch answer.status {
        case 200:
            if let name = try? JSONBody.decode(NickUser.self, from: answer).fullname, !name.isEmpty {
                account = Account(id: claims.sub, name: name)
            }
            return true
        case 401, 403, 404: return false
        case 500:
            // A token of a user who was deleted fails at every address; without it the server works.
            let open = try await call(request("GET", root + "/@site", token: nil, for: .read))
            if open.status < 500 { return false }
            throw errors.refusal(answer, path: "/@users/\(claims.sub)", purpose: .read)
        default: throw errors.refusal(answer, path: "/@users/\(claims.sub)", purpose: .read)
        }
    }

    private func obtain(at root: String) async throws {
        switch profile.login {
        case .anonymous: return
        case .token(let secret, _):
            try adopt(try await secret())
            guard try await isAccepted(at: root) else {
                token = nil
                throw LockError(
                    .notSignedIn, "\(profile.name) does not accept the token: it has run out or was revoked.",
                    advice: "Get a new one, or set user and password in the configuration.")
            }
            verifiedAt = profile.now()
        case .program, .code:
            throw LockError(
                .notSignedIn, "\(profile.name): Nick knows sign-in by password or token only.",
                advice: "Correct auth in the configuration.")
        case .password(let user, let secret, _):
            if let kept = profile.tokens.token(for: key), (try? adopt(kept)) != nil {
                if try await isAccepted(at: root) {
                    verifiedAt = profile.now()
                    return
                }
                forget()
            }
            try await login(user, try await secret(), at: root)
        }
    }

    private func login(_ user: String, _ password: String, at root: String) async throws {
        var request = request("POST", root + "/@login", token: nil, for: .signIn)
        request.body = try JSONBody.encode(["login": user, "password": password])
        let answer = try await counted(request)
        switch answer.status {
        case 200:
            guard let fresh = try? JSONBody.decode(NickToken.self, from: answer) else {
                throw errors.wrongSystem(answer)
            }
            try keep(fresh.token)
        case 400, 401: throw errors.notSignedIn(user)
        case 404: throw errors.wrongSystem(answer)
        default: throw errors.refusal(answer, path: "/@login", purpose: .read)
        }
    }

    /// Gets a fresh token for one that ends soon. What goes wrong here matters only once the old one has ended.
    private func renew(at root: String) async throws {
        guard let token, secondsLeft < 300 else { return }
        let isOver = secondsLeft <= 0
        if case .token(let secret, _) = profile.login {
            let other = try await secret()
            if other != token { return try adopt(other) }
        }
        if !isOver {
            // A renewal that fails is not worth the last sign-ins: the next one comes two minutes later.
            let age = renewalTriedAt.map { profile.now().timeIntervalSince($0) } ?? .infinity
            guard age > 120, signIns.wait(at: profile.now()) == 0 else { return }
            renewalTriedAt = profile.now()
            guard let answer = try? await counted(request("POST", root + "/@login-renew", token: token, for: .signIn)),
                answer.status == 200, let fresh = try? JSONBody.decode(NickToken.self, from: answer)
            else { return }
            return try keep(fresh.token)
        }
        forget()
        try await obtain(at: root)
    }

    private func keep(_ fresh: String) throws {
        try adopt(fresh)
        if user != nil { profile.tokens.keep(fresh, for: key) }
        verifiedAt = profile.now()
    }

    /// Sends a request that Nick counts as a sign-in.
    private func counted(_ request: Request) async throws -> Response {
        let wait = signIns.wait(at: profile.now())
        guard wait == 0 else { throw errors.tooManySignIns(again: wait) }
        signIns.note(at: profile.now())
        let answer = try await call(request)
        signIns.note(answer, at: profile.now(), wait: errors.wait(answer))
        return answer
    }

    private func request(
        _ method: HTTP.Method, _ url: String, token: String?, for purpose: Request.Purpose
    ) -> Request {
        var request = Request(
            method, url, headers: ["Accept-Language": profile.details.language ?? "en"], for: purpose)
        request.headers["Authorization"] = token.map { "Bearer \($0)" }
        if method == "POST" { request.headers["Content-Type"] = "application/json" }
        return request
    }
}
