// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Listing and reading on Graph with as few requests as it allows (msgraph.md section 9): 200 items a page, 20 a batch.
final class GraphListing: Sendable {
    static let pageSize = 200
    static let batchSize = 20

    let site: GraphSite
    let drives: GraphDrives
    let column: GraphColumn
    let own = GraphOwnDeeds()

    private struct State {
        /// The paths of folders and files, by drive and item, as far as they were seen.
        var paths: [String: String] = [:]
        /// Drives whose whole tree does not come with the facets, or not at all: they are walked by folders.
        var walked: Set<String> = []
        /// Drives where reading a file by itself tells no more than the listing.
        var mute: Set<String> = []
    }
    private let state = Mutex(State())
    private let trees = GraphTrees()

    init(site: GraphSite) {
        self.site = site
        drives = GraphDrives(site: site)
        column = GraphColumn(site: site)
    }

    // MARK: Listing

    /// A part of the listing that is still to be read.
    struct Place: Codable, Sendable {
        /// The drive's id.
        var drive: String
        /// The folder's id; `nil` for the place where the listing of the drive begins.
        var folder: String?
        /// The folder's path, without the drive's name.
        var path = ""
        var depth = 1
        /// The address of a further page.
        var next: String?
        /// Whether it is the whole tree, flat.
        var isTree = false
        /// How often the tree was begun anew because the server had forgotten where it stood.
        var turns = 0
    }

    func page(after mark: PageMark?) async throws -> ItemPage {
        var places: [Place]
        if let mark {
            places = try read(mark)
        } else {
            places = try await drives.all().map { start(of: $0) }
        }
        guard !places.isEmpty else { return ItemPage(rows: []) }
        let place = places.removeFirst()
        let (rows, more) = try await read(place)
        let following = more + places
        // With the first page one mark says all that is left, because several would mean that nothing else will follow.
        if mark == nil { return ItemPage(rows: rows, following: following.isEmpty ? [] : [try self.mark(following)]) }
        return ItemPage(rows: rows, following: try following.map { try self.mark([$0]) })
    }

    private func start(of drive: GraphDrive) -> Place {
        let selection = site.profile.selection
        let isWhole = selection.path == nil && selection.depth == nil
        let isWalked = state.withLock { $0.walked.contains(drive.id) }
        return Place(drive: drive.id, isTree: isWhole && !isWalked)
    }

    private func mark(_ places: [Place]) throws -> PageMark {
        PageMark(String(decoding: try JSONBody.encode(places), as: UTF8.self))
    }

    private func read(_ mark: PageMark) throws -> [Place] {
        do {
            return try JSONBody.decode([Place].self, from: Array(mark.text.utf8))
        } catch {
            throw LockError(.nonsense, "The listing of \(site.profile.name) can't be gone on with: read it anew.")
        }
    }

    private func read(_ place: Place) async throws -> ([Row], [Place]) {
        let drive = try await drives.drive(place.drive)
        if place.folder == nil, place.next == nil { await column.consult(drive) }
        guard place.isTree else { return try await children(of: place, in: drive) }
        do {
            return try await tree(place, in: drive)
        } catch let error as LockError where error.code == .gone && place.next != nil && place.turns < 2 {
            trees.forget(drive.id)
            return ([], [Place(drive: drive.id, isTree: true, turns: place.turns + 1)])
        } catch let error as LockError where [.unsupported, .gone].contains(error.code) {
            return walkInstead(drive)
        }
    }

    private func walkInstead(_ drive: GraphDrive) -> ([Row], [Place]) {
        state.withLock { _ = $0.walked.insert(drive.id) }
        trees.forget(drive.id)
        return ([], [Place(drive: drive.id)])
    }

    private func selection(_ drive: GraphDrive) async -> String {
        var names =
            "id,name,lastModifiedDateTime,webUrl,parentReference,file,folder,root,remoteItem,deleted,publication"
        if site.isBeta { names += ",lockInfo" }
        if await column.isBelieved(drive) { names += ",sharepointIds" }
        return names
    }

