// SPDX-License-Identifier: MIT
import Locks

/// A walk through a server's listing, page by page, that can be left and gone on with.
///
/// Every page that is named is read once: a server that names a page again, as one that turns in circles does, does
/// not hold the reader up for ever, nor does one that names ever new pages with nothing new on them.
struct Walk: Sendable {
    private var named: Set<PageMark> = []
    private var waiting: ArraySlice<PageMark> = []
    /// How many pages have been asked for and did not come yet.
    private var underWay = 0
    private var asked = 0
    private var tries: [PageMark: Int] = [:]
    private var namesAhead = false
    private var idle = 0
    /// Whether an item came that the limit leaves out.
    private(set) var hasMore = false

    /// How many items came so far.
    private(set) var count = 0
    /// How many pages came so far.
    private(set) var pages = 0
    /// How many items there are in all, where the server tells.
    private(set) var total: Int?
    /// Whether the listing tells of the locks, so that items need no reading of their own.
    private(set) var tellsLocks = true
    /// Whether the listing tells of holds alone, so that what it lacks is free.
    private(set) var holdsOnly = false
    /// Why a part of the listing is left out; `nil` where none is.
    private(set) var lacks: LockError?

    /// Whether every page that was named has been read or given up.
    var isOver: Bool { pages > 0 && waiting.isEmpty && underWay == 0 }

    /// Whether there are more items than came within the limit.
    var isCut: Bool { !isOver || hasMore }

    /// The next page to ask for.
    struct Next: Sendable {
        /// Counts up from 0 within a walk.
        let number: Int
        /// `nil`: the first of all.
        let mark: PageMark?
    }

    /// Takes the next page off the list; `nil`: none is known that has not been asked for.
    mutating func next() -> Next? {
        guard pages > 0 ? !waiting.isEmpty : underWay == 0 else { return nil }
        underWay += 1
        asked += 1
        return Next(number: asked - 1, mark: waiting.popFirst())
    }

    /// Takes a page that came.
    /// - Parameter cameBefore: whether an item came on an earlier page of this walk.
    /// - Returns: the rows, up to the limit of all, of items that did not come before: pages shift while they are read.
    mutating func take(_ page: ItemPage, limit: Int, cameBefore: (String) -> Bool) -> [Row] {
        pages += 1
        underWay -= 1
        total = total ?? page.total
        namesAhead = namesAhead || page.following.count > 1
        var fresh: [Row] = []
        var onThisPage: Set<String> = []
        for row in page.rows where onThisPage.insert(row.item.id).inserted && !cameBefore(row.item.id) {
            guard count < limit else {
                hasMore = true
                break
            }
            count += 1
            fresh.append(row)
        }
        count -= page.removed.count { onThisPage.contains($0) || cameBefore($0) }
        lacks = lacks ?? page.lacks
        holdsOnly = holdsOnly || page.covers == .holdsOnly
        if fresh.contains(where: { $0.reading == .never }) { tellsLocks = false }
        for mark in page.following where named.insert(mark).inserted { waiting.append(mark) }
        // Pages without any item are usual where folders are listed too; pages of the same items again are not.
        idle = fresh.isEmpty ? idle + (page.rows.isEmpty ? 1 : 200) : 0
        if idle >= 1_000, !waiting.isEmpty {
            waiting = []
            lacks = LockError(.nonsense, "Its listing goes on without end and brings nothing new.")
        }
        return fresh
    }

    /// Takes note of a page that could not be read.
    /// - Returns: the error, if it ends this attempt: the walk goes on with that page another time. `nil`: the page is
    ///   put off or given up, and the others are read.
    mutating func fail(_ mark: PageMark?, _ error: LockError) -> LockError? {
        underWay -= 1
        guard let mark else { return error }
        switch error.code {
        case .nonsense, .forbidden, .gone, .unsupported, .notLockable, .conflict:
            tries[mark, default: 0] += 1
            if tries[mark, default: 0] >= (namesAhead ? 2 : 3) {
                lacks = error
                return nil
            }
            waiting.append(mark)
            return namesAhead ? nil : error
        case .unreachable:
            tries[mark, default: 0] += 1
            // It is too much for the server while all others came, but for those that are, too.
            if underWay == 0, tries[mark, default: 0] >= 5, waiting.allSatisfy({ tries[$0, default: 0] >= 5 }) {
                lacks = error
                return nil
            }
            waiting.append(mark)
            return error
        default:
            waiting.insert(mark, at: waiting.startIndex)
            return error
        }
    }
}
