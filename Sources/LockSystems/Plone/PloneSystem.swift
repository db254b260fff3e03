// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
public import Locks
import Synchronization

/// Plone with plone.restapi: edit locks by `@lock`, check-out by `@workingcopy`.
///
/// Wire facts: plone.md. The rule above all others: 200 is not success, `creator` decides.
public struct PloneSystem: LockSystem {
    /// What Plone does for any account; the rest is refused without a request.
    public static let allOperations = operations(of: PloneSystem.self)
    /// What Plone does for any account.
    public var operations: Operations { Self.allOperations }
    /// One search names this many paths; longer addresses are cut off by some proxies.
    public var itemsPerRead: Int { 50 }

    /// The more it weighs, the more rarely: some ten kilobytes a second.
    public var secondsPerSweep: Double { listing.secondsPerSweep }

    let site: PloneSite
    private let listing: PloneListing
    private let copies = PloneCopies()

    /// A Plone site.
    public init(_ profile: SystemProfile) {
        site = PloneSite(profile)
        listing = PloneListing(site: site)
    }

    /// Signs in, or makes sure that the server still takes us for the account.
    public func signIn() async throws -> SignIn {
        site.errors.voice.signIn(try await site.signIn(), by: site.profile.login)
    }

    /// A page of full objects, which carry their locks (plone.md section 4.3).
    public func items(after mark: PageMark?) async throws -> ItemPage { try await listing.page(after: mark) }

    /// Reads items anew: many by one search for their paths, a few by themselves.
    public func read(_ items: [Item]) async throws -> [ReadResult] {
        try await listing.read(items, me: await site.session.known)
    }

    /// The item at a path.
    public func find(_ name: String) async throws -> Row {
        let path = "/" + name.split(separator: "/").joined(separator: "/")
        return try await listing.content(at: path, me: await site.session.known)
    }

    /// The item's page.
    public func webAddress(of item: Item) -> String { site.webAddress(item.path) }
}

extension PloneSystem: Locking {
    /// `POST @lock`. Options go in a second request, when the lock is surely ours: they would change a stranger's
    /// (plone.md section 5.2).
    @discardableResult
    public func lock(_ item: Item, _ options: LockOptions) async throws -> Receipt {
        let body = try lockBody(options)
        let lock = try await lockCall("POST", item, nil)
        guard lock.locked ?? true else {
            throw LockError(
                .unsupported, "\(site.profile.name) locks nothing: locking is switched off for the whole site.",
                advice: "An administrator can switch it on in the site's editing settings.")
        }
        guard let body, let me = await site.session.known?.id, lock.creator == me else { return lock.receipt }
        return try await lockCall("POST", item, body).receipt
    }

    /// `DELETE @lock` without a body: a stranger's lock stays.
    @discardableResult
    public func unlock(_ item: Item, held: Lock) async throws -> Receipt {
        try await lockCall("DELETE", item, nil).receipt
    }

    private func lockBody(_ options: LockOptions) throws -> [UInt8]? {
        var fields: [String] = []
        if let timeout = options.timeout {
            guard (1...4_294_967_279).contains(timeout) else {
                throw LockError(
                    .unsupported, "Plone takes a time-out from one second to 136 years, not \(timeout) seconds.",
                    advice: "Give another --timeout.")
            }
            fields.append("\"timeout\": \(timeout)")
        }
        if options.stealable == false { fields.append("\"stealable\": false") }
        return fields.isEmpty ? nil : Array("{\(fields.joined(separator: ", "))}".utf8)
    }

    private func lockCall(_ method: HTTP.Method, _ item: Item, _ body: [UInt8]?) async throws -> PloneLock {
        let response = try await site.call(method, item.path, "@lock", body: body, for: .change)
        do {
            return try JSONBody.decode(PloneLock.self, from: response)
        } catch {
            throw site.errors.voice.nonsense(error.message, status: response.status, changing: true)
        }
    }
}

extension PloneSystem: Refreshing {
    /// `PATCH @lock`. It would prolong anybody's lock, so the caller has made sure that it is ours.
    @discardableResult
    public func refresh(_ item: Item, held: Lock) async throws -> Receipt {
        try await lockCall("PATCH", item, nil).receipt
    }
}

