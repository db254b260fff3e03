// SPDX-License-Identifier: MIT
import HTTP

extension NickDialect {
    /// What a search is for: a name of an index with its value. Unknown names are no condition.
    private typealias Condition = (Item) -> Bool

    func search(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.view, visit)
        let query = visit.call.query
        // The name of an index that comes twice makes a list, and the database knows no list there.
        let indexes = query.map(\.name).filter(Self.indexes.contains)
        guard Set(indexes).count == indexes.count else { throw .broken }
        var conditions: [Condition] = []
        for (name, value) in query {
            if let condition = try condition(name, value, visit) { conditions.append(condition) }
        }
        if visit.call.value("path.depth") == nil {
            // By the text of the path: `/news` finds `/newsletter` too.
            let start = own(visit.item)
            conditions.append { self.own($0).hasPrefix(start) }
        }
        // Two orders are none; of two sizes the first counts.
        let sorts = query.filter { $0.name == "sort_on" }
        return result(
            visit, conditions, sortOn: sorts.count == 1 ? sorts[0].value : nil,
            order: visit.call.value("sort_order"),
            start: visit.call.value("b_start").flatMap { Int($0) } ?? 0,
            size: visit.call.value("b_size").map { Int($0) ?? 1 } ?? 100)
    }

    private static let indexes: Set = [
        "portal_type", "Type", "review_state", "Creator", "getId", "id", "is_folderish", "path", "UID", "path.depth",
        "SearchableText", "Title", "Description",
    ]

    private func condition(_ name: String, _ value: String, _ visit: NickVisit) throws(NickFailure) -> Condition? {
        switch name {
        case "portal_type", "Type": return { self.typeName($0.type) == value }
        case "review_state": return { ($0.state?.rawValue ?? "published") == value }
        case "Creator": return { $0.owner == value }
        case "getId", "id": return { $0.id == value }
        case "is_folderish":
            guard ["true", "false"].contains(value) else { throw .broken }
            return { String(self.isFolderish($0.type)) == value }
        case "modified", "created", "effective":
            guard RFC3339.date(value) != nil else { throw .broken }
            return nil
        case "path": return { self.own($0) == value }
        case "UID":
            guard value.count == 36 else { throw .broken }
            return { Self.uuid($0.uid) == value }
        case "path.depth":
            let depth = Int(value) ?? 1
            guard depth > 0 else { throw .broken }
            return { item in Self.level(of: item, below: visit.item).map { (1...depth).contains($0) } ?? false }
        case "SearchableText", "Title", "Description": return try words(name, value)
        default: return nil
        }
    }

    // A query of the database's own kind: `&` joins words, and a blank alone is a mistake.
    private func words(_ name: String, _ value: String) throws(NickFailure) -> Condition {
        // A star is dropped, and only whole words are found all the same.
        let words = value.replacing("*", with: "").lowercased().split(separator: "&").map { part in
            part.split(separator: " ").map(String.init)
        }
        guard words.allSatisfy({ $0.count == 1 }) else { throw .broken }
        let wanted = words.flatMap(\.self)
        return { item in
            let text =
                switch name {
                case "Title": item.title
                case "Description": item.description
                default: item.title + " " + item.description
                }
            return Set(wanted).isSubset(of: CatalogQuery.words(text))
        }
    }

    private static func level(of item: Item, below top: Item) -> Int? {
        for (level, ancestor) in sequence(first: item, next: { $0.parent }).enumerated() where ancestor === top {
            return level
        }
        return nil
    }

    func querystringSearch(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.view, visit)
        guard let body = try visit.body(), let query = body["query"]?.elements else { throw .broken }
        var conditions: [Condition] = []
        for part in query {
            let values = part["v"]?.elements?.compactMap(\.text) ?? part["v"]?.text.map { [$0] } ?? []
            var choices: [Condition] = []
            for value in values {
                if let choice = try condition(part["i"]?.text ?? "", value, visit) { choices.append(choice) }
            }
            if !choices.isEmpty { conditions.append { item in choices.contains { $0(item) } } }
        }
        func number(_ key: String, _ standard: Int) -> Int {
            if case .int(let value)? = body[key] { return value }
            return standard
        }
        return result(
            visit, conditions, sortOn: body["sort_on"]?.text, order: body["sort_order"]?.text,
            start: number("b_start", 0), size: number("b_size", 100))
    }

    private func result(
        _ visit: NickVisit, _ conditions: [Condition], sortOn: String?, order: String?, start: Int, size: Int
    ) -> Response {
        var items = ([book.root] + book.itemsByPath).filter { item in
            conditions.allSatisfy { $0(item) } && may(visit.user, .view, item)
        }
        let key: (Item) -> String =
            switch sortOn {
            case "path": { self.own($0) }
            case "sortable_title", "Title": { $0.title.lowercased() }
            case "created": { Self.milliseconds($0.created) }
            case "modified": { Self.milliseconds($0.modified) }
            case "portal_type": { self.typeName($0.type) }
            case "getId", "id": { $0.id }
            default: { $0.uid }
            }
        let sorted = items.map { (key($0), $0) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        items = sorted.map(\.1)
        if let order, order != "ascending" { items.reverse() }
        let page = items.dropFirst(max(0, start)).prefix(min(max(size, 1), 1000))
        return .nick([
            "@id": .string(address(visit.item, visit.call) + "/@search"),
            "items": .array(page.map { summary($0, visit) }), "items_total": .int(page.count),
        ])
    }

    /// What the catalogue knows; nothing of locks.
    private func summary(_ item: Item, _ visit: NickVisit) -> JSON {
        let isRoot = item.parent == nil
        let modified = JSON.string(Self.milliseconds(item.modified))
        let created = JSON.string(Self.milliseconds(item.created))
        let title: JSON = ["title": .string(item.title)]
        let type = JSON.string(typeName(item.type))
        let id = JSON.string(isRoot ? "" : item.id)
        return [
            "@id": .string(isRoot ? visit.call.origin + "/" : address(item, visit.call)), "@type": type,
            "Creator": .string(item.owner), "Description": .optional(item.description.isEmpty ? nil : item.description),
            "CreationDate": created, "Date": modified, "EffectiveDate": .null, "ExpirationDate": .null,
            "ModificationDate": modified,
            "Subject": .null, "Title": .string(item.title), "Type": type, "UID": .string(Self.uuid(item.uid)),
            "created": created, "effective": .null, "end": .null, "exclude_from_nav": false, "expires": .null,
            "getId": id, "getObjSize": .int(title.encoded(.compact).count), "hasPreviewImage": false, "id": id,
            "image_field": "",
            "image_scales": [:], "is_folderish": .bool(isFolderish(item.type)),
            "listCreators": [.string(item.owner)], "mime_type": .null, "modified": modified,
            "path": .string(own(item)), "portal_type": type, "recurrence": .null,
            "review_state": .optional(item.state?.rawValue ?? "published"), "start": .null,
            "title": .string(item.title),
        ]
    }
}
