// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension ServerWatch {
    /// Asks what became of the listing, where the server tells.
    /// - Returns: whether the sweep can wait.
    func follow() async throws -> Bool {
        // A listing that one request tells whole tells of its locks as well.
        let isSmall = lastSweep.pages <= 1 && lastSweep.tellsLocks && catalog.count <= 3 * system.itemsPerRead
        guard let feed = system as? any ChangeFeed, lastSweep.pages > 0, !isSmall else {
            isFollowing = false
            return false
        }
        let asked = moment
        switch try await told(by: feed) {
        case .told(let page):
            isFollowing = true
            try await take(page, toldAfter: asked)
            return sweep.pages == 0 && !isSweepDue
        case .forgotten:
            // What the server forgets again while the listing is read for that is not told before another sweep.
            if !isSweptAnew { beginSweep() }
            (isSweptAnew, nextSweep) = (true, nil)
        case .untold: break
        }
        isFollowing = false
        return false
    }

    // What can't be told in this way may be read in the other, which says its own error.
    private func told(by feed: any ChangeFeed) async throws -> ListingChanges {
        do {
            return try await feed.changes()
        } catch let error as LockError where [.nonsense, .unsupported, .forbidden, .gone].contains(error.code) {
            return .untold
        }
    }

    // Beyond a cut there is room for what is new only until the next sweep, which makes it.
    private var isSweepDue: Bool {
        nextSweep.map { time.now() >= $0 } ?? true || catalog.count > policy.limit + policy.limit / 10
    }

    private func take(_ page: ItemPage, toldAfter asked: Int) async throws {
        // Names and places are told once, so they count also where the reading does not.
        for (id, path) in page.moved {
            guard var row = catalog[id] else { continue }
            row.item.path = path
            changed.insert(catalog.put(row))
        }
        for row in page.rows {
            if isNewer(asked, than: row.item.id) {
                put(row, isNews: true, asked: asked)
            } else if var known = catalog[row.item.id] {
                known.item = row.item
                changed.insert(catalog.put(known))
            }
        }
        for id in page.removed where isNewer(asked, than: id) { drop(id) }
        // What was named has changed, and perhaps its locks with it. It is told once, so what fails is tried once more.
        let again = toldUnread
        toldUnread = page.rows.filter { $0.reading == .never }.map(\.item.id)
        try await read(toldUnread + again)
        toldUnread = []
    }
}
