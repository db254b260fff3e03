// SPDX-License-Identifier: MIT
import HTTP
import Locks

/// Plone's answers and a transport's failures, in the contract's words.
struct PloneErrors: Sendable {
    /// What every server can say.
    let voice: ServerVoice

    private var server: String { voice.server }

    /// An answer that is not Plone's: a web page, another server, a proxy's error.
    func wrongSystem(_ response: Response) -> LockError {
        if (300..<400).contains(response.status), response.headers["Location"] != nil {
            let target = Redaction.location(response.headers["Location"], from: voice.place)
            return LockError(
                .wrongSystem, "\(server): \(voice.place) is no Plone: it redirects to \(target).",
                advice: "Set url to the site root itself, as a browser shows it in the end.", mayHaveHappened: true)
        }
        return voice.wrongSystem(
            response,
            advice: "Set url to the site root of a Plone with plone.restapi, for example https://host/Plone.",
            mayHaveHappened: true)
    }

    /// An API that lets nobody sign in at all: a firewall before it, or a site that is closed.
    func signInForbidden(_ response: Response) -> LockError {
        let said = (try? JSONBody.decode(PloneProblem.self, from: response))?.text ?? ""
        let words = said.isEmpty ? "" : ", \"\(said.prefix(120))\""
        return LockError(
            .forbidden, "\(server) lets nobody sign in at \(voice.place): it answered 403\(words).",
            advice: "Look at what stands before Plone, and whether it may be used from here.")
    }

    /// What a status other than 2xx means. 401 is not decided here: it means "nobody" and "may not" alike.
    func refusal(_ response: Response, path: String, changing: Bool) -> LockError {
        let problem = try? JSONBody.decode(PloneProblem.self, from: response)
        let text = problem?.text ?? ""
        switch response.status {
        case 301, 302, 303, 307, 308: return voice.moved(path, response)
        case 403 where problem?.kind == "Not authorized":
            return LockError(
                .forbidden, "\(server) refused it for \(path): \(text.lowercased()).",
                advice: "Something there is locked or checked out, or this account may not: read it again.")
        case 403: return voice.forbidden(path, advice: text)
        case 404 where problem != nil: return voice.gone(path)
        case 412:
            return LockError(.conflict, "The lock of \(path) on \(server) is another one by now.")
        case 405, 501: return voice.unsupported(response.status)
        case 423:
            return LockError(.conflict, "\(path) on \(server) is locked.")
        case 429, 503: return voice.slowDown(voice.wait(response.headers), status: response.status)
        case 500 where text.contains("checkout location"):
            return LockError(
                .forbidden, "\(server) has no place for a working copy of \(path) that this account may write to.",
                advice: "It needs the right to add content in the folder.")
        case 502, 504:
            return LockError(
                .nonsense,
                "\(server): what stands before Plone gets no answer from it: \(response.status) for \(path).",
                advice: "Look at whether Plone runs.", mayHaveHappened: changing)
        case 500...599: return voice.failed(path, status: response.status, said: text, changing: changing)
        default: return voice.senseless(path, status: response.status, changing: changing)
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

    func forbidden(_ path: String, as account: String?, changing: Bool) -> LockError {
        voice.forbidden(
            path, as: account, changing: changing, toSee: "It needs the right to view it, or is not published.",
            toChange: "It needs the right to modify it, which Editors and Managers have.")
    }
}
