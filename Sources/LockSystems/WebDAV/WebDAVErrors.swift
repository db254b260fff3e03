// SPDX-License-Identifier: MIT
import HTTP
import Locks

/// What a request asks of a WebDAV server, which its status alone does not tell (webdav.md section 12).
enum DAVPurpose: Hashable, Sendable {
    case read, lock, refresh, unlock, force

    var ofRequest: Request.Purpose { self == .read ? .read : .change }
    var isChange: Bool { self != .read }
}

/// A WebDAV server's answers in the contract's words.
struct WebDAVErrors: Sendable {
    /// What every server can say.
    let voice: ServerVoice

    var server: String { voice.server }

    /// What a status other than the wished one means.
    /// - Parameter said: what the server said in words, where it did.
    func refusal(
        _ response: Response, path: String, purpose: DAVPurpose, account: String?, said: String = ""
    ) -> LockError {
        switch response.status {
        case 301, 302, 303, 307, 308: return purpose.isChange ? voice.moved(path, response) : elsewhere(response)
        case 401: return voice.notSignedIn(account)
        case 403: return forbidden(path, purpose, account, said)
        case 404, 410: return voice.gone(path)
        case 405, 501: return voice.unsupported(response.status)
        case 409 where purpose == .lock: return voice.gone(path)
        // With LOCK goes the condition that something is there.
        case 412 where purpose == .lock: return voice.gone(path)
        case 400, 409, 412:
            return purpose.isChange ? changed(path, response.status, purpose) : senseless(path, response)
        case 423, 207, 424: return conflict(path, said)
        case 429, 503: return voice.slowDown(voice.wait(response.headers), status: response.status)
        case 500...599:
            return voice.failed(path, status: response.status, said: said, changing: purpose.isChange)
        default: return voice.senseless(path, status: response.status, changing: purpose.isChange)
        }
    }

    // Where everything leads to a sign-in elsewhere, nothing is gone.
    private func elsewhere(_ response: Response) -> LockError {
        let target = Redaction.location(response.headers["Location"], from: voice.place)
        return LockError(
            .wrongSystem, "\(server): \(voice.place) points \(target == "elsewhere" ? target : "to \(target)").",
            advice: "Set url to the address that it should be.")
    }

    private func senseless(_ path: String, _ response: Response) -> LockError {
        voice.senseless(path, status: response.status, changing: false)
    }

    private func conflict(_ path: String, _ said: String) -> LockError {
        LockError(.conflict, "\(path) on \(server) is locked.", advice: said)
    }

    /// The token does not fit: Apache says so by 400, others by 409 or 412.
    private func changed(_ path: String, _ status: Int, _ purpose: DAVPurpose) -> LockError {
        guard purpose != .lock else { return voice.senseless(path, status: status, changing: false) }
        return LockError(
            .conflict, "\(path) on \(server) has another lock by now, or none: the token no longer fits.")
    }

    private func forbidden(_ path: String, _ purpose: DAVPurpose, _ account: String?, _ said: String) -> LockError {
        if purpose == .force || purpose == .unlock {
            return LockError(
                .forbidden, "\(server) lets only the holder end the lock of \(path).",
                advice: said.isEmpty ? "Ask the holder, or who runs the server." : said)
        }
        return voice.forbidden(
            path, as: account, changing: purpose.isChange,
            toChange: said.isEmpty ? "It needs the right to write there." : said)
    }

    /// What Subversion's own number means; `nil` where the status says as much. Its words are shown as they are: a hook's
    /// are among them.
    func refusal(_ problem: SVNProblem, path: String, status: Int) -> LockError? {
        switch problem.code {
        case 160_017: LockError(.notLockable, "\(path) on \(server) is no file, and Subversion locks files alone.")
        case 160_035, 160_039:
            LockError(.conflict, "\(path) on \(server) is locked by somebody else.", advice: problem.text)
        case 160_036, 160_037, 160_038, 160_040, 160_041:
            LockError(
                .conflict, "\(path) on \(server) has another lock by now, or none: the token no longer fits.",
                advice: problem.text)
        case 160_042: LockError(.conflict, "\(path) on \(server) was changed meanwhile.", advice: problem.text)
        case 165_001: LockError(.forbidden, "A hook of \(server) forbids that for \(path).", advice: problem.text)
        case 165_002: LockError(.nonsense, "A hook of \(server) could not be run for \(path).", advice: problem.text)
        case 160_013: voice.gone(path)
        default: nil
        }
    }

    /// Nextcloud ends a lock for its holder and for the file's owner.
    func keptToOwner(_ path: String) -> LockError {
        LockError(
            .forbidden, "\(server) lets only its holder and the file's owner end the lock of \(path).",
            advice: "Ask one of them, or who runs the server.")
    }

    /// Nextcloud's own editors hold it.
    func peopleAreIn(_ path: String, _ program: String) -> LockError {
        LockError(
            .unsupported, "\(path) on \(server) is open in \(program): it is free when the last one has closed it.")
    }

    /// What was said to be a repository is none.
    func noRepository(_ response: Response) -> LockError {
        LockError(
            .wrongSystem,
            "\(server): \(voice.place) is no Subversion repository: it answered \(response.status).",
            advice: "Set url to the repository or a folder in it, or leave out dialect.")
    }

    /// The answer to `OPTIONS` or to a listing is not WebDAV's.
    func wrongSystem(_ response: Response) -> LockError {
        voice.wrongSystem(response, advice: "Set url to a folder that the server shares by WebDAV.")
    }

    /// A server that serves WebDAV and no locks.
    func noLocks() -> String { "\(server) shares files by WebDAV without locks (its DAV header has no 2)." }

    /// Nobody may know: without this nothing can be told from nothing.
    func undisclosed() -> String { "\(server) does not tell who has locked what." }

    /// The token can't be sent.
    func tokenNeeded(_ path: String) -> LockError {
        LockError(
            .tokenNeeded, "\(server) does not show the token of the lock of \(path), without which nobody ends it.",
            advice: "Wait until it runs out, or ask the holder.")
    }

    /// The server agreed to a lock and gave nothing to hold it by.
    func noToken(_ path: String, _ status: Int) -> LockError {
        voice.nonsense("It names no token that could be used for \(path).", status: status, changing: true)
    }
}
