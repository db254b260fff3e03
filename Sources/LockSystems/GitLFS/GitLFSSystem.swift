// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
public import Locks

/// The locks of a repository with Git LFS, as GitLab, GitHub, Gitea, Forgejo and Bitbucket Data Center have them.
///
/// Wire facts: git-lfs.md. Locks are known without their files: a row is a lock, and any path can be locked. Each is ended
/// by its id, so that a lock that has taken another's place is never hit.
public struct GitLFSSystem: LockSystem {
    /// What Git LFS does for any account; the rest is refused without a request.
    public static let allOperations: Operations = {
        var offers = operations(
            of: GitLFSSystem.self,
            lacking: [
                .refresh: "Locks of Git LFS do not expire.",
                .checkOut: "Git LFS has no check-out: lock the file instead.",
                .checkIn: "Git LFS has no check-out: push the file and unlock it instead.",
                .discard: "Git LFS has no check-out, so there is nothing to discard.",
            ])
        offers[.forceUnlock] = .depends(
            "The host decides: some let whoever may push end another's lock, some only maintainers.")
        return offers
    }()
    /// What Git LFS does for any account.
    public var operations: Operations { Self.allOperations }
    /// All locks come in one list.
    public var itemsPerRead: Int { 1_000 }

    let site: GitLFSSite
    private let listing: GitLFSListing

    /// A repository.
    public init(_ profile: SystemProfile) {
        site = GitLFSSite(profile)
        listing = GitLFSListing(site: site)
    }

    /// Signs in, or makes sure that it still holds. No request tells who we are: that the server lets us in is what shows
    /// that the secret is right.
    public func signIn() async throws -> SignIn {
        guard !site.profile.login.isAnonymous else { return site.errors.voice.nobody() }
        if await !site.session.isFresh {
            // Who may not even look has been let in all the same.
            do { try await listing.probe() } catch let error as LockError where error.code == .forbidden {}
        }
        let user = await site.session.user
        var offers = operations
        if listing.owners.areTold == false {
            let why =
                "This account may perhaps only read: \(site.profile.name) does not tell it which locks are its own."
            for operation in [Locks.Operation.lock, .unlock, .forceUnlock] { offers[operation] = .depends(why) }
        }
        return SignIn(account: Account(id: user ?? "token", name: user), operations: offers)
    }

    /// A page of locks.
    public func items(after mark: PageMark?) async throws -> ItemPage { try await listing.page(after: mark) }

    /// Several items by the list of all locks, one by its path.
    public func read(_ items: [Item]) async throws -> [ReadResult] { try await listing.read(items) }

    /// The item of any path, locked or free.
    public func find(_ name: String) async throws -> Row { try await listing.find(name) }

    /// The repository's page: where a file is on it, every host says otherwise.
    public func webAddress(of item: Item) -> String { site.address.page }
}

extension GitLFSSystem: Locking {
    /// `POST locks`. The file need not be there.
    @discardableResult
    public func lock(_ item: Item, _ options: LockOptions) async throws -> Receipt {
        if options.timeout != nil {
            throw LockError(.unsupported, "Locks of Git LFS do not expire.", advice: "Leave out --timeout.")
        }
        if options.stealable == false {
            throw LockError(
                .unsupported, "Git LFS has no lock that can't be ended by force.", advice: "Leave out --no-steal.")
        }
        guard GitLFSPath.clean(item.id) != nil else { throw site.errors.noPath(item.id) }
        let question = GitLFSQuestion(path: item.id, ref: site.ref)
        let reply = try await site.change([], question, of: item.path, for: .lock)
        guard let lock = reply?.lock else { throw site.errors.agreedToNothing(item.path, said: reply?.message) }
        listing.owners.grant(lock.id)
        return Receipt(serverID: lock.id)
    }

    /// `POST locks/{id}/unlock`.
    @discardableResult
    public func unlock(_ item: Item, held: Lock) async throws -> Receipt { try await end(held, of: item, force: false) }

    private func end(_ lock: Lock, of item: Item, force: Bool) async throws -> Receipt {
        guard let id = lock.serverID else { throw site.errors.nameless(item.path) }
        let question = GitLFSQuestion(force: force, ref: site.ref)
        _ = try await site.change([id, "unlock"], question, of: item.path, for: .unlock)
        return Receipt(serverID: id)
    }
}

extension GitLFSSystem: ForceUnlocking {
    /// The same with `force`: by the id that was seen, which no other lock has.
    @discardableResult
    public func forceUnlock(_ item: Item, seen: Lock) async throws -> Receipt {
        try await end(seen, of: item, force: true)
    }
}
