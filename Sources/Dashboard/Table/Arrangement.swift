// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// Putting rows in order, or letting others through, where that takes longer than a key may wait: it is carried out
/// beside the screen, which shows the list as it was until the new one comes back.
public struct Arrangement: Hashable, Sendable {
    enum Work: Sendable {
        /// Sort all rows anew; of these there is news.
        case sort(Collation, changed: Set<RowKey>)
        /// Put these where they belong now.
        case move(Set<RowKey>, [Catalog])
        /// Let other rows through.
        case narrow
    }

    let number: Int
    let list: RowList
    let work: Work
    let narrowing: Narrowing
    /// Whether it follows what servers told, not the operator.
    let isNews: Bool

    /// The list as it is to be. Takes up to a second for a million rows, and gives up within some milliseconds when its
    /// task is cancelled: then the list is good for nothing.
    public func carriedOut() -> Arranged {
        var list = list
        switch work {
        case .sort(let collation, let changed): list.sort(by: collation, changed: changed, narrowing)
        case .move(let changed, let catalogs): list.move(changed, to: catalogs, narrowing)
        case .narrow: list.narrow(narrowing)
        }
        return Arranged(number: number, list: list, isNews: isNews)
    }

    /// Each has a number of its own.
    public static func == (one: Arrangement, other: Arrangement) -> Bool { one.number == other.number }

    /// By its number.
    public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

/// What an arrangement led to.
public struct Arranged: Sendable {
    let number: Int
    let list: RowList
    let isNews: Bool
}

/// How the list follows its rows, its sort and its filter.
struct ListKeeping: Sendable {
    /// The arrangement that is under way.
    var underWay: Arrangement?
    /// What changed since it was begun.
    var behind: Set<RowKey> = []
    /// What is to be begun.
    var wanted: Arrangement?
    /// Whether time or news let other rows through since it was begun.
    var isLate = false
    /// Whether locks grew stale since, by which the rows are sorted.
    var isOutOfOrder = false
    /// Where the cursor was, while its row is not in the list yet.
    var place: Int?
    /// Up to so many rows are sorted, moved and looked through at once: that is quicker than a frame.
    var quick = (sort: 10_000, move: 300, narrow: 150_000)
    private var count = 0

    mutating func nextNumber() -> Int {
        count += 1
        return count
    }
}

extension Model {
    /// How many rows there are.
    private var rowCount: Int { servers.reduce(0) { $0 + $1.catalog.count } }

    /// What is let through now.
    var narrowing: Narrowing {
        var narrowing = Narrowing(view: view, query: query, contexts: servers.indices.map(context))
        switch view {
        case .stale: narrowing.kept = servers.map(\.staleRows.rows)
        case .conflicts:
            narrowing.kept = servers.map { _ in Hits() }
            for key in conflicted.compactMap(key) { narrowing.kept[key.server][key.id] = true }
        default: break
        }
        return narrowing
    }

    /// Lets other rows through, after another filter or view.
    mutating func refilter() {
        switch keeping.underWay?.work {
        case nil:
            arrange(.narrow, isQuick: rowCount <= (grouping == nil ? keeping.quick.narrow : keeping.quick.sort))
        // The letter before is overtaken by this one.
        case .narrow: arrange(.narrow, isQuick: false)
        case .sort, .move: resort()
        }
    }

    /// Lets other rows through that time or news brought, once what is under way is through: it may come again and
    /// again, and what is always overtaken never ends.
    mutating func refilterWhenFree() {
        guard keeping.underWay == nil else {
            keeping.isLate = true
            return
        }
        refilter()
    }

    /// Sorts all rows anew after locks grew stale, once what is under way is through.
    mutating func resortWhenFree() {
        guard keeping.underWay == nil else {
            keeping.isOutOfOrder = true
            return
        }
        resort(isNews: true)
    }

    /// Sorts all rows anew.
    mutating func resort(_ changed: Set<RowKey> = [], isNews: Bool = false) {
        var changed = changed.union(keeping.behind)
        // What is overtaken does not come; what it would have brought, this brings.
        switch keeping.underWay?.work {
        case .sort(_, let more), .move(let more, _): changed.formUnion(more)
        case .narrow, nil: break
        }
        keeping.behind = []
        keeping.isOutOfOrder = false
        arrange(
            .sort(Collation(servers, by: sort.field, in: grouping, wording), changed: changed),
            isQuick: rowCount <= keeping.quick.sort,
            isNews: isNews)
    }

    /// Takes note of rows that changed.
    mutating func follow(_ changed: Set<RowKey>) {
        guard keeping.underWay == nil else { return keeping.behind.formUnion(changed) }
        // The order is one of its time: a row that grew stale since would not be where it belongs.
        if sort.field == .stale { return resort(changed, isNews: true) }
        let quickMove = keeping.quick.move / (grouping == nil ? 1 : 3)
        if changed.count > quickMove, rowCount <= keeping.quick.sort || changed.count > rowCount / 8 {
            return resort(changed, isNews: true)
        }
        arrange(.move(changed, servers.map(\.catalog)), isQuick: changed.count <= quickMove, isNews: true)
    }

    private mutating func arrange(_ work: Arrangement.Work, isQuick: Bool, isNews: Bool = false) {
        switch work {
        case .sort, .narrow: keeping.isLate = false
        case .move: break
        }
        if grouping != nil { list.stale = servers.map(\.staleRows.rows) }
        let arrangement = Arrangement(
            number: keeping.nextNumber(), list: list, work: work, narrowing: narrowing, isNews: isNews)
        guard isQuick else {
            keeping.underWay = arrangement
            keeping.wanted = arrangement
            return
        }
        keeping.underWay = nil
        keeping.wanted = nil
        adopt(arrangement.carriedOut())
    }

    /// Takes the list that an arrangement led to, unless another is under way by now.
    mutating func take(_ arranged: Arranged) {
        guard arranged.number == keeping.underWay?.number else { return }
        keeping.underWay = nil
        adopt(arranged)
        let behind = keeping.behind
        keeping.behind = []
        if !behind.isEmpty { follow(behind) }
        if keeping.isOutOfOrder { resortWhenFree() }
        if keeping.isLate { refilterWhenFree() }
        if cursor == nil { followCursor(from: keeping.place, staysOnTop: false) }
        keeping.place = nil
    }

    private mutating func adopt(_ arranged: Arranged) {
        let place = cursor ?? keeping.place
        let wasAtTop = top == 0 && (place ?? 0) == 0
        let folded = list.folded
        list = arranged.list
        list.folded = folded
        list.isBackwards = sort.isBackwards
        // An item that went and came again is another row.
        if let meant = selectedRef, selected.flatMap(ref) != meant { selected = key(meant) }
        // Its row may come with what is behind.
        let isAwaited = selected.map { keeping.behind.contains($0) && row($0) != nil && !list.has($0) } ?? false
        keeping.place = isAwaited ? place : nil
        if isAwaited { return }
        followCursor(from: place, staysOnTop: arranged.isNews && wasAtTop && !hasTouchedCursor)
    }
}
