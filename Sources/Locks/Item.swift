// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// Something that can be locked: a document, file, folder or content object on a server.
public struct Item: Hashable, Sendable, Identifiable {
    /// The server's own id, unique on that server: often a path from the root, or a number.
    public let id: String
    /// Where a person finds it: `/news/agm`, percent-decoded.
    public var path: String
    /// The title as the server sends it, not cleaned.
    public var title: String
    /// The server's own word for its type: `News Item`.
    public var type: String
    /// When its content changed last; locking does not change it.
    public var modified: Date?
    /// Its web address, where that is not simply the server's root and the path.
    public var link: String?
    /// Whether the server can lock it at all.
    public var isLockable: Bool
    /// For a working copy: the path of the item that it will replace on check-in.
    public var workingCopyOf: String?

    /// An item.
    public init(
        id: String, path: String, title: String, type: String = "", modified: Date? = nil, link: String? = nil,
        isLockable: Bool = true, workingCopyOf: String? = nil
    ) {
        self.id = id
        self.path = path
        self.title = title
        self.type = type
        self.modified = modified
        self.link = link
        self.isLockable = isLockable
        self.workingCopyOf = workingCopyOf
    }
}

extension Item {
    /// Whether its path says no more than its number, so that nobody knows it but by its title.
    public var isKnownByNumber: Bool {
        !title.isEmpty && path.hasSuffix("/" + id) && id.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

/// An item's full name: the server's configured name and the item's id there.
public struct ItemRef: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The configured name of the server.
    public let server: String
    /// The server's own id of the item.
    public let id: String

    /// A full name.
    public init(server: String, id: String) {
        self.server = server
        self.id = id
    }

    /// As users write it: `SERVER:ID`.
    public var description: String { "\(server):\(id)" }

    /// By server, then by id.
    public static func < (one: ItemRef, other: ItemRef) -> Bool {
        (one.server, one.id) < (other.server, other.id)
    }
}

/// One item with the last reading of its locks: what a row of the table shows.
public struct Row: Hashable, Sendable {
    /// The item.
    public var item: Item
    /// The last look at its locks.
    public var reading: Reading

    /// A row.
    public init(item: Item, reading: Reading = .never) {
        self.item = item
        self.reading = reading
    }

    /// The decisive lock, if the item is held.
    public var lock: Lock? { reading.lock }
}
