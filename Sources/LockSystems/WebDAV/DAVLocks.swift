// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// WebDAV's items as rows, and what they tell as locks (webdav.md sections 3 and 4).
final class DAVLocks: Sendable {
    private struct State {
        /// Whether the server has ever told locks, or that there are none.
        var discloses = false
        /// Whether it has shown a folder's lock on what lies below.
        var showsInherited = false
        /// The locks of folders that cover what is below, by the folder's path.
        var trees: [String: [DAVLock]] = [:]
    }

    let site: DAVSite
    let own: DAVOwnLocks
    private let times = DAVTimes()
    private let state = Mutex(State())

    init(site: DAVSite) {
        self.site = site
        own = DAVOwnLocks(site.profile)
    }

    /// Takes note of what an answer shows of the server, before its items are made rows of.
    func learn(_ items: [DAVItem]) {
        state.withLock { state in
            for item in items {
                guard case .told(let locks) = item.discovery else { continue }
                state.discloses = true
                guard item.isFolder, let path = site.path(of: item.address) else { continue }
                let trees = locks.filter { $0.isTree && !Self.isInherited($0, path, site) }
                    .filter { lock in
                        // Without a root the same token on a folder above tells where it comes from.
                        lock.root != nil
                            || !DAVPath.ancestors(of: path).contains { above in
                                state.trees[above]?.contains { $0.token != nil && $0.token == lock.token } ?? false
                            }
                    }
                state.trees[path] = trees.isEmpty ? nil : trees
            }
        }
    }

    /// Whether the folders above an item must be asked for locks that its own answer may leave out.
    func needsAncestors(_ path: String) -> Bool {
        path != "/" && site.dialect == .plain && state.withLock { !$0.showsInherited }
    }

    /// Takes note that a folder is gone.
    func forget(_ path: String) { state.withLock { $0.trees[path] = nil } }

    private static func isInherited(_ lock: DAVLock, _ path: String, _ site: DAVSite) -> Bool {
        guard let root = lock.root, let rootPath = site.path(of: root) else { return lock.root != nil }
        return rootPath != path
    }

    /// The row of an item at a path.
    func row(_ wire: DAVItem, at path: String) -> Row {
        let item = Item(
            id: path, path: path, title: wire.name ?? DAVPath.name(of: path), type: wire.isFolder ? "Folder" : "File",
            modified: wire.modified, isLockable: wire.takesLocks ?? !(wire.isFolder && site.dialect == .nextcloud))
        return Row(item: item, reading: reading(wire, at: path))
    }

    private func reading(_ wire: DAVItem, at path: String) -> Reading {
        let now = site.profile.now()
        if let status = wire.status, !(200..<300).contains(status) {
            return Reading.never.failed("\(site.profile.name) answered \(status) for it.")
        }
        if site.dialect == .nextcloud {
            guard let hold = wire.hold ?? (wire.isFolder ? NextcloudLock() : nil) else {
                return Reading.never.failed(site.errors.undisclosed())
            }
            return .known(NextcloudLocks.locks(hold, of: path, on: site), at: now)
        }
        switch wire.discovery {
        case .told(let locks): return told(locks, of: wire, at: path, now)
        case .refused(404), .missing:
            if state.withLock(\.discloses) { return told([], of: wire, at: path, now) }
            guard let (token, mine) = own.held(path) else {
                return Reading.never.failed(site.errors.undisclosed())
            }
            var lock = DAVLock()
            (lock.token, lock.owner, lock.seconds) = (token, mine.owner, mine.granted)
            return .known([self.lock(lock, of: path, .item, mine, isFree: false, now)], at: now)
        case .refused(let status):
            return Reading.never.failed(
                "\(site.profile.name) does not show this account who has it: it answered \(status).")
        }
    }

    private func told(_ locks: [DAVLock], of wire: DAVItem, at path: String, _ now: Date) -> Reading {
        var found: [Lock] = []
        var tokens: Set<String> = []
        for lock in locks {
            let scope = scope(of: lock, on: wire, at: path)
            if case .through = scope {} else if let token = lock.token { tokens.insert(token) }
            found.append(self.lock(lock, of: path, scope, owner(of: lock, path, scope), isFree: isName(wire), now))
        }
        for (folder, lock) in covering(path) where !locks.contains(where: { $0.token == lock.token }) {
            found.append(self.lock(lock, of: path, .through(folder), owner(of: lock, path, .tree), isFree: false, now))
        }
        own.saw(tokens, on: path)
        own.answered(path)
        return .known(found, at: now)
    }

