// SPDX-License-Identifier: MIT
import FoundationEssentials

/// The rows of a catalog whose ids differ in the last bits only: what is copied when one of them changes while
/// somebody else holds the catalog. Each column is copied by itself.
struct Chunk: Sendable {
    static let bits: UInt32 = 10
    static let size = 1 << Int(bits)

    /// How many rows are what, kept as rows come and go.
    var tally = Catalog.Tally()
    /// `path FF title FF holders`, folded: what filters look through. No text holds the byte FF.
    private(set) var search = PackedBytes()
    /// What the folded text does not tell: see `Plain`.
    private var plain = PackedBytes()
    private var locks = PackedBytes()
    private var flags: [UInt8] = []
    private var observed = TimeColumn()
    private var modified = TimeColumn()
    private var types: [UInt16] = []
    private var generations: [UInt16] = []
    /// How many bytes of the folded text are the path; the greatest number: look for its end.
    private var pathLengths: [UInt16] = []

    static let separator: UInt8 = 0xFF

    /// A whole chunk of rows that are gone: one for all such, which share what it is made of.
    static let deserted: Chunk = {
        var chunk = Chunk()
        for _ in 0..<size { chunk.append() }
        return chunk
    }()

    private enum Flag {
        static let isThere: UInt8 = 1
        static let held: UInt8 = 2
        static let unknown: UInt8 = 4
        static let mine: UInt8 = 8
        static let isLockable: UInt8 = 16
        static let isPathFolded: UInt8 = 32
        static let isIDPath: UInt8 = 64
        static let failed: UInt8 = 128
    }

    /// The parts of `plain` that are there, in the order in which they follow its first byte.
    private enum Plain: UInt8 {
        static let texts: [Plain] = [.path, .title, .id, .link, .original]

        case path = 1
        case title = 2
        case id = 4
        case link = 8
        case original = 16
        /// In place of the title: which of its bytes differ from the folded ones, as `capitals` tells it.
        case capitals = 32
    }

    var count: Int { flags.count }

    // MARK: Putting

    mutating func append() {
        search.append([])
        plain.append([])
        locks.append([])
        flags.append(0)
        observed.append()
        modified.append()
        types.append(0)
        generations.append(0)
        pathLengths.append(0)
    }

    /// Gives back the room that was kept for more rows.
    mutating func shrink() {
        search.shrink()
        plain.shrink()
        locks.shrink()
        flags = flags.map(\.self)
        observed.shrink()
        modified.shrink()
        types = types.map(\.self)
        generations = generations.map(\.self)
        pathLengths = pathLengths.map(\.self)
    }

    mutating func put(_ row: Row, type: UInt16, _ holders: inout KnownHolders, at index: Int) {
        if isThere(index) { tally.subtract(kind(index)) }
        let (item, reading) = (row.item, row.reading)
        var searched = Folded.bytes(item.path)
        let isPathFolded = searched.elementsEqual(item.path.utf8)
        searched.append(Self.separator)
        let titleStart = searched.count
        Folded.append(item.title, to: &searched)
        let capitals = Self.capitals(item.title, searched[titleStart...])
        for word in reading.locks.flatMap({ [$0.holder.id, $0.holder.name] }).compactMap(\.self) {
            searched.append(Self.separator)
            Folded.append(word, to: &searched)
        }
        search.replace(index, with: searched)
        pathLengths[index] = UInt16(clamping: titleStart - 1)
        let isIDPath = item.id.utf8.elementsEqual(item.path.utf8)
        plain.replace(
            index,
            with: Self.plain(
                [
                    (.path, isPathFolded ? nil : item.path), (.title, capitals == nil ? item.title : nil),
                    (.id, isIDPath ? nil : item.id), (.link, item.link), (.original, item.workingCopyOf),
                ], capitals: capitals ?? 0))
        locks.replace(index, with: LockCode.bytes(reading, &holders))
        var flag = Flag.isThere
        if reading.state == .held { flag |= Flag.held }
        if reading.state == .unknown { flag |= Flag.unknown }
        if reading.locks.contains(where: \.holder.isMe) { flag |= Flag.mine }
        if reading.error != nil { flag |= Flag.failed }
        if item.isLockable { flag |= Flag.isLockable }
        if isPathFolded { flag |= Flag.isPathFolded }
        if isIDPath { flag |= Flag.isIDPath }
        flags[index] = flag
        observed.put(Self.number(reading.observedAt), at: index)
        modified.put(Self.number(item.modified), at: index)
        types[index] = type
        tally.add(kind(index))
    }

