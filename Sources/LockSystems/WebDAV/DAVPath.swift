// SPDX-License-Identifier: MIT
import HTTP

/// Paths below the configured address: `/` or `/reports/lease 2026.odt`, decoded where that loses nothing.
///
/// A segment that is no text, or would become two, stays as it is on the wire (webdav.md section 14); so does one whose
/// text would look like such a one, so that no two names become one.
enum DAVPath {
    /// The path that somebody typed.
    static func clean(_ text: String) -> String {
        let levels = text.split(separator: "/")
        return levels.isEmpty ? "/" : levels.map { "/" + $0 }.joined()
    }

    /// The path of an address as a server writes it; `nil` for what is not below the base, or has steps in it.
    static func path(of address: String, below base: WebAddress) -> String? {
        var rest = address.prefix { $0 != "?" && $0 != "#" }
        if !rest.hasPrefix("/") || rest.hasPrefix("//") {
            guard let other = try? WebAddress(originOf: String(rest)), other.origin == base.origin,
                let slashes = rest.firstRange(of: "://")
            else { return nil }
            let after = rest[slashes.upperBound...]
            rest = after.firstIndex(of: "/").map { after[$0...] } ?? "/"
        }
        let levels = rest.split(separator: "/").map { plain($0) }
        let prefix = base.path.split(separator: "/").map { plain($0) }
        guard levels.starts(with: prefix), !levels.contains(where: isStep) else { return nil }
        return clean(levels.dropFirst(prefix.count).joined(separator: "/"))
    }

    /// The path as it is sent: percent-encoded, with a slash at its end where it is a folder's.
    static func encoded(_ path: String, isFolder: Bool = false) -> String {
        let text = path.split(separator: "/").map { "/" + (isWire($0) ? String($0) : WebAddress.encode(String($0))) }
            .joined()
        return isFolder || text.isEmpty ? text + "/" : text
    }

    /// Whether it has a step up or to itself, which a server would take for another item.
    static func hasSteps(_ path: String) -> Bool { path.split(separator: "/").contains { isStep(plain($0)) } }

    /// The folder that it lies in; `nil` for the base.
    static func parent(of path: String) -> String? {
        guard path != "/", let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The folders above it, the base first.
    static func ancestors(of path: String) -> [String] {
        var all: [String] = []
        var next = parent(of: path)
        while let folder = next {
            all.append(folder)
            next = parent(of: folder)
        }
        return all.reversed()
    }

    /// Whether it lies below a folder.
    static func isBelow(_ path: String, _ folder: String) -> Bool {
        path != folder && (folder == "/" || path.hasPrefix(folder + "/"))
    }

    /// What people call it: the last segment.
    static func name(of path: String) -> String {
        guard let last = path.split(separator: "/").last else { return "/" }
        return isWire(last) ? String(decoding: bytes(last) ?? [], as: UTF8.self) : String(last)
    }

    private static func isStep(_ segment: String) -> Bool { segment == "." || segment == ".." }

    private static func plain(_ segment: Substring) -> String {
        guard let text = WebAddress.decode(segment), !text.utf8.contains(0), !text.utf8.contains(slash),
            !isWire(text[...])
        else { return String(segment) }
        return text
    }

    /// Whether a segment can only be the wire's own form: decoded, once or more often, it is no text or has a slash.
    private static func isWire(_ segment: Substring) -> Bool {
        var text = segment
        for _ in 0..<8 {
            guard text.utf8.contains(UInt8(ascii: "%")), let bytes = bytes(text) else { return false }
            guard let next = String(validating: bytes, as: UTF8.self) else { return true }
            if bytes.contains(slash) || bytes.contains(0) { return true }
            text = next[...]
        }
        return true
    }

    private static let slash = UInt8(ascii: "/")

    /// The bytes of a percent-encoded text; `nil` where a `%` is none of an escape.
    private static func bytes(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next(), let low = rest.next(),
                let code = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16), high != UInt8(ascii: "+")
            else { return nil }
            bytes.append(code)
        }
        return bytes
    }
}
