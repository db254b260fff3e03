// SPDX-License-Identifier: MIT
import HTTP

/// What a search is for. Everything is optional; an unknown condition is no condition.
struct CatalogQuery {
    var types: Set<String> = []
    var paths: [String] = []
    var depth: Int?
    var words: [String]?
    var states: Set<String> = []
    var creators: Set<String> = []
    var uids: Set<String> = []
    var ids: Set<String> = []
    var modifiedSince: String?
    var sortOn: String?
    var isDescending = false
    var limit: Int?

    init() {}

    init(_ call: Call) {
        types = Set(call.values("portal_type"))
        paths = call.values("path") + call.values("path.query")
        depth = call.value("path.depth").flatMap { Int($0) }
        words = call.value("SearchableText").map(Self.words)
        states = Set(call.values("review_state"))
        creators = Set(call.values("Creator"))
        uids = Set(call.values("UID"))
        ids = Set(call.values("getId"))
        if call.value("modified.range") == "min" { modifiedSince = call.value("modified.query") }
        sortOn = call.value("sort_on")
        isDescending = ["descending", "reverse"].contains(call.value("sort_order"))
        limit = call.value("sort_limit").flatMap { Int($0) }
    }

    /// The words of a text, lower case; a star at the end of one stays.
    static func words(_ text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "*" || $0 == "_") }.map(String.init)
    }

    func matches(_ item: Item) -> Bool {
        if !types.isEmpty, !types.contains(item.type.portalType) { return false }
        if !states.isEmpty, !states.contains(item.state?.rawValue ?? "") { return false }
        if !creators.isEmpty, !creators.contains(item.creators.first ?? "") { return false }
        if !uids.isEmpty, !uids.contains(item.uid) { return false }
        if !ids.isEmpty, !ids.contains(item.id) { return false }
        if let modifiedSince, CivilTime(unix: item.modified).iso < modifiedSince { return false }
        return isBelow(item) && hasWords(item)
    }

    private func isBelow(_ item: Item) -> Bool {
        paths.contains { path in
            guard item.path.utf8.starts(with: path.utf8) else { return false }
            let rest = item.path.utf8.dropFirst(path.utf8.count)
            guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { return false }
            guard let depth else { return true }
            let levels = rest.count { $0 == UInt8(ascii: "/") }
            return depth == 0 ? levels == 0 : (1...max(depth, 1)).contains(levels)
        }
    }

    private func hasWords(_ item: Item) -> Bool {
        guard let words else { return true }
        let text = Self.words([item.id, item.title, item.description].joined(separator: " "))
        return words.allSatisfy { word in
            word.hasSuffix("*")
                ? text.contains { $0.hasPrefix(word.dropLast()) } : text.contains(word)
        }
    }
}

extension PloneDialect {
    func search(_ visit: Visit) throws(PloneFailure) -> Response {
        try need(.view, visit)
        var query = CatalogQuery(visit.call)
        if let words = query.words, words.isEmpty || words == ["*"] { return .plone([]) }
        if query.paths.isEmpty { query.paths = [visit.item.path] }
        query.paths = query.paths.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        let conditions = visit.call.query.filter { !["b_start", "b_size"].contains($0.name) }
        let key = [visit.user?.id ?? "", visit.item.path] + conditions.flatMap { [$0.name, $0.value] }
        let found = find(query, key.joined(separator: "\u{0}"), for: visit.user)
        let batch = try Batch(visit, total: found.count, book)
        return .plone(listing(found, batch, isFull: visit.call.value("fullobjects") != nil, visit))
    }

    func querystringSearch(_ visit: Visit) throws(PloneFailure) -> Response {
        try need(.view, visit)
        let body = try visit.object(in: book)
        var query = CatalogQuery()
        query.paths = [visit.item.path]
        for condition in body["query"]?.elements ?? [] {
            let values = condition["v"]?.elements?.compactMap(\.text) ?? [condition["v"]?.text].compactMap(\.self)
            switch condition["i"]?.text {
            case "portal_type": query.types = Set(values)
            case "review_state": query.states = Set(values)
            case "Creator": query.creators = Set(values)
            case "SearchableText": query.words = CatalogQuery.words(values.joined(separator: " "))
            case "path": query.paths = values.map { root + $0 }
            default: break
            }
        }
        query.sortOn = body["sort_on"]?.text
        query.isDescending = ["descending", "reverse"].contains(body["sort_order"]?.text)
        func number(_ name: String) -> Int? {
            guard case .int(let number)? = body[name] else { return nil }
            return number
        }
        let found = find(query, nil, for: visit.user)
        let batch = try Batch(visit, total: found.count, start: number("b_start"), size: number("b_size"), book)
        return .plone(listing(found, batch, isFull: body["fullobjects"]?.isTruthy ?? false, visit))
    }

