// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Nick's content and lock objects as rows and locks (nick.md section 5.1).
struct NickLocks: Sendable {
    let site: NickSite
    let chains: NickChains
    let me: Account?

    /// The row of a document at a path.
    func row(_ content: NickContent, at path: String) -> Row {
        let name = path == "/" ? "/" : path.split(separator: "/").last.map(String.init) ?? path
        let item = Item(
            id: path, path: path, title: content.title ?? name, type: content.type ?? "",
            modified: content.modified.flatMap { RFC3339.date($0) })
        guard let lock = content.lock else {
            let why =
                content.lockFault.map { "\(site.profile.name) says of its lock what can't be read. \($0)" }
                ?? "\(site.profile.name) does not tell its lock."
            return Row(item: item, reading: Reading.never.failed(why))
        }
        return Row(item: item, reading: reading(lock, of: path))
    }

    /// What a lock object says of the item at a path.
    func reading(_ wire: NickLock, of path: String) -> Reading {
        let now = site.profile.now()
        guard wire.locked else {
            chains.end(path)
            return .known([], at: now)
        }
        return .known([lock(wire, of: path)], at: now)
    }

    private func lock(_ wire: NickLock, of path: String) -> Lock {
        let refreshed = Self.began(wire)
        let timeout = Self.seconds(wire.timeout)
        let isMe = wire.creator != nil && wire.creator == me?.id
        let start = chains.start(
            path,
            NickChains.Link(
                holder: wire.creator ?? "", token: wire.token, created: refreshed,
                expires: timeout.flatMap { seconds in refreshed.map { $0 + seconds } }),
            isMine: isMe)
        return Lock(
            kind: .lock, holder: Holder(id: wire.creator, name: name(wire), isMe: isMe),
            since: start.flatMap(site.clock.ours), sinceIs: start == refreshed ? .refreshed : .firstSeen,
            expires: timeout.flatMap { seconds in refreshed.flatMap { site.clock.ours($0 + seconds) } },
            timeout: timeout.map { Int($0.rounded(.up)) }, stealable: Self.flag(wire.stealable),
            identity: Self.identity(of: path, holder: wire.creator, start: start),
            token: wire.token.map(Token.init), notes: notes(wire, timeout), stamp: refreshed)
    }

    /// The token changes with each refresh and the start with it; the holder and the first start do not.
    private static func identity(of path: String, holder: String?, start: Double?) -> LockIdentity {
        LockIdentity(of: "\(path) \(holder ?? "") \(Int(start ?? 0))")
    }

    /// When it was made or last refreshed, in the server's seconds.
    static func began(_ wire: NickLock) -> Double? {
        var text = wire.created
        if text == nil, case .text(let other)? = wire.time { text = other }
        return text.flatMap { RFC3339.date($0) }?.timeIntervalSince1970.rounded(.down)
    }

    /// When it runs out, in the server's seconds.
    static func end(_ wire: NickLock) -> Double? {
        seconds(wire.timeout).flatMap { seconds in began(wire).map { $0 + seconds } }
    }

    /// Seconds, counted as the server counts what was sent to it; `nil` for what makes a lock never end: words, objects,
    /// and more than any calendar has.
    static func seconds(_ value: NickValue?) -> Double? {
        switch value {
        case .number(let seconds)? where seconds.isFinite && abs(seconds) < 200_000_000_000: seconds
        case .flag(let flag)?: flag ? 1 : 0
        case .list?: 0
        default: nil
        }
    }

    private static func flag(_ value: NickValue?) -> Bool? {
        if case .flag(let flag)? = value { return flag }
        return nil
    }

    private func name(_ wire: NickLock) -> String? { wire.creatorName.flatMap { $0.isEmpty ? nil : $0 } }

    private func notes(_ wire: NickLock, _ timeout: Double?) -> [String] {
        var notes: [String] = []
        if wire.timeout != nil, timeout == nil {
            notes.append("Its time-out is no number that counts: it does not end by itself.")
        }
        if Self.flag(wire.stealable) != nil {
            notes.append("Stealable or not, Nick ends it for nobody but its holder.")
        }
        return notes
    }
}

