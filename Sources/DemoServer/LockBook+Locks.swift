// SPDX-License-Identifier: MIT

extension LockBook {
    /// How long an edit lock holds without a refresh, in seconds.
    static let editTimeout = 600
    /// How long a check-out holds: about 136 years, in seconds.
    static let checkOutTimeout = 4_294_967_280

    /// The locks of an item that have not run out.
    func validLocks(_ item: Item) -> [HeldLock] { item.locks.filter { $0.isValid(at: now) } }

    /// The lock that counts; `nil` when the item is free.
    func lock(on item: Item) -> HeldLock? { item.locks.first { $0.isValid(at: now) } }

    /// The locks that hold an item: its own, and those of folders above that cover what is below.
    func covering(_ item: Item) -> [(root: Item, lock: HeldLock)] {
        sequence(first: item) { $0.parent }.flatMap { root in
            validLocks(root).filter { root === item || $0.isTree }.map { (root, $0) }
        }
    }

    /// Whether taking the lock away would hurt nobody else.
    func canSafelyUnlock(_ item: Item, _ person: String?) -> Bool {
        let valid = validLocks(item)
        if valid.isEmpty { return true }
        if valid.contains(where: { $0.kind != .edit }) { return false }
        return valid.contains { $0.creator == person }
    }

    /// Whether that person could take the lock over. Relative to who asks: the holder always can.
    func isStealable(_ item: Item, by person: String?) -> Bool {
        if validLocks(item).contains(where: { $0.kind != .edit }) { return false }
        return !item.isNonStealable || canSafelyUnlock(item, person)
    }

    /// Makes a lock if the item is free and locking is on; does nothing otherwise.
    func take(_ item: Item, by person: String, kind: HeldLock.Kind = .edit, timeout: Int = LockBook.editTimeout) {
        guard item.type.isLockable, isLockingOn, covering(item).isEmpty else { return }
        let timeout = locksExpire ? timeout : Self.checkOutTimeout
        item.locks = [
            HeldLock(token: token(), creator: person, kind: kind, timeout: timeout, created: now, refreshed: now)
        ]
    }

    /// Starts the time of a valid edit lock anew, whoever asks.
    func refresh(_ item: Item) {
        guard let index = item.locks.firstIndex(where: { $0.isValid(at: now) }), item.locks[index].kind == .edit
        else { return }
        item.locks[index].refreshed = now
    }

    /// Sets the time-out of the valid lock, whoever holds it; false when there is none.
    func setTimeout(_ item: Item, _ seconds: Int) -> Bool {
        guard let index = item.locks.firstIndex(where: { $0.isValid(at: now) }) else { return false }
        item.locks[index].timeout = seconds
        item.locks[index].refreshed = now
        return true
    }

    /// Takes an edit lock away. By force a stranger's too; but of a lock that is not stealable the first try only
    /// takes the mark away.
    func release(_ item: Item, by person: String, force: Bool) {
        guard force || canSafelyUnlock(item, person) else { return }
        if isStealable(item, by: person) { item.locks.removeAll { $0.kind == .edit } }
        item.isNonStealable = false
    }
}

/// Why a working copy was refused.
enum CopyRefusal: Error {
    /// The item is locked, checked out, a copy itself or of a type that has no copies.
    case notAllowed
    /// The person may not add to the folder.
    case noLocation
    /// There is no working copy that could be found from here.
    case noCopy
}

extension LockBook {
    /// Makes a working copy beside the item and locks the item.
    func checkOut(_ item: Item, by person: Person?) throws(CopyRefusal) -> Item {
        guard hasCheckOut, item.type.isLockable, item.type != .site, let person, let folder = item.parent,
            item.original == nil,
            item.copy == nil, lock(on: item) == nil
        else { throw .notAllowed }
        guard may(person, .add, folder) else { throw .noLocation }
        let copy = copy(item, to: folder, by: person.id, id: "copy_of_\(item.id)")
        copy.original = item
        copy.checkedOutBy = person.id
        item.copy = copy
        item.locks = []
        take(item, by: person.id, kind: .checkOut, timeout: Self.checkOutTimeout)
        return copy
    }

    /// The original and its copy, from either of the two.
    func pair(_ item: Item) -> (original: Item, copy: Item)? {
        if let original = item.original { return (original, item) }
        guard let copy = item.copy, item.seesCopy else { return nil }
        return (item, copy)
    }

    /// Puts the copy's content into the original, unlocks that and takes the copy away.
    func checkIn(_ item: Item) throws(CopyRefusal) {
        guard let (original, copy) = pair(item) else { throw .noCopy }
        guard lock(on: copy) == nil else { throw .notAllowed }
        original.title = copy.title
        original.description = copy.description
        original.text = copy.text
        original.modified = now
        end(original, copy)
    }

    /// Takes the copy away and unlocks the original.
    func discard(_ item: Item) throws(CopyRefusal) {
        guard let (original, copy) = pair(item) else { throw .noCopy }
        guard lock(on: copy) == nil else { throw .notAllowed }
        end(original, copy)
    }

    private func end(_ original: Item, _ copy: Item) {
        copy.original = nil
        original.copy = nil
        original.locks = []
        remove(copy)
    }
}
