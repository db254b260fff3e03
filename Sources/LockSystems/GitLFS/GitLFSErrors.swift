// SPDX-License-Identifier: MIT
import HTTP
import Locks

/// What a request is for: the same status means another thing for each.
enum GitLFSPurpose: Hashable, Sendable {
    /// Reads locks.
    case read
    /// Makes a lock.
    case lock
    /// Ends one that is named by its id.
    case unlock

    /// What that is to the transports; `locks/verify` reads by `POST`.
    var ofRequest: Request.Purpose { self == .read ? .read : .change }
    var isChange: Bool { self != .read }
}

/// A Git LFS server's answers, in the contract's words (git-lfs.md sections 6 to 8).
struct GitLFSErrors: Sendable {
    /// What every server can say.
    let voice: ServerVoice

    private var server: String { voice.server }
    private static let setURL = "Set url to the repository as git clones it, or lfs_url to its Git LFS endpoint."

    /// An answer that is no list of locks: a web page, another server, a proxy's error.
    func wrongSystem(_ response: Response, mayHaveHappened: Bool = false) -> LockError {
        voice.wrongSystem(response, advice: Self.setURL, mayHaveHappened: mayHaveHappened)
    }

    /// What a status other than 2xx means; 401 is not decided here.
    func refusal(_ response: Response, path: String, as account: String?, for purpose: GitLFSPurpose) -> LockError {
        let reply = try? JSONBody.decode(GitLFSReply.self, from: response)
        let said = Self.shown(reply?.message ?? "")
        switch response.status {
        case 300..<400:
            let target = Redaction.location(response.headers["Location"], from: voice.place)
            return LockError(
                .wrongSystem, "\(server): \(voice.place) points \(target == "elsewhere" ? target : "to \(target)").",
                advice: "Set url to the address that it should be.")
        case 400 where purpose == .lock:
            return LockError(.notLockable, "\(server) takes no lock for \(path).", advice: said)
        case 403: return forbidden(path, as: account, said: said, for: purpose)
        case 404 where purpose == .unlock:
            return LockError(.gone, "The lock of \(path) is no longer on \(server).", advice: said)
        case 404, 405, 410, 501: return noLocks(response.status)
        case 406, 415:
            return LockError(
                .nonsense, "\(server) does not take the form that Git LFS has: it answered \(response.status).",
                advice: "Look at what stands before the server.", mayHaveHappened: false)
        case 409: return taken(path, by: reply?.lock)
        case 413, 429, 503: return voice.slowDown(voice.wait(response.headers), status: response.status)
        case 500...599:
            return voice.failed(path, status: response.status, said: said, changing: purpose.isChange)
        default: return voice.senseless(path, status: response.status, changing: purpose.isChange)
        }
    }

    /// Locking is not there: the host has none, it is switched off, or the repository is hidden.
    func noLocks(_ status: Int) -> LockError {
        LockError(
            .unsupported, "\(server): \(voice.place) has no lock API: it answered \(status).",
            advice:
                "Check that url names the repository, that this account may see it, and that the host has Git LFS with "
                + "locks.")
    }

    /// Somebody has it; who, the answer tells.
    private func taken(_ path: String, by lock: GitLFSLock?) -> LockError {
        let who = lock?.owner.map { " by \(Self.shown($0))" } ?? ""
        return LockError(.conflict, "\(path) on \(server) is locked\(who).")
    }

    /// The account is known, and may not.
    func forbidden(_ path: String, as account: String?, said: String, for purpose: GitLFSPurpose) -> LockError {
        let right = "It needs the right to push; to end another's lock some hosts want a maintainer."
        return voice.forbidden(
            path, as: account, changing: purpose.isChange, toSee: said, toChange: said.isEmpty ? right : said)
    }

    /// The server agreed in its status, and shows no lock.
    func agreedToNothing(_ path: String, said: String?) -> LockError {
        let words = said.map { " (“\(Self.shown($0))”)" } ?? ""
        return LockError(
            .nonsense, "\(server) agreed to lock \(path) and shows no lock\(words).", mayHaveHappened: true)
    }

    /// The server agreed in its status, and has words in the place of a list.
    func noList(_ said: String) -> LockError {
        LockError(.nonsense, "\(server) lists no locks, and says: “\(Self.shown(said))”.")
    }

    /// A lock that a change can't name.
    func nameless(_ path: String) -> LockError {
        LockError(.tokenNeeded, "The lock of \(path) on \(server) has no id by which it could be ended.")
    }

    /// Locks that are named in a listing and can't be shown.
    func unreadable(_ count: Int, _ why: MalformedAnswer?) -> LockError {
        let what = count == 1 ? "a lock is" : "\(count) locks are"
        return LockError(
            .nonsense,
            "\(server): \(what) in the list and can't be read, as where the holder's account is gone. "
                + (why?.message ?? ""))
    }

    /// What a person typed is no path.
    func noPath(_ text: String) -> LockError {
        LockError(
            .notLockable, "“\(Self.shown(text))” can be no file of a repository.",
            advice: "Name a file by its path from the root of the work tree, as in Assets/hero.fbx.")
    }

    /// The credentials that git has can't be used.
    func noCredential(_ what: String) -> LockError {
        LockError(
            .notSignedIn, "\(server): \(what)",
            advice: "Sign in with git once, or set user and password in the configuration.")
    }

    /// Nobody is signed in, or whoever it is was refused; some hosts say the same of a repository that is hidden.
    func notSignedIn(_ user: String?) -> LockError {
        let error = voice.notSignedIn(user)
        guard user != nil else { return error }
        return LockError(
            error.code, error.message,
            advice: "A host may say the same to an account that may not see the repository. " + error.advice)
    }

    /// A token that can't stand in a header.
    func badToken() -> LockError {
        LockError(
            .notSignedIn, "\(server): the configured token is none: it is empty, or has control characters in it.",
            advice: "Look at what token_command, token_env or token_file gives.")
    }

    /// A server's text within a sentence of ours: one line, and not too long.
    static func shown(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 300 ? String(line.prefix(299)) + "…" : line
    }
}
