// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Who we are on a Plone site: signs in, keeps the token fresh, and notices when it no longer counts.
///
/// Plone answers a bad token or a wrong password on public content with 200, as to anybody. So a token is renewed
/// before it runs out, and each `verify` asks a question that only an account is answered.
actor PloneSession {
    /// What a request is signed in with, and by which sign-in: a renewed token is the same one.
    struct Pass: Sendable {
        var header: String?
        var signIn: Int
    }

    /// For so many seconds a proof of who we are answers a refusal too.
    private static let fresh = Duration.seconds(5)
    private static let minute = Duration.seconds(60)

    private let sender: Sender
    private let errors: PloneErrors

    private var kept: KeptSignIn
    private var token: String?
    private var claims: PloneClaims?
    /// When the token that is kept runs out.
    private var keptEnd: Double?
    /// How many seconds before its end a token is renewed.
    private var margin = 300.0
    private var basic: String?
    private var account: Account?
    private var provenAt: ContinuousClock.Instant?
    /// How often a secret was used to sign in.
    private var signIns = 0
    /// Several requests find out at once that a sign-in is due: they share one.
    private let shared = SingleFlight<Void>()

    init(_ sender: Sender, _ errors: PloneErrors) {
        self.sender = sender
        self.errors = errors
        kept = KeptSignIn(sender.profile)
    }

    private var profile: SystemProfile { sender.profile }

    /// The account, once signed in.
    var known: Account? { account }

    /// What to sign a request in with; no header for nobody. Signs in and renews as needed.
    func pass(at site: String) async throws -> Pass {
        if profile.login.isAnonymous { return Pass(header: nil, signIn: 0) }
        if !isSignedIn { try await shared.run { try await self.signInIfNeeded(at: site) } }
        if isRunningOut { try await shared.run { try await self.renew(at: site) } }
        guard isArmed else { throw rejection }
        return Pass(header: sent, signIn: signIns)
    }

    /// Makes sure that the server still takes us for the account, at most a minute ago.
    func verify(at site: String) async throws -> Account {
        if profile.login.isAnonymous { return Account(id: nil, name: nil) }
        if let account, age < Self.minute { return account }
        _ = try await pass(at: site)
        if age >= Self.minute { try await shared.run { try await self.prove(at: site) } }
        guard let account, account.id != nil else { throw errors.nobodyTold }
        return account
    }

    /// After a 401, which means "nobody is signed in" and "this account may not" alike: finds out which, asking at most
    /// every few seconds.
    /// - Returns: whether there was a new sign-in since, so that the request is worth sending again.
    func isOther(than pass: Pass, at site: String) async throws -> Bool {
        guard pass.signIn == signIns else { return true }
        if age >= Self.fresh { try await shared.run { try await self.prove(at: site) } }
        return pass.signIn != signIns
    }

    private var sent: String? { basic ?? token.map { "Bearer \($0)" } }
    /// Whether there is something to sign in with: a ticket is the transport's to show.
    private var isArmed: Bool { sent != nil || ticketUser != nil }
    private var isSignedIn: Bool { isArmed && provenAt != nil }
    private var age: Duration { provenAt.map { profile.time.now() - $0 } ?? .seconds(Int64.max) }

    private var rejection: LockError {
        if case .token = profile.login { return errors.tokenRejected }
        if let ticketUser { return errors.ticketRejected(ticketUser) }
        return errors.voice.notSignedIn(user)
    }

    private var user: String? { profile.login.passwordUser }

    private var ticketUser: String? {
        if case .kerberos(let user) = profile.login { return user }
        return nil
    }

    private var isByToken: Bool {
        if case .token = profile.login { return true }
        return false
    }

    private var isRunningOut: Bool {
        timeLeft.map { $0 < margin } ?? false
    }

    /// Seconds until the token runs out; `nil`: never.
    private var timeLeft: Double? { left(claims) }

    private func left(_ claims: PloneClaims?) -> Double? {
        claims?.exp.flatMap(sender.clock.ours).map { $0.timeIntervalSince(profile.now()) }
    }

    private func forget() {
        token = nil
        claims = nil
        basic = nil
        provenAt = nil
    }

    // MARK: Signing in

    private func signInIfNeeded(at site: String) async throws {
        if !isSignedIn { try await signIn(at: site) }
    }

    /// `isDoubted`: the kept token did not prove good a moment ago, so that only another program's is worth a try.
    private func signIn(at site: String, isDoubted: Bool = false) async throws {
        try await obtain(at: site, isDoubted: isDoubted)
        // A token from elsewhere, and a password that the server has not checked, count only once they are accepted:
        // public content is answered whether they are good or not.
        if provenAt == nil {
            guard isArmed, try await isAccepted(at: site) else {
                forget()
                throw rejection
            }
            provenAt = profile.time.now()
        }
        signIns += 1
    }

    private func obtain(at site: String, isDoubted: Bool) async throws {
        switch profile.login {
        case .anonymous: return
        // The ticket tells the web server who we are, and nothing tells us what Plone calls that account.
        case .kerberos(let user): account = Account(id: user, name: nil)
        case .token(let secret, _):
            take(try await secret())
        case .program, .code:
            throw errors.voice.wrongWay("password or token")
        case .password(let user, let secret, isBasic: true):
            try await login(user, try await secret(), isBasic: true, at: site)
        case .password(let user, let secret, isBasic: false):
            let password = try await KeptSignIn.attempt(secret)
            kept.belongs(to: try? password.get())
            if let token = isDoubted ? kept.othersToken() : kept.token(), try await holds(token, at: site) { return }
            try await login(user, try password.get(), isBasic: false, at: site)
        }
    }

    /// Whether a kept token is good. One that the server refuses is forgotten; a server that fails takes nothing away.
    private func holds(_ token: String, at site: String) async throws -> Bool {
        take(token)
        keptEnd = claims?.exp
        if claims != nil, (timeLeft ?? 1) > 0, try await isAccepted(at: site) { return true }
        forget()
        return false
    }

    private func login(_ user: String, _ password: String, isBasic: Bool, at site: String) async throws {
        var request = json("POST", site + "/@login", for: .signIn)
        request.body = try JSONBody.encode(["login": user, "password": password])
        let answer = try await sender.send(request)
        if let windows = WindowsSignIn.refusal(answer, server: profile.name, takesTickets: true) { throw windows }
        let credentials = Credentials.basic(user: user, password: password).header
        switch answer.status {
        case 200:
            guard let fresh = try? JSONBody.decode(PloneToken.self, from: answer).token else {
                throw errors.wrongSystem(answer)
            }
            take(fresh)
            provenAt = profile.time.now()
            if isBasic {
                basic = credentials
                token = nil
            } else {
                kept.keep(fresh)
                keptEnd = claims?.exp
            }
        case 401: throw errors.voice.notSignedIn(user)
        case 501:
            // Without the token add-on Basic is left, and the account's id is taken to be its login name.
            basic = credentials
            account = Account(id: user, name: nil)
        case 403 where isProblem(answer): throw errors.signInForbidden(answer)
        default:
            let isFailure = answer.status >= 500 || answer.status == 429
            throw isFailure && (isProblem(answer) || isBusy(answer)) ? refusal(answer) : errors.wrongSystem(answer)
        }
    }

    // MARK: Staying signed in

    private func renew(at site: String) async throws {
        guard isSignedIn, isRunningOut else { return }
        // Another program of this user may have renewed it already.
        if let token = kept.othersToken(), let other = PloneClaims(token: token), other.sub == claims?.sub,
            (left(other) ?? .infinity) > margin
        {
            take(token)
            keptEnd = claims?.exp
            return
        }
        try await prove(at: site)
    }

    /// Asks the server who we are, and signs in anew if it takes us for nobody or somebody else.
    private func prove(at site: String) async throws {
        guard isSignedIn else { return try await signIn(at: site) }
        if !isRunningOut, age < Self.fresh { return }
        if try await isAccepted(at: site) {
            provenAt = profile.time.now()
            return
        }
        forget()
        try await signIn(at: site, isDoubted: true)
    }

    private func isAccepted(at site: String) async throws -> Bool {
        if ticketUser != nil { return try await isUser(nil, at: site) }
        guard let sent else { return false }
        return basic == nil
            ? try await isRenewed(sent, at: site)
            : try await isUser(sent, at: site)
    }

    private func isRenewed(_ authorization: String, at site: String) async throws -> Bool {
        let answer = try await sender.send(
            json("POST", site + "/@login-renew", authorization: authorization, for: .signIn))
        if let windows = WindowsSignIn.refusal(answer, server: profile.name, takesTickets: true) { throw windows }
        switch answer.status {
        case 200:
            guard let fresh = try? JSONBody.decode(PloneToken.self, from: answer).token else {
                // Before anything has proved to be Plone an odd answer is another server's. Later it is an odd renewal.
                if isByToken, account?.id == nil || provenAt == nil { throw errors.wrongSystem(answer) }
                return try await isGood(authorization, unrenewed: answer, at: site)
            }
            // A renewal that turns us into nobody or somebody else is none.
            guard let renewed = PloneClaims(token: fresh), !renewed.sub.isEmpty,
                claims.map({ $0.sub == renewed.sub }) ?? true
            else {
                kept.forget()
                return false
            }
            adopt(fresh)
            return true
        case 401:
            kept.forget()
            return false
        case 429, 502, 503, 504: throw refusal(answer)
        default: return try await isGood(authorization, unrenewed: answer, at: site)
        }
    }

    /// Whether a token counts that the server neither renewed nor refused. A password says more than such a token; a
    /// token from elsewhere is asked about by its user's name.
    private func isGood(_ authorization: String, unrenewed answer: Response, at site: String) async throws -> Bool {
        guard isByToken else { return false }
        guard account?.id != nil else { throw answer.isWebPage ? errors.wrongSystem(answer) : errors.nobodyTold }
        guard try await isUser(authorization, at: site) else { return false }
        // Renewing it again before its end would get the same answer.
        margin = 0
        return true
    }

    private func isUser(_ authorization: String?, at site: String) async throws -> Bool {
        let answer = try await sender.send(
            json(
                "GET", site + "/@users/" + WebAddress.encode(account?.id ?? ""), authorization: authorization,
                for: .read))
        if let windows = WindowsSignIn.refusal(answer, server: profile.name, takesTickets: true) { throw windows }
        switch answer.status {
        case 200, 404:
            if provenAt == nil, answer.isWebPage { throw errors.wrongSystem(answer) }
            // An account of the server itself is not among the site's users.
            return true
        case 401: return false
        default: throw isProblem(answer) || answer.status >= 429 ? refusal(answer) : errors.wrongSystem(answer)
        }
    }

    /// Takes a renewed token. The kept one stays as long as it is about as good: a file that is written each minute
    /// wears out disks, and nobody gains by it.
    private func adopt(_ fresh: String) {
        take(fresh)
        provenAt = profile.time.now()
        guard case .password(_, _, isBasic: false) = profile.login else { return }
        let end = claims?.exp ?? .infinity
        let isWorthIt = keptEnd.map { end - $0 >= 120 || left(until: $0) <= margin } ?? true
        guard isWorthIt else { return }
        kept.renew(fresh)
        keptEnd = claims?.exp
    }

    private func left(until end: Double) -> Double {
        sender.clock.ours(end).map { $0.timeIntervalSince(profile.now()) } ?? .infinity
    }

    private func take(_ fresh: String) {
        token = fresh
        claims = PloneClaims(token: fresh)
        account = Account(id: claims?.sub, name: claims?.fullname.flatMap { $0.isEmpty ? nil : $0 })
        // Sites may give out tokens for minutes only: renewing these five minutes before their end would never stop.
        margin = min(300, max(0, (timeLeft ?? .infinity) / 2))
    }

    // MARK: Requests and answers

    private func isProblem(_ answer: Response) -> Bool {
        !((try? JSONBody.decode(PloneProblem.self, from: answer))?.kind.isEmpty ?? true)
    }

    // These come from whatever stands before the server too, so they need not look like Plone's.
    private func isBusy(_ answer: Response) -> Bool { [429, 502, 503, 504].contains(answer.status) }

    private func refusal(_ answer: Response) -> LockError {
        errors.refusal(answer, path: "/@login", changing: false)
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
