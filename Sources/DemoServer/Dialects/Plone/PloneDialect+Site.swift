// SPDX-License-Identifier: MIT
import HTTP

extension PloneDialect {
    // MARK: People

    func user(_ id: String, _ visit: Visit) throws(PloneFailure) -> Response {
        if visit.user?.id != id { try needAdministrator(visit) }
        guard let person = book.people[id], !person.isDeleted else {
            throw .notFound(url: visit.ownURL, nearest: book.root.path)
        }
        return .plone(record(person, visit))
    }

    func people(_ visit: Visit) throws(PloneFailure) -> Response {
        try needAdministrator(visit)
        let wanted = (visit.call.value("query") ?? visit.call.value("search") ?? "").lowercased()
        let found = book.people.values.filter { !$0.isDeleted && !$0.account.isRoot }
            .filter { wanted.isEmpty || ($0.id + " " + $0.account.fullName).lowercased().contains(wanted) }
            .sorted { $0.id < $1.id }
        let limit = visit.call.value("limit").flatMap { Int($0) } ?? found.count
        return .plone(.array(found.prefix(max(limit, 0)).map { record($0, visit) }))
    }

    private func record(_ person: Person, _ visit: Visit) -> JSON {
        let address = JSON.string("\(visit.site)/@users/\(person.id)")
        let group: JSON = ["id": "AuthenticatedUsers", "title": "AuthenticatedUsers"]
        return [
            "@id": address, "description": nil,
            "email": person.account.isRoot
                ? nil : .string(person.id.contains("@") ? person.id : person.id + "@example.org"),
            "fullname": .string(person.account.fullName),
            "groups": ["@id": address, "items": [group], "items_total": 1],
            "home_page": nil, "id": .string(person.id), "location": nil, "portrait": nil,
            "roles": .array(person.account.roles.map { .string($0) }), "username": .string(person.id),
        ]
    }

    // MARK: The site

    func types(_ visit: Visit) throws(PloneFailure) -> Response {
        guard visit.user != nil else { throw .unauthorized(nearest: book.visibleAncestor(of: visit.item, for: nil)) }
        let addable = JSON.bool(book.may(visit.user, .add, visit.item))
        return .plone(
            .array(
                ItemType.allCases.filter { $0 != .site }.map { type in
                    [
                        "@id": .string("\(visit.site)/@types/\(type.portalType.replacing(" ", with: "%20"))"),
                        "addable": addable, "id": .string(type.portalType), "immediately_addable": addable,
                        "title": .string(type.portalTitle),
                    ]
                }))
    }

    func system(_ visit: Visit) throws(PloneFailure) -> Response {
        try needAdministrator(visit)
        return .plone([
            "@id": .string(visit.site + "/@system"), "cmf_version": "4.0", "debug_mode": "No", "pil_version": "12.0",
            "plone_gs_metadata_version_file_system": "6200", "plone_gs_metadata_version_installed": "6200",
            "plone_restapi_version": "10.0.4", "plone_version": "6.2.2", "python_version": "3.11.2",
            "upgrade": false, "zope_version": "6.3",
        ])
    }

    func siteInfo(_ visit: Visit) -> JSON {
        [
            "@id": .string(visit.site + "/@site"), "plone.allowed_sizes": [], "plone.available_languages": ["en"],
            "plone.default_language": "en", "plone.robots_txt": "", "plone.site_logo": nil,
            "plone.site_title": .string(book.root.title),
        ]
    }

    func controlPanel(_ name: String, _ visit: Visit) throws(PloneFailure) -> Response {
        try needAdministrator(visit)
        guard name == "editing" else { throw .notFound(url: visit.ownURL, nearest: book.root.path) }
        guard visit.call.method == "PATCH" else {
            return .plone([
                "@id": .string(visit.site + "/@controlpanels/editing"),
                "data": ["lock_on_ttw_edit": .bool(book.isLockingOn)], "group": "Content", "title": "Editing",
            ])
        }
        if case .bool(let isOn)? = try visit.object(in: book)["lock_on_ttw_edit"] { book.isLockingOn = isOn }
        return .noContent
    }

    // MARK: Workflow