    mutating func clear(_ index: Int) {
        if isThere(index) { tally.subtract(kind(index)) }
        search.replace(index, with: [])
        plain.replace(index, with: [])
        locks.replace(index, with: [])
        flags[index] = 0
    }

    /// Notes when a row was seen as it is.
    mutating func observe(_ index: Int, at time: Date?) {
        observed.put(Self.number(time), at: index)
    }

    mutating func mark(_ index: Int, generation: UInt16) {
        if generations[index] != generation { generations[index] = generation }
    }

    private static func plain(_ parts: [(Plain, String?)], capitals: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.put(parts.reduce(capitals == 0 ? 0 : Plain.capitals.rawValue) { $0 | ($1.1 == nil ? 0 : $1.0.rawValue) })
        for case (_, let text?) in parts { writer.put(text: text) }
        if capitals != 0 { writer.put(number: capitals) }
        return writer.bytes.count == 1 ? [] : writer.bytes
    }

    /// Folding a capital sets one bit in one of its bytes, in ASCII as in most letters of Europe, and capitals stand
    /// near the start: which bytes these are is told by a bit each. `nil`: the title differs by more.
    private static func capitals(_ title: String, _ folded: ArraySlice<UInt8>) -> UInt64? {
        guard title.utf8.count == folded.count else { return nil }
        var (capitals, bit) = (UInt64(0), UInt64(1))
        for (plain, folded) in zip(title.utf8, folded) {
            if plain != folded {
                guard plain ^ folded == 0x20, bit != 0 else { return nil }
                capitals |= bit
            }
            bit <<= 1
        }
        return capitals
    }

