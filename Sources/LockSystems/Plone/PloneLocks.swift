// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Plone's content and lock objects as rows and locks (plone.md section 5.1).
struct PloneLocks: Sendable {
    static let madeOverWebDAV = "Made over WebDAV by another program: only an administrator can end it."
    /// From here on a time-out means "never": check-outs have 4294967280 seconds.
    private static let endless = 4_294_967_280.0

    let site: PloneSite
    let me: Account?

    /// The row of a full object; `nil` when its address lies outside the site.
    func row(_ content: PloneContent) -> Row? {
        guard let path = site.path(of: content.address) else { return nil }
        let copyOf = content.workingCopyOf.flatMap { site.path(of: $0.address) }
        let isUntold = content.lock == nil
        let item = Item(
            id: path, path: path, title: content.title ?? Self.name(path), type: content.type ?? "",
            modified: content.modified.flatMap { RFC3339.date($0) },
            isLockable: isUntold || content.lock?.locked != nil, workingCopyOf: copyOf)
        return Row(item: item, reading: reading(content, isCopy: copyOf != nil))
    }

    /// The last level of a path: what an item without a title is called.
    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private func reading(_ content: PloneContent, isCopy: Bool) -> Reading {
        let now = site.profile.now()
        if let fault = content.lockFault {
            return .never.failed("\(site.profile.name) says of its lock what can't be read. \(fault)")
        }
        if let wire = content.lock, wire.locked ?? false {
            return .known([lock(wire, copy: isCopy ? nil : content.workingCopy)], at: now)
        }
        // With locking switched off for the site a check-out leaves the original unlocked, and is a hold all the same.
        if !isCopy, let copy = content.workingCopy { return .known([lock(of: copy)], at: now) }
        return content.lock == nil ? .never : .known([], at: now)
    }

    private func lock(_ wire: PloneLock, copy: PloneCopy?) -> Lock {
        let isCheckOut = wire.name == "iterate.lock"
        let refreshed = wire.time.flatMap(site.clock.ours)
        let acquired = wire.token.flatMap(Self.start).flatMap(site.clock.ours)
        let timeout = Self.seconds(wire.timeout)
        var notes: [String] = []
        if wire.name == nil { notes.append(Self.madeOverWebDAV) }
        if isCheckOut { notes.append(note(on: copy)) }
        let holder = Holder(id: wire.creator, name: wire.creatorName, isMe: isMe(wire.creator))
        return Lock(
            kind: isCheckOut ? .workingCopy : .lock, holder: holder, since: acquired ?? refreshed,
            sinceIs: acquired == nil ? .refreshed : .acquired,
            expires: timeout.flatMap { timeout in refreshed?.addingTimeInterval(Double(timeout)) },
            timeout: timeout, stealable: wire.stealable,
            identity: LockIdentity(of: wire.token ?? "\(wire.creator ?? "") \(wire.time ?? 0)"),
            origin: wire.name == nil ? .otherInterface : .usual, token: wire.token.map(Token.init), notes: notes,
            stamp: wire.time)
    }

    /// The seconds of a time-out that ends.
    static func seconds(_ timeout: Double?) -> Int? {
        timeout.flatMap { $0 >= 0 && $0 < endless ? Int($0) : nil }
    }

    private func note(on copy: PloneCopy?) -> String {
        guard let copy, let path = site.path(of: copy.address) else {
            return "Its working copy can't be seen: it was deleted, or this account may not see it."
        }
        return "Working copy: \(path)"
    }

    private func lock(of copy: PloneCopy) -> Lock {
        // The copy names its maker by a page `…/author/<id>`.
        let id = copy.creatorURL?.split(separator: "/").last.flatMap { WebAddress.decode($0) }
        let path = site.path(of: copy.address) ?? copy.address
        return Lock(
            kind: .workingCopy, holder: Holder(id: id, name: copy.creatorName, isMe: isMe(id)),
            since: copy.created.flatMap { RFC3339.date($0) }, stealable: false,
            identity: LockIdentity(of: "copy \(path) \(copy.created ?? "")"),
            notes: ["Working copy: \(path)", "The original itself is not locked: locking is switched off on the site."])
    }

    private func isMe(_ id: String?) -> Bool { id != nil && id == me?.id }

    // The tail of a token is the true start: `created` and `time` move with each refresh.
    private static func start(_ token: String) -> Double? {
        token.split(separator: ":").last.flatMap { Double($0) }
    }
}

extension PloneLock {
    /// The lock as an answer to a change tells it.
    var receipt: Receipt { Receipt(token: token.map(Token.init), granted: PloneLocks.seconds(timeout)) }
}
