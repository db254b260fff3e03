// SPDX-License-Identifier: MIT
import HTTP

extension PloneDialect {
    private static let components = [
        "actions", "aliases", "breadcrumbs", "contextnavigation", "navigation", "navroot", "types", "workflow",
    ]

    /// The short form of an item: what a listing shows.
    func summary(_ item: Item, _ visit: Visit) -> JSON {
        [
            "@id": .string(visit.url(of: item)),
            "@type": .string(item.type.portalType),
            "description": .string(item.description),
            "review_state": .optional(item.state?.rawValue),
            "title": .string(item.title),
            "type_title": .string(item.type.portalTitle),
        ]
    }

    /// The long form of an item with its lock and working copy, without its children.
    func full(_ item: Item, _ visit: Visit) -> JSON {
        let url = visit.url(of: item)
        let expanded = visit.call.values("expand").flatMap { $0.split(separator: ",") }
        let parts = Self.components.map { name in
            name == "actions" && expanded.contains("actions")
                ? JSON.Field(key: name, value: actions(item, visit))
                : JSON.Field(key: name, value: ["@id": .string("\(url)/@\(name)")])
        }
        let copies = workingCopyInfo(item, visit)
        let body: JSON = [
            "@components": .object(parts),
            "@id": .string(url),
            "@type": .string(item.type.portalType),
            "UID": .string(item.uid),
            "allow_discussion": false,
            "contributors": [],
            "creators": .array(item.creators.map { .string($0) }),
            "description": .string(item.description),
            "effective": .optional(item.published.map { CivilTime(unix: $0).iso }),
            "exclude_from_nav": false,
            "expires": nil,
            "id": .string(item.id),
            "is_folderish": .bool(item.type.isFolder),
            "layout": .string(item.type == .folder ? "listing_view" : "document_view"),
            "lock": lockInfo(item, visit),
            "relatedItems": [],
            "review_state": .optional(item.state?.rawValue),
            "rights": "",
            "subjects": [],
            "title": .string(item.title),
            "type_title": .string(item.type.portalTitle),
            "working_copy": copies.copy,
            "working_copy_of": copies.original,
        ]
        return body.adding(item.type == .site ? Self.siteFields : itemFields(item, visit))
    }

    private static let siteFields: [JSON.Field] = [
        .init(key: "language", value: ["title": "English", "token": "en"]),
        .init(key: "parent", value: [:]),
        .init(key: "table_of_contents", value: nil),
        .init(key: "text", value: nil),
    ]

    private func itemFields(_ item: Item, _ visit: Visit) -> [JSON.Field] {
        let common: [JSON.Field] = [
            .init(key: "created", value: .string(CivilTime(unix: item.created).iso)),
            .init(key: "language", value: ""),
            .init(key: "modified", value: .string(CivilTime(unix: item.modified).iso)),
            .init(key: "next_item", value: [:]),
            .init(key: "parent", value: item.parent.map { summary($0, visit) } ?? [:]),
            .init(key: "previous_item", value: [:]),
            .init(key: "version", value: "current"),
        ]
        guard !item.type.isFolder else { return common + [.init(key: "nextPreviousEnabled", value: false)] }
        return common + [
            .init(key: "changeNote", value: ""),
            .init(key: "table_of_contents", value: nil),
            .init(key: "text", value: item.text),
            .init(key: "versioning_enabled", value: true),
        ]
    }

    /// The long form with the children, if it has any.
    func representation(_ visit: Visit) throws(PloneFailure) -> JSON {
        let item = visit.item
        let body = full(item, visit)
        guard item.type.isFolder, !["false", "0"].contains(visit.call.value("include_items")?.lowercased()) else {
            return body
        }
        let children = item.children.filter { book.may(visit.user, .view, $0) }
        let batch = try Batch(visit, total: children.count, book)
        let fields = visit.call.values("metadata_fields")
        let isFull = visit.call.value("fullobjects") != nil && item.type != .site
        let items = children[batch.range].map {
            isFull ? full($0, visit) : summary($0, visit).adding(metadata($0, fields, visit))
        }
        let links = batch.links(visit).map { [JSON.Field(key: "batching", value: $0)] } ?? []
        return body.adding(
            links + [.init(key: "items", value: .array(items)), .init(key: "items_total", value: .int(children.count))])
    }

    func getContent(_ visit: Visit) throws(PloneFailure) -> Response {
        try need(.view, visit)
        return .plone(try representation(visit))
    }

