// SPDX-License-Identifier: MIT
import Synchronization

/// Drives that come flat, item after item without paths: builds these from the folders seen so far. A file whose folders
/// have not all come yet waits for them.
final class GraphTrees: Sendable {
    fileprivate struct Tree {
        var folders: [String: (name: String, parent: String?)] = [:]
        var root: String?
        var waiting: [GraphItem] = []
    }
    private let trees = Mutex<[String: Tree]>([:])

    /// The files and folders of a page that have a path by now.
    struct Placed {
        var files: [(GraphItem, String)] = []
        var folders: [(String, String)] = []
    }

    /// Begins the drive anew.
    func forget(_ drive: String) { trees.withLock { $0[drive] = nil } }

    /// Takes a page. With the last one nothing waits any longer: what has no path then is shown below the root.
    func take(_ page: [GraphItem], of drive: String, isLast: Bool) -> Placed {
        trees.withLock { trees in
            var tree = trees[drive] ?? Tree()
            for item in page where item.deleted == nil && item.file == nil {
                if item.root != nil {
                    tree.root = item.id
                } else if item.folder != nil {
                    tree.folders[item.id] = (item.name ?? item.id, item.parentReference?.id)
                }
            }
            // An item may come several times: the last one counts.
            var latest: [String: GraphItem] = [:]
            for item in page { latest[item.id] = item }
            var placed = Placed()
            for item in page where item.folder != nil && item.root == nil {
                if let path = tree.path(item) { placed.folders.append((item.id, path)) }
            }
            let waiting = tree.waiting.filter { latest[$0.id] == nil }
            let fresh = page.compactMap { latest.removeValue(forKey: $0.id) }
            let files = (waiting + fresh).filter { $0.file != nil && $0.deleted == nil && $0.remoteItem == nil }
            tree.waiting = []
            for item in files {
                if let path = tree.path(item) ?? (isLast ? "/" + (item.name ?? item.id) : nil) {
                    placed.files.append((item, path))
                } else {
                    tree.waiting.append(item)
                }
            }
            trees[drive] = isLast ? nil : tree
            return placed
        }
    }
}

extension GraphTrees.Tree {
    fileprivate func path(_ item: GraphItem) -> String? {
        var path = "/" + (item.name ?? item.id)
        var parent = item.parentReference?.id
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