    private func listing(_ found: [Item], _ batch: Batch, isFull: Bool, _ visit: Visit) -> JSON {
        let fields = visit.call.values("metadata_fields")
        let items = found[batch.range].map {
            isFull ? full($0, visit) : summary($0, visit).adding(metadata($0, fields, visit))
        }
        let links = batch.links(visit).map { [JSON.Field(key: "batching", value: $0)] } ?? []
        let head: JSON = ["@id": .string(Batch.listAddress(visit))]
        return head.adding(
            links + [.init(key: "items", value: .array(items)), .init(key: "items_total", value: .int(found.count))])
    }

    private func find(_ query: CatalogQuery, _ key: String?, for user: Person?) -> [Item] {
        if let key, let listing, listing.key == key, listing.revision == book.revision { return listing.items }
        var found = book.itemsByPath.filter { query.matches($0) && book.may(user, .view, $0) }
        found = sorted(found, query)
        if let limit = query.limit, limit >= 0, limit < found.count { found = Array(found.prefix(limit)) }
        if let key { listing = (key, book.revision, found) }
        return found
    }

    private func sorted(_ items: [Item], _ query: CatalogQuery) -> [Item] {
        func by<Key: Comparable>(_ key: (Item) -> Key) -> [Item] {
            items.map { (key($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
        let ascending =
            switch query.sortOn {
            case "path": items
            case "sortable_title", "Title": by { $0.title.lowercased() }
            case "modified", "ModificationDate": by(\.modified)
            case "created", "Date", "CreationDate": by(\.created)
            case "effective": by { $0.published ?? 0 }
            case "getId", "id": by(\.id)
            case "portal_type", "Type": by(\.type.portalType)
            case "review_state": by { $0.state?.rawValue ?? "" }
            case "Creator": by { $0.creators.first ?? "" }
            // Without an order, items come as they were made; a text search gives the latest of equal rank first.
            default: query.words == nil ? by(\.number) : by { -$0.number }
            }
        return query.isDescending ? ascending.reversed() : ascending
    }

    /// The extra columns of a listing; those that the catalog does not have are left out.
    func metadata(_ item: Item, _ names: [String], _ visit: Visit) -> [JSON.Field] {
        guard !names.isEmpty else { return [] }
        let columns = columns(item, visit)
        if names.contains("_all") { return columns }
        let taken = ["@id", "@type", "title", "description", "review_state", "type_title"]
        return columns.filter { names.contains($0.key) && !taken.contains($0.key) }
    }

    private func columns(_ item: Item, _ visit: Visit) -> [JSON.Field] {
        func time(_ unix: Double) -> JSON { .string(CivilTime(unix: unix).iso) }
        let published = item.published.map(time)
        let columns: JSON = [
            "CreationDate": time(item.created), "Creator": .optional(item.creators.first),
            "Date": published ?? time(item.modified), "Description": .string(item.description),
            "EffectiveDate": published ?? "None", "ExpirationDate": "None",
            "ModificationDate": time(item.modified), "Subject": [], "Title": .string(item.title),
            "Type": .string(item.type.portalTitle), "UID": .string(item.uid), "cmf_uid": .int(item.number),
            "created": time(item.created), "effective": published ?? "1969-12-31T00:00:00+00:00", "end": nil,
            "exclude_from_nav": false, "expires": "2499-12-31T00:00:00+00:00", "getIcon": nil,
            "getId": .string(item.id), "getObjSize": "0 KB", "getPath": .string(item.path), "getRemoteUrl": nil,
            "getURL": .string(visit.url(of: item)), "id": .string(item.id), "image_scales": nil,
            "is_folderish": .bool(item.type.isFolder), "is_working_copy": item.original == nil ? nil : true,
            "listCreators": .array(item.creators.map { .string($0) }), "location": nil, "mime_type": "text/plain",
            "modified": time(item.modified), "portal_type": .string(item.type.portalType), "start": nil,
            "sync_uid": nil,
        ]
        return columns.fields ?? []
    }
}
