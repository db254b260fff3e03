// SPDX-License-Identifier: MIT
import FoundationEssentials

/// A reading's locks and its error as bytes: a third of a million items may be held, and a `Lock` as a value takes
/// three times the room.
///
/// `error locks…`; of each lock first what rows are sorted by: `kind since expires`, at fixed places.
enum LockCode {
    private static let none = UInt64.max

    /// The bytes; none for what has neither lock nor error.
    static func bytes(_ reading: Reading, _ holders: inout KnownHolders) -> [UInt8] {
        guard !reading.locks.isEmpty || reading.error != nil else { return [] }
        var writer = ByteWriter()
        writer.put(UInt8(reading.error == nil ? 0 : 1))
        writer.put(number: UInt64(reading.locks.count))
        for lock in reading.locks { put(lock, holders.number(of: lock.holder), &writer) }
        if let error = reading.error { writer.put(text: error) }
        return writer.bytes
    }

    /// The locks and the error of such bytes, which begin at a place.
    static func read(
        _ bytes: [UInt8], _ range: Range<Int>, _ holders: KnownHolders
    ) -> (locks: [Lock], error: String?) {
        guard !range.isEmpty else { return ([], nil) }
        var reader = ByteReader(bytes: bytes, place: range.lowerBound)
        let hasError = reader.byte() == 1
        let count = Int(reader.number())
        let locks = (0..<count).map { _ in lock(&reader, holders) }
        return (locks, hasError ? reader.text() : nil)
    }

    /// The decisive lock, without reading the rest.
    static func decisive(_ bytes: [UInt8], _ range: Range<Int>, _ holders: KnownHolders) -> Lock? {
        guard !range.isEmpty else { return nil }
        var reader = ByteReader(bytes: bytes, place: range.lowerBound + 1)
        return reader.number() > 0 ? lock(&reader, holders) : nil
    }

    /// Of the decisive lock what rows are sorted by, without reading the rest. `nil`: there is no lock.
    static func times(_ bytes: [UInt8], _ range: Range<Int>) -> (kind: Lock.Kind, since: Date?, expires: Date?)? {
        guard !range.isEmpty else { return nil }
        var reader = ByteReader(bytes: bytes, place: range.lowerBound + 1)
        guard reader.number() > 0 else { return nil }
        return (kind(reader.byte()), date(reader.eight()), date(reader.eight()))
    }

    // MARK: One lock

    private static func put(_ lock: Lock, _ holder: Int?, _ writer: inout ByteWriter) {
        writer.put(UInt8(Lock.Kind.allCases.firstIndex(of: lock.kind) ?? 0))
        writer.put(eight: bits(lock.since))
        writer.put(eight: bits(lock.expires))
        let number = number(lock.identity)
        let fromEnd = fromEnd(lock.expires, lock.timeout)
        let token = lock.token?.reveal()
        let shortToken = token.flatMap(Nibbles.numbers)
        let present: [Bool] = [
            holder == nil && lock.holder.id != nil, holder == nil && lock.holder.name != nil, lock.holder.isMe,
            lock.timeout != nil,
            lock.stealable != nil, lock.stealable ?? false, lock.comment != nil, lock.token != nil,
            !lock.notes.isEmpty, lock.stamp != nil, lock.sinceIs == .refreshed, lock.sinceIs == .firstSeen,
            number != nil, lock.stamp != nil && lock.stamp != fromEnd, lock.serverID != nil, lock.scope == .tree,
            lock.folder != nil, lock.holder.ownership == .unknown, lock.origin != .usual,
            shortToken != nil, holder != nil,
        ]
        writer.put(number: present.enumerated().reduce(0) { $0 | ($1.element ? 1 << UInt64($1.offset) : 0) })
        if let holder {
            writer.put(number: UInt64(holder))
        } else {
            if let id = lock.holder.id { writer.put(text: id) }
            if let name = lock.holder.name { writer.put(text: name) }
        }
        if let timeout = lock.timeout { writer.put(number: UInt64(bitPattern: Int64(timeout))) }
        if let comment = lock.comment { writer.put(text: comment) }
        if let shortToken { writer.put(nibbles: shortToken) } else if let token { writer.put(text: token) }
        if !lock.notes.isEmpty {
            writer.put(number: UInt64(lock.notes.count))
            for note in lock.notes { writer.put(text: note) }
        }
        if let id = lock.serverID { writer.put(text: id) }
        if let folder = lock.folder { writer.put(text: folder) }
        if lock.origin != .usual { writer.put(lock.origin.rawValue) }
        if let stamp = lock.stamp, stamp != fromEnd { writer.put(eight: stamp.bitPattern) }
        if let number { writer.put(six: number) } else { writer.put(text: lock.identity.digest) }
    }

