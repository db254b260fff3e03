// SPDX-License-Identifier: MIT
import HTTP
import Locks

/// Paths as git knows them: from the root of the work tree, with `/` between the parts and none in front.
enum GitLFSPath {
    /// A path that a person typed; `nil` for what can be no file of a repository.
    static func clean(_ text: String) -> String? {
        // Git itself takes every other character; only lists of names by line could not carry these.
        guard !text.utf8.contains(where: { [0, 0x0A, 0x0D].contains($0) }) else { return nil }
        let parts = text.split(separator: "/").filter { $0 != "." }
        guard !parts.isEmpty, !parts.contains("..") else { return nil }
        return parts.joined(separator: "/")
    }

    /// The item at a path, as the server names it.
    static func item(_ path: String) -> Item {
        let plain = path.drop { $0 == "/" }
        return Item(
            id: path, path: "/" + plain, title: plain.split(separator: "/").last.map(String.init) ?? path)
    }

    /// Whether a path lies in a folder that is written from the root.
    static func lies(_ path: String, in folder: String?) -> Bool {
        guard let folder = folder.map({ $0.split(separator: "/") }), !folder.isEmpty else { return true }
        return path.split(separator: "/").starts(with: folder)
    }
}