    func patchContent(_ visit: Visit) throws(PloneFailure) -> Response {
        try need(.modify, visit)
        let body = try contentBody(visit)
        if let lock = book.lock(on: visit.item), visit.call.headers["Lock-Token"] != lock.token {
            throw .refused(403, type: "Forbidden", message: "Resource is locked.")
        }
        try write(body, to: visit.item, visit)
        if let id = body["id"]?.text, let folder = visit.item.parent { book.move(visit.item, to: folder, id: id) }
        visit.item.modified = book.now
        book.changed()
        guard visit.call.headers["Prefer"]?.contains("return=representation") ?? false else { return .noContent }
        return .plone(try representation(visit))
    }

    func postContent(_ visit: Visit) throws(PloneFailure) -> Response {
        try need(.add, visit)
        let body = try contentBody(visit)
        guard let name = body["@type"]?.text else {
            throw .refused(400, type: "BadRequest", message: "Property '@type' is required")
        }
        guard visit.item.type.isFolder, let user = visit.user, let type = ItemType(rawValue: name), type != .site else {
            throw .refused(400, type: "BadRequest", message: "Invalid '@type' parameter. No content type '\(name)'.")
        }
        let title = body["title"]?.text ?? ""
        let id = body["id"]?.text ?? DemoSite.slug(title.isEmpty ? name : title)
        let item = book.add(type, id: id, title: title, to: visit.item, by: user.id)
        try write(body, to: item, visit)
        let inner = Visit(
            call: visit.call, item: item, service: [], user: user, site: visit.site, prefix: visit.prefix)
        var response = Response.plone(full(item, inner), status: 201)
        response.headers["Location"] = visit.url(of: item)
        return response
    }

    func deleteContent(_ visit: Visit) throws(PloneFailure) -> Response {
        try need(.delete, visit)
        guard visit.item.parent != nil else { throw .unauthorized(nearest: visit.item.path) }
        guard book.lock(on: visit.item) == nil else {
            throw .exception(423, "ResourceLockedError", "Object \"\(visit.item.id)\" is locked.", visit, book)
        }
        book.remove(visit.item)
        return .noContent
    }

    private func contentBody(_ visit: Visit) throws(PloneFailure) -> JSON {
        guard !visit.call.body.isEmpty else { return [:] }
        guard let body = try? JSON(reading: visit.call.body) else {
            throw .refused(400, type: "DeserializationError", message: "No JSON object could be decoded")
        }
        guard body.fields != nil else {
            throw .refused(400, type: "DeserializationError", message: "Malformed body")
        }
        return body
    }

    private func write(_ body: JSON, to item: Item, _ visit: Visit) throws(PloneFailure) {
        for (field, path) in [("title", \Item.title), ("description", \Item.description)] {
            guard let value = body[field] else { continue }
            guard let text = value.text else {
                let message =
                    "[{'message': 'Object is of wrong type.', 'field': '\(field)', 'error': 'ValidationError'}]"
                throw .exception(400, "BadRequest", message, visit, book)
            }
            item[keyPath: path] = text
        }
        if let text = body["text"] { item.text = text }
        book.changed()
    }

    /// `@move` and `@copy`: brings items into the addressed folder.
    func relocate(_ visit: Visit, copying: Bool) throws(PloneFailure) -> Response {
        try need(.add, visit)
        guard let source = try visit.object(in: book)["source"], let user = visit.user else {
            throw .refused(400, type: "BadRequest", message: "Property 'source' is required")
        }
        var results: [JSON] = []
        for name in (source.elements ?? [source]).compactMap(\.text) {
            guard let item = find(name, visit) else { continue }
            let before = visit.url(of: item)
            if copying {
                try need(.view, visit, on: item)
                let copy = book.copy(item, to: visit.item, by: user.id)
                results.append(["source": .string(before), "target": .string(visit.url(of: copy))])
            } else {
                try need(.delete, visit, on: item)
                guard book.lock(on: item) == nil else {
                    throw .exception(423, "ResourceLockedError", "Object \"\(item.id)\" is locked", visit, book)
                }
                book.move(item, to: visit.item)
                results.append(["source": .string(before), "target": .string(visit.url(of: item))])
            }
        }
        return .plone(.array(results))
    }

    /// An item by its address, its path within the site, or its UID.
    private func find(_ name: String, _ visit: Visit) -> Item? {
        if name.hasPrefix(visit.site) { return book.item(at: root + name.dropFirst(visit.site.count)) }
        if name.hasPrefix("/") { return book.item(at: root + name) }
        return book.itemsByPath.first { $0.uid == name }
    }
}
