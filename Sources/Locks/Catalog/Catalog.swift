// SPDX-License-Identifier: MIT
public import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// All rows of one server: owned by its watch, published by value. Rows lie in chunks, so that readers and the writer
/// share what has not changed; a row takes some 150 bytes, its locks included, for there may be a million.
///
/// A row keeps its id as long as its item is there, and no other row ever gets it: marks and the cursor can hold it.
public struct Catalog: Sendable {
    /// A row's number.
    public typealias ID = UInt32

    /// How many rows are what: kept as rows come and go, never counted.
    public struct Tally: Hashable, Sendable {
        /// All rows.
        public var rows = 0
        /// Those that somebody has.
        public var held = 0
        /// Those of them that this account has.
        public var mine = 0
        /// Those of which nothing is known.
        public var unknown = 0

        mutating func add(_ other: Tally) {
            rows += other.rows
            held += other.held
            mine += other.mine
            unknown += other.unknown
        }

        mutating func subtract(_ other: Tally) {
            rows -= other.rows
            held -= other.held
            mine -= other.mine
            unknown -= other.unknown
        }
    }

    private(set) var chunks: [Chunk] = []
    private var index = IDIndex()
    private(set) var types = [""]
    private var typeNumbers: [String: UInt16] = ["": 0]
    private(set) var holders = KnownHolders()
    private var next: ID = 0

    /// How many rows are what.
    public private(set) var tally = Tally()

    /// An empty catalog.
    public init() {}

    /// How many rows there are.
    public var count: Int { tally.rows }
    /// Ids lie below this; some of them belong to no row any more.
    public var capacity: ID { next }

    // MARK: Finding

    /// The row of an id.
    public subscript(id: ID) -> Row? {
        let (chunk, place) = Self.place(id)
        return id < next ? chunks[chunk].row(place, types: types, holders) : nil
    }

    /// The id of an item.
    public func id(of item: String) -> ID? {
        index.find(Array(item.utf8)) { id, bytes in
            let (chunk, place) = Self.place(id)
            return chunks[chunk].withID(place) { Self.isEqual($0, bytes) }
        }
    }

    /// The row of an item.
    public subscript(item: String) -> Row? { id(of: item).flatMap { self[$0] } }

    static func place(_ id: ID) -> (chunk: Int, row: Int) {
        (Int(id >> Chunk.bits), Int(id) & (Chunk.size - 1))
    }

    static func id(_ chunk: Int, _ row: Int) -> ID { ID(chunk << Int(Chunk.bits) + row) }

    private static func isEqual(_ span: Span<UInt8>, _ bytes: [UInt8]) -> Bool {
        span.count == bytes.count && compare(span, bytes.span) == 0
    }

    // MARK: Changing

    /// Puts a row in the place of its item's, or in a new one.
    /// - Returns: the row's id.
    @discardableResult
    public mutating func put(_ row: Row) -> ID {
        let id = id(of: row.item.id) ?? append(row.item.id)
        let (chunk, place) = Self.place(id)
        let type = number(of: row.item.type)
        tally.subtract(chunks[chunk].tally)
        chunks[chunk].put(row, type: type, &holders, at: place)
        tally.add(chunks[chunk].tally)
        return id
    }

    /// Takes an item out.
    @discardableResult
    public mutating func remove(_ item: String) -> (id: ID, before: Row)? {
        guard let id = id(of: item), let before = self[id] else { return nil }
        index.remove(Array(item.utf8), id)
        let (chunk, place) = Self.place(id)
        tally.subtract(chunks[chunk].tally)
        chunks[chunk].clear(place)
        tally.add(chunks[chunk].tally)
        // Ids are never given twice: a server whose items come and go must not make this grow.
        if chunks[chunk].tally.rows == 0, chunks[chunk].count == Chunk.size { chunks[chunk] = .deserted }
        return (id, before)
    }

    /// Notes when a row was seen as it is: this makes no other row of it.
    public mutating func observe(_ id: ID, at time: Date?) {
        let (chunk, place) = Self.place(id)
        chunks[chunk].observe(place, at: time)
    }

    /// Notes that a row came in a listing of that number.
    public mutating func mark(_ id: ID, generation: UInt16) {
        let (chunk, place) = Self.place(id)
        chunks[chunk].mark(place, generation: generation)
    }

    private mutating func append(_ item: String) -> ID {
        let id = next
        next += 1
        if chunks.isEmpty || chunks[chunks.count - 1].count == Chunk.size {
            if !chunks.isEmpty { chunks[chunks.count - 1].shrink() }
            chunks.append(Chunk())
        }
        chunks[chunks.count - 1].append()
        index.insert(Array(item.utf8), id) { [chunks] other, body in
            let (chunk, place) = Self.place(other)
            chunks[chunk].withID(place, body)
        }
        return id
    }

    // A server that has a type of its own for each item has none for those that come late: no word is told rather than
    // another's.
    private mutating func number(of type: String) -> UInt16 {
        if let number = typeNumbers[type] { return number }
        guard types.count < Int(UInt16.max) else { return 0 }
        let number = UInt16(types.count)
        types.append(type)
        typeNumbers[type] = number
        return number
    }

    // MARK: What is told without reading a row whole

