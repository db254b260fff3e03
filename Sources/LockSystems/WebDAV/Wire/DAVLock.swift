// SPDX-License-Identifier: MIT
import HTTP

/// One `activelock` (webdav.md section 4). All but the scope may be missing.
struct DAVLock: Hashable, Sendable {
    /// Whether it is one of several holders'.
    var isShared = false
    /// Whether it is of the kind that is spoken of here; any other is shown and left alone.
    var isWrite = true
    /// Whether it covers everything below.
    var isTree = false
    /// What the client that locked says of itself: nobody has checked it.
    var owner = ""
    /// The seconds that are told, left or granted: servers differ. `nil`: none, never, or not to be believed.
    var seconds: Int?
    /// The token as it is.
    var token: String?
    /// Where the lock is, as the server wrote it.
    var root: String?

    /// One of which nothing is told.
    init() {}

    /// Reads the element that has just begun, and its end.
    init(_ reader: inout XMLReader) throws(MalformedAnswer) {
        let outside = reader.depth - 1
        while reader.depth > outside {
            guard let part = try reader.next() else { return }
            guard case .start(let name) = part else { continue }
            switch name {
            case .dav("lockscope"): isShared = try Self.names(&reader).contains(.dav("shared"))
            case .dav("locktype"): isWrite = try Self.names(&reader).contains(.dav("write"))
            case .dav("depth"): isTree = try reader.textInside().lowercased() == "infinity"
            case .dav("owner"): owner = Self.shown(try reader.textInside())
            case .dav("timeout"): seconds = Self.seconds(try reader.textInside())
            case .dav("locktoken"): token = try reader.textInside()
            case .dav("lockroot"): root = try reader.textInside()
            default: try reader.skip()
            }
        }
        if token?.isEmpty ?? false { token = nil }
    }

    /// The names of the elements within the one that has just begun; passes over its end.
    static func names(_ reader: inout XMLReader) throws(MalformedAnswer) -> Set<XMLName> {
        let outside = reader.depth - 1
        var names: Set<XMLName> = []
        while reader.depth > outside {
            guard let part = try reader.next() else { break }
            if case .start(let name) = part { names.insert(name) }
        }
        return names
    }

    /// An owner as it is told: one line, and not too long; people are often named by their mail address.
    static func shown(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let bare = line.lowercased().hasPrefix("mailto:") ? String(line.dropFirst(7)) : line
        return String(bare.prefix(200))
    }

    /// The first time that is told and meant: one of 0 or less, or too large a one, says nothing.
    static func seconds(_ text: String) -> Int? {
        for word in text.lowercased().split(separator: ",") {
            let word = word.drop { $0 == " " }
            guard word.hasPrefix("second-") else {
                if word.hasPrefix("infinite") { return nil }
                continue
            }
            let digits = word.dropFirst(7).prefix { $0 != " " }
            guard let number = Int(digits), number > 0, number < 4_294_967_295 else { return nil }
            return number
        }
        return nil
    }
}

extension XMLName {
    /// A name of WebDAV itself.
    static func dav(_ local: String) -> XMLName { XMLName("DAV:", local) }
}
