// SPDX-License-Identifier: MIT
import HTTP

extension NickDialect {
    func typeName(_ type: ItemType) -> String {
        switch type {
        case .document: "Page"
        case .site: "Site"
        default: type.rawValue
        }
    }

    /// Nearly every type takes children.
    func isFolderish(_ type: ItemType) -> Bool { ![.file, .image, .link].contains(type) }

    /// A document with its lock. The one that was asked for has its components and its children, the children have none.
    private func document(_ item: Item, _ visit: NickVisit, isTop: Bool) -> JSON {
        let address = address(item, visit.call)
        var body: JSON = [
            "@id": .string(address), "@type": .string(typeName(item.type)), "UID": .string(Self.uuid(item.uid)),
            "blocks": [:], "blocks_layout": ["items": []], "created": .string(Self.milliseconds(item.created)),
            "description": .string(item.description),
            "id": .string(item.parent == nil ? "" : item.id), "is_folderish": .bool(isFolderish(item.type)),
            "language": ["title": "English", "token": "en"], "layout": "view", "lock": lockInfo(item, visit.call),
            "modified": .string(Self.milliseconds(item.modified)), "owner": .string(item.owner),
            "review_state": .optional(item.state?.rawValue ?? "published"), "title": .string(item.title),
        ]
        guard isTop else { return body }
        let names = [
            "actions", "breadcrumbs", "catalog", "inherit", "navigation", "navroot", "related", "translations",
            "types", "workflow",
        ]
        body = body.adding([
            JSON.Field(
                key: "@components",
                value: .object(
                    names.map { JSON.Field(key: $0, value: ["@id": .string("\(address)/@\($0)")]) }))
        ])
        guard isFolderish(item.type) else { return body }
        let children = item.children.filter { may(visit.user, .view, $0) }
        return body.adding([
            JSON.Field(key: "items", value: .array(children.map { document($0, visit, isTop: false) }))
        ])
    }

    /// The book's id as the server writes one.
    static func uuid(_ uid: String) -> String {
        let digits = Array(uid)
        guard digits.count == 32 else { return uid }
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    func getContent(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.view, visit)
        return .nick(document(visit.item, visit, isTop: true))
    }

    /// A save: it wants the token of a lock, whoever holds that, and ends the lock.
    func patchContent(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.modify, visit)
        guard let body = try visit.body() else { throw .broken }
        // Sorting a folder is no save.
        if body["ordering"] != nil { return Response(status: 204) }
        try needToken(visit)
        if let title = body["title"]?.text { visit.item.title = title }
        if let description = body["description"]?.text { visit.item.description = description }
        saved(visit, note: body["changeNote"]?.text ?? "")
        if let id = body["id"]?.text, let folder = visit.item.parent { book.move(visit.item, to: folder, id: id) }
        return Response(status: 204)
    }

    func postContent(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.add, visit)
        guard let body = try visit.body(), let name = body["@type"]?.text, let user = visit.user else { throw .broken }
        let type = ItemType.allCases.first { typeName($0) == name }
        guard let type, type != .site, isFolderish(visit.item.type) else { throw .notFound(nil) }
        let title = body["title"]?.text ?? name
        let item = book.add(
            type, id: body["id"]?.text ?? PloneDialect.slug(title), title: title, to: visit.item, by: user.id)
        item.description = body["description"]?.text ?? ""
        let inner = NickVisit(call: visit.call, item: item, service: [], user: user)
        return .nick(document(item, inner, isTop: true), status: 201)
    }

    /// Deleting asks for no lock.
    func deleteContent(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.modify, visit)
        guard visit.item.parent != nil else { throw .broken }
        book.remove(visit.item)
        return Response(status: 204)
    }

    /// `@move` and `@copy` ask for no lock; a copy takes the lock along, with its token.
    func relocate(_ visit: NickVisit, copying: Bool) throws(NickFailure) -> Response {
        try need(.add, visit)
        guard let body = try visit.body(), let user = visit.user else { throw .broken }
        let sources = body["source"]?.elements ?? body["source"].map { [$0] } ?? []
        var moves: [JSON] = []
        for source in sources.compactMap(\.text) {
            let path = source.hasPrefix(visit.call.origin) ? String(source.dropFirst(visit.call.origin.count)) : source
            guard let item = book.item(at: book.root.path + path), item.parent != nil else { throw .notFound(path) }
            try need(copying ? .view : .modify, visit, on: item)
            let from = address(item, visit.call)
            var target = item
            if copying {
                target = book.copy(item, to: visit.item, by: user.id)
                target.locks = item.locks
                target.isNonStealable = item.isNonStealable
            } else {
                book.move(item, to: visit.item)
            }
            moves.append(["source": .string(from), "target": .string(address(target, visit.call))])
        }
        return .nick(.array(moves))
    }

    // MARK: Versions

    func history(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.view, visit)
        let saves = versions[visit.item.uid] ?? []
        let first = Version(author: visit.item.owner, note: "", time: visit.item.created)
        let all = ([first] + saves).enumerated().reversed().map { number, version -> JSON in
            [
                "@id": .string("\(address(visit.item, visit.call))/@history/\(number)"), "action": "Edited",
                "actor": [
                    "@id": .string("\(visit.call.origin)/@users/\(version.author)"),
                    "fullname": holderName(version.author), "id": .string(version.author),
                    "username": .string(version.author),
                ],
                "comments": .string(version.note), "may_revert": true, "time": .string(Self.milliseconds(version.time)),
                "type": "versioning", "version": .int(number),
            ]
        }
        return .nick(.array(all))
    }

    /// Going back to a version is a save; the right to see the item is enough for it.
    func revert(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.view, visit)
        guard let body = try visit.body(), case .int(let number)? = body["version"] else { throw .broken }
        try needToken(visit)
        saved(visit, note: "")
        return .nick(["message": .string("\(visit.item.title) has been reverted to revision \(number).")])
    }
}
