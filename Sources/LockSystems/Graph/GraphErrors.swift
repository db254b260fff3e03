// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Graph's answers and a transport's failures, in the contract's words (msgraph.md section 10). The status decides,
/// then the code; never the message, but for two refusals that have nothing else to be told by.
struct GraphErrors: Sendable {
    /// What every server can say.
    let voice: ServerVoice
    /// Whether a person signs in by a code: then there is a command for it.
    var isByCode = true

    private var signInAdvice: String {
        isByCode ? "Run: locktop login \(server)" : "Correct auth in the configuration."
    }

    static func voice(server: String, address: String, now: @escaping @Sendable () -> Date) -> ServerVoice {
        ServerVoice(
            server: server, product: "Graph", place: address, check: "Check url and login_url in the configuration.",
            later: "Try again later.", now: now)
    }

    private var server: String { voice.server }
    private var address: String { voice.place }

    /// An answer that is not Graph's: a web page, another server, a proxy's error.
    func wrongSystem(_ response: Response, changing: Bool) -> LockError {
        LockError(
            .wrongSystem,
            "\(server): \(address) is no Microsoft Graph: it answered \(response.status) with \(kind(response, address)).",
            advice: "Set url to the Graph root without a version, for example https://graph.microsoft.com.",
            mayHaveHappened: changing)
    }

    /// An answer of the sign-in host that is not one.
    func wrongAuthority(_ response: Response, _ host: String) -> LockError {
        LockError(
            .wrongSystem,
            "\(server): \(host) is no sign-in host: it answered \(response.status) with \(kind(response, "https://" + host)).",
            advice: "Check login_url and tenant in the configuration.")
    }

    private func kind(_ response: Response, _ address: String) -> String {
        if (300..<400).contains(response.status), let location = response.headers["Location"] {
            return "a redirect to " + Redaction.location(location, from: address)
        }
        return response.kind
    }

    /// Seconds to wait, as an answer says: they may have a fraction, and the limit's end may be later.
    func wait(_ headers: Headers) -> Double? {
        let asked = voice.wait(headers)
        let reset = headers["RateLimit-Reset"].flatMap(Double.init)
        guard asked != nil || reset != nil else { return nil }
        let longest = max(asked ?? 0, reset ?? 0)
        return longest.isFinite ? min(max(longest, 0), 3_600) : 3_600
    }

    /// Pages whose links lead in a circle, or on for ever.
    func circle(_ what: String) -> LockError {
        LockError(
            .nonsense, "\(server): the pages of \(what) have no end: a link leads back to a page that was read.",
            advice: "What came until then is shown; look at what stands between.")
    }

    /// A part of the listing that is left out, and why.
    func leftOut(_ what: String, _ error: LockError) -> LockError {
        if error.code == .forbidden {
            return LockError(
                .forbidden, "\(server) does not let this account see what is in \(what): it is left out.",
                advice: "Have the account given the right to read there.")
        }
        return LockError(error.code, "\(what) is left out. \(error.message)", advice: error.advice)
    }

    /// Entries that are named and can't be shown.
    func unreadable(_ count: Int, of what: String, _ why: String) -> LockError {
        let entries = count == 1 ? "an entry" : "\(count) entries"
        let are = count == 1 ? "is" : "are"
        return LockError(.nonsense, "\(server): \(entries) of \(what) can't be read and \(are) left out. \(why)")
    }

    func stillWaiting(_ seconds: Double) -> LockError {
        LockError(
            .slowDown, "\(server) has asked to be left alone; nothing was sent.",
            advice: "Try again in \(Age.text(seconds.rounded(.up))).", retryAfter: seconds)
    }

    /// What a status other than 2xx means.
    func refusal(_ response: Response, _ what: String, changing: Bool) -> LockError {
        let problem = try? JSONBody.decode(GraphProblem.self, from: response)
        if (300..<400).contains(response.status) {
            let target = Redaction.location(response.headers["Location"], from: address)
            return LockError(
                .gone,
                "\(server) points \(target == "elsewhere" ? target : "to \(target)") for \(what), "
                    + "and no sign-in is carried there.",
                advice: "Check url in the configuration.")
        }
        return refusal(
            status: response.status, problem: problem, wait: wait(response.headers), what: what, changing: changing)
    }

    /// The same for a part of a batch, which has no headers to point elsewhere with.
    func refusal(status: Int, problem: GraphProblem?, wait: Double?, what: String, changing: Bool) -> LockError {
        let text = problem?.text ?? ""
        switch status {
        case 400: return badRequest(text, what)
        case 401: return notSignedIn()
        case 403: return forbidden(problem, what)
        case 404: return voice.gone(what)
        case 405, 501: return voice.unsupported(status)
        case 409, 423:
            return LockError(
                .conflict, "\(what) on \(server) is held: it answered \(status).",
                advice: "Graph never says by whom in a refusal: the reading after it does.")
        case 410:
            return LockError(
                .gone, "\(server) has forgotten where the listing of \(what) stood.", advice: "Read the listing again.")
        case 412:
            return LockError(.conflict, "\(what) on \(server) has changed meanwhile.", advice: "Read it again.")
        case 429, 503, 509: return voice.slowDown(wait, status: status)
        case 507:
            return LockError(
                .forbidden, "\(server) has no room left: the quota of the drive of \(what) is used up.",
                advice: "Make room in the drive, then try again.")
        case 500...599:
            return voice.failed(what, status: status, said: text, changing: changing, advice: "Try again later.")
        default: return voice.senseless(what, status: status, changing: changing)
        }
    }