    private static func withCapitals(_ capitals: UInt64, _ folded: ArraySlice<UInt8>) -> String {
        var bytes = Array(folded)
        for index in 0..<min(64, bytes.count) where capitals >> UInt64(index) & 1 == 1 { bytes[index] ^= 0x20 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func number(_ date: Date?) -> Double { date?.timeIntervalSinceReferenceDate ?? TimeColumn.none }

    private static func date(_ number: Double) -> Date? {
        number.isNaN ? nil : Date(timeIntervalSinceReferenceDate: number)
    }

    // MARK: Reading

    func row(_ index: Int, types names: [String], _ holders: KnownHolders) -> Row? {
        guard isThere(index) else { return nil }
        var parts: [Plain: String] = [:]
        var capitals: UInt64 = 0
        let range = plain.range(index)
        if !range.isEmpty {
            var reader = ByteReader(bytes: plain.bytes, place: range.lowerBound)
            let mask = reader.byte()
            for part in Plain.texts where mask & part.rawValue != 0 { parts[part] = reader.text() }
            if mask & Plain.capitals.rawValue != 0 { capitals = reader.number() }
        }
        let folded = search.range(index)
        let pathEnd = pathEnd(index, folded)
        func text(_ range: Range<Int>) -> String { String(decoding: search.bytes[range], as: UTF8.self) }
        let path = parts[.path] ?? text(folded.lowerBound..<pathEnd)
        let title =
            parts[.title]
            ?? Self.withCapitals(capitals, search.bytes[(pathEnd + 1)..<end(from: pathEnd + 1, in: folded)])
        let (locks, error) = LockCode.read(locks.bytes, locks.range(index), holders)
        return Row(
            item: Item(
                id: parts[.id] ?? path, path: path, title: title, type: names[Int(types[index])],
                modified: Self.date(modified[index]), link: parts[.link],
                isLockable: flags[index] & Flag.isLockable != 0, workingCopyOf: parts[.original]),
            reading: Reading(
                locks: locks, state: state(index), observedAt: Self.date(observed[index]), error: error))
    }

    func isThere(_ index: Int) -> Bool { flags[index] & Flag.isThere != 0 }
    func isMine(_ index: Int) -> Bool { flags[index] & Flag.mine != 0 }
    func hasFailed(_ index: Int) -> Bool { flags[index] & Flag.failed != 0 }
    func generation(_ index: Int) -> UInt16 { generations[index] }
    func observedAt(_ index: Int) -> Date? { Self.date(observed[index]) }
    func modifiedAt(_ index: Int) -> Date? { Self.date(modified[index]) }
    func type(_ index: Int) -> Int { Int(types[index]) }

    func state(_ index: Int) -> LockState {
        flags[index] & Flag.held != 0 ? .held : flags[index] & Flag.unknown != 0 ? .unknown : .free
    }

    /// Of the decisive lock what rows are sorted by. `nil`: there is none.
    func times(_ index: Int) -> (kind: Lock.Kind, since: Date?, expires: Date?)? {
        LockCode.times(locks.bytes, locks.range(index))
    }

    /// All locks, the decisive one first.
    func locks(_ index: Int, _ holders: KnownHolders) -> [Lock] {
        LockCode.read(locks.bytes, locks.range(index), holders).locks
    }

    /// The decisive lock.
    func decisiveLock(_ index: Int, _ holders: KnownHolders) -> Lock? {
        LockCode.decisive(locks.bytes, locks.range(index), holders)
    }

    private func kind(_ index: Int) -> Catalog.Tally {
        let isHeld = flags[index] & Flag.held != 0
        return Catalog.Tally(
            rows: 1, held: isHeld ? 1 : 0, mine: isHeld && isMine(index) ? 1 : 0,
            unknown: flags[index] & Flag.unknown != 0 ? 1 : 0)
    }

    // MARK: Bytes

    private func pathEnd(_ index: Int, _ range: Range<Int>) -> Int {
        let length = pathLengths[index]
        return length < .max ? range.lowerBound + Int(length) : end(from: range.lowerBound, in: range)
    }

    /// Where the part of the folded text that begins at a place ends.
    private func end(from start: Int, in range: Range<Int>) -> Int {
        let bytes = search.bytes
        var place = start
        while place < range.upperBound, bytes[place] != Self.separator { place += 1 }
        return place
    }

    /// Where in the folded text the path, the title and the holders lie.
    func parts(_ index: Int) -> (path: Range<Int>, title: Range<Int>, holders: Range<Int>) {
        let range = search.range(index)
        let pathEnd = pathEnd(index, range)
        let titleStart = min(pathEnd + 1, range.upperBound)
        let titleEnd = end(from: titleStart, in: range)
        return (
            range.lowerBound..<pathEnd, titleStart..<titleEnd, min(titleEnd + 1, range.upperBound)..<range.upperBound
        )
    }

    /// The path as it is written, as bytes.
    func withPath<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        if flags[index] & Flag.isPathFolded != 0 {
            let range = search.range(index)
            return body(search.bytes.span.extracting(range.lowerBound..<pathEnd(index, range)))
        }
        var reader = ByteReader(bytes: plain.bytes, place: plain.range(index).lowerBound + 1)
        let range = reader.range()
        return body(plain.bytes.span.extracting(range))
    }

    /// The item's id, as bytes.
    func withID<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        if flags[index] & Flag.isIDPath != 0 { return withPath(index, body) }
        var reader = ByteReader(bytes: plain.bytes, place: plain.range(index).lowerBound)
        let mask = reader.byte()
        for part in [Plain.path, .title] where mask & part.rawValue != 0 { _ = reader.range() }
        let range = reader.range()
        return body(plain.bytes.span.extracting(range))
    }
}