    private func children(of place: Place, in drive: GraphDrive) async throws -> ([Row], [Place]) {
        let target: String
        if let next = place.next {
            target = next
        } else {
            target = folderAddress(place, drive) + "?$select=\(await selection(drive))&$top=\(Self.pageSize)"
        }
        let page: GraphPage<GraphItem>
        do {
            page = try await site.get(target, folderName(place, drive), as: GraphPage<GraphItem>.self)
        } catch let error as LockError where error.code == .gone {
            // A folder may go while the listing runs, and a path need not be on every drive.
            let isAlone = try await drives.all().count == 1
            if place.folder == nil, isAlone { throw error }
            return ([], [])
        }
        let base = place.folder == nil ? place.path + startPath : place.path
        var files: [(GraphItem, String)] = []
        var more: [Place] = []
        if let next = page.nextLink {
            var rest = place
            rest.next = next
            rest.folder = place.folder ?? "root"
            rest.path = base
            more.append(rest)
        }
        let deepest = site.profile.selection.depth ?? .max
        for item in page.value where item.deleted == nil && item.remoteItem == nil {
            let path = base + "/" + (item.name ?? item.id)
            if item.file != nil {
                files.append((item, path))
            } else if let folder = item.folder {
                remember(path, of: item.id, in: drive)
                guard folder.childCount != 0, place.depth < deepest else { continue }
                more.append(Place(drive: drive.id, folder: item.id, path: path, depth: place.depth + 1))
            }
        }
        return (try await rows(files, in: drive), more)
    }

    private var startPath: String {
        (site.profile.selection.path ?? "").split(separator: "/").map { "/" + $0 }.joined()
    }

    private func folderAddress(_ place: Place, _ drive: GraphDrive) -> String {
        if let folder = place.folder { return drive.path(of: folder) + "/children" }
        let encoded = startPath.split(separator: "/").map { GraphSite.path(String($0)) }.joined()
        return drive.path + (encoded.isEmpty ? "/root/children" : "/root:\(encoded):/children")
    }

    private func folderName(_ place: Place, _ drive: GraphDrive) -> String {
        "/" + drive.name + (place.folder == nil ? startPath : place.path)
    }

    // MARK: The whole tree

    private func tree(_ place: Place, in drive: GraphDrive) async throws -> ([Row], [Place]) {
        let target: String
        if let next = place.next {
            target = next
        } else {
            trees.forget(drive.id)
            target = drive.path + "/root/delta?$select=\(await selection(drive))&$top=\(Self.pageSize)"
        }
        let page = try await site.get(target, "the tree of \(drive.name)", as: GraphPage<GraphItem>.self)
        let files = page.value.filter { $0.file != nil && $0.deleted == nil }
        // The facet is not promised here: a page of files without any means that folders have to be walked.
        if !drive.isPersonal, !files.isEmpty, files.allSatisfy({ $0.publication == nil && $0.lockInfo == nil }) {
            return walkInstead(drive)
        }
        let isLast = page.nextLink == nil
        let placed = trees.take(page.value, of: drive.id, isLast: isLast)
        for (id, path) in placed.folders { remember(path, of: id, in: drive) }
        var rest = place
        rest.next = page.nextLink
        return (try await rows(placed.files, in: drive), isLast ? [] : [rest])
    }

    // MARK: Rows

    private func remember(_ path: String, of id: String, in drive: GraphDrive) {
        state.withLock { $0.paths[drive.id + "/" + id] = path }
    }

