// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// SuperOffice's answers and a transport's failures, in the contract's words.
struct SuperOfficeErrors: Sendable {
    /// What every server can say.
    let voice: ServerVoice

    static func voice(server: String, place: String, now: @escaping @Sendable () -> Date) -> ServerVoice {
        ServerVoice(
            server: server, product: "SuperOffice", place: place,
            check: "Check url or tenant in the configuration, and that the server runs.", now: now)
    }

    var server: String { voice.server }
    private var place: String { voice.place }

    /// An answer that is not SuperOffice's: a web page, another server, a proxy's error.
    func wrongSystem(_ response: Response) -> LockError {
        voice.wrongSystem(
            response,
            advice: "Set url to the root of a SuperOffice installation, for example https://host/SuperOffice.",
            mayHaveHappened: true)
    }

    // MARK: Signing in

    func notSignedIn(_ user: String?) -> LockError {
        if let user { return voice.notSignedIn(user) }
        return LockError(
            .notSignedIn, "\(server) does not accept the token: it is wrong, or has run out.",
            advice: "Get a new one; tickets end after six hours without use.")
    }

    func nobody() -> LockError {
        LockError(
            .notSignedIn, "Nobody is signed in on \(server), and SuperOffice shows nothing to strangers.",
            advice: "Set auth in the configuration: scheme basic, soticket or bearer.")
    }

    func badLogin(_ what: String, _ advice: String) -> LockError {
        LockError(.notSignedIn, "\(server): \(what)", advice: advice)
    }

    // MARK: Tenants

    func noTenant(_ tenant: String) -> LockError {
        LockError(
            .wrongSystem, "\(server): there is no tenant \(tenant) in this environment of SuperOffice Online.",
            advice: "Check tenant and environment in the configuration.")
    }

    func tenantAway(_ tenant: String, _ state: String, retryAfter: Double?) -> LockError {
        let advice =
            ["Deleted", "Deleting", "DeleteFailed", "Suspended", "ProvisioningFailed"].contains(state)
            ? "Ask the tenant's administrator." : "Try again later."
        return LockError(
            .unreachable, "\(server): the tenant \(tenant) can't be used at present: its state is \(state).",
            advice: advice, retryAfter: retryAfter)
    }

    func strangeHost(_ host: String) -> LockError {
        LockError(
            .wrongSystem, "\(server): the tenant's address was given as \(host), which is another's host.",
            advice: "Nothing was sent there. Check environment or state_url in the configuration.")
    }

    func astray() -> LockError {
        LockError(
            .unreachable, "\(server): \(place) answered 421, that it is not the tenant's host.",
            advice: "The tenant is being moved, or url names the wrong host: try again later.")
    }

    // MARK: Refusals

    /// What a status other than 2xx means. The kind of the exception counts before the status: the same one comes
    /// with several.
    func refusal(_ response: Response, of path: String, changing: Bool) -> LockError {
        let problem = (try? JSONBody.decode(SuperOfficeProblem.self, from: response)).flatMap { $0.isReal ? $0 : nil }
        let text = Self.shown(problem?.text ?? "")
        if let error = refusal(problem?.type ?? "", text, of: path) { return error }
        switch response.status {
        case 301, 302, 303, 307, 308:
            let target = Redaction.location(response.headers["Location"], from: place)
            return LockError(
                .wrongSystem, "\(server): \(place) points \(target == "elsewhere" ? target : "to \(target)").",
                advice: "Set url to the address that it should be.")
        case 403: return voice.forbidden(path, advice: text)
        case 404 where problem != nil: return voice.gone(path)
        case 404: return wrongSystem(response)
        case 405, 501: return voice.unsupported(response.status)
        case 409, 423: return LockError(.conflict, "\(path) on \(server) is checked out.", advice: text)
        case 421: return astray()
        case 429, 503: return voice.slowDown(voice.wait(response.headers), status: response.status)
        case 500...599: return voice.failed(path, status: response.status, said: text, changing: changing)
        default:
            let what = text.isEmpty ? "" : " (\(text))"
            return LockError(
                .nonsense, "\(server): SuperOffice answered \(response.status) for \(path)\(what).",
                mayHaveHappened: changing)
        }
    }

    /// Whether it is the sign-in that was refused: by the status, or by a session that has ended.
    func isSignInRefused(_ response: Response) -> Bool {
        if response.status == 401 { return true }
        guard response.status >= 400, let problem = try? JSONBody.decode(SuperOfficeProblem.self, from: response) else {
            return false
        }
        return problem.type?.split(separator: ".").last == "SoSessionException"
    }

    private func refusal(_ type: String, _ text: String, of path: String) -> LockError? {
        switch type.split(separator: ".").last.map(String.init) ?? "" {
        case "SoNotFoundException": return voice.gone(path)
        case "SoSentryException":
            return voice.forbidden(path, advice: text)
        case "SoLicenseException":
            return LockError(.forbidden, "\(server) has no licence for that.", advice: text)
        case "SoSessionException":
            return LockError(
                .notSignedIn, "\(server): the session has ended.", advice: text.isEmpty ? "Sign in again." : text)
        case "SoNotSupportedException", "SoNotImplementedException":
            return LockError(.unsupported, "\(server) does not do that to \(path).", advice: text)
        default: return nil
        }
    }

    /// Documents that are named in a listing and can't be shown.
    func unreadable(_ count: Int, _ why: String) -> LockError {
        let what = count == 1 ? "a document is" : "\(count) documents are"
        return LockError(.nonsense, "\(server): \(what) named in the listing and can't be read. \(why)")
    }

    /// The listing was refused: nearly always because of the configured filter.
    func badFilter(_ filter: String, _ response: Response) -> LockError {
        let problem = try? JSONBody.decode(SuperOfficeProblem.self, from: response)
        let text = Self.shown(problem?.text ?? "")
        return LockError(
            .unsupported,
            "\(server) does not understand the filter “\(filter)”\(text.isEmpty ? "" : " (“\(text)”)").",
            advice: "Correct items.filter in the configuration: it is in SuperOffice's own words, as in "
                + "name contains 'offer'.")
    }

    /// A server's text within a sentence of ours: one line, and not too long.
    static func shown(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 300 ? String(line.prefix(299)) + "…" : line
    }
}
