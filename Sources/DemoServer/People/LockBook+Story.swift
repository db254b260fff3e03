// SPDX-License-Identifier: MIT

extension Cast {
    /// Everybody who may edit and add, and everything that can be locked.
    init(_ book: LockBook) {
        let known = DemoAccount.everybody.map(\.name)
        people = known.filter { book.people[$0]?.roles.isSuperset(of: [.editor, .contributor]) ?? false }
        paths = book.itemsByPath.filter { $0.type.isLockable && $0.original == nil }.map(\.path)
    }
}

extension LockBook {
    /// Makes the locks that are there at the start.
    func begin(_ prologue: [PrologueLock]) {
        for lock in prologue {
            guard let item = item(at: lock.path) else { continue }
            switch lock.kind {
            case .edit(let stealable):
                item.isNonStealable = !stealable
                put(.edit, on: item, by: lock.person, timeout: lock.timeout, age: lock.age, refreshed: lock.idle)
            case .program:
                put(.program, on: item, by: lock.person, timeout: lock.timeout, age: lock.age)
            case .checkOut, .orphanedCheckOut:
                guard let person = people[lock.person] else { continue }
                let present = now
                now -= lock.age
                let copy = try? checkOut(item, by: person)
                let left = item.locks
                if lock.kind == .orphanedCheckOut, let copy { remove(copy) }
                item.locks = left
                now = present
            }
        }
    }

    /// Does what somebody does in the story; what has become impossible is left out.
    func apply(_ action: StoryAction) {
        guard let item = item(at: action.path), let person = people[action.person] else { return }
        let held = lock(on: item)
        let isOwn = held?.creator == person.id && held?.kind == .edit
        switch action.deed {
        case .lock(let stealable):
            guard held == nil, may(person, .modify, item) else { return }
            take(item, by: person.id)
            if !stealable { item.isNonStealable = true }
        case .refresh:
            if isOwn { refresh(item) }
        case .save:
            guard isOwn else { return }
            refresh(item)
            item.modified = now
            changed()
        case .release:
            if isOwn { release(item, by: person.id, force: false) }
        case .steal:
            guard may(person, .modify, item), held?.creator != person.id else { return }
            release(item, by: person.id, force: true)
            take(item, by: person.id)
        case .checkOut:
            _ = try? checkOut(item, by: person)
        case .checkIn:
            if item.copy?.checkedOutBy == person.id { try? checkIn(item) }
        case .discard:
            if item.copy?.checkedOutBy == person.id { try? discard(item) }
        }
    }
}
