// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Graph's facets as locks and readings (msgraph.md sections 5 and 7).
struct GraphLocks: Sendable {
    /// SharePoint shows what a program holds under this name.
    private static let applicationUser = "SharePoint App"
    private static let unknownToUs = "Unknown to this account: Graph does not tell it whether the file is held."
    private static let notAskedFor =
        "Unknown to this account: the library's own list shows check-outs that Graph hides."

    let site: GraphSite
    let me: Account?
    /// By what else than the id we may be named, in small letters.
    let addresses: Set<String>
    let isApplication: Bool
    /// What this program has done itself.
    let own: GraphOwnDeeds

    /// The reading of a file. `column`: whom the library's own list names, where that had to be asked.
    func reading(_ wire: GraphItem, in drive: GraphDrive, column: GraphColumn.Entry? = nil) -> Reading {
        let now = site.profile.now()
        if drive.isPersonal { return .known([], at: now) }
        var locks: [Lock] = []
        if let publication = wire.publication, publication.isCheckedOut ?? false {
            locks.append(checkout(publication, of: wire))
        } else if case .held(let name)? = column {
            locks.append(columnLock(name))
        }
        let lockInfo = wire.lockInfo ?? wire.file?.lockInfo
        if let lockInfo { locks += self.locks(lockInfo, of: wire) }
        let isTold =
            (wire.publication?.isCheckedOut != nil || column == .free) && (!site.isBeta || lockInfo?.kind != nil)
        if locks.isEmpty, !isTold { return Reading(state: .unknown, observedAt: now, error: Self.unknownToUs) }
        if locks.isEmpty, column == .untold {
            return Reading(state: .unknown, observedAt: now, error: Self.notAskedFor)
        }
        return .known(locks, at: now)
    }

    private func checkout(_ publication: GraphPublication, of wire: GraphItem) -> Lock {
        let set = publication.checkedOutBy
        let who = set?.anybody
        let isMine = isMe(set, of: wire)
        // Named by address alone we are still the same holder.
        let id = isMine ? who?.id ?? me?.id : who?.id
        let holder = Holder(id: id, name: who?.name, isMe: isMine)
        var notes = ["A check-out does not run out: its holder has to end it."]
        if set?.user == nil, set?.application != nil {
            notes.append("Held by an application: no person can check it in.")
        }
        if who == nil { notes.append("Graph does not tell who has it.") }
        return Lock(
            kind: .checkout, holder: holder, sinceIs: .firstSeen, stealable: isApplication ? true : nil,
            identity: LockIdentity(of: "checkout \(id ?? who?.key ?? "")"), notes: notes)
    }

    private func columnLock(_ name: String?) -> Lock {
        Lock(
            kind: .checkout, holder: Holder(id: nil, name: name), sinceIs: .firstSeen,
            stealable: isApplication ? true : nil, identity: LockIdentity(of: "column \(name ?? "")"),
            notes: ["Graph hides this check-out; it is read from the library's own list."])
    }

    private func isMe(_ set: GraphIdentitySet?, of wire: GraphItem) -> Bool {
        guard let set, me?.id != nil else { return false }
        if let user = set.user, !user.isNobody {
            if isMe(user) { return true }
            return isApplication && user.displayName == Self.applicationUser && own.hasTaken(wire.id)
        }
        return set.application.map(isMe) ?? false || (set.anybody.map(isMe) ?? false)
    }

    // The id decides; only who is named without one is told by the address.
    private func isMe(_ who: GraphIdentity) -> Bool {
        guard let me = me?.id else { return false }
        if let id = who.id, who.loginName == nil { return id.lowercased() == me.lowercased() }
        return !who.addresses.isDisjoint(with: addresses)
    }

    private func locks(_ info: GraphLockInfo, of wire: GraphItem) -> [Lock] {
        guard let word = info.kind, word != "none" else { return [] }
        let since = time(info.createdDateTime)
        let expires = time(info.expirationDateTime)
        var notes = word == "exclusive" || word == "shared" ? [] : ["Graph calls its kind “\(word)”."]
        if word == "shared" { notes.append("People edit it together in Office now.") }
        let owners: [GraphIdentity?] = info.owners.isEmpty ? [nil] : info.owners
        return owners.map { owner in
            let isMine = owner.map(isMe) ?? false
            let id = isMine ? owner?.id ?? me?.id : owner?.id
            // A refresh keeps the start, so the span is the time-out only as long as none has prolonged it.
            let span = since.flatMap { since in expires.map { Int($0.timeIntervalSince(since).rounded()) } }
            let fresh = span.flatMap { (1...GraphSystem.longestLock).contains($0) ? $0 : nil }
            return Lock(
                kind: word == "shared" ? .shared : .lock,
                holder: Holder(id: id, name: owner?.name, isMe: isMine), since: since, sinceIs: .acquired,
                expires: expires,
                timeout: isMine ? own.minutes(wire.id).map { $0 * 60 } ?? fresh ?? GraphSystem.longestLock : fresh,
                stealable: false,
                identity: LockIdentity(
                    of: "lock \(id ?? owner?.key ?? "") \(info.createdDateTime ?? "")"),
                notes: notes, stamp: info.expirationDateTime.flatMap { RFC3339.date($0)?.timeIntervalSince1970 })
        }
    }

    private func time(_ text: String?) -> Date? {
        text.flatMap { RFC3339.date($0) }.flatMap { site.clock.ours($0.timeIntervalSince1970) }
    }
}
