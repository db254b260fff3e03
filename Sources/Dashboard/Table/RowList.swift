// SPDX-License-Identifier: MIT
import Locks

/// All rows in order, and those of them that are shown. It stays as it is, with the rows it was made of, until it is
/// moved on to newer ones: a few changed rows at once, many by an `Arrangement`, beside the screen.
struct RowList: Sendable {
    /// What the rows were compared by, and the rows as they were then.
    private(set) var collation: Collation
    /// What was let through.
    private(set) var narrowing = Narrowing()
    var isBackwards = false { didSet { if isBackwards != oldValue { arrangeGroups() } } }
    /// The groups whose rows are folded away.
    var folded: Set<GroupKey> = [] { didSet { if folded != oldValue { arrangeGroups() } } }
    /// The rows that are stale by now: headings count them.
    var stale: [Hits] = []
    /// The groups of what is shown; `nil`: rows stand in none.
    private(set) var groups: Groups?
    /// All rows by their paths: what any other sort begins with.
    private var paths = RowOrder()
    /// All rows by another field; `nil`: they are sorted by their paths.
    private var ranked: RowOrder?
    /// Those that are let through; `nil`: all are.
    private var narrowed: RowOrder?
    private var hits: [Hits] = []

    init(_ collation: Collation) {
        self.collation = collation
        if Task.isCancelled { return }
        ranked = collation.isByPath ? nil : RowOrder()
    }

    private var order: RowOrder { ranked ?? paths }
    private var shown: RowOrder { narrowed ?? order }

    /// How many lines are shown: rows, and the headings of groups.
    var count: Int { groups?.lines ?? shown.count }
    var isEmpty: Bool { shown.count == 0 }
    /// How many rows are shown, those that are folded away among them.
    var rowCount: Int { shown.count }
    /// How many rows there are in all.
    var total: Int { paths.count }

    /// The row, or the heading, at a place of what is shown.
    subscript(place: Int) -> RowKey {
        guard let groups else { return row(place) }
        switch groups[place] {
        case .heading(let heading): return heading
        case .row(let place): return shown[place]
        }
    }

    subscript(range: Range<Int>) -> [RowKey] { range.map { self[$0] } }

    /// The row at a place among the rows alone.
    func row(_ place: Int) -> RowKey { shown[isBackwards ? shown.count - 1 - place : place] }

    /// Calls the closure with each row that is shown and not folded away, until it says no more.
    func forEach(_ goesOn: (RowKey) -> Bool) {
        guard isBackwards || groups != nil else { return shown.forEach(goesOn) }
        for place in 0..<count {
            let key = self[place]
            if !key.isHeading, !goesOn(key) { return }
        }
    }

    /// Where a row or a heading is in what is shown; also one is asked for that is not there any more, or not yet.
    func place(of key: RowKey) -> Int? {
        if key.isHeading { return groups?.line(of: key) }
        guard collation.has(key), let place = shown.place(of: key, by: collation.comesBefore) else { return nil }
        if let groups { return groups.line(ofRow: place) }
        return isBackwards ? shown.count - 1 - place : place
    }

    /// Whether a row was there when the rows were put in order.
    func has(_ key: RowKey) -> Bool { !key.isHeading && collation.has(key) }

    // MARK: Groups

    /// The group under a heading.
    func group(_ heading: RowKey) -> Group? { groups?.group(heading) }

    /// The rows under a heading.
    func rows(under heading: RowKey) -> [RowKey] { groups?.rows(of: heading)?.map { shown[$0] } ?? [] }

    /// The heading that a row stands under.
    func heading(over key: RowKey) -> RowKey? {
        guard has(key), shown.place(of: key, by: collation.comesBefore) != nil else { return nil }
        return groups?.heading(of: collation.group(of: key))
    }

    private mutating func arrangeGroups() { groups?.arrange(isBackwards: isBackwards, folded: folded) }

    private mutating func countGroups() {
        guard collation.grouping != nil else {
            groups = nil
            return
        }
        var groups = groups ?? Groups()
        groups.count(shown, collation, stale: stale)
        groups.arrange(isBackwards: isBackwards, folded: folded)
        self.groups = groups
    }

    private mutating func moveGroups(_ left: [RowKey], _ old: Collation, _ come: [RowKey], _ new: Collation) {
        var groups = groups ?? Groups()
        var touched: Set<GroupKey> = []
        for key in left { touched.insert(groups.remove(key, old)) }
        for key in come { touched.insert(groups.insert(key, new, stale: stale)) }
        groups.settle(touched, new, isShown)
        self.groups = groups
    }

    private func isShown(_ key: RowKey) -> Bool { narrowed == nil || hits[key.server][key.id] }

    // MARK: Moving on

