// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Listing and reading on Graph with as few requests as it allows (msgraph.md section 9): 200 items a page, 20 a batch.
final class GraphListing: Sendable {
    static let batchSize = 20

    let site: GraphSite
    let drives: GraphDrives
    let column: GraphColumn
    let own = GraphOwnDeeds()

    struct State {
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
        /// Which of the paths are folders'.
        var folders: Set<String> = []
        /// Where the changes of each drive are told that was listed whole and flat.
        var deltas: [String: Delta] = [:]
        /// How many drives have been asked for their changes.
        var turn = 0
    }
    let state = Mutex(State())
    let trees = GraphTrees()
    private let size: PageSize

    init(site: GraphSite) {
        self.site = site
        size = PageSize(200, least: 25, timeout: site.profile.timeout, now: site.profile.time.now)
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
    struct Part {
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
        } catch let error as LockError where place.next != nil && beginsAnew(place, after: error) {
            return Part(more: [Place(drive: drive.id, isTree: true, turns: place.turns + 1)])
        } catch let error as LockError where [.unsupported, .gone, .forbidden].contains(error.code) {
            return walkInstead(drive)
        } catch let error as LockError where error.code == .nonsense {
            return try await without(error, "/" + drive.name)
        }
    }

    // The server has forgotten where it stood, or its pages are too large: a link to the next one keeps their size.
    private func beginsAnew(_ place: Place, after error: LockError) -> Bool {
        error.code == .gone && place.turns < 2 || error.asksForLess && size.failed(size.current) != nil
    }

    /// The first page of an address, of as many items as can be had.
    func first(_ target: String, _ what: String) async throws -> (page: GraphPage<GraphItem>, target: String) {
        try await size.ask { number in
            let target = "\(target)&$top=\(number)"
            return (try await site.get(target, what, as: GraphPage<GraphItem>.self), target)
        }
    }

    func walkInstead(_ drive: GraphDrive) -> Part {
        state.withLock { state in
            state.walked.insert(drive.id)
            state.deltas[drive.id] = nil
        }
        trees.forget(drive.id)
        return Part(more: [Place(drive: drive.id)])
    }

    // A drive that can't be read costs itself; where it is the only one, it is the server's trouble.
    func without(_ error: LockError, _ what: String) async throws -> Part {
        if try await drives.all().count == 1 { throw error }
        return Part(page: lacking(site.errors.leftOut(what, error)))
    }

    func lacking(_ error: LockError) -> ItemPage {
        var page = ItemPage(rows: [])
        page.lacks = error
        return page
    }

    /// The next page of a listing, and why there is none although one was named: it leads in a circle, or elsewhere.
    func next(_ page: GraphPage<GraphItem>, on target: String, _ what: String, in drive: GraphDrive) -> (
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
    func complaint(_ page: GraphPage<GraphItem>, _ what: String) -> LockError? {
        if let failure = page.failures.first {
            return site.errors.unreadable(page.failures.count, of: what, failure.message)
        }
        let odd = page.value.count { !$0.saysKind }
        guard odd > 0 else { return nil }
        return site.errors.unreadable(odd, of: what, "Graph does not tell whether they are files or folders.")
    }

    func selection(_ drive: GraphDrive) async -> String {
        var names =
            "id,name,lastModifiedDateTime,webUrl,parentReference,file,folder,root,remoteItem,package,deleted,publication"
        if site.isBeta { names += ",lockInfo" }
        if await column.isBelieved(drive) { names += ",sharepointIds" }
        return names
    }
}