    // A name that is locked while there is nothing at it: Apache lists it, without a date.
    private func isName(_ wire: DAVItem) -> Bool { wire.modified == nil && !wire.isFolder }

    private func owner(of lock: DAVLock, _ path: String, _ scope: Lock.Scope) -> DAVOwnLocks.Own? {
        guard let token = lock.token else { return nil }
        if let own = own.own(token) { return own }
        guard scope == .item, !lock.isShared else { return nil }
        return own.adopt(token, at: path, owner: lock.owner, seconds: lock.seconds)
    }

    private func scope(of lock: DAVLock, on wire: DAVItem, at path: String) -> Lock.Scope {
        let own: Lock.Scope = lock.isTree && wire.isFolder ? .tree : .item
        if let root = lock.root {
            guard let place = site.path(of: root) else {
                // It lies above all that is listed.
                noteInherited()
                return .through(
                    WebAddress.decode(root.split(separator: "/").joined(separator: "/")).map { "/" + $0 } ?? root)
            }
            guard place != path, DAVPath.isBelow(path, place) else { return own }
            noteInherited()
            return .through(place)
        }
        guard lock.isTree, let token = lock.token else { return own }
        let folder = DAVPath.ancestors(of: path).first { above in
            state.withLock { $0.trees[above]?.contains { $0.token == token } ?? false }
        }
        guard let folder else { return own }
        noteInherited()
        return .through(folder)
    }

    private func noteInherited() { state.withLock { $0.showsInherited = true } }

    /// The locks of folders above that cover an item, where the server leaves them to be known.
    private func covering(_ path: String) -> [(String, DAVLock)] {
        state.withLock { state in
            guard !state.showsInherited, !state.trees.isEmpty else { return [] }
            return DAVPath.ancestors(of: path).flatMap { folder in (state.trees[folder] ?? []).map { (folder, $0) } }
        }
    }

    private func lock(
        _ wire: DAVLock, of path: String, _ scope: Lock.Scope, _ mine: DAVOwnLocks.Own?, isFree: Bool, _ now: Date
    ) -> Lock {
        let (expires, timeout) = times(wire, mine, now)
        var notes: [String] = []
        if !wire.isWrite { notes.append("It is of a kind that this program does not know: it is left alone.") }
        if wire.token == nil { notes.append("The server does not show its token.") }
        if isFree { notes.append("There may be nothing at that name yet: some programs lock it before they write.") }
        let name = wire.owner.isEmpty ? nil : wire.owner
        return Lock(
            kind: wire.isShared ? .shared : .lock,
            holder: Holder(id: nil, name: name, ownership: mine == nil ? .unknown : .mine),
            since: mine.map { Date(timeIntervalSince1970: $0.since) }, expires: expires, timeout: timeout,
            comment: mine?.comment, identity: Self.identity(wire, path), scope: scope,
            origin: wire.isWrite ? .usual : .otherInterface, token: wire.token.map(Token.init), notes: notes)
    }

    // Where the server hides the token, the owner's words are all that tells two locks apart.
    private static func identity(_ wire: DAVLock, _ path: String) -> LockIdentity {
        LockIdentity(of: wire.token ?? "\(wire.root ?? path) \(wire.owner)")
    }

    private func times(_ wire: DAVLock, _ mine: DAVOwnLocks.Own?, _ now: Date) -> (expires: Date?, timeout: Int?) {
        guard let seconds = wire.seconds else { return (nil, nil) }
        let told = times.end(wire.token ?? wire.root ?? "", seconds: seconds, at: now)
        guard let mine, let granted = mine.granted, let end = mine.end.map(Date.init(timeIntervalSince1970:)) else {
            return (told, told == nil ? seconds : nil)
        }
        // Our own record is exact, unless somebody has begun it anew with the token that all can see. What was granted,
        // told long after, is no such beginning on a server that has not shown that it counts down.
        guard let told, abs(told.timeIntervalSince(end)) >= 1.5,
            times.countsDown || seconds != granted || now.timeIntervalSince1970 - mine.refreshed < 3
        else { return (end, granted) }
        return (told, granted)
    }
}
