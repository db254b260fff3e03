// SPDX-License-Identifier: MIT

/// Where the items of a drive lie after some changes: these name a folder that moved, and not what lies in it.
struct GraphPlaces {
    private let drive: String
    /// The paths before the changes, by drive and item.
    private let known: [String: String]
    /// What was named, by item; the last time counts.
    private var named: [String: GraphItem] = [:]
    /// The folders that were named, by the paths that they had.
    private var former: [String: String] = [:]
    private var resolved: [String: String] = [:]

    /// Folders that were named, with their paths.
    private(set) var folders: [(key: String, path: String)] = []
    /// What was named and is not there any more.
    private(set) var gone: [String] = []
    /// The paths that folders had, and those that they have; `nil`: they are gone.
    private(set) var moves: [String: String?] = [:]

    init(_ entries: [GraphItem], in drive: String, known: [String: String]) {
        (self.drive, self.known) = (drive, known)
        for entry in entries { named[GraphID.item(entry.id)] = entry }
        for key in named.keys {
            if let path = known[drive + "/" + key], !path.isEmpty { former[path] = key }
        }
    }

    /// Whether an item was named.
    func names(_ key: String) -> Bool { named[key] != nil }

    /// Places all that was named.
    /// - Returns: the files; `nil` where something lies in a folder that was never seen.
    mutating func files() -> [(GraphItem, String)]? {
        var files: [(GraphItem, String)] = []
        for (key, item) in named.sorted(by: { $0.key < $1.key }) where !item.isRoot {
            let before = known[drive + "/" + key]
            let isFile = item.file != nil && !item.isRemote
            guard !item.isDeleted, isFile || item.folder != nil && item.file == nil else {
                gone.append(key)
                // Whether it was a folder is not told of what is gone.
                if let before, item.file == nil { moves[before] = .some(nil) }
                continue
            }
            guard let path = path(of: key, depth: 0) else { return nil }
            if isFile {
                files.append((item, path))
            } else {
                folders.append((key, path))
                if let before, before != path { moves[before] = path }
            }
        }
        return files
    }

    /// What became of the nearest folder above a former path that is elsewhere or gone: the new path, or `nil` for gone.
    func change(above path: String) -> String?? {
        var end = path.endIndex
        while let slash = path[..<end].lastIndex(of: "/"), slash > path.startIndex {
            if let change = moves[String(path[..<slash])] { return .some(change.map { $0 + path[slash...] }) }
            end = slash
        }
        return nil
    }

    private mutating func path(of key: String, depth: Int) -> String? {
        if let path = resolved[key] { return path }
        // A ring of folders would have no end; no real path has so many levels.
        guard depth < 256 else { return nil }
        let path: String?
        if let item = named[key] {
            guard !item.isDeleted else { return nil }
            if item.isRoot {
                path = ""
            } else if let parent = item.parent {
                path = self.path(of: GraphID.item(parent), depth: depth + 1).map { $0 + "/" + (item.name ?? item.id) }
            } else {
                path = "/" + (item.name ?? item.id)
            }
        } else {
            path = known[drive + "/" + key].flatMap { follow($0, depth) }
        }
        resolved[key] = path
        return path
    }

    // A folder that was not named goes where the nearest one above it goes that was.
    private mutating func follow(_ path: String, _ depth: Int) -> String? {
        var end = path.endIndex
        while let slash = path[..<end].lastIndex(of: "/"), slash > path.startIndex {
            if let key = former[String(path[..<slash])] {
                return self.path(of: key, depth: depth + 1).map { $0 + path[slash...] }
            }
            end = slash
        }
        return path
    }
}
