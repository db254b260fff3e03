// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// A Subversion repository: all its locks by one report, and its folders only where somebody wants the free files too.
final class SVNListing: Sendable {
    private let site: DAVSite
    private let folders: DAVListing
    /// The locks as the report told them when the listing began.
    private let known = Mutex<[String: SVNLock]>([:])

    init(site: DAVSite, folders: DAVListing) {
        self.site = site
        self.folders = folders
    }

    private var listsAll: Bool { site.profile.options.listsAll }

    func page(after mark: PageMark?) async throws -> ItemPage {
        guard listsAll else {
            let locks = try await report(site.selectedFolder, isFolder: true)
            let depth = site.profile.selection.depth ?? .max
            let start = site.selectedFolder
            let rows = locks.keys.sorted().filter { path in
                let above = DAVPath.ancestors(of: path)
                return start == path
                    || above.contains(start) && above.count - DAVPath.ancestors(of: start).count <= depth
            }
            .map { Row(item: Self.item($0), reading: reading(locks[$0])) }
            var page = ItemPage(rows: rows, total: rows.count)
            page.covers = .holdsOnly
            return page
        }
        if mark == nil {
            let locks = try await report(site.selectedFolder, isFolder: true)
            known.withLock { $0 = locks }
        }
        var page = try await folders.page(after: mark)
        let locks = known.withLock(\.self)
        page.rows = page.rows.map { row in Row(item: lockable(row.item), reading: reading(locks[row.item.id])) }
        return page
    }

    /// Few items by themselves, and many by the report of all; whether what is free is there, its folder tells.
    func read(_ items: [Item]) async throws -> [ReadResult] {
        guard items.count > 3 else {
            return try await Concurrently.map(items, width: site.profile.connections) { [self] item -> ReadResult in
                do {
                    let locks = try await report(item.id, isFolder: item.type == "Folder")
                    return .success(Row(item: item, reading: reading(locks[item.id])))
                } catch let error as LockError {
                    if [.unreachable, .slowDown, .notSignedIn, .wrongSystem].contains(error.code) { throw error }
                    return .failure(error)
                }
            }
        }
        let locks = try await report("/", isFolder: true)
        let free = items.filter { locks[$0.id] == nil }
        let found = free.isEmpty ? [] : try await folders.read(free)
        var rows = Dictionary(zip(free.map(\.id), found)) { one, _ in one }
        for item in items {
            if let lock = locks[item.id] { rows[item.id] = .success(Row(item: item, reading: reading(lock))) }
        }
        return items.map { item in
            guard let result = rows[item.id] else { return .failure(site.errors.voice.gone(item.id)) }
            return result.map { row in
                Row(item: lockable(row.item), reading: reading(locks[item.id]))
            }
        }
    }

    func find(_ name: String) async throws -> Row {
        let row = try await folders.find(name, withAncestors: false)
        let locks = try await report(row.item.id, isFolder: row.item.type == "Folder")
        return Row(item: lockable(row.item), reading: reading(locks[row.item.id]))
    }

    // MARK: Locks

    private static func item(_ path: String) -> Item {
        Item(id: path, path: path, title: DAVPath.name(of: path), type: "File")
    }

    // Subversion locks files alone.
    private func lockable(_ item: Item) -> Item {
        var item = item
        item.isLockable = item.type != "Folder"
        return item
    }

    private func report(_ path: String, isFolder: Bool) async throws -> [String: SVNLock] {
        let root = try await site.facts().repository
        let found = try await site.report(path, isFolder: isFolder)
        var locks: [String: SVNLock] = [:]
        for lock in found {
            let encoded = lock.path.split(separator: "/").map { "/" + WebAddress.encode(String($0)) }.joined()
            if let path = site.path(of: root + encoded) { locks[path] = lock }
        }
        return locks
    }

    private func reading(_ wire: SVNLock?) -> Reading {
        let now = site.profile.now()
        guard let wire else { return .known([], at: now) }
        let me = site.account?.id
        let isMe = wire.owner != nil && wire.owner == me
        func ours(_ date: Date?) -> Date? { date.flatMap { site.clock.ours($0.timeIntervalSince1970) } }
        let period = wire.expires.flatMap { end in wire.created.map { end.timeIntervalSince($0) } }
        let lock = Lock(
            kind: .lock, holder: Holder(id: wire.owner, name: wire.owner, isMe: isMe), since: ours(wire.created),
            sinceIs: .refreshed, expires: ours(wire.expires), timeout: period.map { Int($0.rounded()) },
            comment: wire.comment, identity: LockIdentity(of: wire.token), token: Token(wire.token),
            stamp: wire.created?.timeIntervalSince1970)
        return .known([lock], at: now)
    }
}
