// SPDX-License-Identifier: MIT
import HTTP

extension NickDialect {
    /// GET, POST, PATCH and DELETE of `@lock`.
    func lockCall(_ visit: NickVisit) throws(NickFailure) -> Response {
        guard visit.call.method != "GET", visit.call.method != "HEAD" else {
            try need(.view, visit)
            return .nick(lockInfo(visit.item, visit.call))
        }
        try need(.modify, visit)
        // Modify is for nobody who is not signed in.
        guard let user = visit.user else { throw unauthorized(nil) }
        let body = try visit.body() ?? [:]
        let held = lock(on: visit.item)
        switch visit.call.method {
        case "POST":
            if let held, held.creator != user.id { throw .refused(401, .alreadyLocked) }
            if held == nil { make(on: visit.item, by: user.id, body) }
        case "PATCH":
            if let held, held.creator != user.id { throw .refused(401, .alreadyLocked) }
            make(on: visit.item, by: user.id, body)
        default:
            return try release(visit, user, isForced: body["force"].map(Self.counts) ?? false)
        }
        // The answer shows what was written, even if that has run out already.
        guard let made = visit.item.locks.first else { return .nick(Self.free) }
        return .nick(lockInfo(made, of: visit.item, visit.call))
    }

    /// Whether JavaScript takes a value for true: empty lists and objects too.
    private static func counts(_ value: JSON) -> Bool {
        switch value {
        case .array, .object: true
        default: value.isTruthy
        }
    }

    private static let free: JSON = ["locked": false, "stealable": true]

    /// `DELETE @lock`: says "unlocked" and writes nothing, unless it is the old way that really does it.
    private func release(_ visit: NickVisit, _ user: Person, isForced: Bool) throws(NickFailure) -> Response {
        guard let stored = visit.item.locks.first else { return .nick(Self.free) }
        // Only the word itself counts here, not what else is false.
        let isStealable = wish(of: stored, visit.item).stealable != false
        let isMine = stored.creator == user.id
        if nick.deletes {
            guard lock(on: visit.item) == nil || isMine || (isForced && isStealable) else {
                throw .refused(401, .notAllowed)
            }
            visit.item.locks = []
            visit.item.isNonStealable = false
        } else {
            guard isMine, !isForced || isStealable else { throw .refused(401, .notAllowed) }
        }
        return .nick(Self.free)
    }

    /// The lock that has not run out. Whole seconds, and at the very second it still holds.
    func lock(on item: Item) -> HeldLock? {
        guard let stored = item.locks.first else { return nil }
        switch wish(of: stored, item).timeout {
        case .int(let seconds): return isOver(stored, Double(seconds)) ? nil : stored
        case .double(let seconds): return isOver(stored, seconds) ? nil : stored
        case .bool(let flag): return isOver(stored, flag ? 1 : 0) ? nil : stored
        case .array: return isOver(stored, 0) ? nil : stored
        default: return stored
        }
    }

    private func isOver(_ lock: HeldLock, _ timeout: Double) -> Bool {
        book.now.rounded(.down) > lock.refreshed.rounded(.down) + timeout
    }

    /// What a lock was made with; the story's people and the test's changes say it in the book's own words.
    private func wish(of lock: HeldLock, _ item: Item) -> LockWish {
        wishes[lock.token]
            ?? LockWish(
                timeout: .int(lock.timeout), stealable: .bool(!item.isNonStealable), holder: holderName(lock.creator))
    }

    private func make(on item: Item, by person: String, _ body: JSON) {
        // What counts as false is the standard; everything else is stored as it came.
        let timeout = body["timeout"].flatMap { Self.counts($0) ? Optional.some($0) : .none } ?? .int(600)
        let stealable = body["stealable"] ?? true
        // For the people of the story, who go by the book's whole seconds.
        var seconds = LockBook.checkOutTimeout
        if case .int(let value) = timeout { seconds = max(-1, min(value, seconds)) }
        if case .double(let value) = timeout, value < Double(seconds) { seconds = Int(max(-1, value)) }
        if let old = item.locks.first { wishes[old.token] = nil }
        let lock = HeldLock(
            token: book.token(), creator: person, kind: .edit, timeout: seconds, created: book.now,
            refreshed: book.now)
        wishes[lock.token] = LockWish(timeout: timeout, stealable: stealable, holder: holderName(person))
        item.locks = [lock]
        item.isNonStealable = !Self.counts(stealable)
    }

    /// The lock of an item as everybody sees it, token included.
    func lockInfo(_ item: Item, _ call: Call) -> JSON {
        lock(on: item).map { lockInfo($0, of: item, call) } ?? Self.free
    }

    private func lockInfo(_ lock: HeldLock, of item: Item, _ call: Call) -> JSON {
        let wish = wish(of: lock, item)
        let time = JSON.string(Self.seconds(lock.refreshed))
        return [
            "created": time, "creator": .string(lock.creator), "creator_name": wish.holder,
            "creator_url": .string("\(call.origin)/@users/\(lock.creator)"), "locked": true,
            "stealable": wish.stealable, "time": time, "timeout": wish.timeout, "token": .string(wireToken(lock)),
        ]
    }

    /// A version 4 UUID, another one after each refresh.
    func wireToken(_ lock: HeldLock) -> String {
        var bytes = Array(Digest.sha256("\(lock.token) \(lock.refreshed)".utf8).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef")
        let hex = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    }

    /// `2026-04-08T16:00:00Z`
    static func seconds(_ time: Double) -> String { String(CivilTime(unix: time).iso.dropLast(6)) + "Z" }

    /// `2026-04-08T16:00:00.000Z`
    static func milliseconds(_ time: Double) -> String { String(CivilTime(unix: time).iso.dropLast(6)) + ".000Z" }

    /// Refuses to save a locked item without its token. It is for the holder as for everybody.
    func needToken(_ visit: NickVisit) throws(NickFailure) {
        guard let lock = lock(on: visit.item), visit.call.headers["Lock-Token"] != wireToken(lock) else { return }
        throw .refused(401, .documentLocked)
    }

    /// What a save does besides: ends the lock and makes a version.
    func saved(_ visit: NickVisit, note: String?) {
        let item = visit.item
        item.locks = []
        item.isNonStealable = false
        item.modified = book.now
        versions[item.uid, default: []].append(
            Version(
                author: visit.user?.id ?? "anonymous", note: note, time: book.now, title: item.title,
                description: item.description))
        book.changed()
    }
}
