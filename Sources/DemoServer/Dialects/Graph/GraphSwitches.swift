// SPDX-License-Identifier: MIT

/// What is not known of Graph, or differs between tenants: the demo server can be either.
public struct GraphSwitches: Sendable {
    /// Where a file tells of its beta lock.
    public enum LockInfoPlace: Sendable {
        /// As the metadata says.
        case item
        /// As one page of the documents says.
        case file
    }
    /// How the person answers who is asked to confirm a code.
    public enum Confirmation: Sendable {
        /// Confirms it after so many polls.
        case approves(afterPolls: Int)
        /// Declines.
        case declines
        /// Never does anything, so that the code runs out.
        case ignores
    }

    /// What `checkout` answers when somebody else has the file.
    public var heldStatus = 500
    /// Whether the holder's second `checkout` is an error.
    public var refusesSecondCheckout = false
    /// Whether `publication` tells of other people's check-outs.
    public var facetShowsOthers = true
    /// Whether files that nobody has lack `publication` in listings.
    public var omitsFacetWhenFree = false
    /// Whether `publication` is told at all.
    public var tellsFacet = true
    /// Whether the tree of a drive comes with `publication`.
    public var deltaCarriesFacet = true
    /// Whether a check-out shows as a change of the drive.
    public var deltaSeesCheckout = false
    /// Where the beta lock is told.
    public var lockInfoPlace = LockInfoPlace.item
    /// Whether listings tell of beta locks.
    public var listingsCarryLockInfo = true
    /// Whether the list behind the library can be filtered by its check-out column.
    public var filtersColumn = true
    /// Every so many requests one is throttled; 0 for none.
    public var throttleEvery = 0
    /// Which part of each batch is throttled, counted from one; 0 for none.
    public var throttledPart = 0
    /// The wait that a throttled answer asks for.
    public var retryAfter = "2.128"
    /// Whether errors spell the inner error in lower case.
    public var spellsInnerErrorLow = false
    /// Whether errors have no body.
    public var emptiesErrors = false
    /// Whether the person's own drive is one outside any organisation.
    public var isPersonal = false
    /// What happens to a code.
    public var confirmation = Confirmation.approves(afterPolls: 2)
    /// Whether the first poll for a code is told to slow down.
    public var slowsFirstPoll = false
    /// Whether the sign-in is granted reading only.
    public var grantsReadingOnly = false
    /// Seconds between two polls for a code.
    public var pollInterval = 1
    /// Whether files are called by their titles as they stand, without an ending, whatever SharePoint would forbid.
    /// They are found by their last name within the site, too.
    public var namesAreTitles = false
    /// Who confirms codes.
    public var operatorName = "manager"

    /// The word for the configuration that names the demo's library.
    public static let libraryWord = "site:\(GraphDialect.siteHost):/\(GraphDialect.sitePath)"
    /// The secret of any application that signs in by itself.
    public static let clientSecret = GraphDialect.clientSecret

    /// As the documents say.
    public init() {}
}
