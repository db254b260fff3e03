// SPDX-License-Identifier: MIT
import FoundationEssentials

/// Some rows of a catalog, a bit for each.
public struct Hits: Sendable, Equatable {
    var chunks: [RowBits]

    /// No row.
    public init() { chunks = [] }

    init(chunks: [RowBits]) { self.chunks = chunks }

    /// Whether a row is among them.
    public subscript(id: Catalog.ID) -> Bool {
        get {
            let (chunk, row) = Catalog.place(id)
            return chunk < chunks.count && chunks[chunk][row]
        }
        set {
            let (chunk, row) = Catalog.place(id)
            while chunks.count <= chunk { chunks.append(.none) }
            chunks[chunk][row] = newValue
        }
    }

    /// How many they are.
    public var count: Int { chunks.reduce(0) { $0 + $1.count } }
}

/// A query made ready for going through many rows.
public struct Search: Sendable {
    private enum Test: Sendable {
        case word(Folded.Needle)
        case title(Folded.Needle)
        case holder(Folded.Needle)
        case type(String)
        case path(String)
        case state(LockState)
        case mine
        case others
        case always(Bool)
        /// Asks the locks, so it comes last.
        case locks(@Sendable ([Lock]) -> Bool)
        case since(@Sendable (Double) -> Bool)

        var cost: Int {
            switch self {
            case .always: 0
            case .state, .mine, .others: 1
            case .type: 2
            case .word: 3
            case .title, .holder, .since: 4
            case .path: 5
            case .locks: 6
            }
        }
    }

    private let part: Catalog.Part
    private let terms: [(test: Test, isNegated: Bool)]
    private let context: Query.Context

    /// A search among all rows, or a part of them.
    public init(_ query: Query, _ part: Catalog.Part = .all, in context: Query.Context) {
        self.part = part
        self.context = context
        terms = query.terms.map { (Self.test($0.test, context), $0.isNegated) }.sorted { $0.test.cost < $1.test.cost }
    }

    private static func test(_ test: Query.Term.Test, _ context: Query.Context) -> Test {
        switch test {
        case .word(let word): return .word(Folded.Needle(word))
        case .title(let word): return .title(Folded.Needle(word))
        case .holder("me"): return .mine
        case .holder(let word): return .holder(Folded.Needle(word))
        case .type(let word): return .type(word)
        case .path(let path): return .path(path)
        case .server(let word): return .always(Folded.contains(context.server, word))
        case .kind(let word): return .locks { $0.contains { Folded.contains($0.kind.rawValue, word) } }
        case .older(let seconds): return .since { $0 > seconds }
        case .newer(let seconds): return .since { $0 < seconds }
        case .state(.free): return .state(.free)
        case .state(.held): return .state(.held)
        case .state(.unknown): return .state(.unknown)
        case .state(.mine): return .mine
        case .state(.others): return .others
        case .state(.stale):
            return .locks { $0.contains { context.staleness.isStale($0, at: context.now) } }
        }
    }

    /// The rows that are found.
    /// - Parameter known: rows that may be among them; all others are not looked at.
    /// - Returns: no more of them when its task is cancelled.
    public func hits(in catalog: Catalog, among known: Hits? = nil) -> Hits {
        Hits(
            chunks: catalog.chunks.indices.map { index in
                if Task.isCancelled { return .none }
                if let known, index >= known.chunks.count || known.chunks[index].isEmpty { return .none }
                return hits(in: catalog.chunks[index], catalog, among: known?.chunks[index])
            })
    }

    /// Whether one row is found.
    public func finds(_ id: Catalog.ID, in catalog: Catalog) -> Bool {
        guard id < catalog.capacity else { return false }
        let (chunk, row) = Catalog.place(id)
        var bits = RowBits.none
        bits[row] = true
        return hits(in: catalog.chunks[chunk], catalog, among: bits)[row]
    }

