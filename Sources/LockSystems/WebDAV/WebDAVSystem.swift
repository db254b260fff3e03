// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
public import Locks

/// WebDAV: exclusive locks by `LOCK`, known by the tokens that come with them.
///
/// Wire facts: webdav.md. The rules above all others: who a lock says that it belongs to is only claimed, so ours are
/// those whose tokens this program has written down; and a token is all that `UNLOCK` names.
public struct WebDAVSystem: LockSystem {
    /// What WebDAV does for any account; the rest is refused without a request.
    public static let allOperations: Operations = {
        var offers = operations(
            of: WebDAVSystem.self,
            lacking: [
                .checkOut: "WebDAV has no check-out here: lock the item instead.",
                .checkIn: "WebDAV has no check-out here, so there is nothing to check in.",
                .discard: "WebDAV has no check-out here, so there is nothing to discard.",
            ])
        offers[.forceUnlock] = .depends(
            "It is asked for with the lock's own token: many servers take that from the holder alone.")
        return offers
    }()
    /// What WebDAV does for any account.
    public var operations: Operations { Self.allOperations }
    /// Fifty items lie in few folders, and each folder is one request.
    public var itemsPerRead: Int { 50 }

    private static let breaking = Offer.depends(
        "Who may write in the repository may break a lock, unless a hook forbids it.")

    private static let owning = Offer.depends(
        "Nextcloud ends a lock for its holder and for the file's owner; what people have open ends when they close it.")

    let site: DAVSite
    private let locks: DAVLocks
    private let listing: DAVListing
    private let repository: SVNListing

    /// A folder that is shared by WebDAV.
    public init(_ profile: SystemProfile) {
        site = DAVSite(profile)
        locks = DAVLocks(site: site)
        listing = DAVListing(site: site, locks: locks)
        repository = SVNListing(site: site, folders: listing)
    }

    /// Signs in, or makes sure that the server still takes us for the account.
    public func signIn() async throws -> SignIn {
        do {
            let account = try await site.signIn()
            let facts = try await site.facts()
            guard facts.hasLocks || site.profile.login.isAnonymous else {
                return SignIn(account: account, operations: .none(site.errors.noLocks()))
            }
            var offers = operations
            if facts.dialect == .svn { offers[.forceUnlock] = Self.breaking }
            if facts.dialect == .nextcloud { offers[.forceUnlock] = Self.owning }
            return site.errors.voice.signIn(account, by: site.profile.login, offers)
        } catch let error as LockError where error.code == .notSignedIn && site.profile.login.isAnonymous {
            return site.errors.voice.nobody()
        }
    }

    private var isRepository: Bool { get async throws { try await site.facts().dialect == .svn } }

    /// A page: one folder's children with their locks, or all locks of a repository.
    public func items(after mark: PageMark?) async throws -> ItemPage {
        try await isRepository ? try await repository.page(after: mark) : try await listing.page(after: mark)
    }

    /// Reads items anew.
    public func read(_ items: [Item]) async throws -> [ReadResult] {
        try await isRepository ? try await repository.read(items) : try await listing.read(items)
    }

    /// The item at a path.
    public func find(_ name: String) async throws -> Row {
        try await isRepository ? try await repository.find(name) : try await listing.find(name)
    }

    /// The item's own address.
    public func webAddress(of item: Item) -> String { site.address(item.id, isFolder: item.isFolder) }
}

extension Item {
    /// Whether it has members.
    fileprivate var isFolder: Bool { type == "Folder" }
}

extension WebDAVSystem: Locking {
    /// `LOCK` of the item alone, on the condition that something is there: else many servers would make an empty file.
    @discardableResult
    public func lock(_ item: Item, _ options: LockOptions) async throws -> Receipt {
        if options.stealable != nil {
            throw LockError(
                .unsupported, "WebDAV has no locks that others may or may not take: the server decides that.",
                advice: "Leave out --no-steal.")
        }
        if let timeout = options.timeout, !(1...Self.longest).contains(timeout) {
            throw LockError(
                .unsupported, "WebDAV takes a time-out from one second to 136 years, not \(timeout) seconds.",
                advice: "Give another --timeout.")
        }
        let facts = try await site.facts()
        if facts.dialect == .nextcloud { return try await lockPerson(item, options) }
        let isRepository = facts.dialect == .svn
        if !isRepository, let (token, mine) = locks.own.held(item.id) {
            guard options.comment == nil || options.comment == mine.comment else {
                throw LockError(
                    .unsupported, "The comment of a lock that stands can't be changed.", advice: "Unlock it first.")
            }
            return try await refresh(item, token: token, timeout: options.timeout)
        }
        let words = isRepository ? [options.comment] : [site.login, options.comment]
        let owner = words.compactMap(\.self).joined(separator: ": ")
        var headers: Headers = ["Depth": "0"]
        if isRepository { headers["User-Agent"] = Self.agent } else if !item.isFolder { headers["If-Match"] = "*" }
        headers["Timeout"] = options.timeout.map { "Second-\($0)" }
        let asked = DAVLock.shown(owner)
        locks.own.asking(item.id, owner: asked, comment: options.comment)
        let answer: Response
        do {
            answer = try await site.change(
                "LOCK", item.id, isFolder: item.isFolder, headers: headers, body: DAVBody.lock(owner: owner))
        } catch let error as LockError where !error.mayHaveHappened {
            locks.own.answered(item.id)
            throw error
        }
        guard answer.status == 200 || answer.status == 201 else {
            let error = try await site.refusal(answer, path: item.path, purpose: .lock)
            if !error.mayHaveHappened { locks.own.answered(item.id) }
            throw error
        }
        guard let token = Self.token(in: answer) else { throw site.errors.noToken(item.path, answer.status) }
        if answer.status == 201 { return try await undo(item, token) }
        locks.own.answered(item.id)
        let seconds = Self.granted(token, in: answer, asked: options.timeout)
        // There the server knows whose a lock is.
        guard !isRepository else { return Receipt(token: Token(token), granted: seconds) }
        let now = site.profile.now().timeIntervalSince1970
        locks.own.keep(
            token,
            DAVOwnLocks.Own(
                path: item.id, granted: seconds, since: now, refreshed: now, owner: asked, comment: options.comment))
        return Receipt(token: Token(token), granted: seconds)
    }

