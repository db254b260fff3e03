// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
public import Locks

/// Nick: edit locks by `@lock`, much like Plone's on paper and unlike them on the wire.
///
/// Wire facts: nick.md. The rules above all others: `DELETE` says "unlocked" and writes nothing, `PATCH` makes a new
/// lock with standard options, and 401 is a conflict or a missing sign-in by the shape of its body.
public struct NickSystem: LockSystem {
    /// A request of Nick's holds one database connection of ten and asks for another: a few clients that ask for much at
    /// once bring the whole site to a halt for minutes (nick.md section 13).
    public static let mostConnections = 4
    /// What Nick does for any account; the rest is refused without a request.
    public static let allOperations: Operations = {
        var offers = operations(
            of: NickSystem.self,
            lacking: [
                .checkOut: "Nick has no check-out: lock the item instead.",
                .checkIn: "Nick has no check-out, so there is nothing to check in.",
                .discard: "Nick has no check-out, so there is nothing to discard.",
            ])
        offers[.forceUnlock] = .depends(
            "Nick lets only the holder end a lock; with force_by_save the item is saved with the lock's token, which "
                + "ends the lock and makes a new version.")
        return offers
    }()
    /// What Nick does for any account, with this configuration.
    public var operations: Operations {
        guard site.profile.options.forcesBySaving else { return Self.allOperations }
        var offers = Self.allOperations
        offers[.forceUnlock] = .depends(
            "If Nick refuses, the item is saved with the lock's token, which ends the lock and makes a new version.")
        return offers
    }
    /// Fifty items lie in few folders, and each folder is one request.
    public var itemsPerRead: Int { 50 }

    let site: NickSite
    private let chains: NickChains
    private let listing: NickListing

    /// A Nick site.
    public init(_ profile: SystemProfile) {
        site = NickSite(profile)
        chains = NickChains(profile)
        listing = NickListing(site: site, chains: chains)
    }

    /// Signs in, or makes sure that the server still takes us for the account.
    public func signIn() async throws -> SignIn {
        site.errors.voice.signIn(try await site.signIn(), by: site.profile.login)
    }

    /// A page of folders with their children, which carry their locks (nick.md section 4.2).
    public func items(after mark: PageMark?) async throws -> ItemPage { try await listing.page(after: mark) }

    /// Reads items anew: those of one folder by one request, single ones by their `@lock`.
    public func read(_ items: [Item]) async throws -> [ReadResult] {
        try await listing.read(items, me: await site.session.known)
    }

    /// The item at a path.
    public func find(_ name: String) async throws -> Row {
        try await listing.find(NickPath.clean(name), me: await site.session.known)
    }

    /// The item's page.
    public func webAddress(of item: Item) -> String { site.webAddress(item.path) }
}

extension NickSystem: Locking {
    /// `POST @lock`. On a lock of ours Nick ignores the options; then a `PATCH` makes it anew with them.
    @discardableResult
    public func lock(_ item: Item, _ options: LockOptions) async throws -> Receipt {
        if let timeout = options.timeout, !(1...Self.longest).contains(timeout) {
            throw LockError(
                .unsupported, "Nick takes a time-out from one second to a hundred years, not \(timeout) seconds.",
                advice: "Give another --timeout.")
        }
        let body = body(timeout: options.timeout, stealable: options.stealable)
        var lock = try await lockCall("POST", item, body)
        guard lock.locked, let me = await site.session.known?.id, lock.creator == me else { return lock.receipt }
        var isNew = true
        if !fits(lock, options) {
            lock = try await lockCall("PATCH", item, body)
            isNew = false
        }
        chains.keepOwn(item.path, lock, isNew: isNew)
        return lock.receipt
    }