    private func hits(in chunk: Chunk, _ catalog: Catalog, among known: RowBits?) -> RowBits {
        var rows = chunk.rows(part)
        if let known { rows.formIntersection(known) }
        for (test, isNegated) in terms where !rows.isEmpty {
            let passed = passed(test, chunk, catalog, rows)
            if isNegated { rows.subtract(passed) } else { rows.formIntersection(passed) }
        }
        return rows
    }

    private func passed(_ test: Test, _ chunk: Chunk, _ catalog: Catalog, _ rows: RowBits) -> RowBits {
        switch test {
        case .always(let isTrue): return isTrue ? rows : .none
        case .word(let word):
            return rows.count > Chunk.size / 8
                ? chunk.rows(with: word)
                : rows.filter {
                    Folded.find(word, in: chunk.search.bytes, chunk.search.range($0)) != nil
                }
        case .title(let word):
            return rows.filter { Folded.find(word, in: chunk.search.bytes, chunk.parts($0).title) != nil }
        case .holder(let word):
            return rows.filter {
                chunk.state($0) == .held && Folded.find(word, in: chunk.search.bytes, chunk.parts($0).holders) != nil
            }
        case .type(let word): return rows.filter { Folded.contains(catalog.types[chunk.type($0)], word) }
        case .path(let folder): return rows.filter { chunk.lies($0, under: folder) }
        case .state(let state): return rows.filter { chunk.state($0) == state }
        case .mine: return rows.filter { chunk.isMine($0) }
        case .others: return rows.filter { chunk.state($0) == .held && !chunk.isMine($0) }
        case .locks(let holds):
            return rows.filter { chunk.state($0) == .held && holds(chunk.locks($0, catalog.holders)) }
        case .since(let holds):
            return rows.filter { row in
                chunk.times(row)?.since.map { holds(context.now.timeIntervalSince($0)) } ?? false
            }
        }
    }
}

extension RowBits {
    fileprivate func filter(_ isIncluded: (Int) -> Bool) -> RowBits {
        var result = RowBits.none
        forEach { if isIncluded($0) { result[$0] = true } }
        return result
    }
}

extension Chunk {
    fileprivate func rows(_ part: Catalog.Part) -> RowBits {
        var rows = RowBits.none
        guard has(part) else { return rows }
        for index in 0..<count where isIn(part, index) { rows[index] = true }
        return rows
    }

    /// The rows in whose folded text a word stands, in one pass over the whole of it.
    fileprivate func rows(with word: Folded.Needle) -> RowBits {
        var rows = RowBits.none
        guard !word.bytes.isEmpty else { return self.rows(.all) }
        let end = search.bytes.count
        var (place, row) = (0, 0)
        while let hit = Folded.find(word, in: search.bytes, place..<end) {
            row = search.row(at: hit, from: row)
            place = search.range(row).upperBound
            // One that reaches into the next row stands in neither.
            if hit + word.bytes.count <= place { rows[row] = true }
            row += 1
            if row >= count { break }
        }
        return rows
    }

    fileprivate func lies(_ index: Int, under folder: String) -> Bool {
        withPath(index) { path in
            let wanted = folder.utf8
            var (place, isASCII) = (0, true)
            for byte in wanted {
                guard place < path.count, path[place] == byte else { break }
                if byte >= 0x80 { isASCII = false }
                place += 1
            }
            // Two spellings of a letter differ in a byte beyond ASCII, or in a mark that follows.
            if place < wanted.count, isASCII, place < path.count ? path[place] < 0x80 : true,
                wanted[wanted.index(wanted.startIndex, offsetBy: place)] < 0x80
            {
                let next = place + 1 < path.count ? path[place + 1] : 0
                if next < 0x80 { return false }
            }
            return Query.lies(path.text, under: folder)
        }
    }
}

extension Span<UInt8> {
    /// What it says in UTF-8.
    var text: String { unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) } }
}
