// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Who we are on a Nick site: signs in, keeps the token fresh, and notices when it no longer counts.
///
/// A bad token is served as anybody without a word (nick.md section 3), and sign-ins are few. So the token is kept
/// between runs, and a question that is not counted, for our own user page, tells whether it still holds.
actor NickSession {
    /// What a request is signed in with, and by which sign-in: a renewed token is the same one.
    struct Pass: Sendable {
        var header: String?
        var reader: Reader
    }

    /// Whom the server answers: what it told one sign-in need not hold for another.
    struct Reader: Hashable, Sendable {
        /// The account that the token names; `nil` for nobody.
        var account: String?
        var signIn: Int
    }

    /// For so many seconds the answer to who we are after one refusal serves for the next ones.
    private static let fresh = Duration.seconds(5)
    private static let minute = Duration.seconds(60)

    private let sender: Sender
    private let errors: NickErrors

    private var signIns: NickSignIns
    private var kept: KeptSignIn
    private var token: String?
    private var claims: NickClaims?
    private var account: Account?
    private var provenAt: ContinuousClock.Instant?
    private var renewalTriedAt: ContinuousClock.Instant?
    /// When a refusal was last followed by a proof.
    private var askedAt: ContinuousClock.Instant?
    /// How often a token was obtained that is not another one's renewal.
    private var count = 0
    /// Several requests find out at once that a sign-in is due: they share one.
    private let shared = SingleFlight<Void>()

    init(_ sender: Sender, _ errors: NickErrors) {
        self.sender = sender
        self.errors = errors
        signIns = NickSignIns(sender.profile)
        kept = KeptSignIn(sender.profile)
    }

    private var profile: SystemProfile { sender.profile }

    /// The account, once signed in.
    var known: Account? { account }

    private var isAnonymous: Bool { profile.login.isAnonymous }

    private var user: String? { profile.login.passwordUser }

    private var age: Duration { provenAt.map { profile.time.now() - $0 } ?? .seconds(Int64.max) }

    /// What to sign a request in with; no header for nobody. Signs in and renews as needed.
    func pass(at root: String) async throws -> Pass {
        if isAnonymous { return Pass(header: nil, reader: Reader(account: nil, signIn: 0)) }
        if token == nil { try await shared.run { try await self.obtainIfNeeded(at: root) } }
        if secondsLeft < 300 { try await shared.run { try await self.renew(at: root) } }
        guard let token else { throw errors.voice.notSignedIn(user) }
        return Pass(header: "Bearer \(token)", reader: Reader(account: claims?.sub, signIn: count))
    }

    /// Makes sure that the server still takes us for the account, at most a minute ago.
    func verify(at root: String) async throws -> Account {
        if isAnonymous { return Account(id: nil, name: nil) }
        if let account, age < Self.minute, secondsLeft > 0 { return account }
        _ = try await pass(at: root)
        if age >= Self.minute { try await shared.run { try await self.prove(at: root) } }
        guard let account else { throw errors.voice.notSignedIn(user) }
        return account
    }

    /// After a 401, which on older versions means "this account may not" too: finds out which, asking at most every few
    /// seconds.
    /// - Returns: whether there was a new sign-in since, so that the request is worth sending again.
    func isOther(than pass: Pass, at root: String) async throws -> Bool {
        guard pass.reader.signIn == count else { return true }
        if let askedAt, profile.time.now() - askedAt < Self.fresh { return false }
        try await shared.run { try await self.prove(at: root) }
        askedAt = profile.time.now()
        return pass.reader.signIn != count
    }

    /// Seconds until the token ends, by the server's clock; for ever where it does not say.
    private var secondsLeft: Double { left(claims) }

    private func left(_ claims: NickClaims?) -> Double {
        guard let expiry = claims?.exp, let ours = sender.clock.ours(expiry) else { return .infinity }
        return ours.timeIntervalSince(profile.now())
    }

    private func forget() {
        token = nil
        claims = nil
        provenAt = nil
        kept.forget()
    }

    private func adopt(_ fresh: String) throws {
        guard let claims = NickClaims(token: fresh), !claims.sub.isEmpty else {
            throw LockError(
                .notSignedIn, "\(profile.name): the token is no JSON web token, and Nick knows no other.",
                advice: "Correct auth in the configuration.")
        }
        token = fresh
        self.claims = claims
        account = Account(id: claims.sub, name: claims.fullname.flatMap { $0.isEmpty ? nil : $0 })
    }

    // MARK: Asking the server

    /// Asks the server who we are, and signs in anew if it does not know.
    private func prove(at root: String) async throws {
        guard token != nil else { return try await obtain(at: root) }
        if try await isAccepted(at: root) {
            provenAt = profile.time.now()
            return
        }
        forget()
        try await obtain(at: root)
    }

    private func isAccepted(at root: String) async throws -> Bool {
        guard let claims, let token, secondsLeft > 0 else { return false }
        let address = root + "/@users/" + WebAddress.encode(claims.sub)
        let answer = try await sender.send(request("GET", address, token: token, for: .read))
        switch answer.status {
        case 200:
            guard let user = try? JSONBody.decode(NickUser.self, from: answer) else { throw errors.wrongSystem(answer) }
            guard user.id == claims.sub else { return false }
            if let name = user.fullname, !name.isEmpty { account = Account(id: claims.sub, name: name) }
            return true
        case 401, 403, 404: return false
        case 500:
            // A token of a user who was deleted fails at every address; without it the server works.
            let open = try await sender.send(request("GET", root + "/@site", token: nil, for: .read))
            if open.status < 500 { return false }
            throw errors.refusal(answer, path: "/@users/\(claims.sub)", purpose: .read)
        default: throw errors.refusal(answer, path: "/@users/\(claims.sub)", purpose: .read)
        }
    }

    // MARK: Signing in

    private func obtainIfNeeded(at root: String) async throws {
        if token == nil { try await obtain(at: root) }
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
            provenAt = profile.time.now()
        case .program, .code, .kerberos:
            throw errors.voice.wrongWay("password or token")
        case .password(let user, let secret, _):
            let password = try await KeptSignIn.attempt(secret)
            kept.belongs(to: try? password.get())
            if let token = kept.token(), try await holds(token, at: root) { break }
            try await login(user, try password.get(), at: root)
        }
        count += 1
    }

    /// Whether a kept token is good; one that is not is forgotten.
    private func holds(_ token: String, at root: String) async throws -> Bool {
        if (try? adopt(token)) != nil, try await isAccepted(at: root) {
            provenAt = profile.time.now()
            return true
        }
        forget()
        return false
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
            try adopt(fresh.token)
            kept.keep(fresh.token)
            provenAt = profile.time.now()
        case 400, 401:
            if let windows = WindowsSignIn.refusal(answer, server: profile.name) { throw windows }
            throw errors.voice.notSignedIn(user)
        case 404: throw errors.wrongSystem(answer)
        default: throw errors.refusal(answer, path: "/@login", purpose: .read)
        }
    }

    /// Gets a fresh token for one that ends soon. What goes wrong here matters only once the old one has ended.
    private func renew(at root: String) async throws {
        guard let token, let claims, secondsLeft < 300 else { return }
        if case .token(let secret, _) = profile.login {
            let other = try await secret()
            if other != token { return try adopt(other) }
        }
        // Another program of this user may have renewed it already.
        if let other = kept.othersToken(), let found = NickClaims(token: other), found.sub == claims.sub,
            left(found) > 300
        {
            return try adopt(other)
        }
        guard secondsLeft > 0 else {
            forget()
            return try await obtain(at: root)
        }
        // A renewal that fails is not worth the last sign-ins: the next one comes two minutes later.
        if let renewalTriedAt, profile.time.now() - renewalTriedAt <= .seconds(120) { return }
        guard signIns.wait == 0 else { return }
        renewalTriedAt = profile.time.now()
        let request = request("POST", root + "/@login-renew", token: token, for: .signIn)
        // A renewal that turns us into nobody or somebody else is none.
        guard let answer = try? await counted(request), answer.status == 200,
            let fresh = try? JSONBody.decode(NickToken.self, from: answer).token,
            NickClaims(token: fresh)?.sub == claims.sub
        else { return try Task.checkCancellation() }
        try adopt(fresh)
        if user != nil { kept.renew(fresh) }
        provenAt = profile.time.now()
    }

    /// Sends a request that Nick counts as a sign-in.
    private func counted(_ request: Request) async throws -> Response {
        let wait = signIns.wait
        guard wait == 0 else { throw errors.tooManySignIns(again: wait) }
        signIns.note()
        let answer = try await sender.send(request)
        signIns.note(answer, wait: errors.wait(answer))
        return answer
    }

    private func request(
        _ method: HTTP.Method, _ url: String, token: String?, for purpose: Request.Purpose
    ) -> Request {
        var request = Request(
            method, url, headers: ["Accept-Language": profile.language ?? "en"], for: purpose)
        request.headers["Authorization"] = token.map { "Bearer \($0)" }
        if method == "POST" { request.headers["Content-Type"] = "application/json" }
        return request
    }
}