extension PloneSystem: ForceUnlocking {
    /// `DELETE @lock {"force": true}`. On a lock that can't be stolen the first only clears that mark and the second
    /// removes the lock; on a lock made over WebDAV it does nothing, and `UNLOCK` does (plone.md sections 5.2, 10.1).
    @discardableResult
    public func forceUnlock(_ item: Item, seen: Lock) async throws -> Receipt {
        if seen.origin == .otherInterface {
            try await unlockOverWebDAV(item, seen)
            return Receipt()
        }
        let force = Array("{\"force\": true}".utf8)
        _ = try await lockCall("DELETE", item, force)
        guard seen.stealable == false else { return Receipt() }
        // The mark is gone now. What stands there is read before the second blow: only the lock that was shown may fall.
        let row = try await listing.content(at: item.path, me: await site.session.known)
        guard let lock = row.lock, lock.identity == seen.identity else { return Receipt() }
        _ = try await lockCall("DELETE", item, force)
        return Receipt()
    }

    private func unlockOverWebDAV(_ item: Item, _ seen: Lock) async throws {
        guard let token = seen.token?.reveal(), !token.isEmpty,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x3c && $0 != 0x3e })
        else {
            throw LockError(.tokenNeeded, "\(item.path) has a lock made over WebDAV whose token can't be used.")
        }
        do {
            try await site.call(
                "UNLOCK", item.path, headers: ["Lock-Token": "<opaquelocktoken:\(token)>"], for: .change)
        } catch let error as LockError where error.code == .forbidden {
            throw LockError(
                .forbidden, "\(item.path) has a lock made over WebDAV, which only an administrator can end.",
                advice: "Sign in as a Site Administrator or Manager.")
        } catch let error as LockError where error.code == .unsupported {
            throw LockError(
                .unsupported, "\(item.path) has a lock made over WebDAV, and the server lets no UNLOCK through.",
                advice: "Ask the Zope administrator: Control_Panel/DavLocks ends such locks.")
        }
    }
}

extension PloneSystem: CheckingOut {
    /// `POST @workingcopy`. The answer names the copy, which is remembered: some originals forget it (plone.md section 7).
    @discardableResult
    public func checkOut(_ item: Item) async throws -> Receipt {
        do {
            let response = try await site.call("POST", item.path, "@workingcopy", for: .change)
            if let copy = try? JSONBody.decode(PloneCopy.self, from: response), let path = site.path(of: copy.address) {
                copies.remember(path, for: item.path)
            }
            return Receipt()
        } catch let error as LockError where error.code == .gone {
            // Either the item is gone, or there is no such service: the item tells.
            _ = try await listing.rawContent(at: item.path)
            throw LockError(
                .unsupported, "\(item.path) can't be checked out: \(site.profile.name) has no working copies.",
                advice: "The site needs the add-on for working copies (plone.app.iterate).")
        }
    }

    /// `PATCH @workingcopy` on the copy. Plone keeps no remark.
    @discardableResult
    public func checkIn(_ item: Item, held: Lock, comment: String?) async throws -> Receipt {
        try await site.call("PATCH", try await copy(of: item), "@workingcopy", for: .change)
        copies.forget(item.path)
        return Receipt()
    }

    /// `DELETE @workingcopy` on the copy.
    @discardableResult
    public func discard(_ item: Item, held: Lock) async throws -> Receipt {
        try await site.call("DELETE", try await copy(of: item), "@workingcopy", for: .change)
        copies.forget(item.path)
        return Receipt()
    }

    private func copy(of item: Item) async throws -> String {
        // Plone looks a name up in the folders above too, and the copy may be gone: what is ended must be its copy.
        if let known = copies.path(for: item.path), try await isCopy(known, of: item) { return known }
        let content = try await listing.rawContent(at: item.path)
        if let address = content.workingCopy?.address, let path = site.path(of: address) { return path }
        if let path = try await listing.copyBeside(item.path) { return path }
        throw LockError(
            .gone, "The working copy of \(item.path) can't be found: it was deleted, or this account may not see it.",
            advice: "An administrator can end the check-out's lock with UNLOCK or on Control_Panel/DavLocks.")
    }
}

extension PloneSystem {
    private func isCopy(_ path: String, of item: Item) async throws -> Bool {
        do {
            let original = try await listing.rawContent(at: path).workingCopyOf
            return original.flatMap { site.path(of: $0.address) } == item.path
        } catch let error as LockError where [.gone, .forbidden].contains(error.code) {
            return false
        }
    }
}

/// The copies that this program has made, by the path of their originals.
private final class PloneCopies: Sendable {
    private let paths = Mutex<[String: String]>([:])

    func remember(_ copy: String, for original: String) { paths.withLock { $0[original] = copy } }
    func forget(_ original: String) { paths.withLock { $0[original] = nil } }
    func path(for original: String) -> String? { paths.withLock { $0[original] } }
}
