// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// From what Graph sends to rows.
extension GraphListing {
    func remember(_ path: String, of id: String, isFolder: Bool = false, in drive: GraphDrive) {
        state.withLock { state in
            let key = drive.id + "/" + GraphID.item(id)
            state.paths[key] = path
            if isFolder { state.folders.insert(key) }
        }
    }

    // The same item has one id here, however Graph spells it this time.
    func spelling(_ id: String, in drive: GraphDrive) -> String {
        let key = GraphID.item(id)
        guard id.contains("!") else { return id }
        return state.withLock { state in
            let first = state.spellings[drive.id + "/" + key] ?? id
            state.spellings[drive.id + "/" + key] = first
            return first
        }
    }

    func rows(_ files: [(GraphItem, String)], in drive: GraphDrive) async throws -> [Row] {
        var rows: [Row] = []
        for (wire, path) in files { rows.append(await row(wire, path, in: drive)) }
        let untold = rows.filter { $0.reading.state == .unknown }.map(\.item)
        guard !untold.isEmpty, !state.withLock({ $0.mute.contains(drive.id) }) else { return rows }
        // Where the listing tells of some files only, the others are asked for by themselves, and that counts.
        let results = try await read(untold)
        var better: [String: Row] = [:]
        for case .success(let row) in results where row.reading.state != .unknown { better[row.item.id] = row }
        if better.isEmpty { state.withLock { _ = $0.mute.insert(drive.id) } }
        return rows.map { better[$0.item.id] ?? $0 }
    }

    func row(_ wire: GraphItem, _ path: String, in drive: GraphDrive) async -> Row {
        remember(path, of: wire.id, in: drive)
        let isFile = wire.file != nil
        let item = Item(
            id: drive.id + "/" + spelling(wire.id, in: drive), path: "/" + drive.name + path,
            title: wire.name ?? wire.id,
            type: isFile ? "file" : wire.folder != nil ? "folder" : "package",
            modified: wire.lastModifiedDateTime.flatMap { RFC3339.date($0) }, link: wire.webUrl,
            isLockable: isFile && !drive.isPersonal)
        guard isFile else { return Row(item: item, reading: .known([], at: site.profile.now())) }
        return Row(item: item, reading: await reading(wire, in: drive))
    }

    func reading(_ wire: GraphItem, in drive: GraphDrive) async -> Reading {
        let isApplication = await site.session.isApplication
        let (me, addresses) = await site.session.me
        let locks = GraphLocks(site: site, me: me, addresses: addresses, isApplication: isApplication, own: own)
        return locks.reading(wire, in: drive, column: await column.entry(wire, in: drive))
    }

    /// Where an item lies: as Graph says now, under the name that its folder had in the listing.
    func path(of wire: GraphItem, in drive: GraphDrive) -> String {
        let name = wire.name ?? wire.id
        if wire.isRoot { return "" }
        if let parent = wire.parent.map(GraphID.item), let known = state.withLock({ $0.paths[drive.id + "/" + parent] })
        {
            return known + "/" + name
        }
        guard let text = wire.parentPath, let root = text.firstRange(of: "root:") else { return "/" + name }
        let folder = String(text[root.upperBound...])
        return (WebAddress.decode(folder) ?? folder) + "/" + name
    }
}
