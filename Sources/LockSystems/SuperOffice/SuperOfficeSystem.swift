// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
public import Locks

/// SuperOffice: check-out by `POST Document/{id}/Lock`, check-in by `PUT`, undo by `DELETE`, on one's own installation
/// or online.
///
/// Wire facts: superoffice.md. The rule above all others: every refusal comes with status 200, and what the server says
/// it did, a reading has to show.
public struct SuperOfficeSystem: LockSystem {
    /// What SuperOffice does for any account; the rest is refused without a request.
    public static let allOperations: Operations = {
        var all = operations(
            of: SuperOfficeSystem.self,
            lacking: [
                .lock: "Documents of SuperOffice are checked out, not locked: use check-out.",
                .unlock: "Documents of SuperOffice are checked out, not locked: use check-in or discard.",
                .refresh: "Locks on this server do not expire.",
            ])
        let decides = "For another's check-out the server decides: administrators may."
        all[.discard] = .depends(decides)
        all[.forceUnlock] = .depends(decides)
        return all
    }()
    /// What SuperOffice does for any account.
    public var operations: Operations { Self.allOperations }
    /// Each state is a request of its own. Twice as many as may be under way go into one reading: few enough that
    /// what is on screen shows soon, and enough to keep the connections busy.
    public var itemsPerRead: Int { max(1, site.profile.connections) * 2 }

    let site: SuperOfficeSite
    private let listing: SuperOfficeListing
    private let remarks = SuperOfficeRemarks()

    /// A SuperOffice.
    public init(_ profile: SystemProfile) {
        site = SuperOfficeSite(profile)
        let locks = SuperOfficeLocks(site: site, names: SuperOfficeNames(site: site), remarks: remarks)
        listing = SuperOfficeListing(site: site, locks: locks)
    }

    /// Signs in, or makes sure that the server still takes us for the account.
    public func signIn() async throws -> SignIn {
        // Strangers are shown nothing: they are not even asked for.
        let isNobody = site.profile.login.isAnonymous
        let account = isNobody ? Account(id: nil, name: nil) : try await site.signIn()
        return site.errors.voice.signIn(account, by: site.profile.login, operations)
    }

    /// A page of documents, without their states: no listing of SuperOffice has them.
    public func items(after mark: PageMark?) async throws -> ItemPage { try await listing.page(after: mark) }

    /// Reads states, one request for each.
    public func read(_ items: [Item]) async throws -> [ReadResult] { try await listing.read(items) }

    /// The document of a number or a path.
    public func find(_ name: String) async throws -> Row { try await listing.find(name) }

    /// The document in SuperOffice's web client.
    public func webAddress(of item: Item) -> String { site.webAddress(item.id) }
}

extension SuperOfficeSystem: ChangeFeed {
    /// The first lines of the list, which has what changed last first.
    public func changes() async throws -> ListingChanges { try await listing.changes() }
}

extension SuperOfficeSystem: CheckingOut {
    /// `POST …/Lock`. A second one by the holder is an error on some archives, so the caller has read the state.
    @discardableResult
    public func checkOut(_ item: Item) async throws -> Receipt { try await change("POST", item, .checkOut) }

    /// `PUT …/Lock`. The standard archive does not look who asks, so another's check-out is refused here.
    @discardableResult
    public func checkIn(_ item: Item, held: Lock, comment: String?) async throws -> Receipt {
        guard held.holder.isMe else { throw site.errors.othersCheckOut(item, held) }
        let remark = comment.flatMap { $0.isEmpty ? nil : [("versionDescription", $0)] }
        return try await change("PUT", item, .checkIn, query: remark ?? [])
    }

    /// `DELETE …/Lock`, mine or another's alike: there is no flag for force, and the server's rights decide.
    @discardableResult
    public func discard(_ item: Item, held: Lock) async throws -> Receipt {
        if held.origin == .openFile { throw site.errors.heldByOffice(item, held) }
        return try await change("DELETE", item, .discard)
    }

    private func change(
        _ method: HTTP.Method, _ item: Item, _ operation: Locks.Operation, query: [(String, String)] = []
    ) async throws -> Receipt {
        // What a terminal can do about an answer; the parameter is repeated, not joined by commas.
        let types = ["None", "Message"].map { ("allowedReturnTypes", $0) }
        remarks.forget(item.id)
        let response = try await site.call(
            method, ["Document", item.id, "Lock"], query: types + query, of: item.path, for: .change)
        let reply = try site.read(response, as: SuperOfficeReply.self, of: item.path, changing: true)
        if let error = site.errors.verdict(reply, on: item, operation) { throw error }
        guard reply.kind == .message else { return Receipt() }
        let said = SuperOfficeErrors.shown(reply.value)
        remarks.remember(said, on: item.id)
        return Receipt(remark: said)
    }
}