    private func badRequest(_ text: String, _ what: String) -> LockError {
        let said = text.lowercased()
        // The only sign of a personal OneDrive, and of a call that this cloud lacks, is the message.
        if said.contains("api not found") { return personal(what) }
        if said.contains("segment") {
            return LockError(
                .unsupported, "\(server) has no such operation in this version of the interface.",
                advice: "Check api and url in the configuration.")
        }
        if said.contains("not checked out") {
            return LockError(.conflict, "\(what) is not checked out.", advice: "Read it again.")
        }
        if said.contains("files only") || said.contains("not a file") {
            return LockError(.notLockable, "\(what) is no file: only files can be held.")
        }
        return LockError(
            .unsupported, "\(server) does not take that for \(what): it answered 400.", advice: String(text.prefix(200))
        )
    }

    private func forbidden(_ problem: GraphProblem?, _ what: String) -> LockError {
        if problem?.codes.contains("insufficient_claims") ?? false {
            return LockError(
                .notSignedIn, "\(server) wants a stronger sign-in for \(what): a rule of the organisation asks for it.",
                advice: signInAdvice)
        }
        return voice.forbidden(
            what,
            advice: "It needs the permission Files.ReadWrite.All or Sites.ReadWrite.All, and the right to edit there.")
    }

    func personal(_ what: String) -> LockError {
        LockError(.unsupported, "\(what) lies in a personal OneDrive, which has no check-out.")
    }

    /// Another's check-out that a person's sign-in may not end.
    func onlyHolder(_ holder: Holder, _ what: String) -> LockError {
        LockError(
            .forbidden,
            "Graph lets only \(holder.name ?? holder.label) or an app-only sign-in discard the check-out of \(what).",
            advice:
                "Sign in by client_credentials, or use “Discard check out” in SharePoint with the right to override.")
    }

    func notSignedIn() -> LockError {
        LockError(
            .notSignedIn, "\(server) wants a sign-in: nobody is signed in, or the sign-in has run out.",
            advice: signInAdvice)
    }

    /// The sign-in host's refusal, by its word.
    func signIn(_ problem: GraphOAuthProblem?, status: Int, isProgram: Bool) -> LockError {
        let word = problem?.error ?? ""
        func refuse(_ message: String, _ advice: String) -> LockError {
            LockError(.notSignedIn, "\(server): \(message)", advice: advice)
        }
        let login = signInAdvice
        if let reason = problem?.reason, let known = advice(for: problem?.code, word) {
            return refuse("the sign-in was refused. \(reason)", known)
        }
        switch word {
        case "authorization_declined", "access_denied": return refuse("the sign-in was declined.", login)
        case "expired_token": return refuse("the code was not confirmed in time.", login)
        case "bad_verification_code": return refuse("the sign-in host does not know the code any more.", login)
        case "invalid_grant", "interaction_required", "consent_required", "login_required":
            return refuse("the sign-in has run out or was revoked (\(word)).", login)
        case "invalid_client", "unauthorized_client":
            if isProgram {
                return refuse(
                    "the sign-in host does not accept the client secret.",
                    "Correct client_id and client_secret in the configuration.")
            }
            return refuse(
                "the app registration does not allow public client flows.",
                "Switch on “Allow public client flows” in the app registration, or check client_id.")
        case "":
            return LockError(
                .nonsense, "\(server): the sign-in host answered \(status).", advice: "Try again later.")
        default:
            return refuse(
                "the sign-in host refused it: \(word).", "Check tenant, client_id and the permissions asked for.")
        }
    }

    // What helps against the provider's numbers that administrators meet most; `nil` where our own words say more.
    private func advice(for code: Int?, _ word: String) -> String? {
        switch code {
        case 53_000, 53_001, 53_002, 53_003, 53_004: "A Conditional Access policy of the organisation has to allow it."
        case 50_072, 50_074, 50_076, 50_078, 50_079, 50_158:
            "The organisation wants a further proof: sign in anew, and give it."
        case 65_001, 90_094: "An administrator has to consent to the permissions of the app registration."
        case 50_196: "It was asked too often: wait some minutes, then sign in anew."
        case 700_016: "Correct client_id or tenant in the configuration."
        case 90_002, 50_020: "Correct tenant in the configuration."
        case 7_000_215, 7_000_222: "Correct client_secret in the configuration, or make a new one."
        case 7_000_218: nil
        default:
            ["authorization_declined", "access_denied", "expired_token", "bad_verification_code"].contains(word)
                ? nil : signInAdvice
        }
    }
}

extension LockError {
    /// Whether it says something of one drive, folder or item only, and nothing of the server as a whole.
    var isAboutOne: Bool { [.forbidden, .gone, .unsupported, .nonsense, .notLockable, .conflict].contains(code) }
}
