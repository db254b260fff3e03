// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// What Nextcloud tells of a file's lock, as locks.
enum NextcloudLocks {
    static func locks(_ hold: NextcloudLock, of path: String, on site: DAVSite) -> [Lock] {
        guard hold.isLocked else { return [] }
        let isMine = hold.owner != nil && hold.owner == site.account?.id
        let holder: Holder
        let origin: Lock.Origin
        var notes: [String] = []
        switch hold.kind {
        case .person: (holder, origin) = (Holder(id: hold.owner, name: hold.name, isMe: isMine), .usual)
        case .token:
            (holder, origin) = (Holder(id: hold.owner, name: hold.name, isMe: isMine), .otherInterface)
            notes.append("It was locked by a program that knows its token.")
        case .program:
            let name = hold.name ?? hold.program ?? "an editor"
            (holder, origin) = (Holder(id: nil, name: name), .openFile)
            notes.append("People have it open in \(name) now.")
        }
        let start = hold.created.flatMap(site.clock.ours)
        let seconds = hold.seconds.flatMap { (1..<4_294_967_295).contains($0) ? $0 : nil }
        return [
            Lock(
                kind: .lock, holder: holder, since: start,
                expires: seconds.flatMap { seconds in start?.addingTimeInterval(Double(seconds)) }, timeout: seconds,
                identity: LockIdentity(of: hold.token ?? "\(path) \(hold.owner ?? "") \(hold.created ?? 0)"),
                origin: origin, token: hold.token.map(Token.init), notes: notes, stamp: hold.created)
        ]
    }
}

extension WebDAVSystem {
    /// `LOCK` for the person that is signed in, who may then write from every program of theirs.
    func lockPerson(_ item: Item, _ options: LockOptions) async throws -> Receipt {
        guard options.timeout == nil else {
            throw LockError(
                .unsupported, "Nextcloud decides for itself how long a lock holds.", advice: "Leave out --timeout.")
        }
        let answer = try await site.change(
            "LOCK", item.id, isFolder: false, headers: ["X-User-Lock": "1", "If-Match": "*"])
        guard answer.status == 200 else { throw try await site.refusal(answer, path: item.path, purpose: .lock) }
        return Receipt()
    }

    /// `UNLOCK` for the person; what a program has locked ends by its token, and what people have open by their closing it.
    func unlockPerson(_ item: Item, _ held: Lock, _ purpose: DAVPurpose) async throws -> Receipt {
        if held.origin == .openFile { throw site.errors.peopleAreIn(item.path, held.holder.label) }
        var headers: Headers = ["X-User-Lock": "1"]
        if held.origin == .otherInterface {
            guard let token = held.token?.reveal(), Self.canBeSent(token) else {
                throw site.errors.tokenNeeded(item.path)
            }
            headers = ["Lock-Token": "<\(token)>"]
        }
        let answer = try await site.change("UNLOCK", item.id, isFolder: false, headers: headers)
        guard (200..<300).contains(answer.status), answer.status != 207 else {
            throw try await site.refusal(answer, path: item.path, purpose: purpose)
        }
        return Receipt()
    }
}
