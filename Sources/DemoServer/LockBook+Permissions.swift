// SPDX-License-Identifier: MIT

/// The roles that decide what somebody may do.
struct Roles: OptionSet, Sendable {
    let rawValue: UInt16

    static let manager = Roles(rawValue: 1)
    static let siteAdministrator = Roles(rawValue: 2)
    static let editor = Roles(rawValue: 4)
    static let contributor = Roles(rawValue: 8)
    static let reader = Roles(rawValue: 16)
    static let reviewer = Roles(rawValue: 32)
    static let owner = Roles(rawValue: 64)

    static let administrators: Roles = [.manager, .siteAdministrator]

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(names: [String]) {
        let known: [String: Roles] = [
            "Manager": .manager, "Site Administrator": .siteAdministrator, "Editor": .editor,
            "Contributor": .contributor, "Reader": .reader, "Reviewer": .reviewer, "Owner": .owner,
        ]
        self = names.reduce(into: []) { roles, name in roles.formUnion(known[name] ?? []) }
    }
}

/// Something that needs a permission.
enum Deed {
    case view, modify, add, delete, checkOut
}

extension LockBook {
    /// Whether somebody, or anonymous, may do something with an item.
    func may(_ person: Person?, _ deed: Deed, _ item: Item) -> Bool {
        let state = state(of: item)
        if deed == .view, state == .published { return true }
        guard let person else { return false }
        var roles = person.roles
        if item.owner == person.id { roles.insert(.owner) }
        return !roles.isDisjoint(with: Self.allowed(deed, state))
    }

    /// The path of the nearest item from here upwards that somebody may see.
    func visibleAncestor(of item: Item, for person: Person?) -> String? {
        sequence(first: item) { $0.parent }.first { may(person, .view, $0) }?.path
    }

    private func state(of item: Item) -> WorkflowState {
        item.state ?? item.parent.map { state(of: $0) } ?? .published
    }

    private static func allowed(_ deed: Deed, _ state: WorkflowState) -> Roles {
        switch (deed, state) {
        case (.view, .pending):
            [.administrators, .owner, .editor, .reader, .contributor, .reviewer]
        case (.view, _):
            [.administrators, .owner, .editor, .reader, .contributor]
        case (.modify, .pending):
            [.administrators, .reviewer]
        case (.modify, _), (.delete, _), (.checkOut, _):
            [.administrators, .owner, .editor]
        case (.add, _):
            [.administrators, .owner, .contributor]
        }
    }
}
