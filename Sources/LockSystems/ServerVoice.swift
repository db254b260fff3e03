// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// What every server can be told to have said, in the contract's words. A system says only its own besides.
struct ServerVoice: Sendable {
    /// The configured name of the server.
    let server: String
    /// What it is called, for people.
    let product: String
    /// Its address, or what else it is known by, for messages.
    let place: String
    /// What to look at when it can't be reached, as a sentence.
    var check = "Check the url in the configuration, and that the server runs."
    /// What to do when it takes too long or fails on the way, as a sentence.
    var later = "Try again, or look at the server."
    let now: @Sendable () -> Date

    // MARK: The way there

    func unreachable(_ error: TransportError, changing: Bool) -> LockError {
        LockError(
            error.code == .noTicket ? .notSignedIn : .unreachable, "\(server): \(error.message)",
            advice: advice(for: error.code), mayHaveHappened: changing && !error.surelyNotSent)
    }

    private func advice(for code: TransportError.Code) -> String {
        switch code {
        case .refused, .hostNotFound, .badAddress, .malformed: check
        case .timedOut, .connectionLost: later
        case .untrusted, .noTicket: ""
        case .proxy: "Check the proxy in the configuration or the environment."
        case .tooLarge: "Narrow items in the configuration."
        }
    }

    /// An answer that is not this product's: a web page, another server, a proxy's error.
    func wrongSystem(_ response: Response, advice: String, mayHaveHappened: Bool = false) -> LockError {
        LockError(
            .wrongSystem, "\(server): \(place) is no \(product): it answered \(response.status) with \(response.kind).",
            advice: advice, mayHaveHappened: mayHaveHappened)
    }

    /// An answer that should be data and is not, from a server that was of this product before. `what` is a sentence.
    func nonsense(_ what: String, status: Int, changing: Bool) -> LockError {
        LockError(
            .nonsense, "\(server): \(product) answered \(status), and that can't be read. \(what)",
            advice: "Look at the server and at what stands before it.", mayHaveHappened: changing)
    }

    // MARK: Refusals

    func gone(_ path: String) -> LockError {
        LockError(
            .gone, "\(path) is not on \(server), or this account may not see it.", advice: "Read the listing again.")
    }

    func moved(_ path: String, _ response: Response) -> LockError {
        let target = Redaction.location(response.headers["Location"], from: place)
        return LockError(
            .gone, "\(path) on \(server) has moved: the server points to \(target).",
            advice: "Read the listing again and act on the item there.")
    }

    func unsupported(_ status: Int) -> LockError {
        LockError(.unsupported, "\(server) does not do that: it answered \(status).")
    }

    /// Told to wait, for so many seconds where that was said.
    func slowDown(_ wait: Double?, status: Int) -> LockError {
        let until = wait.map { " in \(Age.text($0.rounded(.up)))" } ?? " later"
        return LockError(
            .slowDown, "\(server) asks to be left alone: it answered \(status).", advice: "Try again\(until).",
            retryAfter: wait)
    }

    /// Seconds to wait, as the answer says.
    func wait(_ headers: Headers) -> Double? { RetryAfter(headers, now: now()).map { $0.delay / .seconds(1) } }

    /// The server failed at an item; `said` is what it said with it.
    func failed(
        _ path: String, status: Int, said: String = "", changing: Bool, advice: String = "Look at the server's log."
    ) -> LockError {
        let words = said.isEmpty ? "" : " (\(String(said.prefix(120))))"
        return LockError(
            .nonsense, "\(server): \(product) failed at \(path): it answered \(status)\(words).", advice: advice,
            mayHaveHappened: changing)
    }

    /// A status that has no meaning for what was asked.
    func senseless(_ path: String, status: Int, changing: Bool) -> LockError {
        LockError(
            .nonsense, "\(server): \(product) answered \(status) for \(path), which makes no sense here.",
            mayHaveHappened: changing)
    }

    func forbidden(_ path: String, advice: String) -> LockError {
        LockError(.forbidden, "\(server) does not let this account do that to \(path).", advice: advice)
    }

    /// The same where the account is known, or where it may not even look. `right`: what would be needed to change it.
    func forbidden(
        _ path: String, as account: String?, changing: Bool, toSee: String = "", toChange right: String
    ) -> LockError {
        let who = account ?? "this account"
        return changing
            ? LockError(.forbidden, "\(server) does not let \(who) do that to \(path).", advice: right)
            : LockError(.forbidden, "\(server) does not let \(who) see \(path).", advice: toSee)
    }

    // MARK: Signing in

    /// The password of a user was refused, or nobody is signed in.
    func notSignedIn(_ user: String?) -> LockError {
        guard let user else {
            return LockError(
                .notSignedIn, "\(server) wants a sign-in for that.",
                advice: "Set auth in the configuration, or run: locktop login \(server)")
        }
        return LockError(
            .notSignedIn, "\(server) does not accept the password of \(user).",
            advice: "Correct it in the configuration, or run: locktop login \(server)")
    }

    /// The configuration signs in by a way that the product does not have.
    func wrongWay(_ ways: String) -> LockError {
        LockError(
            .notSignedIn, "\(server): \(product) knows sign-in by \(ways) only.",
            advice: "Correct auth in the configuration.")
    }

    /// Who is signed in; where that is nobody, nothing can be changed.
    func signIn(_ account: Account, by login: SystemProfile.Login) -> SignIn {
        login.isAnonymous ? nobody(account) : SignIn(account: account)
    }

    /// Nobody is signed in, and so nothing can be changed.
    func nobody(_ account: Account = Account(id: nil, name: nil), auth: String = "auth") -> SignIn {
        let why = "Nobody is signed in on \(server): set \(auth) in the configuration."
        return SignIn(
            account: account, withdrawn: Dictionary(uniqueKeysWithValues: Operation.allCases.map { ($0, why) }))
    }
}
