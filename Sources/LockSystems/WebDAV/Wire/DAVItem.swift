// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

/// One `response` of a listing (webdav.md section 3.3).
struct DAVItem: Hashable, Sendable {
    /// What the server says of an item's locks.
    enum Discovery: Hashable, Sendable {
        /// These; free where there are none.
        case told([DAVLock])
        /// Not, with this status: 404 is what many say of free items, and some of all.
        case refused(Int)
        /// The answer leaves it out.
        case missing
    }

    /// The address as the server wrote it: it is sent back unchanged.
    var address = ""
    /// The status of an item that could not be read at all.
    var status: Int?
    /// Whether it has members.
    var isFolder = false
    /// The name for people, where the server has one.
    var name: String?
    /// When its content changed last.
    var modified: Date?
    /// Its locks.
    var discovery = Discovery.missing
    /// Whether an exclusive lock can be taken there; `nil` where it is not told.
    var takesLocks: Bool?
    /// What Nextcloud tells of its lock; `nil` where that is not told.
    var hold: NextcloudLock?

    /// The items of a listing. An item that the server names without telling anything of it is one with a `status`.
    static func items(in bytes: [UInt8]) throws(MalformedAnswer) -> [DAVItem] {
        var reader = try XMLReader(bytes)
        guard case .start(.dav("multistatus"))? = try reader.next() else { throw otherShape("multistatus") }
        var items: [DAVItem] = []
        while let part = try reader.next() {
            guard case .start(let name) = part else { continue }
            guard name == .dav("response") else {
                try reader.skip()
                continue
            }
            items += try Self.items(&reader)
            guard items.count <= most else {
                throw MalformedAnswer(.tooLarge, "The answer has more than \(most) items, the most that are read.")
            }
        }
        return items
    }

    /// The locks that an answer to LOCK tells of, in the server's order.
    static func locks(in bytes: [UInt8]) throws(MalformedAnswer) -> [DAVLock] {
        var reader = try XMLReader(bytes)
        guard case .start(.dav("prop"))? = try reader.next() else { throw otherShape("prop") }
        var locks: [DAVLock] = []
        while let part = try reader.next() {
            if case .start(.dav("activelock")) = part { locks.append(try DAVLock(&reader)) }
        }
        return locks
    }

    private static let most = 200_000

    private static func otherShape(_ root: String) -> MalformedAnswer {
        MalformedAnswer(.otherShape, "The answer is XML, but no “\(root)” of WebDAV.")
    }

    // With a status of its own a `response` may name several addresses.
    private static func items(_ reader: inout XMLReader) throws(MalformedAnswer) -> [DAVItem] {
        let outside = reader.depth - 1
        var item = DAVItem()
        var addresses: [String] = []
        while reader.depth > outside {
            guard let part = try reader.next() else { break }
            guard case .start(let name) = part else { continue }
            switch name {
            case .dav("href"): addresses.append(try reader.textInside())
            case .dav("status"): item.status = code(try reader.textInside())
            case .dav("propstat"): try item.take(&reader)
            default: try reader.skip()
            }
        }
        return addresses.filter { !$0.isEmpty }.map { address in
            var copy = item
            copy.address = address
            return copy
        }
    }

    // The status may stand before the properties or behind them.
    private mutating func take(_ reader: inout XMLReader) throws(MalformedAnswer) {
        let outside = reader.depth - 1
        var (found, status) = (DAVItem(), 0)
        var isLockAsked = false
        while reader.depth > outside {
            guard let part = try reader.next() else { break }
            guard case .start(let name) = part else { continue }
            switch name {
            case .dav("status"): status = Self.code(try reader.textInside())
            case .dav("prop"): isLockAsked = try found.takeProperties(&reader) || isLockAsked
            default: try reader.skip()
            }
        }
        guard status == 200 else {
            if isLockAsked { discovery = .refused(status) }
            return
        }
        isFolder = isFolder || found.isFolder
        name = found.name ?? name
        modified = found.modified ?? modified
        takesLocks = found.takesLocks ?? takesLocks
        hold = found.hold ?? hold
        if isLockAsked { discovery = found.discovery }
    }

    /// - Returns: whether the locks are among the properties.
    private mutating func takeProperties(_ reader: inout XMLReader) throws(MalformedAnswer) -> Bool {
        let outside = reader.depth - 1
        var isLockAsked = false
        while reader.depth > outside {
            guard let part = try reader.next() else { break }
            guard case .start(let property) = part else { continue }
            switch property {
            case .dav("resourcetype"): isFolder = try DAVLock.names(&reader).contains(.dav("collection"))
            case .dav("displayname"):
                let text = try reader.textInside()
                name = text.isEmpty ? nil : text
            case .dav("getlastmodified"): modified = HTTPDate.date(try reader.textInside())
            case .dav("supportedlock"): takesLocks = try DAVLock.names(&reader).contains(.dav("exclusive"))
            case .dav("lockdiscovery"):
                isLockAsked = true
                discovery = .told(try Self.discovered(&reader))
            default:
                var told = hold ?? NextcloudLock()
                if try told.take(property, &reader) { hold = told } else { try reader.skip() }
            }
        }
        return isLockAsked
    }

    private static func discovered(_ reader: inout XMLReader) throws(MalformedAnswer) -> [DAVLock] {
        let outside = reader.depth - 1
        var locks: [DAVLock] = []
        while reader.depth > outside {
            guard let part = try reader.next() else { break }
            guard case .start(let name) = part else { continue }
            if name == .dav("activelock") { locks.append(try DAVLock(&reader)) } else { try reader.skip() }
        }
        return locks
    }

    /// The number in `HTTP/1.1 200 OK`; 0 where there is none.
    private static func code(_ line: String) -> Int {
        line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.flatMap { (100...599).contains($0) ? $0 : nil }
            ?? 0
    }
}