/// Which lock goes on under a new token: Nick makes a refreshed lock look like a new one.
///
/// Between two readings a lock counts as the same while it has the same holder and began anew before it would have run
/// out. Of our own locks the token and the first start are kept between runs.
final class NickChains: Sendable {
    /// A lock as one reading shows it; times are the server's seconds.
    struct Link: Sendable {
        var holder: String
        var token: String?
        var created: Double?
        var expires: Double?
        /// When the chain began.
        var start: Double?
    }

    private let links = Mutex<[String: Link]>([:])
    private let profile: SystemProfile

    init(_ profile: SystemProfile) { self.profile = profile }

    /// When the lock began of which a reading shows the latest refresh.
    func start(_ path: String, _ seen: Link, isMine: Bool) -> Double? {
        let kept = isMine ? keptStart(path, seen) : nil
        return links.withLock { links in
            var link = seen
            link.start = kept ?? seen.created
            guard let old = links[path] else {
                links[path] = link
                return link.start
            }
            if let start = old.start, Self.goesOn(old, seen) { link.start = start }
            // Answers may overtake one another: an older one tells nothing of what comes next.
            let isLate = old.holder == seen.holder && (seen.created ?? .infinity) < (old.created ?? 0)
            if !isLate { links[path] = link }
            return link.start
        }
    }

    /// A reading shows the item free.
    func end(_ path: String) {
        let held = links.withLock { $0.removeValue(forKey: path) }
        if held != nil { change { $0[path] = nil } }
    }

    /// The server made a lock of ours, or made it anew: its token and first start are worth keeping.
    func keepOwn(_ path: String, _ wire: NickLock, isNew: Bool) {
        guard let token = wire.token, let created = NickLocks.began(wire) else { return }
        let start = isNew ? created : links.withLock { $0[path]?.start } ?? created
        let end = NickLocks.end(wire) ?? created + Self.longest
        change { own in
            own[path] = Own(start: start, token: token, end: end)
            // The server's own time is the new lock's: what has run out by then is nobody's any more.
            own = own.filter { $0.value.end + 60 > created }
            let oldest = own.sorted { $0.value.end < $1.value.end }.dropLast(Self.most)
            for path in oldest.map(\.key) { own[path] = nil }
        }
    }

    private static func goesOn(_ old: Link, _ new: Link) -> Bool {
        guard old.holder == new.holder else { return false }
        if old.token != nil, old.token == new.token { return true }
        guard let end = old.expires, let created = new.created else { return old.expires == nil }
        // A lock is still one at the very second of its end.
        return created <= end + 1
    }

    /// A lock of ours between runs.
    private struct Own: Codable {
        var start: Double
        var token: String
        var end: Double
    }

    /// A lock that does not end by itself is remembered for a month.
    private static let longest = 2_592_000.0
    private static let most = 200

    private var key: String { "\(profile.address) locks" }

    private func own(_ text: String?) -> [String: Own] {
        text.flatMap { try? JSONBody.decode([String: Own].self, from: Array($0.utf8)) } ?? [:]
    }

    private func change(_ work: (inout [String: Own]) -> Void) {
        profile.tokens.update(key) { text in
            var own = own(text)
            work(&own)
            guard !own.isEmpty, let bytes = try? JSONBody.encode(own) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func keptStart(_ path: String, _ seen: Link) -> Double? {
        guard links.withLock({ $0[path] }) == nil, let token = seen.token,
            let kept = own(profile.tokens.token(for: key))[path], kept.token == token
        else { return nil }
        return kept.start
    }
}

extension NickLock {
    /// The lock as an answer to a change tells it.
    var receipt: Receipt {
        Receipt(token: token.map(Token.init), granted: NickLocks.seconds(timeout).map { Int($0.rounded(.up)) })
    }
}
