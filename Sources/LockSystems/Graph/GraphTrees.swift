// SPDX-License-Identifier: MIT
import Synchronization

/// Drives that come flat, item after item without paths: builds these from the folders seen so far. A file whose folders
/// have not all come yet waits for them. An item may come again, within a page or on a later one: the last time counts.
final class GraphTrees: Sendable {
    fileprivate struct Tree {
        var folders: [String: (name: String, parent: String?)] = [:]
        var root: String?
        var waiting: [GraphItem] = []
        var shown: [String: Shown] = [:]
        /// Folders that came again with another name or another place, until they have a path.
        var moved: Set<String> = []
    }

    /// A file that was handed out.
    fileprivate struct Shown {
        /// Its id in the spelling that came first.
        let id: String
        var name: String
        var parent: String?
    }
    private let trees = Mutex<[String: Tree]>([:])

    /// What a page adds to what came before.
    struct Placed {
        /// Files that have a path by now.
        var files: [(GraphItem, String)] = []
        /// Files that came before, as they are now.
        var revised: [(GraphItem, String)] = []
        /// The ids of files that came before and are none any more.
        var removed: [String] = []
        /// Files that came before and lie elsewhere now, because a folder above them does: their ids and paths.
        var moved: [(String, String)] = []
        /// Folders whose path is new or another one: their ids and paths.
        var folders: [(String, String)] = []
    }

    /// Begins the drive anew. `isAgain`: within one listing, so that what was handed out is known.
    func begin(_ drive: String, isAgain: Bool) {
        trees.withLock { trees in
            var tree = Tree()
            if isAgain { tree.shown = trees[drive]?.shown ?? [:] }
            trees[drive] = tree
        }
    }

    /// Forgets a drive that is read in another way.
    func forget(_ drive: String) { trees.withLock { $0[drive] = nil } }

    /// Takes note of folders that changed while the drive is being listed: what comes on later pages lies in them.
    func note(_ entries: [GraphItem], of drive: String) {
        trees.withLock { trees in
            guard var tree = trees[drive] else { return }
            _ = tree.take(entries.filter { $0.folder != nil && $0.file == nil }, isLast: false) { _ in nil }
            trees[drive] = tree
        }
    }

    /// Takes a page. With the last one nothing waits any longer: what has no path then is shown below the root.
    /// - Parameter known: the path that a folder had before, for one that did not come.
    func take(_ page: [GraphItem], of drive: String, isLast: Bool, known: (String) -> String?) -> Placed {
        trees.withLock { trees in
            var tree = trees[drive] ?? Tree()
            let placed = tree.take(page, isLast: isLast, known: known)
            trees[drive] = isLast ? nil : tree
            return placed
        }
    }
}

extension GraphTrees.Tree {
    fileprivate mutating func take(
        _ page: [GraphItem], isLast: Bool, known: (String) -> String?
    ) -> GraphTrees.Placed {
        var last: [String: Int] = [:]
        for (place, item) in page.enumerated() { last[GraphID.item(item.id)] = place }
        let latest = page.enumerated().filter { last[GraphID.item($1.id)] == $0 }.map(\.element)
        waiting.removeAll { last[GraphID.item($0.id)] != nil }
        for item in latest { note(item) }
        var placed = GraphTrees.Placed()
        followMoves(into: &placed)
        for item in latest where item.folder != nil && !item.isRoot && !item.isDeleted {
            if let path = path(item) { placed.folders.append((item.id, path)) }
        }
        let files = (waiting + latest).filter { $0.file != nil && !$0.isDeleted && !$0.isRemote }
        for item in latest where item.file == nil || item.isDeleted || item.isRemote {
            if let gone = shown.removeValue(forKey: GraphID.item(item.id)) { placed.removed.append(gone.id) }
        }
        waiting = []
        for item in files {
            guard let path = path(item) ?? (isLast ? lastPath(item, known) : nil) else {
                waiting.append(item)
                continue
            }
            let key = GraphID.item(item.id)
            let before = shown[key]
            shown[key] = GraphTrees.Shown(
                id: before?.id ?? item.id, name: item.name ?? item.id, parent: item.parent.map(GraphID.item))
            if before == nil { placed.files.append((item, path)) } else { placed.revised.append((item, path)) }
        }
        return placed
    }

    // What lies below a folder that came again under another name, or in another place, has another path with it.
    private mutating func followMoves(into placed: inout GraphTrees.Placed) {
        let ready = moved.filter { key in folders[key].map { path($0.name, in: $0.parent) != nil } ?? true }
        guard !ready.isEmpty else { return }
        moved.subtract(ready)
        for (key, folder) in folders where isBelow(ready, folder.parent) {
            if let path = path(folder.name, in: folder.parent) { placed.folders.append((key, path)) }
        }
        for file in shown.values where isBelow(ready, file.parent) {
            if let path = path(file.name, in: file.parent) { placed.moved.append((file.id, path)) }
        }
    }

    private func isBelow(_ some: Set<String>, _ parent: String?) -> Bool {
        var parent = parent
        for _ in 0..<256 {
            guard let id = parent, id != root else { return false }
            if some.contains(id) { return true }
            parent = folders[id]?.parent
        }
        return false
    }

    private mutating func note(_ item: GraphItem) {
        let key = GraphID.item(item.id)
        if item.isDeleted {
            folders[key] = nil
        } else if item.isRoot {
            root = key
        } else if item.file == nil, item.folder != nil {
            let now = (name: item.name ?? item.id, parent: item.parent.map(GraphID.item))
            if let before = folders[key], before != now { moved.insert(key) }
            folders[key] = now
        }
    }

    private func lastPath(_ item: GraphItem, _ known: (String) -> String?) -> String {
        var path = "/" + (item.name ?? item.id)
        var parent = item.parent.map(GraphID.item)
        for _ in 0..<256 {
            guard let id = parent, id != root else { break }
            guard let folder = folders[id] else { return (known(id) ?? "") + path }
            path = "/" + folder.name + path
            parent = folder.parent
        }
        return path
    }

    private func path(_ item: GraphItem) -> String? {
        path(item.name ?? item.id, in: item.parent.map(GraphID.item))
    }

    private func path(_ name: String, in folder: String?) -> String? {
        var path = "/" + name
        var parent = folder
        // A ring of folders would have no end; no real path has so many levels.
        for _ in 0..<256 {
            guard let id = parent, id != root else { return path }
            guard let folder = folders[id] else { return nil }
            path = "/" + folder.name + path
            parent = folder.parent
        }
        return nil
    }
}
