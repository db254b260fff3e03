// SPDX-License-Identifier: MIT

/// Somebody whom the server knows.
struct Person {
    let account: DemoAccount
    var roles: Roles
    /// Whether the account was deleted; its tokens and locks are still there.
    var isDeleted = false

    var id: String { account.name }
    /// The full name, or the id of whoever has none.
    var displayName: String { account.fullName.isEmpty || isDeleted ? id : account.fullName }

    init(_ account: DemoAccount) {
        self.account = account
        self.roles = Roles(names: account.roles)
    }
}

/// What the whole server knows, whichever language it is asked in: the tree of items, their locks, the people.
/// Belongs to one `DemoServer`, which lets one request at a time in.
final class LockBook {
    /// Unix seconds; the server sets it before each request.
    var now: Double
    /// Whether locking is switched on for the whole site.
    var isLockingOn = true
    let root: Item
    private(set) var people: [String: Person] = [:]
    /// Counts what changes a listing.
    private(set) var revision = 0
    private let brokenRelations: Bool
    /// Whether items can be checked out at all.
    let hasCheckOut: Bool
    /// Whether locks run out by themselves.
    let locksExpire: Bool
    /// The host that an online tenant has moved to; `nil`: it has not moved.
    var tenantHost: String?
    /// An online tenant's state: `Running`, `OfflineMaintenance` …
    var tenantState = "Running"
    private var random: SplitMix64
    private var count = 0
    private var redirects: [String: Item] = [:]
    /// All items but the site by path; `nil` when it has to be made anew.
    private var ordered: [Item]?

    init(options: DemoOptions, now: Double) {
        self.now = now
        self.brokenRelations = options.brokenRelations
        self.hasCheckOut = options.dialect.hasCheckOut
        self.locksExpire = options.dialect.locksExpire
        var random = SplitMix64(seed: options.seed ^ 0x10C4_B00C)
        root = Item(
            uid: Self.uid(&random), type: .site, number: 0, id: options.dialect.rootName, title: options.title,
            state: nil,
            owner: "admin", now: now)
        self.random = random
        DemoAccount.everybody.forEach { add($0) }
    }

    // MARK: People

    func add(_ account: DemoAccount) { people[account.name] = Person(account) }

    func removePerson(_ id: String) { people[id]?.isDeleted = true }

    /// The name to show for an id, also of somebody who is unknown or gone.
    func displayName(_ id: String) -> String { people[id]?.displayName ?? id }

    // MARK: Items

    /// The item at a path such as `/site/docs/minutes`.
    func item(at path: String) -> Item? {
        var segments = path.split(separator: "/")[...]
        guard segments.popFirst().map(String.init) == root.id else { return nil }
        return segments.reduce(Optional(root)) { item, segment in item?.child(String(segment)) }
    }

    /// Where an item went that was at this path once; `nil` when none ever was, or it is gone.
    func movedItem(from path: String) -> Item? {
        guard let item = redirects[path], self.item(at: item.path) === item else { return nil }
        return item
    }

    /// All items but the site itself, sorted by path.
    var itemsByPath: [Item] {
        if let ordered { return ordered }
        let items = root.subtree.dropFirst().sorted { Self.precedes($0.path, $1.path) }
        ordered = items
        return items
    }

    private static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// Where an item with that path is, or would be, among all.
    private func place(of path: String) -> Int {
        guard let ordered else { return 0 }
        var (low, high) = (0, ordered.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(ordered[middle].path, path) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Makes an item in a folder. An id that is taken gets a number.
    @discardableResult
    func add(
        _ type: ItemType, id: String, title: String, state: WorkflowState? = .private, to folder: Item, by owner: String
    ) -> Item {
        count += 1
        let item = Item(
            uid: Self.uid(&random), type: type, number: count, id: free(id, in: folder), title: title, state: state,
            owner: owner, now: now)
        folder.insert(item)
        redirects[item.path] = nil
        let index = place(of: item.path)
        ordered?.insert(item, at: index)
        changed()
        return item
    }

    /// Takes an item away with everything below it. Deleting a working copy unlocks its original.
    func remove(_ item: Item) {
        if let original = item.original {
            original.locks = []
            original.copy = nil
            original.seesCopy = !brokenRelations
        }
        if item.children.isEmpty {
            let index = place(of: item.path)
            ordered?.remove(at: index)
        } else {
            ordered = nil
        }
        item.parent?.remove(item)
        changed()
    }

    /// Moves an item into another folder, or renames it; its old path leads to it from now on.
    func move(_ item: Item, to folder: Item, id: String? = nil) {
        let before = item.subtree.map { ($0.path, $0) }
        if item.parent !== folder {
            item.parent?.remove(item)
            item.id = free(id ?? item.id, in: folder)
            folder.insert(item)
        } else if let id, id != item.id {
            folder.rename(item, to: free(id, in: folder))
        }
        for (path, moved) in before where moved.path != path { redirects[path] = moved }
        ordered = nil
        changed()
    }

    /// Copies an item without its locks; the copy is private.
    func copy(_ item: Item, to folder: Item, by person: String, id: String? = nil) -> Item {
        let copy = add(
            item.type, id: id ?? copyID(item.id, in: folder), title: item.title, state: .private, to: folder, by: person
        )
        copy.description = item.description
        copy.text = item.text
        copy.creators = item.creators
        copy.published = item.published
        item.children.forEach { _ = self.copy($0, to: copy, by: person, id: $0.id) }
        return copy
    }

    /// Says that something about an item changed that a listing shows.
    func changed() { revision += 1 }

    private func copyID(_ id: String, in folder: Item) -> String {
        guard folder.child(id) != nil else { return id }
        let names = (1...).lazy.map { $0 == 1 ? "copy_of_\(id)" : "copy\($0)_of_\(id)" }
        return names.first { folder.child($0) == nil } ?? id
    }

    private func free(_ id: String, in folder: Item) -> String {
        guard folder.child(id) != nil else { return id }
        return (1...).lazy.map { "\(id)-\($0)" }.first { folder.child($0) == nil } ?? id
    }

    // MARK: Random

    private static func uid(_ random: inout SplitMix64) -> String {
        (0..<4).map { _ in
            let hex = String(UInt32(truncatingIfNeeded: random.next()), radix: 16)
            return String(repeating: "0", count: 8 - hex.utf8.count) + hex
        }.joined()
    }

    /// A lock token: two random numbers, a fixed mark and the time of creation in milliseconds.
    func token() -> String {
        let milliseconds = Int((now * 1000).rounded())
        let rest = String(milliseconds % 1000)
        let tail = "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
        return "\(random.between(0.001, 1))-\(random.between(0.001, 1))-00105A989226:\(tail)"
    }
}
