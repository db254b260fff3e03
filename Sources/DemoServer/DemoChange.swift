// SPDX-License-Identifier: MIT

/// A change of the demo's state past the protocol, for tests and for setting a scene. Paths are within the site:
/// `/docs/minutes`.
public enum DemoChange: Sendable {
    /// Adds an item. `type` is a type id such as `Document` or `News Item`; `state` is `private`, `pending` or
    /// `published`. The last part of the path becomes its id; the folder must be there.
    case add(path: String, type: String, title: String, description: String = "", state: String, by: String)
    /// Takes an item away with everything below it, locked or not.
    case remove(path: String)
    /// Moves an item into another folder, or renames it: the new path in full.
    case move(path: String, to: String)
    /// Takes the edit lock as somebody; does nothing if the item is locked. `age` and `timeout` are in seconds.
    case lock(path: String, by: String, timeout: Int = 600, age: Double = 0, stealable: Bool = true)
    /// Makes a lock as an office program does, past what people use.
    case lockByProgram(path: String, by: String, timeout: Int = 600, age: Double = 0)
    /// Takes all locks away, whatever they are, and the mark that made them non-stealable.
    case unlock(path: String)
    /// Checks an item out.
    case checkOut(path: String, by: String)
    /// Adds an account.
    case addAccount(DemoAccount)
    /// Deletes an account; its locks and tokens stay.
    case removeAccount(String)
    /// Switches locking on or off for the whole site.
    case setLocking(Bool)
    /// Moves the online tenant to another name of this machine, as `localhost`; its old address answers 421.
    case moveTenant(to: String)
    /// Sets the online tenant's state, as `OfflineMaintenance`.
    case setTenant(state: String)
}

/// Why a direct change could not be made.
public struct DemoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String
}

extension LockBook {
    func perform(_ change: DemoChange) throws(DemoError) {
        switch change {
        case .add(let path, let type, let title, let description, let state, let person):
            try add(path, type, title, description, state, person)
        case .remove(let path): remove(try existing(path))
        case .move(let path, let to):
            let (folder, id) = try place(to)
            move(try existing(path), to: folder, id: id)
        case .lock(let path, let person, let timeout, let age, let stealable):
            let item = try existing(path)
            guard lock(on: item) == nil else { return }
            if !stealable { item.isNonStealable = true }
            put(.edit, on: item, by: person, timeout: timeout, age: age)
        case .lockByProgram(let path, let person, let timeout, let age):
            put(.program, on: try existing(path), by: person, timeout: timeout, age: age)
        case .unlock(let path):
            let item = try existing(path)
            item.locks = []
            item.isNonStealable = false
        case .checkOut(let path, let id):
            guard (try? checkOut(try existing(path), by: people[id])) != nil else {
                throw DemoError(description: "\(path) can't be checked out by \(id).")
            }
        case .addAccount(let account): add(account)
        case .removeAccount(let id): removePerson(id)
        case .setLocking(let isOn): isLockingOn = isOn
        case .moveTenant(let host): tenantHost = host
        case .setTenant(let state): tenantState = state
        }
    }

    /// Makes a lock that began some time ago.
    func put(
        _ kind: HeldLock.Kind, on item: Item, by person: String, timeout: Int, age: Double, refreshed: Double? = nil
    ) {
        let present = now
        now -= age
        let token = token()
        now = present
        let timeout = locksExpire ? timeout : Self.checkOutTimeout
        item.locks = [
            HeldLock(
                token: token, creator: person, kind: kind, timeout: timeout, created: present - age,
                refreshed: present - (refreshed ?? age))
        ]
    }

    private func existing(_ path: String) throws(DemoError) -> Item {
        guard let item = item(at: root.path + path) else { throw DemoError(description: "There is no \(path).") }
        return item
    }

    private func place(_ path: String) throws(DemoError) -> (folder: Item, id: String) {
        let names = path.split(separator: "/")
        guard let id = names.last else { throw DemoError(description: "\(path) names nothing.") }
        return (try existing(names.dropLast().map { "/" + $0 }.joined()), String(id))
    }

    private func add(
        _ path: String, _ type: String, _ title: String, _ description: String, _ state: String, _ person: String
    ) throws(DemoError) {
        guard let type = ItemType(rawValue: type), let state = WorkflowState(rawValue: state) else {
            throw DemoError(description: "There is no type \(type) or no state \(state).")
        }
        let (folder, id) = try place(path)
        let item = add(type, id: id, title: title, state: state, to: folder, by: person)
        item.description = description
    }
}
