// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// What a request to Nick is for: the same status means another thing for each.
enum NickPurpose {
    /// Reads content, a lock or the catalogue.
    case read
    /// Makes, refreshes or ends my lock.
    case hold
    /// Ends another's lock by the documented call.
    case force
    /// Saves an item with the token of its lock.
    case save

    /// What that is to the transports.
    var ofRequest: Request.Purpose { self == .read ? .read : .change }

    var isChange: Bool { self != .read }
}

/// Nick's answers and a transport's failures, in the contract's words.
struct NickErrors: Sendable {
    /// The configured name of the server.
    let server: String
    /// Its address, for messages.
    let address: String
    let now: @Sendable () -> Date

    func unreachable(_ error: TransportError, changing: Bool) -> LockError {
        LockError(
            .unreachable, "\(server): \(error.message)", advice: advice(for: error.code),
            mayHaveHappened: changing && !error.surelyNotSent)
    }

    private func advice(for code: TransportError.Code) -> String {
        switch code {
        case .refused, .hostNotFound, .badAddress: "Check the url in the configuration, and that the server runs."
        case .timedOut, .connectionLost: "Try again, or look at the server."
        case .untrusted: ""
        case .proxy: "Check the proxy in the configuration or the environment."
        case .noTicket: ""
        case .tooLarge: "Narrow items in the configuration."
        case .malformed: "Check the url in the configuration."
        }
    }

    /// An answer that is not Nick's: a web page, another server, a proxy's error.
    func wrongSystem(_ response: Response) -> LockError {
        return LockError(
            .wrongSystem, "\(server): \(address) is no Nick: it answered \(response.status) with \(response.kind).",
            advice: "Set url to the root of Nick itself, with the prefix that it is configured with.")
    }

    /// An answer that should be JSON and is not, from a server that was Nick before.
    func nonsense(_ what: String, status: Int, changing: Bool) -> LockError {
        let sentence = what.hasSuffix(".") ? String(what.dropLast()) : what
        return LockError(
            .nonsense, "\(server): Nick answered \(status), and the answer can't be read: \(sentence).",
            advice: "Look at the server and at what stands before it.", mayHaveHappened: changing)
    }

    /// What a status other than 2xx means. A 401 with a plain message is not decided here: it means "nobody is signed
    /// in", and on older versions also "this account may not".
    func refusal(_ response: Response, path: String, purpose: NickPurpose) -> LockError {
        let problem = try? JSONBody.decode(NickProblem.self, from: response)
        switch (response.status, problem?.shape) {
        case (300..<400, _):
            return moved(path, to: Redaction.location(response.headers["Location"], from: address))
        case (401, .refusal?):
            return conflict(path, purpose)
        case (401, _):
            return notSignedIn(nil)
        case (403, _):
            return forbidden(path, as: nil, purpose: purpose)
        case (404, .missing?), (404, .plain?), (404, .refusal?):
            return gone(path)
        case (404, nil) where purpose == .read:
            return wrongSystem(response)
        case (404, nil), (405, _), (501, _):
            return LockError(.unsupported, "\(server) does not do that: it answered \(response.status).")
        case (429, _), (503, _):
            return slowDown(response)
        case (500..<600, _):
            return LockError(
                .nonsense, "\(server): Nick failed at \(path): it answered \(response.status).",
                advice: "Look at the server's log.", mayHaveHappened: purpose.isChange)
        default:
            return LockError(
                .nonsense, "\(server): Nick answered \(response.status) for \(path), which makes no sense here.",
                mayHaveHappened: purpose.isChange)
        }
    }

    private func conflict(_ path: String, _ purpose: NickPurpose) -> LockError {
        switch purpose {
        case .read, .hold:
            LockError(.conflict, "\(path) on \(server) is locked by somebody else.")
        case .force:
            LockError(
                .forbidden,
                "\(server) does not let others end the lock of \(path): Nick grants that to its holder only.",
                advice:
                    "Wait until it runs out, or set force_by_save: true, which saves the item with the lock's token "
                    + "and makes a new version.")
        case .save:
            LockError(.conflict, "\(path) on \(server) has another lock by now: the token no longer fits.")
        }
    }

    private func slowDown(_ response: Response) -> LockError {
        let wait = wait(response)
        let until = wait.map { " in \(Age.text($0))" } ?? " later"
        return LockError(
            .slowDown, "\(server) asks to be left alone: it answered \(response.status).",
            advice: "Try again\(until).", retryAfter: wait)
    }

    /// Seconds to wait: `Retry-After`, else the end of the limit's window.
    func wait(_ response: Response) -> Double? {
        RetryAfter(response.headers, now: now()).map { $0.delay / .seconds(1) }
            ?? response.headers["RateLimit-Reset"].flatMap { Double($0) }.flatMap { $0 >= 0 ? min($0, 3600) : nil }
    }

    func tooManySignIns(again wait: Double) -> LockError {
        LockError(
            .slowDown, "\(server): Nick takes five sign-ins in a quarter of an hour, and they are used up.",
            advice: "Try again in \(Age.text(wait)).", retryAfter: wait)
    }

    func tooManySearches(again wait: Double) -> LockError {
        LockError(
            .slowDown, "\(server): Nick lets its catalogue be read only so often, and that is used up.",
            advice: "Try again in \(Age.text(wait)).", retryAfter: wait)
    }

    /// The catalogue names nothing that could be asked for.
    func strangeHits(_ what: String) -> LockError {
        LockError(
            .wrongSystem,
            "\(server): Nick's catalogue gives items addresses that can't be used, such as \(what.prefix { $0 != "?" }.prefix(120)).",
            advice: "Look at the server and at what stands before it.")
    }

    /// The catalogue gives one page again and again.
    func samePages() -> LockError {
        LockError(
            .wrongSystem, "\(server) gives the same items on every page of its catalogue.",
            advice: "Look at what stands before Nick: it seems to drop b_start from the address.")
    }

    func gone(_ path: String) -> LockError {
        LockError(
            .gone, "\(path) is not on \(server), or this account may not see it.", advice: "Read the listing again.")
    }

    private func moved(_ path: String, to target: String) -> LockError {
        LockError(
            .gone, "\(path) on \(server) has moved: the server points to \(target).",
            advice: "Read the listing again and act on the item there.")
    }

    func notSignedIn(_ user: String?) -> LockError {
        if let user {
            return LockError(
                .notSignedIn, "\(server) does not accept the password of \(user).",
                advice: "Correct it in the configuration, or run: locktop login \(server)")
        }
        return LockError(
            .notSignedIn, "\(server) wants a sign-in for that.",
            advice: "Set auth in the configuration, or run: locktop login \(server)")
    }

    func forbidden(_ path: String, as account: String?, purpose: NickPurpose) -> LockError {
        let who = account.map { " \($0)" } ?? " this account"
        guard purpose.isChange else {
            return LockError(.forbidden, "\(server) does not let\(who) see \(path).")
        }
        return LockError(
            .forbidden, "\(server) does not let\(who) do that to \(path).",
            advice: "It needs the right to modify it, which Editors and Administrators have; owning it is not enough.")
    }
}
