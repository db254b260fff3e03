// SPDX-License-Identifier: MIT

/// One lock on an item.
struct HeldLock: Sendable {
    /// Where a lock comes from.
    enum Kind: Sendable {
        /// Somebody opened the item in an editor.
        case edit
        /// Somebody checked the item out.
        case checkOut
        /// An office program locked it.
        case program
    }

    var token: String
    /// The id of the person who made it.
    var creator: String
    var kind: Kind
    /// Seconds from `refreshed` on.
    var timeout: Int
    /// When it was made; never changes.
    var created: Double
    /// When it was made or last refreshed.
    var refreshed: Double
    /// Whether others may have one like it beside it.
    var isShared = false
    /// Whether it covers everything below, too.
    var isTree = false
    /// What the program that made it says of its owner; `nil` where it said nothing.
    var owner: String?

    func isValid(at now: Double) -> Bool { refreshed + Double(timeout) > now }
}

/// Where an item stands in the publication workflow.
enum WorkflowState: String, Sendable {
    case `private`, pending, published

    /// As people read it.
    var title: String {
        switch self {
        case .private: "Private"
        case .pending: "Pending review"
        case .published: "Published"
        }
    }
}

/// A kind of content.
enum ItemType: String, CaseIterable, Sendable {
    case site = "Site"
    case folder = "Folder"
    case document = "Document"
    case newsItem = "News Item"
    case event = "Event"
    case collection = "Collection"
    case file = "File"
    case image = "Image"
    case link = "Link"

    /// As people read it.
    var title: String { self == .document ? "Page" : rawValue }

    /// Whether items of this type can be locked at all.
    var isLockable: Bool {
        switch self {
        case .site, .document, .newsItem, .event, .collection: true
        case .folder, .file, .image, .link: false
        }
    }

    /// Whether items of this type have children.
    var isFolder: Bool { self == .site || self == .folder }

    /// Whether the item has no state of its own and goes by its parent's.
    var followsParent: Bool { self == .file || self == .image || self == .site }
}

/// One piece of content. Part of a tree that belongs to one `LockBook`.
final class Item {
    let uid: String
    let type: ItemType
    /// The order in which items were made: what a listing without a sort order goes by.
    let number: Int
    var id: String
    var title: String
    var description = ""
    var text: JSON = .null
    var state: WorkflowState?
    var owner: String
    var creators: [String]
    var created: Double
    var modified: Double
    var published: Double?

    /// The path from the server's root, `/site/docs/minutes`.
    fileprivate(set) var path: String
    private(set) weak var parent: Item?
    private(set) var children: [Item] = []
    private var byID: [String: Item] = [:]

    var locks: [HeldLock] = []
    /// The mark on the item that keeps strangers from stealing its lock; it outlives the lock.
    var isNonStealable = false

    /// The working copy made of this item.
    weak var copy: Item?
    /// Whether the link to the copy can be followed from here.
    var seesCopy = true
    /// The item that this is a working copy of.
    weak var original: Item?
    /// Who made this working copy.
    var checkedOutBy = ""

    init(
        uid: String, type: ItemType, number: Int, id: String, title: String, state: WorkflowState?, owner: String,
        now: Double
    ) {
        self.uid = uid
        self.type = type
        self.number = number
        self.id = id
        self.title = title
        self.state = type.followsParent ? nil : state
        self.owner = owner
        self.creators = [owner]
        self.created = now
        self.modified = now
        self.path = "/" + id
    }

    func child(_ id: String) -> Item? { byID[id] }

    func insert(_ child: Item) {
        children.append(child)
        byID[child.id] = child
        child.parent = self
        child.settle()
    }

    func remove(_ child: Item) {
        children.removeAll { $0 === child }
        byID[child.id] = nil
        child.parent = nil
    }

    func rename(_ child: Item, to id: String) {
        byID[child.id] = nil
        child.id = id
        byID[id] = child
        child.settle()
    }

    /// This item and everything below it.
    var subtree: [Item] { [self] + children.flatMap(\.subtree) }

    /// Takes the path from the parent's, all the way down.
    private func settle() {
        path = (parent?.path ?? "") + "/" + id
        children.forEach { $0.settle() }
    }
}
