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
        /// The links to further pages that each drive's listing gave, from its beginning.
        var links: [String: Set<String>] = [:]
        /// How ids that may be spelt in several ways were spelt first.
        var spellings: [String: String] = [:]
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

    /// What was read for a place: a page of the listing, but for the marks.
    private struct Part {
        var page = ItemPage(rows: [])
        var more: [Place] = []
    }

    func page(after mark: PageMark?) async throws -> ItemPage {
        var places: [Place]
        var lacks: LockError?
        if let mark {
            places = try read(mark)
        } else {
            lacks = try await drives.again()
            places = try await drives.all().map { start(of: $0) }
        }
        guard !places.isEmpty else { return ItemPage(rows: []) }
        let place = places.removeFirst()
        var part = try await read(place)
        part.page.lacks = lacks ?? part.page.lacks
        let following = part.more + places
        // With the first page one mark says all that is left, because several would mean that nothing else will follow.
        part.page.following =
            mark == nil
            ? following.isEmpty ? [] : [try self.mark(following)] : try following.map { try self.mark([$0]) }
        return part.page
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

    private func read(_ place: Place) async throws -> Part {
        let drive = try await drives.drive(place.drive)
        if place.folder == nil, place.next == nil {
            state.withLock { $0.links[drive.id] = [] }
            await column.consult(drive)
        }
        guard place.isTree else { return try await children(of: place, in: drive) }
        do {
            return try await tree(place, in: drive)
        } catch let error as LockError where error.code == .gone && place.next != nil && place.turns < 2 {
            trees.forget(drive.id)
            return Part(more: [Place(drive: drive.id, isTree: true, turns: place.turns + 1)])
        } catch let error as LockError where [.unsupported, .gone, .forbidden].contains(error.code) {
            return walkInstead(drive)
        } catch let error as LockError where error.code == .nonsense {
            return try await without(error, "/" + drive.name)
        }
    }

    private func walkInstead(_ drive: GraphDrive) -> Part {
        state.withLock { _ = $0.walked.insert(drive.id) }
        trees.forget(drive.id)
        return Part(more: [Place(drive: drive.id)])
    }

    // A drive that can't be read costs itself; where it is the only one, it is the server's trouble.
    private func without(_ error: LockError, _ what: String) async throws -> Part {
        if try await drives.all().count == 1 { throw error }
        return Part(page: lacking(site.errors.leftOut(what, error)))
    }

    private func lacking(_ error: LockError) -> ItemPage {
        var page = ItemPage(rows: [])
        page.lacks = error
        return page
    }

    /// The next page of a listing, and why there is none although one was named: it leads in a circle, or elsewhere.
    private func next(_ page: GraphPage<GraphItem>, on target: String, _ what: String, in drive: GraphDrive) -> (
        link: String?, lacks: LockError?
    ) {
        guard let text = page.nextLink else { return (nil, nil) }
        do {
            let link = try site.link(text, on: target)
            let isNew = state.withLock { $0.links[drive.id, default: []].insert(link).inserted }
            return isNew ? (link, nil) : (nil, site.errors.circle(what))
        } catch {
            return (nil, error as? LockError)
        }
    }

    // Entries that are named and make no rows are never passed over in silence.
    private func complaint(_ page: GraphPage<GraphItem>, _ what: String) -> LockError? {
        if let failure = page.failures.first {
            return site.errors.unreadable(page.failures.count, of: what, failure.message)
        }
        let odd = page.value.count { !$0.saysKind }
        guard odd > 0 else { return nil }
        return site.errors.unreadable(odd, of: what, "Graph does not tell whether they are files or folders.")
    }

    private func selection(_ drive: GraphDrive) async -> String {
        var names =
            "id,name,lastModifiedDateTime,webUrl,parentReference,file,folder,root,remoteItem,package,deleted,publication"
        if site.isBeta { names += ",lockInfo" }
        if await column.isBelieved(drive) { names += ",sharepointIds" }
        return names
    }

    private func children(of place: Place, in drive: GraphDrive) async throws -> Part {
        let target: String
        if let next = place.next {
            target = next
        } else {
            target = folderAddress(place, drive) + "?$select=\(await selection(drive))&$top=\(Self.pageSize)"
        }
        let what = folderName(place, drive)
        let page: GraphPage<GraphItem>
        do {
            page = try await site.get(target, what, as: GraphPage<GraphItem>.self)
        } catch let error as LockError where error.isAboutOne {
            let isStart = place.folder == nil
            // A folder may go while the listing runs, and a path need not be on every drive.
            if error.code == .gone, !isStart { return Part() }
            if error.code == .gone, !startPath.isEmpty, try await drives.all().count > 1 { return Part() }
            return isStart ? try await without(error, what) : Part(page: lacking(site.errors.leftOut(what, error)))
        }
        let base = place.folder == nil ? place.path + startPath : place.path
        var files: [(GraphItem, String)] = []
        var part = Part()
        let (next, trouble) = next(page, on: target, what, in: drive)
        if let next {
            var rest = place
            rest.next = next
            rest.folder = place.folder ?? "root"
            rest.path = base
            part.more.append(rest)
        }
        let deepest = site.profile.selection.depth ?? .max
        for item in page.value where !item.isDeleted && !item.isRemote {
            let path = base + "/" + (item.name ?? item.id)
            if item.file != nil {
                files.append((item, path))
            } else if let folder = item.folder {
                remember(path, of: item.id, in: drive)
                guard folder.childCount != 0, place.depth < deepest else { continue }
                part.more.append(Place(drive: drive.id, folder: item.id, path: path, depth: place.depth + 1))
            }
        }
        part.page.rows = try await rows(files, in: drive)
        part.page.lacks = trouble ?? complaint(page, what)
        return part
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

    private func tree(_ place: Place, in drive: GraphDrive) async throws -> Part {
        let target: String
        if let next = place.next {
            target = next
        } else {
            trees.forget(drive.id)
            target = drive.path + "/root/delta?$select=\(await selection(drive))&$top=\(Self.pageSize)"
        }
        let page = try await site.get(target, "the tree of \(drive.name)", as: GraphPage<GraphItem>.self)
        let files = page.value.filter { $0.file != nil && !$0.isDeleted }
        // The facet is not promised here: a page of files without any means that folders have to be walked.
        if !drive.isPersonal, !files.isEmpty, files.allSatisfy({ $0.publication == nil && $0.lockInfo == nil }) {
            return walkInstead(drive)
        }
        let (next, trouble) = next(page, on: target, "/" + drive.name, in: drive)
        let placed = trees.take(page.value, of: drive.id, isLast: next == nil)
        for (id, path) in placed.folders { remember(path, of: id, in: drive) }
        var part = Part(page: ItemPage(rows: try await rows(placed.files, in: drive)))
        part.page.revised = try await rows(placed.revised, in: drive)
        part.page.removed = placed.removed.map { drive.id + "/" + spelling($0, in: drive) }
        for (id, path) in placed.moved {
            remember(path, of: id, in: drive)
            part.page.moved[drive.id + "/" + spelling(id, in: drive)] = "/" + drive.name + path
        }
        part.page.lacks = trouble ?? complaint(page, "/" + drive.name)
        if let next {
            var rest = place
            rest.next = next
            part.more = [rest]
        }
        return part
    }

    // MARK: Rows

    private func remember(_ path: String, of id: String, in drive: GraphDrive) {
        state.withLock { $0.paths[drive.id + "/" + GraphID.item(id)] = path }
    }

    // The same item has one id here, however Graph spells it this time.
    private func spelling(_ id: String, in drive: GraphDrive) -> String {
        let key = GraphID.item(id)
        guard id.contains("!") else { return id }
        return state.withLock { state in
            let first = state.spellings[drive.id + "/" + key] ?? id
            state.spellings[drive.id + "/" + key] = first
            return first
        }
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
        let (me, addresses) = await site.session.me
        let locks = GraphLocks(site: site, me: me, addresses: addresses, isApplication: isApplication, own: own)
        let isFile = wire.file != nil
        let item = Item(
            id: drive.id + "/" + spelling(wire.id, in: drive), path: "/" + drive.name + path,
            title: wire.name ?? wire.id,
            type: isFile ? "file" : wire.folder != nil ? "folder" : "package",
            modified: wire.lastModifiedDateTime.flatMap { RFC3339.date($0) }, link: wire.webUrl,
            isLockable: isFile && !drive.isPersonal)
        guard isFile else { return Row(item: item, reading: .known([], at: site.profile.now())) }
        return Row(item: item, reading: locks.reading(wire, in: drive, column: await column.entry(wire, in: drive)))
    }

    /// Where an item lies: as Graph says now, under the name that its folder had in the listing.
    private func path(of wire: GraphItem, in drive: GraphDrive) -> String {
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
            } catch let error as LockError where error.isAboutOne {
                return [.failure(error)]
            }
        }
        var results = [ReadResult?](repeating: nil, count: items.count)
        var asked: [(index: Int, drive: GraphDrive, path: String)] = []
        for (index, item) in items.enumerated() {
            do {
                let (drive, id) = try await address(of: item.id)
                asked.append((index, drive, drive.path(of: id) + (await single(drive))))
            } catch let error as LockError where error.isAboutOne {
                results[index] = .failure(error)
            }
        }
        let parts = asked.isEmpty ? [] : try await site.batch(asked.map(\.path), as: GraphItem.self)
        for (place, part) in zip(asked, parts) {
            results[place.index] = await result(part, of: items[place.index], in: place.drive)
        }
        return zip(items, results).map { $1 ?? .failure(unanswered($0)) }
    }

    private func unanswered(_ item: Item) -> LockError {
        LockError(.nonsense, "\(site.profile.name) did not answer for \(item.path).")
    }

    private func result(
        _ part: GraphBatchAnswer<GraphItem>.Part?, of item: Item, in drive: GraphDrive
    ) async -> ReadResult {
        guard let part else { return .failure(unanswered(item)) }
        if let wire = part.body { return .success(await row(wire, path(of: wire, in: drive), in: drive)) }
        if let failure = part.failure {
            return .failure(site.errors.nonsense(failure, status: part.status, changing: false))
        }
        return .failure(
            site.errors.refusal(
                status: part.status, problem: part.problem, wait: nil, what: item.path, changing: false))
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