    private static func lock(_ reader: inout ByteReader, _ holders: KnownHolders) -> Lock {
        let (kind, since, expires) = (kind(reader.byte()), date(reader.eight()), date(reader.eight()))
        let mask = reader.number()
        func has(_ bit: UInt64) -> Bool { mask & (1 << bit) != 0 }
        let known = has(20) ? holders[Int(reader.number())] : nil
        let id = has(0) ? reader.text() : nil
        let name = has(1) ? reader.text() : nil
        let timeout = has(3) ? Int(Int64(bitPattern: reader.number())) : nil
        let comment = has(6) ? reader.text() : nil
        let token = has(7) ? Token(has(19) ? Nibbles.text(reader.nibbles()) : reader.text()) : nil
        let notes = has(8) ? (0..<Int(reader.number())).map { _ in reader.text() } : []
        let serverID = has(14) ? reader.text() : nil
        let scope: Lock.Scope = has(16) ? .through(reader.text()) : has(15) ? .tree : .item
        let origin = has(18) ? Lock.Origin(rawValue: reader.byte()) ?? .usual : .usual
        let stamp = has(13) ? Double(bitPattern: reader.eight()) : has(9) ? fromEnd(expires, timeout) : nil
        let identity = has(12) ? digest(reader.six()) : reader.text()
        return Lock(
            kind: kind,
            holder: known ?? Holder(id: id, name: name, ownership: has(2) ? .mine : has(17) ? .unknown : .other),
            since: since,
            sinceIs: has(10) ? .refreshed : has(11) ? .firstSeen : .acquired, expires: expires, timeout: timeout,
            stealable: has(4) ? has(5) : nil, comment: comment, identity: LockIdentity(digest: identity),
            serverID: serverID, scope: scope, origin: origin, token: token, notes: notes, stamp: stamp)
    }

    // An identity that was made here is twelve hexadecimal digits; one that was written down by somebody else may be any text.
    private static func number(_ identity: LockIdentity) -> UInt64? {
        UInt64(identity.digest, radix: 16).flatMap { $0 < 1 << 48 && digest($0) == identity.digest ? $0 : nil }
    }

    // Servers that tell when a lock was refreshed mostly tell its end by that: once is enough.
    private static func fromEnd(_ expires: Date?, _ timeout: Int?) -> Double? {
        guard let expires, let timeout else { return nil }
        return expires.timeIntervalSince1970 - Double(timeout)
    }

    private static func digest(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, 12 - digits.utf8.count)) + digits
    }

    private static func kind(_ number: UInt8) -> Lock.Kind { Lock.Kind.allCases[Int(number)] }

    // A time that is told is never this pattern, which is no number.
    private static func bits(_ date: Date?) -> UInt64 { date?.timeIntervalSinceReferenceDate.bitPattern ?? none }

    private static func date(_ bits: UInt64) -> Date? {
        bits == none ? nil : Date(timeIntervalSinceReferenceDate: Double(bitPattern: bits))
    }
}

/// Texts of digits and a few signs, in half a byte a sign: most tokens are such, and are the longest that a lock has.
enum Nibbles {
    private static let signs = Array("0123456789.-:Ae+".utf8)

    private static let numberOf: [UInt8?] = {
        var numbers = [UInt8?](repeating: nil, count: 256)
        for (number, sign) in signs.enumerated() { numbers[Int(sign)] = UInt8(number) }
        return numbers
    }()

    /// The number of each sign; `nil`: there is another sign in it.
    static func numbers(_ text: String) -> [UInt8]? {
        var numbers: [UInt8] = []
        numbers.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            guard let number = numberOf[Int(byte)] else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    /// The text that such numbers stand for.
    static func text(_ numbers: [UInt8]) -> String {
        String(decoding: numbers.map { signs[Int($0)] }, as: UTF8.self)
    }
}
