// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Plone's answers and a transport's failures, in the contract's words.
struct PloneErrors: Sendable {
    /// The configured name of the server.
    let server: String
    /// Its address, for messages.
    let address: String
    let now: @Sendable () -> Date

    func unreachable(_ error: TransportError, changing: Bool) -> LockError {
        LockError(
            error.code == .noTicket ? .notSignedIn : .unreachable, "\(server): \(error.message)",
            advice: advice(for: error.code),
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

    /// An answer that is not Plone's: a web page, another server, a proxy's error.
    func wrongSystem(_ response: Response) -> LockError {
        if (300..<400).contains(response.status), response.headers["Location"] != nil {
            let target = Redaction.location(response.headers["Location"], from: address)
            return LockError(
                .wrongSystem, "\(server): \(address) is no Plone: it redirects to \(target).",
                advice: "Set url to the site root itself, as a browser shows it in the end.", mayHaveHappened: true)
        }
        return LockError(
            .wrongSystem, "\(server): \(address) is no Plone: it answered \(response.status) with \(response.kind).",
            advice: "Set url to the site root of a Plone with plone.restapi, for example https://host/Plone.",
            mayHaveHappened: true)
    }

    /// An API that lets nobody sign in at all: a firewall before it, or a site that is closed.
    func signInForbidden(_ response: Response) -> LockError {
        let said = (try? JSONBody.decode(PloneProblem.self, from: response))?.text ?? ""
        let words = said.isEmpty ? "" : ", \"\(said.prefix(120))\""
        return LockError(
            .forbidden, "\(server) lets nobody sign in at \(address): it answered 403\(words).",
            advice: "Look at what stands before Plone, and whether it may be used from here.")
    }

    /// An answer that should be JSON and is not, from a server that was Plone before.
    /// `what` is a sentence.
    func nonsense(_ what: String, status: Int, changing: Bool) -> LockError {
        LockError(
            .nonsense, "\(server): Plone answered \(status), and that can't be read. \(what)",
            advice: "Look at the server and at what stands before it.", mayHaveHappened: changing)
    }

    /// What a status other than 2xx means. 401 is not decided here: it means "nobody" and "may not" alike.
    func refusal(_ response: Response, path: String, changing: Bool) -> LockError {
        let problem = try? JSONBody.decode(PloneProblem.self, from: response)
        let text = problem?.text ?? ""
        switch response.status {
        case 301, 302, 303, 307, 308:
            let target = Redaction.location(response.headers["Location"], from: address)
            return LockError(
                .gone, "\(path) on \(server) has moved: the server points to \(target).",
                advice: "Read the listing again and act on the item there.")
        case 403 where problem?.kind == "Not authorized":
            return LockError(
                .forbidden, "\(server) refused it for \(path): \(text.lowercased()).",
                advice: "Something there is locked or checked out, or this account may not: read it again.")
        case 403:
            return LockError(.forbidden, "\(server) does not let this account do that to \(path).", advice: text)
        case 404 where problem?.kind == "NotFound" || problem != nil:
            return LockError(
                .gone, "\(path) is not on \(server), or this account may not see it.",
                advice: "Read the listing again.")
        case 412:
            return LockError(.conflict, "The lock of \(path) on \(server) is another one by now.")
        case 405, 501:
            return LockError(.unsupported, "\(server) does not do that: it answered \(response.status).")
        case 423:
            return LockError(.conflict, "\(path) on \(server) is locked.")
        case 429, 503:
            let wait = RetryAfter(response.headers, now: now()).map { $0.delay / .seconds(1) }
            let until = wait.map { " in \(Age.text($0))" } ?? " later"
            return LockError(
                .slowDown, "\(server) asks to be left alone: it answered \(response.status).",
                advice: "Try again\(until).", retryAfter: wait)
        case 500 where text.contains("checkout location"):
            return LockError(
                .forbidden, "\(server) has no place for a working copy of \(path) that this account may write to.",
                advice: "It needs the right to add content in the folder.")
        case 502, 504:
            return LockError(
                .nonsense,
                "\(server): what stands before Plone gets no answer from it: \(response.status) for \(path).",
                advice: "Look at whether Plone runs.", mayHaveHappened: changing)
        case 500...599:
            let what = text.isEmpty ? "" : " (\(String(text.prefix(120))))"
            return LockError(
                .nonsense, "\(server): Plone failed at \(path): it answered \(response.status)\(what).",
                advice: "Look at the server's log.", mayHaveHappened: changing)
        default:
            return LockError(
                .nonsense, "\(server): Plone answered \(response.status) for \(path), which makes no sense here.",
                mayHaveHappened: changing)
        }
    }

    /// Addresses that name none of the site's items.
    func strangeAddress(_ id: String) -> LockError {
        let shown = String(id.prefix { $0 != "?" && $0 != "#" }.prefix(120))
        return LockError(
            .wrongSystem, "\(server): Plone gives its items addresses that can't be used, such as \(shown).",
            advice: "Correct the host and port that the proxy before Plone passes on, or set url to the site root as "
                + "Plone itself knows it.")
    }

    var tokenRejected: LockError {
        LockError(
            .notSignedIn, "\(server) does not accept the token: it has run out, or is for another site.",
            advice: "Get a new one and set it in the configuration.")
    }

    func ticketRejected(_ user: String) -> LockError {
        LockError(
            .notSignedIn, "\(server) takes nobody who shows a Kerberos ticket for \(user).",
            advice:
                "Set url to the address at which the web server in front asks for tickets, and user to the name that "
                + "Plone knows the account by.")
    }

    var nobodyTold: LockError {
        LockError(
            .notSignedIn, "\(server) does not tell whose sign-in that is.",
            advice: "Set a user and password in the configuration.")
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

    func forbidden(_ path: String, as account: String?, changing: Bool) -> LockError {
        let who = account.map { " \($0)" } ?? " this account"
        guard changing else {
            return LockError(
                .forbidden, "\(server) does not let\(who) see \(path).",
                advice: "It needs the right to view it, or is not published.")
        }
        return LockError(
            .forbidden, "\(server) does not let\(who) do that to \(path).",
            advice: "It needs the right to modify it, which Editors and Managers have.")
    }
}