    /// `DELETE @lock`, which writes nothing on most versions. If the lock is still ours after that, `PATCH` puts one in
    /// its place that has run out already, which really releases it (nick.md section 5.3).
    @discardableResult
    public func unlock(_ item: Item, held: Lock) async throws -> Receipt {
        _ = try await lockCall("DELETE", item, nil)
        let lock = try await lockAfterChange(item)
        guard lock.locked, let me = await site.session.known?.id, lock.creator == me else { return Receipt() }
        _ = try await lockCall("PATCH", item, Array(#"{"timeout":-1}"#.utf8))
        return Receipt()
    }

    private static let longest = 3_155_760_000

    private func fits(_ lock: NickLock, _ options: LockOptions) -> Bool {
        if let timeout = options.timeout, lock.timeout != .number(Double(timeout)) { return false }
        if let stealable = options.stealable, lock.stealable != .flag(stealable) { return false }
        return true
    }

    private func body(timeout: Int?, stealable: Bool?) -> [UInt8]? {
        var fields: [String] = []
        if let stealable { fields.append("\"stealable\":\(stealable)") }
        if let timeout { fields.append("\"timeout\":\(timeout)") }
        return fields.isEmpty ? nil : Array("{\(fields.joined(separator: ","))}".utf8)
    }

    /// Nick says "unlocked" without writing it, so a look comes after that. When that look fails, the change before it
    /// may have happened all the same.
    private func lockAfterChange(_ item: Item) async throws -> NickLock {
        do {
            return try await site.get(item.path, "@lock", as: NickLock.self)
        } catch let error as LockError {
            throw LockError(
                error.code, error.message, advice: error.advice, retryAfter: error.retryAfter, mayHaveHappened: true)
        }
    }

    private func lockCall(
        _ method: HTTP.Method, _ item: Item, _ body: [UInt8]?, for purpose: NickPurpose = .hold
    ) async throws -> NickLock {
        let response = try await site.call(method, item.path, "@lock", body: body, for: purpose)
        return try site.read(NickLock.self, from: response, changing: true)
    }
}

extension NickSystem: Refreshing {
    /// `PATCH @lock` with the lock's own options: Nick makes a new lock, and what is not said again is lost.
    @discardableResult
    public func refresh(_ item: Item, held: Lock) async throws -> Receipt {
        guard let timeout = held.timeout, timeout > 0 else {
            throw LockError(.unsupported, "The lock of \(item.path) has no time-out that could begin anew.")
        }
        let lock = try await lockCall("PATCH", item, body(timeout: timeout, stealable: held.stealable))
        chains.keepOwn(item.path, lock, isNew: false)
        return lock.receipt
    }
}

extension NickSystem: ForceUnlocking {
    /// `DELETE @lock {"force": true}`, which Nick refuses to all but the holder. Where the configuration allows it the
    /// item is then saved with the token that was shown: if another lock is there by then, the server refuses.
    @discardableResult
    public func forceUnlock(_ item: Item, seen: Lock) async throws -> Receipt {
        do {
            let lock = try await lockCall("DELETE", item, Array(#"{"force":true}"#.utf8), for: .force)
            guard site.profile.options.forcesBySaving, !lock.locked else { return Receipt() }
            // "Unlocked" may be said without being done.
            let now = try await lockAfterChange(item)
            guard now.locked, now.token == seen.token?.reveal() else { return Receipt() }
        } catch let error as LockError where error.code == .forbidden && site.profile.options.forcesBySaving {}
        try await save(item, with: seen)
        return Receipt()
    }

    private func save(_ item: Item, with seen: Lock) async throws {
        guard let token = seen.token?.reveal(), !token.isEmpty,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x3c && $0 != 0x3e })
        else {
            throw LockError(.tokenNeeded, "\(item.path) has a lock whose token can't be used to save it.")
        }
        let me = await site.session.known?.id ?? "somebody"
        let note = try JSONBody.encode(["changeNote": "Lock of \(seen.holder.label) released by \(me)"])
        try await site.call("PATCH", item.path, headers: ["Lock-Token": token], body: note, for: .save)
    }
}
