// SPDX-License-Identifier: MIT
import HTTP

extension NickDialect {
    func typeName(_ type: ItemType) -> String { type == .document ? "Page" : type.rawValue }

    /// Nearly every type takes children.
    func isFolderish(_ type: ItemType) -> Bool { ![.file, .image, .link].contains(type) }

    /// A document with its lock. The one that was asked for has its components and its children, the children have none.
    private func document(_ item: Item, _ visit: NickVisit, isTop: Bool) -> JSON {
        let address = address(item, visit.call)
        var body: JSON = [
            "@id": .string(address), "@type": .string(typeName(item.type)), "UID": .string(Self.uuid(item.uid)),
            "created": .string(Self.milliseconds(item.created)),
            "id": .string(item.parent == nil ? "" : item.id), "is_folderish": .bool(isFolderish(item.type)),
            "layout": "view", "lock": lockInfo(item, visit.call),
            "modified": .string(Self.milliseconds(item.modified)), "owner": .string(item.owner),
            "review_state": .optional(item.state?.rawValue ?? "published"), "title": .string(item.title),
        ]
        // What was never written is not there.
        if !item.description.isEmpty {
            body = body.adding([JSON.Field(key: "description", value: .string(item.description))])
        }
        guard isTop else { return body }
        let around = self.address(visit.item, visit.call)
        let names = [
            "actions", "breadcrumbs", "catalog", "inherit", "navigation", "navroot", "related", "translations",
            "types", "workflow",
        ]
        body = body.adding([
            JSON.Field(
                key: "@components",
                value: .object(
                    // The answer to a creation names the folder's.
                    names.map { JSON.Field(key: $0, value: ["@id": .string("\(around)/@\($0)")]) }))
        ])
        guard isFolderish(item.type), item === visit.item else { return body }
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
        keepFirst(of: visit.item)
        if let title = body["title"]?.text { visit.item.title = title }
        if let description = body["description"]?.text { visit.item.description = description }
        saved(visit, note: body["changeNote"]?.text)
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
            type, id: body["id"]?.text ?? DemoSite.slug(title), title: title, to: visit.item, by: user.id)
        item.description = body["description"]?.text ?? ""
        return .nick(document(item, visit, isTop: true), status: 201)
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

    /// The state before the first save is a version of its own.
    private func keepFirst(of item: Item) {
        guard versions[item.uid] == nil else { return }
        versions[item.uid] = [
            Version(
                author: item.owner, note: "Initial version", time: item.created, title: item.title,
                description: item.description)
        ]
    }

    func history(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.view, visit)
        keepFirst(of: visit.item)
        let saves = (versions[visit.item.uid] ?? []).enumerated().reversed().map { number, version -> JSON in
            let entry: JSON = [
                "@id": .string("\(address(visit.item, visit.call))/@history/\(number)"), "action": "Edited",
                "actor": actor(version.author, visit.call), "may_revert": true,
                "time": .string(Self.milliseconds(version.time)), "transition_title": "Edited",
                "type": "versioning", "version": .int(number),
            ]
            return version.note.map { entry.adding([JSON.Field(key: "comments", value: .string($0))]) } ?? entry
        }
        let steps = (steps[visit.item.uid] ?? []).reversed().map { step -> JSON in
            [
                "action": .string(step.name), "actor": actor(step.author, visit.call), "comments": "",
                "review_state": .string(step.state.rawValue), "state_title": .string(step.state.title),
                "time": .string(Self.seconds(step.time)), "transition_title": .string(step.title),
                "type": "workflow",
            ]
        }
        return .nick(.array(saves + steps))
    }

    private func actor(_ id: String, _ call: Call) -> JSON {
        [
            "@id": .string("\(call.origin)/@users/\(id)"), "fullname": holderName(id), "id": .string(id),
            "username": .string(id),
        ]
    }

    /// A version as a document: with its own texts, and the lock of now.
    func version(_ number: String, _ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.view, visit)
        guard let number = Int(number), let version = version(number, of: visit.item) else { throw .notFound(nil) }
        let now = (visit.item.title, visit.item.description, visit.item.modified)
        defer { (visit.item.title, visit.item.description, visit.item.modified) = now }
        (visit.item.title, visit.item.description) = (version.title, version.description)
        visit.item.modified = version.time
        return .nick(document(visit.item, visit, isTop: true))
    }

    private func version(_ number: Int, of item: Item) -> Version? {
        keepFirst(of: item)
        let all = versions[item.uid] ?? []
        return all.indices.contains(number) ? all[number] : nil
    }

    /// Going back to a version is a save; the right to see the item is enough for it.
    func revert(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.view, visit)
        guard let body = try visit.body(), case .int(let number)? = body["version"] else { throw .broken }
        try needToken(visit)
        guard let version = version(number, of: visit.item) else { throw .broken }
        (visit.item.title, visit.item.description) = (version.title, version.description)
        saved(visit, note: nil)
        return .nick(["message": .string("\(visit.item.title) has been reverted to revision \(number).")])
    }
}