    private static let transitions: [(id: String, title: String, from: [WorkflowState], to: WorkflowState)] = [
        ("submit", "Submit for publication", [.private], .pending),
        ("publish", "Publish", [.private, .pending], .published),
        ("reject", "Send back", [.pending, .published], .private),
        ("retract", "Retract", [.pending, .published], .private),
    ]

    private func transitions(_ item: Item, _ user: Person?) -> [(id: String, title: String, to: WorkflowState)] {
        guard let state = item.state, let user else { return [] }
        let reviews = !user.roles.isDisjoint(with: [.administrators, .reviewer])
        let edits = reviews || book.may(user, .delete, item)
        return Self.transitions.filter { step in
            step.from.contains(state) && (["publish", "reject"].contains(step.id) ? reviews : edits)
        }.map { ($0.id, $0.title, $0.to) }
    }

    func workflow(_ visit: Visit) throws(PloneFailure) -> Response {
        try need(.view, visit)
        let address = visit.url(of: visit.item) + "/@workflow"
        let steps = transitions(visit.item, visit.user).map { step -> JSON in
            ["@id": .string("\(address)/\(step.id)"), "title": .string(step.title)]
        }
        let state = visit.item.state
        return .plone([
            "@id": .string(address), "history": [],
            "state": ["id": .optional(state?.rawValue), "title": .optional(state?.title)],
            "transitions": .array(steps),
        ])
    }

    func transition(_ name: String, _ visit: Visit) throws(PloneFailure) -> Response {
        try need(.view, visit)
        guard let user = visit.user else { throw .unauthorized(nearest: visit.item.path) }
        let steps = transitions(visit.item, user)
        guard let step = steps.first(where: { $0.id == name }) else {
            let valid = steps.map(\.id).joined(separator: "\n")
            throw .refused(
                400, type: "WorkflowException",
                message: "Invalid transition '\(name)'.\nValid transitions are:\n\(valid)")
        }
        visit.item.state = step.to
        if step.to == .published, visit.item.published == nil { visit.item.published = book.now }
        visit.item.modified = book.now
        book.changed()
        return .plone([
            "action": .string(name), "actor": .string(user.id), "comments": "",
            "review_state": .string(step.to.rawValue), "time": .string(CivilTime(unix: book.now).iso),
            "title": .string(step.to.title),
        ])
    }

    func history(_ visit: Visit) throws(PloneFailure) -> JSON {
        try need(.view, visit)
        let item = visit.item
        let author = item.creators.first ?? ""
        return [
            [
                "@id": .string(visit.url(of: item) + "/@history/0"), "action": "Edited",
                "actor": [
                    "@id": .string("\(visit.site)/@users/\(author)"), "fullname": .string(book.displayName(author)),
                    "id": .string(author), "username": .string(author),
                ],
                "comments": "", "may_revert": false, "time": .string(CivilTime(unix: item.modified).iso),
                "type": "versioning", "version": 0,
            ]
        ]
    }

    // MARK: Actions

    func actionsOfVisible(_ visit: Visit) throws(PloneFailure) -> JSON {
        try need(.view, visit)
        return actions(visit.item, visit)
    }

    /// What somebody could do with an item in the web pages.
    func actions(_ item: Item, _ visit: Visit) -> JSON {
        let url = visit.url(of: item)
        func action(_ id: String, _ title: String, _ page: String) -> JSON {
            ["icon": "", "id": .string(id), "title": .string(title), "url": .string(url + page)]
        }
        let user = visit.user
        var object = [action("view", "View", "")]
        if book.may(user, .modify, item), book.lock(on: item) == nil || book.canSafelyUnlock(item, user?.id) {
            object.append(action("edit", "Edit", "/edit"))
        }
        var buttons: [JSON] = []
        if book.may(user, .checkOut, item), item.type.isLockable, item.type != .site {
            if item.original != nil {
                buttons = [
                    action("iterate_checkin", "Check in", "/@@content-checkin"),
                    action("iterate_checkout_cancel", "Cancel check-out", "/@@content-cancel-checkout"),
                ]
            } else if item.copy == nil, book.lock(on: item) == nil {
                buttons = [action("iterate_checkout", "Check out", "/@@content-checkout")]
            }
        }
        return [
            "@id": .string(url + "/@actions"), "document_actions": [], "object": .array(object),
            "object_buttons": .array(buttons), "portal_tabs": [], "site_actions": [], "user": [],
        ]
    }
}
