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
    let isApplication: Bool
    /// What this program has done itself.
    let own: GraphOwnDeeds

    /// The reading of a file. `column`: whom the library's own list names, where that had to be asked.
    func reading(_ wire: GraphItem, in drive: GraphDrive, column: GraphColumn.Entry? = nil) -> Reading {
        let now = site.profile.now()
        if drive.isPersonal { return .known([], at: now) }
        var locks: [Lock] = []
        let isCheckedOut = wire.publication?.level?.lowercased() == "checkout"
        if isCheckedOut, let publication = wire.publication {
            locks.append(checkout(publication, of: wire))
        } else if case .held(let name)? = column {
            locks.append(columnLock(name))
        }
        let lockInfo = wire.lockInfo ?? wire.file?.lockInfo
        if let lockInfo { locks += self.locks(lockInfo, of: wire) }
        let isTold = (wire.publication != nil || column == .free) && (!site.isBeta || lockInfo != nil)
        if locks.isEmpty, !isTold { return Reading(state: .unknown, observedAt: now, error: Self.unknownToUs) }
        if locks.isEmpty, column == .untold {
            return Reading(state: .unknown, observedAt: now, error: Self.notAskedFor)
        }
        return .known(locks, at: now)
    }

    private func checkout(_ publication: GraphPublication, of wire: GraphItem) -> Lock {
        let set = publication.checkedOutBy
        let who = set?.user ?? set?.application ?? set?.device ?? set?.siteUser
        let isMine = isMe(set, of: wire)
        let holder = Holder(id: who?.id, name: name(who), isMe: isMine)
        var notes = ["A check-out does not run out: its holder has to end it."]
        if set?.user == nil, set?.application != nil {
            notes.append("Held by an application: no person can check it in.")
        }
        if who == nil { notes.append("Graph does not tell who has it.") }
        return Lock(
            kind: .checkout, holder: holder, sinceIs: .firstSeen, stealable: isApplication ? true : nil,
            identity: LockIdentity(of: "checkout \(who?.id ?? who?.displayName ?? "")"), notes: notes)
    }

    private func columnLock(_ name: String?) -> Lock {
        Lock(
            kind: .checkout, holder: Holder(id: nil, name: name), sinceIs: .firstSeen,
            stealable: isApplication ? true : nil, identity: LockIdentity(of: "column \(name ?? "")"),
            notes: ["Graph hides this check-out; it is read from the library's own list."])
    }

    private func isMe(_ set: GraphIdentitySet?, of wire: GraphItem) -> Bool {
        guard let me = me?.id else { return false }
        if let user = set?.user {
            if user.id == me { return true }
            return isApplication && user.displayName == Self.applicationUser && own.hasTaken(wire.id)
        }
        return set?.application?.id == me
    }

    private func name(_ who: GraphIdentity?) -> String? {
        [who?.displayName, who?.userPrincipalName, who?.email].compactMap(\.self).first { !$0.isEmpty }
    }

    private func locks(_ info: GraphLockInfo, of wire: GraphItem) -> [Lock] {
        let word = info.lockType ?? "none"
        guard word != "none" else { return [] }
        let since = time(info.createdDateTime)
        let expires = time(info.expirationDateTime)
        var notes = word == "exclusive" || word == "shared" ? [] : ["Graph calls its kind “\(word)”."]
        if word == "shared" { notes.append("People edit it together in Office now.") }
        let owners: [GraphIdentity?] = info.owners.flatMap { $0.isEmpty ? nil : $0 } ?? [nil]
        return owners.map { owner in
            let isMine = owner?.id != nil && owner?.id == me?.id
            // A refresh keeps the start, so the span is the time-out only as long as none has prolonged it.
            let span = since.flatMap { since in expires.map { Int($0.timeIntervalSince(since).rounded()) } }
            let fresh = span.flatMap { (1...GraphSystem.longestLock).contains($0) ? $0 : nil }
            return Lock(
                kind: word == "shared" ? .shared : .lock,
                holder: Holder(id: owner?.id, name: name(owner), isMe: isMine), since: since, sinceIs: .acquired,
                expires: expires,
                timeout: isMine ? own.minutes(wire.id).map { $0 * 60 } ?? fresh ?? GraphSystem.longestLock : fresh,
                stealable: false,
                identity: LockIdentity(
                    of: "lock \(owner?.id ?? owner?.displayName ?? "") \(info.createdDateTime ?? "")"),
                notes: notes, stamp: info.expirationDateTime.flatMap { RFC3339.date($0)?.timeIntervalSince1970 })
        }
    }

    private func time(_ text: String?) -> Date? {
        text.flatMap { RFC3339.date($0) }.flatMap { site.clock.ours($0.timeIntervalSince1970) }
    }
}
