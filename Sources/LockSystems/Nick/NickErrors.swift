// SPDX-License-Identifier: MIT
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
    /// What every server can say.
    let voice: ServerVoice

    private var server: String { voice.server }

    /// An answer that is not Nick's: a web page, another server, a proxy's error.
    func wrongSystem(_ response: Response) -> LockError {
        voice.wrongSystem(
            response, advice: "Set url to the root of Nick itself, with the prefix that it is configured with.")
    }

    /// What a status other than 2xx means. A 401 with a plain message is not decided here: it means "nobody is signed
    /// in", and on older versions also "this account may not".
    func refusal(_ response: Response, path: String, purpose: NickPurpose) -> LockError {
        let problem = try? JSONBody.decode(NickProblem.self, from: response)
        switch (response.status, problem?.shape) {
        case (300..<400, _):
            return voice.moved(path, response)
        case (401, .refusal?):
            return conflict(path, purpose)
        case (401, _):
            return voice.notSignedIn(nil)
        case (403, _):
            return forbidden(path, as: nil, purpose: purpose)
        case (404, .missing?), (404, .plain?), (404, .refusal?):
            return voice.gone(path)
        case (404, nil) where purpose == .read:
            return wrongSystem(response)
        case (404, nil), (405, _), (501, _):
            return voice.unsupported(response.status)
        case (429, _), (503, _):
            return voice.slowDown(wait(response), status: response.status)
        case (500..<600, _):
            return voice.failed(path, status: response.status, changing: purpose.isChange)
        default:
            return voice.senseless(path, status: response.status, changing: purpose.isChange)
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

    /// Seconds to wait: `Retry-After`, else the end of the limit's window.
    func wait(_ response: Response) -> Double? {
        voice.wait(response.headers)
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

    func forbidden(_ path: String, as account: String?, purpose: NickPurpose) -> LockError {
        voice.forbidden(
            path, as: account, changing: purpose.isChange,
            toChange:
                "It needs the right to modify it, which Editors and Administrators have; owning it is not enough.")
    }
}
