// SPDX-License-Identifier: MIT
import HTTP

/// Paths from the site's root: `/` or `/news/agm`, plain text.
enum NickPath {
    /// A path as somebody wrote it, with one slash before each level and none at the end.
    static func clean(_ text: String) -> String {
        let levels = text.split(separator: "/")
        return levels.isEmpty ? "/" : levels.map { "/" + $0 }.joined()
    }

    /// The path in an `@id`, which names the server's own host and leaves a configured prefix out.
    static func of(address: String) -> String? {
        guard let slashes = address.firstRange(of: "://") else { return nil }
        let after = address[slashes.upperBound...].prefix { $0 != "?" && $0 != "#" }
        guard let start = after.firstIndex(of: "/") else { return "/" }
        return WebAddress.decode(after[start...]).map(clean)
    }

    static func child(_ name: String, of folder: String) -> String {
        folder == "/" ? "/" + name : folder + "/" + name
    }

    /// The folder that an item lies in; `nil` for the root.
    static func parent(of path: String) -> String? {
        guard path != "/", let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// How many levels `path` lies below `folder`; `nil` when it does not. `/newsletter` is not below `/news`.
    static func depth(of path: String, below folder: String) -> Int? {
        if path == folder { return 0 }
        let start = folder == "/" ? "/" : folder + "/"
        guard path.hasPrefix(start) else { return nil }
        return path.dropFirst(start.count).split(separator: "/").count
    }
}
