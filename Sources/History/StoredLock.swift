// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// A lock as it is written down, with the JSON names of the contract. It has no token, so none can be written.
struct StoredLock: Codable {
    var kind: String
    var holder: StoredHolder
    var since: Double?
    var sinceIs: String
    var expires: Double?
    var timeout: Int?
    var stealable: Bool?
    var comment: String?
    var identity: String
    var notes: [String]?
    var serverID: String?
    /// The folder by whose lock the item is held.
    var through: String?
    /// Whether it covers everything below the item; left out where it does not.
    var isTree: Bool?

    init(_ lock: Lock) {
        kind = lock.kind.rawValue
        holder = StoredHolder(lock.holder)
        since = lock.since?.stored
        sinceIs = lock.sinceIs.rawValue
        expires = lock.expires?.stored
        timeout = lock.timeout
        stealable = lock.stealable
        comment = lock.comment
        identity = lock.identity.digest
        notes = lock.notes.isEmpty ? nil : lock.notes
        serverID = lock.serverID
        through = lock.folder
        isTree = lock.scope == .tree ? true : nil
    }

    var lock: Lock {
        Lock(
            kind: Lock.Kind(rawValue: kind) ?? .lock, holder: holder.holder, since: since.map(Date.init(stored:)),
            sinceIs: Lock.SinceIs(rawValue: sinceIs) ?? .firstSeen, expires: expires.map(Date.init(stored:)),
            timeout: timeout, stealable: stealable, comment: comment, identity: LockIdentity(digest: identity),
            serverID: serverID, scope: through.map { .through($0) } ?? (isTree == true ? .tree : .item),
            notes: notes ?? [])
    }
}

/// A holder as it is written down.
struct StoredHolder: Codable {
    var id: String?
    var name: String?
    var isMe: Bool

    init(_ holder: Holder) {
        id = holder.id
        name = holder.name
        isMe = holder.isMe
    }

    var holder: Holder { Holder(id: id, name: name, isMe: isMe) }
}

extension Date {
    /// Seconds since 2001-01-01 UTC: what a date is made of, so that it comes back as the same date. `nil` for what
    /// is no time.
    var stored: Double? {
        timeIntervalSinceReferenceDate.isFinite ? timeIntervalSinceReferenceDate : nil
    }

    init(stored: Double) { self.init(timeIntervalSinceReferenceDate: stored) }
}
