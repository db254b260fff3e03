// SPDX-License-Identifier: MIT
import HTTP
import Locks
import Synchronization

/// What changed since a listing, by the links that it ended with (msgraph.md section 3.3). Nothing promises that a check-out
/// shows there, so what is not named has not been read.
extension GraphListing {
    /// Where the changes of a drive are told.
    struct Delta: Hashable, Sendable {
        var link: String
        /// What was selected when the link was given out: it tells that and nothing else.
        var selection: String
    }

    private static let mostPages = 1_000
    /// A site may have very many drives: so many are asked at a time, by turns.
    private static let mostDrives = 4

    func changes() async throws -> ListingChanges {
        let all = try await drives.all()
        var told: [(drive: GraphDrive, entries: [GraphItem], delta: Delta)] = []
        let deltas = state.withLock(\.deltas)
        guard !all.isEmpty, all.allSatisfy({ deltas[$0.id] != nil }) else { return .untold }
        for drive in inTurn(all) {
            guard let delta = deltas[drive.id] else { continue }
            guard delta.selection == (await selection(drive)) else { return forget(drive) }
            do {
                guard let (entries, link) = try await entries(since: delta.link, in: drive) else {
                    return forget(drive)
                }
                told.append((drive, entries, Delta(link: link, selection: delta.selection)))
            } catch let error as LockError where error.isAboutOne || error.code == .nonsense {
                return forget(drive)
            }
        }
        // Only now: what was told of one drive is not lost because another one failed.
        var page = ItemPage(rows: [])
        var isForgotten = false
        for (drive, entries, delta) in told {
            if !entries.isEmpty {
                guard let files = place(entries, in: drive, into: &page) else {
                    // Until that drive is listed again nothing more is told.
                    _ = forget(drive)
                    isForgotten = true
                    continue
                }
                trees.note(entries, of: drive.id)
                for (wire, path) in files { page.rows.append(await changed(wire, path, in: drive)) }
            }
            state.withLock { $0.deltas[drive.id] = delta }
        }
        return isForgotten && page == ItemPage(rows: []) ? .forgotten : .told(page)
    }

    private func inTurn(_ all: [GraphDrive]) -> [GraphDrive] {
        let first = state.withLock { state in
            defer { state.turn += Self.mostDrives }
            return all.count > Self.mostDrives ? state.turn % all.count : 0
        }
        return Array((all[first...] + all[..<first]).prefix(Self.mostDrives))
    }

    private func forget(_ drive: GraphDrive) -> ListingChanges {
        state.withLock { $0.deltas[drive.id] = nil }
        return .forgotten
    }

    /// All that changed; `nil` where it can't be told.
    private func entries(since link: String, in drive: GraphDrive) async throws -> ([GraphItem], String)? {
        var entries: [GraphItem] = []
        var target = link
        var visited: Set<String> = []
        while visited.insert(target).inserted, visited.count <= Self.mostPages {
            let page = try await site.get(target, "the changes of \(drive.name)", as: GraphPage<GraphItem>.self)
            guard page.failures.isEmpty, page.value.allSatisfy(\.saysKind) else { return nil }
            entries += page.value
            if let next = page.nextLink {
                target = try site.link(next, on: target)
            } else {
                return try page.deltaLink.map { (entries, try site.link($0, on: target)) }
            }
        }
        return nil
    }

    // Where nothing is told of its locks it is read by itself, but where that tells no more. So it is where the library's
    // own list is believed, which is as old as the listing.
    private func changed(_ wire: GraphItem, _ path: String, in drive: GraphDrive) async -> Row {
        var row = await row(wire, path, in: drive)
        let isMute = state.withLock { $0.mute.contains(drive.id) }
        let isOld = await column.isBelieved(drive)
        if isOld || row.reading.state == .unknown && !isMute { row.reading = .never }
        return row
    }

    /// Takes note of what lies where by now, and of what is gone, with all that lies below.
    /// - Returns: the files that were named, and their paths; `nil` where one lies in a folder that was never seen.
    private func place(_ entries: [GraphItem], in drive: GraphDrive, into page: inout ItemPage) -> [(
        GraphItem, String
    )]? {
        state.withLock { state in
            var places = GraphPlaces(entries, in: drive.id, known: state.paths)
            guard let files = places.files() else { return nil }
            for (key, path) in places.folders { state.note(path, of: drive.id + "/" + key, isFolder: true) }
            for key in places.gone {
                page.removed.append(drive.id + "/" + state.id(key, in: drive.id))
                state.forget(drive.id + "/" + key)
            }
            guard !places.moves.isEmpty else { return files }
            let prefix = drive.id + "/"
            for (whole, path) in state.paths where whole.hasPrefix(prefix) {
                let key = String(whole.dropFirst(prefix.count))
                guard !places.names(key), let change = places.change(above: path) else { continue }
                let isFolder = state.folders.contains(whole)
                let id = prefix + state.id(key, in: drive.id)
                if let new = change {
                    state.note(new, of: whole, isFolder: isFolder)
                    if !isFolder { page.moved[id] = "/" + drive.name + new }
                } else {
                    state.forget(whole)
                    if !isFolder { page.removed.append(id) }
                }
            }
            return files
        }
    }
}

extension GraphListing.State {
    fileprivate mutating func note(_ path: String, of key: String, isFolder: Bool) {
        paths[key] = path
        if isFolder { folders.insert(key) }
    }

    fileprivate mutating func forget(_ key: String) {
        paths[key] = nil
        folders.remove(key)
    }

    /// The id in the spelling that came first.
    fileprivate func id(_ key: String, in drive: String) -> String { spellings[drive + "/" + key] ?? key }
}