    /// `UNLOCK` with the token.
    @discardableResult
    public func unlock(_ item: Item, held: Lock) async throws -> Receipt { try await unlock(item, held, .unlock) }

    private static let longest = 4_294_967_294

    /// Only to clients of its own Subversion tells a hook's words and the holder, and keeps a comment as it is. A refresh
    /// from one it refuses.
    private static let agent = "SVN/1.14 (locktop)"

    /// The token is the header's: the body may tell of other holders first.
    private static func token(in answer: Response) -> String? {
        var token: String?
        if let field = answer.headers["Lock-Token"] {
            let bare = field.hasPrefix("<") && field.hasSuffix(">") ? String(field.dropFirst().dropLast()) : field
            token = bare
        } else if let locks = try? DAVItem.locks(in: answer.body), locks.count == 1 {
            token = locks[0].token
        }
        return token.flatMap { canBeSent($0) ? $0 : nil }
    }

    static func canBeSent(_ token: String) -> Bool {
        !token.isEmpty && token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }
    }

    /// The seconds that were granted. Servers that tell what is left tell a second less by then.
    private static func granted(_ token: String, in answer: Response, asked: Int?) -> Int? {
        let told = (try? DAVItem.locks(in: answer.body))?.first { $0.token == token }?.seconds
        guard let told, let asked, (asked - 2...asked).contains(told) else { return told }
        return asked
    }

    // Nothing was there, and the server has made an empty file: it is ours alone, so it is taken away again.
    private func undo(_ item: Item, _ token: String) async throws -> Receipt {
        locks.own.answered(item.id)
        let answer = try? await site.change(
            "DELETE", item.id, isFolder: false, headers: ["If": "(<\(token)>)"])
        if let status = answer?.status, (200..<300).contains(status) { throw site.errors.voice.gone(item.path) }
        _ = try? await site.change("UNLOCK", item.id, isFolder: false, headers: ["Lock-Token": "<\(token)>"])
        throw LockError(
            .gone, "\(item.path) was no longer on \(site.profile.name), which made an empty file in its place.",
            advice: "Take the empty file away there.")
    }

    private func unlock(_ item: Item, _ held: Lock, _ purpose: DAVPurpose) async throws -> Receipt {
        if try await site.facts().dialect == .nextcloud { return try await unlockPerson(item, held, purpose) }
        guard let token = held.token?.reveal(), Self.canBeSent(token) else { throw site.errors.tokenNeeded(item.path) }
        guard held.origin == .usual else {
            throw LockError(.unsupported, "The lock of \(item.path) is of a kind that this program leaves alone.")
        }
        var headers: Headers = ["Lock-Token": "<\(token)>"]
        if try await isRepository {
            headers["User-Agent"] = Self.agent
            if purpose == .force { headers["X-SVN-Options"] = "lock-break" }
        }
        let answer = try await site.change("UNLOCK", item.id, isFolder: item.isFolder, headers: headers)
        guard (200..<300).contains(answer.status), answer.status != 207 else {
            throw try await site.refusal(answer, path: item.path, purpose: purpose)
        }
        return Receipt()
    }
}

extension WebDAVSystem: Refreshing {
    /// `LOCK` without a body, named by its token, for its own period again.
    @discardableResult
    public func refresh(_ item: Item, held: Lock) async throws -> Receipt {
        // A second lock of one's own begins it anew.
        if try await site.facts().dialect == .nextcloud, held.origin == .usual {
            return try await lockPerson(item, .standard)
        }
        guard let token = held.token?.reveal(), Self.canBeSent(token) else { throw site.errors.tokenNeeded(item.path) }
        return try await refresh(item, token: token, timeout: held.timeout)
    }

    private func refresh(_ item: Item, token: String, timeout: Int?) async throws -> Receipt {
        // What never ends must not begin to, and what ends must not become endless.
        let wanted = timeout.map { "Second-\($0)" } ?? "Infinite"
        let answer = try await site.change(
            "LOCK", item.id, isFolder: item.isFolder, headers: ["If": "(<\(token)>)", "Timeout": wanted])
        guard answer.status == 200 else { throw try await site.refusal(answer, path: item.path, purpose: .refresh) }
        let seconds = Self.granted(token, in: answer, asked: timeout)
        locks.own.refreshed(token, granted: seconds)
        return Receipt(token: Token(token), granted: seconds)
    }
}

extension WebDAVSystem: ForceUnlocking {
    /// `UNLOCK` with the token that was seen: if it is another lock by then, the server refuses by itself.
    @discardableResult
    public func forceUnlock(_ item: Item, seen: Lock) async throws -> Receipt { try await unlock(item, seen, .force) }
}