    /// In which listing a row came last.
    public func generation(_ id: ID) -> UInt16 {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].generation(place)
    }

    /// Whether there is a row of that id.
    public func isThere(_ id: ID) -> Bool {
        let (chunk, place) = Self.place(id)
        return id < next && chunks[chunk].isThere(place)
    }

    /// Whether somebody has it.
    public func state(_ id: ID) -> LockState {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].state(place)
    }

    /// When it was read last.
    public func observedAt(_ id: ID) -> Date? {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].observedAt(place)
    }

    /// Which rows to go through.
    public enum Part: Sendable {
        /// All.
        case all
        /// Those that somebody has.
        case held
        /// Those that this account has.
        case mine
    }

    /// The first id from a place on; chunks without such rows are passed over.
    public func first(_ part: Part, from start: ID) -> ID? {
        var id = start
        while id < next {
            let (chunk, place) = Self.place(id)
            guard chunks[chunk].has(part) else {
                id = Self.id(chunk + 1, 0)
                continue
            }
            if chunks[chunk].isIn(part, place) { return id }
            id += 1
        }
        return nil
    }

    /// The ids of such rows, ascending.
    public func ids(_ part: Part = .all) -> some Sequence<ID> {
        sequence(state: ID(0)) { [self] start in
            let id = first(part, from: start)
            start = (id ?? start) + 1
            return id
        }
    }

    /// All rows, by id.
    public var rows: some Sequence<Row> { ids().lazy.compactMap { self[$0] } }
}

// MARK: What rows are sorted by

extension Catalog {
    /// Whether this account has a lock of it.
    public func isMine(_ id: ID) -> Bool {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].isMine(place)
    }

    /// Whether the last look at it failed.
    public func hasFailed(_ id: ID) -> Bool {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].hasFailed(place)
    }

    /// When its content changed last.
    public func modifiedAt(_ id: ID) -> Date? {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].modifiedAt(place)
    }

    /// Kind, start and end of its decisive lock; `nil`: nobody has it.
    public func times(_ id: ID) -> (kind: Lock.Kind, since: Date?, expires: Date?)? {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].times(place)
    }

    /// Its decisive lock, if somebody has it.
    public func decisiveLock(_ id: ID) -> Lock? {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].decisiveLock(place, holders)
    }

    /// All its locks.
    public func locks(_ id: ID) -> [Lock] {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].locks(place, holders)
    }

    /// The title as it is searched, in UTF-8.
    public func foldedTitle(_ id: ID) -> ArraySlice<UInt8> {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].search.bytes[chunks[chunk].parts(place).title]
    }

    /// The path as it is written.
    public func path(_ id: ID) -> String {
        let (chunk, place) = Self.place(id)
        return chunks[chunk].withPath(place) { $0.text }
    }

    /// The server's own word for its type.
    public func type(_ id: ID) -> String {
        let (chunk, place) = Self.place(id)
        return types[chunks[chunk].type(place)]
    }

    /// Compares two paths byte by byte: below zero if the first comes before the second.
    public func comparePath(of one: ID, to other: ID, in catalog: Catalog) -> Int {
        let (chunk, place) = Self.place(one)
        let (otherChunk, otherPlace) = Self.place(other)
        // A span lends its element; an array would copy it, and twenty counters go up and down for one comparison.
        return chunks.span[chunk].withPath(place) { path in
            catalog.chunks.span[otherChunk].withPath(otherPlace) { Self.compare(path, $0) }
        }
    }

    private static func compare(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Int {
        let count = min(one.count, other.count)
        let order = unsafe one.withUnsafeBytes { one in
            unsafe other.withUnsafeBytes { other in
                guard let one = one.baseAddress, let other = other.baseAddress else { return Int32(0) }
                return unsafe memcmp(one, other, count)
            }
        }
        return order == 0 ? one.count - other.count : Int(order)
    }

    /// Eight bytes of the path, as a number that compares as they do.
    public func pathPrefix(_ id: ID, after start: Int) -> UInt64 {
        let (chunk, place) = Self.place(id)
        return chunks.span[chunk].withPath(place) { path in
            var prefix: UInt64 = 0
            for index in start..<(start + 8) { prefix = prefix << 8 | UInt64(index < path.count ? path[index] : 0) }
            return prefix
        }
    }

    /// With how many bytes all paths begin as the first one of another catalog does.
    public func commonPathLength(with other: Catalog) -> Int {
        guard let first = other.first(.all, from: 0) else { return 0 }
        let (firstChunk, firstPlace) = Self.place(first)
        return other.chunks[firstChunk].withPath(firstPlace) { path in
            var length = path.count
            for id in ids() {
                let (chunk, place) = Self.place(id)
                length = chunks[chunk].withPath(place) { other in
                    let count = min(length, other.count)
                    return (0..<count).first { path[$0] != other[$0] } ?? count
                }
                if length == 0 { break }
            }
            return length
        }
    }
}

extension Chunk {
    func has(_ part: Catalog.Part) -> Bool {
        switch part {
        case .all: tally.rows > 0
        case .held: tally.held > 0
        case .mine: tally.mine > 0
        }
    }

    func isIn(_ part: Catalog.Part, _ index: Int) -> Bool {
        switch part {
        case .all: isThere(index)
        case .held: state(index) == .held
        case .mine: state(index) == .held && isMine(index)
        }
    }
}
