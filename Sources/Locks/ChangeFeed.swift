// SPDX-License-Identifier: MIT

/// A server that tells what became of its listing since it was read, for much less than the listing costs.
public protocol ChangeFeed: LockSystem {
    /// What changed in the listing since it was read whole, and since this was asked last. What is not named is as it was
    /// listed, but for its locks: these may have changed without a word.
    /// - Throws: `LockError`
    func changes() async throws -> ListingChanges
}

/// What a server tells of the changes in its listing.
public enum ListingChanges: Hashable, Sendable {
    /// These, and no others: rows that are new or other than before, items that lie elsewhere, items that are gone.
    case told(ItemPage)
    /// The server no longer knows where we stood: the listing has to be read again from its beginning.
    case forgotten
    /// The server does not tell that of what is listed here, or not yet.
    case untold
}