    private func rows(_ files: [(GraphItem, String)], in drive: GraphDrive) async throws -> [Row] {
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

    private func row(_ wire: GraphItem, _ path: String, in drive: GraphDrive) async -> Row {
        remember(path, of: wire.id, in: drive)
        let isApplication = await site.session.isApplication
        let locks = GraphLocks(site: site, me: await site.session.known, isApplication: isApplication, own: own)
        let isFile = wire.file != nil
        let item = Item(
            id: drive.id + "/" + wire.id, path: "/" + drive.name + path, title: wire.name ?? wire.id,
            type: isFile ? "file" : wire.folder != nil ? "folder" : "package",
            modified: wire.lastModifiedDateTime.flatMap { RFC3339.date($0) }, link: wire.webUrl,
            isLockable: isFile && !drive.isPersonal)
        guard isFile else { return Row(item: item, reading: .known([], at: site.profile.now())) }
        return Row(item: item, reading: locks.reading(wire, in: drive, column: await column.entry(wire, in: drive)))
    }

    /// Where an item lies: as Graph says now, under the name that its folder had in the listing.
    private func path(of wire: GraphItem, in drive: GraphDrive) -> String {
        let name = wire.name ?? wire.id
        if wire.root != nil { return "" }
        if let parent = wire.parentReference?.id, let known = state.withLock({ $0.paths[drive.id + "/" + parent] }) {
            return known + "/" + name
        }
        guard let text = wire.parentReference?.path, let root = text.firstRange(of: "root:") else { return "/" + name }
        let folder = String(text[root.upperBound...])
        return (WebAddress.decode(folder) ?? folder) + "/" + name
    }

    // MARK: Reading

    func read(_ items: [Item]) async throws -> [ReadResult] {
        var results: [ReadResult] = []
        for start in stride(from: 0, to: items.count, by: Self.batchSize) {
            results += try await readBatch(Array(items[start..<min(items.count, start + Self.batchSize)]))
        }
        return results
    }

    private func readBatch(_ items: [Item]) async throws -> [ReadResult] {
        if items.count == 1 {
            do {
                return [.success(try await self.item(items[0].id))]
            } catch let error as LockError where [.gone, .forbidden].contains(error.code) {
                return [.failure(error)]
            }
        }
        var targets: [(drive: GraphDrive, path: String)] = []
        for item in items {
            let (drive, id) = try await address(of: item.id)
            targets.append((drive, drive.path(of: id) + (await single(drive))))
        }
        let parts = try await site.batch(targets.map(\.path), as: GraphItem.self)
        var results: [ReadResult] = []
        for (index, part) in parts.enumerated() {
            let (item, drive) = (items[index], targets[index].drive)
            if let wire = part?.body {
                results.append(.success(await row(wire, path(of: wire, in: drive), in: drive)))
            } else if let part {
                let error = site.errors.refusal(
                    status: part.status, problem: part.problem, wait: nil, what: item.path, changing: false)
                results.append(.failure(error))
            } else {
                results.append(.failure(LockError(.nonsense, "\(site.profile.name) did not answer for \(item.path).")))
            }
        }
        return results
    }

    private func single(_ drive: GraphDrive) async -> String {
        let query = "?$select=\(await selection(drive))"
        guard await column.isBelieved(drive) else { return query }
        return query + "&$expand=listItem($expand=fields($select=CheckoutUserLookupId))"
    }

    /// The drive and the item's id on it.
    func address(of id: String) async throws -> (GraphDrive, String) {
        guard let slash = id.firstIndex(of: "/"), slash != id.startIndex else {
            throw LockError(
                .gone, "\(id) names no item of \(site.profile.name).",
                advice: "Write DRIVE-ID/ITEM-ID, or the path: /DRIVE/FOLDER/FILE.")
        }
        return (try await drives.drive(String(id[..<slash])), String(id[id.index(after: slash)...]))
    }

    func item(_ id: String) async throws -> Row {
        let (drive, item) = try await address(of: id)
        let wire = try await site.get(drive.path(of: item) + (await single(drive)), id, as: GraphItem.self)
        return await row(wire, path(of: wire, in: drive), in: drive)
    }

    /// The item of that id or path.
    func find(_ name: String) async throws -> Row {
        guard name.hasPrefix("/") else {
            guard name.split(separator: "/").count == 2 else { return try await find("/" + name) }
            return try await item(name)
        }
        let levels = name.split(separator: "/").map(String.init)
        guard let first = levels.first, let drive = try await drives.all().first(where: { $0.name == first }) else {
            throw LockError(
                .gone, "\(site.profile.name) has no drive of the name \(levels.first ?? "").",
                advice: "The drives are: \(try await drives.all().map(\.name).joined(separator: ", ")).")
        }
        let rest = levels.dropFirst()
        let path = rest.isEmpty ? "/root" : "/root:" + rest.map { GraphSite.path($0) }.joined()
        let wire = try await site.get(drive.path + path + (await single(drive)), name, as: GraphItem.self)
        return await row(wire, rest.map { "/" + $0 }.joined(), in: drive)
    }
}
