// SPDX-License-Identifier: MIT
import HTTP
import Locks
import Synchronization

/// The listing, folder by folder (webdav.md section 3.2).
final class DAVListing: Sendable {
    /// What is nested deeper turns in a circle: links may lead upwards.
    private static let deepest = 64

    private let site: DAVSite
    private let locks: DAVLocks
    /// How many items each folder had.
    private let sizes = Mutex<[String: Int]>([:])

    init(site: DAVSite, locks: DAVLocks) {
        self.site = site
        self.locks = locks
    }

    private struct Place {
        var path: String
        var depth: Int

        init(path: String, depth: Int) {
            self.path = path
            self.depth = depth
        }

        init?(_ mark: PageMark) {
            let parts = mark.text.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let depth = Int(parts[0]) else { return nil }
            self.init(path: String(parts[1]), depth: depth)
        }

        var mark: PageMark { PageMark("\(depth) \(path)") }
    }

    /// The children of one folder; the folders among them are the pages that follow.
    func page(after mark: PageMark?) async throws -> ItemPage {
        let start = Place(path: site.selectedFolder, depth: 0)
        let place = mark.flatMap(Place.init) ?? start
        let items: [DAVItem]
        do {
            items = try await site.ask(place.path, isFolder: true, .children)
        } catch let error as LockError where mark != nil && [.gone, .forbidden, .unsupported].contains(error.code) {
            // A folder may go while the listing runs.
            sizes.withLock { $0[place.path] = nil }
            var page = ItemPage(rows: [])
            if error.code != .gone { page.lacks = error }
            return page
        }
        locks.learn(items)
        var page = ItemPage(rows: [])
        var hasItself = false
        for item in items {
            guard let path = site.path(of: item.address) else { continue }
            if path == place.path {
                hasItself = true
                // A folder that is listed has its row on the page above; the uppermost one is shown while it is held.
                let row = locks.row(item, at: path)
                if place.depth == 0, row.reading.state == .held { page.rows.append(row) }
                continue
            }
            guard DAVPath.parent(of: path) == place.path else { continue }
            page.rows.append(locks.row(item, at: path))
            guard item.isFolder, place.depth + 1 < site.profile.selection.depth ?? .max else { continue }
            guard place.depth + 1 < Self.deepest else {
                page.lacks = LockError(.nonsense, "\(path) on \(site.profile.name) is nested too deep to be listed.")
                continue
            }
            page.following.append(Place(path: path, depth: place.depth + 1).mark)
        }
        guard hasItself || !page.rows.isEmpty else {
            throw site.errors.voice.nonsense(
                "It does not tell of \(place.path), which was asked for.", status: 207, changing: false)
        }
        sizes.withLock { $0[place.path] = page.rows.count }
        return page
    }

    /// Reads items anew: many of one folder by the folder, few by themselves.
    func read(_ items: [Item]) async throws -> [ReadResult] {
        let byFolder = Dictionary(grouping: items.indices) { DAVPath.parent(of: items[$0].id) ?? "" }
        var questions: [(path: String, isFolder: Bool, depth: DAVSite.Depth, indices: [Int])] = []
        for (folder, indices) in byFolder.sorted(by: { $0.key < $1.key }) {
            let size = sizes.withLock { $0[folder] } ?? 100
            if !folder.isEmpty, indices.count > 3, size <= indices.count * 100 {
                questions.append((folder, true, .children, indices))
            } else {
                questions += indices.map { (items[$0].id, items[$0].type == "Folder", .item, [$0]) }
            }
        }
        let answers = try await Concurrently.map(questions, width: site.profile.connections) {
            [self] question -> [Int: ReadResult] in
            do {
                let found = try await site.ask(question.path, isFolder: question.isFolder, question.depth)
                locks.learn(found)
                var byPath: [String: DAVItem] = [:]
                for item in found { if let path = site.path(of: item.address) { byPath[path] = item } }
                return question.indices.reduce(into: [:]) { results, index in
                    let path = items[index].id
                    results[index] =
                        byPath[path].map { .success(locks.row($0, at: path)) }
                        ?? .failure(site.errors.voice.gone(path))
                }
            } catch let error as LockError {
                if [.unreachable, .slowDown, .notSignedIn, .wrongSystem].contains(error.code) { throw error }
                return question.indices.reduce(into: [:]) { results, index in
                    let isGone = error.code == .gone
                    results[index] = .failure(isGone ? site.errors.voice.gone(items[index].id) : error)
                }
            }
        }
        let all = answers.reduce(into: [Int: ReadResult]()) { $0.merge($1) { one, _ in one } }
        return items.indices.map { all[$0] ?? .failure(site.errors.voice.gone(items[$0].id)) }
    }

    /// The item at a path, with what folders above it may cover it by.
    func find(_ name: String, withAncestors: Bool = true) async throws -> Row {
        let path = DAVPath.clean(name)
        guard !DAVPath.hasSteps(path) else { throw site.errors.voice.gone(path) }
        let found = try await site.ask(path, isFolder: false, .item)
        guard let item = found.first(where: { site.path(of: $0.address) == path }) else {
            throw site.errors.voice.nonsense(
                "It does not tell of \(path), which was asked for.", status: 207, changing: false)
        }
        if withAncestors, locks.needsAncestors(path) {
            let above = await Concurrently.map(DAVPath.ancestors(of: path), width: site.profile.connections) {
                [self] folder -> [DAVItem] in
                // What may not be seen of the way there is not what was asked for.
                (try? await site.ask(folder, isFolder: true, .item)) ?? []
            }
            above.forEach(locks.learn)
        }
        locks.learn(found)
        return locks.row(item, at: path)
    }
}