    /// Puts a few changed rows where they belong now.
    mutating func move(_ changed: some Collection<RowKey>, to catalogs: [Catalog], _ narrowing: Narrowing) {
        let old = collation
        collation.catalogs = catalogs
        let new = collation
        let gone = changed.filter { old.has($0) }
        let there = changed.filter { new.has($0) }
        let left = groups == nil ? [] : gone.filter(isShown)
        defer { if groups != nil { moveGroups(left, old, there.filter(isShown), new) } }
        movePaths(gone, old, there, new)
        ranked?.move(out: gone, by: old.comesBefore, in: there, by: new.comesBefore)
        guard narrowed != nil else { return }
        var shown: [RowKey] = []
        for key in changed {
            let isIn = new.has(key) && narrowing.letsThrough(key, catalogs)
            hits[key.server][key.id] = isIn
            if isIn { shown.append(key) }
        }
        narrowed?.move(out: gone, by: old.comesBefore, in: shown, by: new.comesBefore)
    }

    // Few of the rows that change have another path then.
    private mutating func movePaths(
        _ gone: some Collection<RowKey>, _ old: Collation, _ there: some Collection<RowKey>, _ new: Collation
    ) {
        paths.move(
            out: gone.filter { !new.has($0) || !new.hasSamePath($0, old) }, by: old.pathComesBefore,
            in: there.filter { !old.has($0) || !new.hasSamePath($0, old) }, by: new.pathComesBefore)
    }

    /// Sorts all rows anew.
    /// - Parameter changed: those of which there is news.
    mutating func sort(by collation: Collation, changed: some Collection<RowKey>, _ narrowing: Narrowing) {
        let old = self.collation
        self.collation = collation
        if changed.count > paths.count {
            paths = collation.sortedByPath()
        } else {
            movePaths(changed.filter { old.has($0) }, old, changed.filter { collation.has($0) }, collation)
        }
        if Task.isCancelled { return }
        ranked = collation.isByPath ? nil : collation.sorted(paths)
        narrow(narrowing, among: nil)
    }

    /// Lets other rows through.
    mutating func narrow(_ narrowing: Narrowing) {
        // What one letter more lets through is among what was let through before it.
        narrow(narrowing, among: narrowed != nil && narrowing.isWithin(self.narrowing) ? hits : nil)
    }

    private mutating func narrow(_ narrowing: Narrowing, among known: [Hits]?) {
        defer { if !Task.isCancelled { countGroups() } }
        self.narrowing = narrowing
        guard !narrowing.letsAllThrough else {
            (narrowed, hits) = (nil, [])
            return
        }
        if Task.isCancelled { return }
        let found = narrowing.hits(in: collation.catalogs, among: known)
        if Task.isCancelled { return }
        // The old rows in the old order are fewer to go through.
        narrowed = (known == nil ? order : narrowed ?? order).filter { found[$0.server][$0.id] }
        hits = found
    }
}

/// Which rows are let through: a view and a filter.
struct Narrowing: Sendable {
    var view = View.all
    var query = Query()
    /// For each server what its rows are looked at with.
    var contexts: [Query.Context] = []
    /// The rows of the two views that are kept: those that are stale, those that were fought over.
    var kept: [Hits] = []

    var letsAllThrough: Bool { view == .all && query.isEmpty }

    private var part: Catalog.Part { view == .all || view == .conflicts ? .all : view == .mine ? .mine : .held }

    /// The query with what the view asks for.
    private var terms: Query {
        guard view == .others else { return query }
        return Query(terms: query.terms + [Query.Term(test: .state(.others), isNegated: false)])
    }

    private func search(_ server: Int) -> Search { Search(terms, part, in: contexts[server]) }

    func hits(in catalogs: [Catalog], among known: [Hits]?) -> [Hits] {
        catalogs.indices.map { search($0).hits(in: catalogs[$0], among: known?[$0] ?? keptRows($0)) }
    }

    func letsThrough(_ key: RowKey, _ catalogs: [Catalog]) -> Bool {
        keptRows(key.server)?[key.id] ?? true && search(key.server).finds(key.id, in: catalogs[key.server])
    }

    private func keptRows(_ server: Int) -> Hits? { view == .stale || view == .conflicts ? kept[server] : nil }

    /// Whether it lets nothing through that the other does not, as far as can be seen from the words.
    func isWithin(_ other: Narrowing) -> Bool {
        view == other.view && view.rawValue < View.stale.rawValue && !other.query.dependsOnTime
            && query.isWithin(other.query)
    }
}

extension Collation {
    fileprivate func has(_ key: RowKey) -> Bool { catalogs[key.server].isThere(key.id) }

    /// Whether a row has the path that it had.
    fileprivate func hasSamePath(_ key: RowKey, _ old: Collation) -> Bool {
        catalogs[key.server].comparePath(of: key.id, to: key.id, in: old.catalogs[key.server]) == 0
    }
}
