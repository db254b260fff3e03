// SPDX-License-Identifier: MIT
import HTTP

extension GraphDialect {
    /// A file's or folder's name: SharePoint's files have an ending.
    func name(_ item: Item) -> String {
        if switches.namesAreTitles, !item.type.isFolder { return item.title }
        guard !item.type.isFolder, !item.id.contains(".") else { return item.id }
        let ending =
            switch item.type {
            case .event: "xlsx"
            case .file: "pdf"
            case .image: "png"
            case .link: "url"
            default: "docx"
            }
        return "\(item.id).\(ending)"
    }

    /// An item as a listing or a reading shows it. Facets that are not asked for by name are left out.
    func itemJSON(_ item: Item, _ drive: GraphDemoDrive, _ visit: GraphVisit, isListed: Bool, inTree: Bool = false)
        -> JSON
    {
        var fields: [JSON.Field] = []
        func add(_ key: String, _ value: JSON) { fields.append(.init(key: key, value: value)) }
        let selected = visit.selected
        func wants(_ key: String) -> Bool { selected?.contains(key) ?? true }
        let isRoot = item === drive.root
        add("id", .string(Self.id(of: item)))
        if wants("name") { add("name", .string(isRoot ? "root" : name(item))) }
        if wants("size") { add("size", .int(1000 + item.number)) }
        if wants("eTag") { add("eTag", .string("\"{\(item.uid.uppercased())},\(version(item))\"")) }
        if wants("lastModifiedDateTime") { add("lastModifiedDateTime", .string(Self.time(item.modified))) }
        if wants("lastModifiedBy") { add("lastModifiedBy", ["user": identity(item.creators.last ?? item.owner)]) }
        let path = place(of: item, on: drive)
        if wants("webUrl") { add("webUrl", .string(drive.webURL + path)) }
        if wants("parentReference"), !isRoot, let parent = item.parent {
            add("parentReference", reference(to: parent, drive, withPath: !inTree))
        }
        if isRoot, wants("root") { add("root", [:]) }
        if item.type.isFolder {
            if wants("folder") { add("folder", ["childCount": .int(children(of: item, drive).count)]) }
            return .object(fields)
        }
        let lock =
            visit.isBeta && (selected?.contains("lockInfo") ?? false) && (!isListed || switches.listingsCarryLockInfo)
            ? lockInfo(item, drive) : nil
        if wants("file") {
            var file: JSON = ["mimeType": .string(Self.mimeType(name(item)))]
            if let lock, switches.lockInfoPlace == .file { file = file.adding([.init(key: "lockInfo", value: lock)]) }
            add("file", file)
        }
        if let lock, switches.lockInfoPlace == .item { add("lockInfo", lock) }
        let hidesFacet = inTree && !switches.deltaCarriesFacet
        if selected?.contains("publication") ?? false, !hidesFacet,
            let facet = publication(item, drive, visit, isListed: isListed)
        {
            add("publication", facet)
        }
        if selected?.contains("sharepointIds") ?? false, drive.owner == nil {
            add("sharepointIds", ["listId": .string(Self.listID), "listItemId": .string(String(item.number))])
        }
        if visit.call.value("$expand")?.hasPrefix("listItem") ?? false, drive.owner == nil {
            add("listItem", listItem(item))
        }
        return .object(fields)
    }

    private func reference(to parent: Item, _ drive: GraphDemoDrive, withPath: Bool) -> JSON {
        let place: JSON = [
            "driveType": .string(drive.type), "driveId": .string(drive.id), "id": .string(Self.id(of: parent)),
        ]
        guard withPath else { return place }
        let above = parent === drive.root ? "" : self.place(of: parent, on: drive)
        return place.adding([.init(key: "path", value: .string("/drives/\(drive.id)/root:\(above)"))])
    }

    private func place(of item: Item, on drive: GraphDemoDrive) -> String {
        let chain = sequence(first: item) { $0.parent }.prefix { $0 !== drive.root }
        return chain.reversed().map { "/" + Call.quoted(name($0)).replacing("+", with: "%20") }.joined()
    }

    private func version(_ item: Item) -> Int { 1 + Int(max(0, item.modified - item.created)) % 97 }

    private func publication(_ item: Item, _ drive: GraphDemoDrive, _ visit: GraphVisit, isListed: Bool) -> JSON? {
        guard switches.tellsFacet, drive.type != "personal" else { return nil }
        var holder = checkOut(item)?.creator
        if !switches.facetShowsOthers, holder != visit.grant.holder { holder = nil }
        guard let holder else {
            if isListed, switches.omitsFacetWhenFree { return nil }
            return ["level": "published", "versionId": .string("\(version(item)).0")]
        }
        return ["level": "checkout", "versionId": .string("\(version(item)).0"), "checkedOutBy": holderJSON(holder)]
    }

    private func holderJSON(_ holder: String) -> JSON {
        guard holder.hasPrefix(GraphGrant.mark) else { return ["user": identity(holder)] }
        let id = String(holder.dropFirst(GraphGrant.mark.count))
        return ["application": ["id": .string(id), "displayName": "locktop"]]
    }

    private func lockInfo(_ item: Item, _ drive: GraphDemoDrive) -> JSON? {
        guard drive.type != "personal" else { return nil }
        guard let lock = officeLock(item) else { return ["lockType": "none", "owners": []] }
        let owner: JSON =
            lock.creator.hasPrefix(GraphGrant.mark)
            ? ["id": .string(String(lock.creator.dropFirst(GraphGrant.mark.count))), "displayName": "locktop"]
            : identity(lock.creator).adding([
                .init(key: "userPrincipalName", value: .string(Self.principalName(lock.creator)))
            ])
        return lockJSON(lock).adding([.init(key: "owners", value: [owner])])
    }

    func lockJSON(_ lock: HeldLock) -> JSON {
        let body: JSON = ["lockType": "exclusive", "createdDateTime": .string(Self.time(lock.created))]
        guard lock.timeout < LockBook.checkOutTimeout else { return body }
        return body.adding([
            .init(key: "expirationDateTime", value: .string(Self.time(lock.refreshed + Double(lock.timeout))))
        ])
    }

    static func time(_ unix: Double) -> String { String(CivilTime(unix: unix).iso.prefix(19)) + "Z" }

    private static func mimeType(_ name: String) -> String {
        let office = "application/vnd.openxmlformats-officedocument."
        return switch name.split(separator: ".").last {
        case "docx": office + "wordprocessingml.document"
        case "xlsx": office + "spreadsheetml.sheet"
        case "pdf": "application/pdf"
        case "png": "image/png"
        default: "application/octet-stream"
        }
    }

    // MARK: The list behind the library

    private func lookupID(_ holder: String) -> String {
        String(10 + (book.people.keys.sorted().firstIndex(of: holder) ?? 90))
    }

    private func listItem(_ item: Item) -> JSON {
        var fields: JSON = ["FileLeafRef": .string(name(item))]
        // The column is there only while the file is checked out.
        if let lock = checkOut(item) {
            fields = fields.adding([.init(key: "CheckoutUserLookupId", value: .string(lookupID(lock.creator)))])
        }
        return ["id": .string(String(item.number)), "fields": fields]
    }

    /// `/sites/{id}/lists/{list}/items…`
    func list(_ names: [String], _ visit: GraphVisit) throws(GraphFailure) -> Response {
        guard visit.grant.scope.contains("Sites.") else { throw .denied() }
        if names.count == 3, names[0] == "User Information List", names[1] == "items" {
            let people = book.people.keys.sorted()
            guard let number = Int(names[2]), people.indices.contains(number - 10) else { throw .notFound() }
            let person = people[number - 10]
            return .graph([
                "id": .string(names[2]),
                "fields": ["Title": .string(book.displayName(person)), "EMail": .string(Self.principalName(person))],
            ])
        }
        guard names.count >= 2, names[0] == Self.listID, names[1] == "items" else { throw .notFound() }
        let files = book.root.subtree.filter { !$0.type.isFolder && contains(library, $0) && mayView(visit, $0) }
        if names.count == 4, names[3] == "driveItem" {
            guard let item = files.first(where: { String($0.number) == names[2] }) else { throw .notFound() }
            return .graph(itemJSON(item, library, visit, isListed: false))
        }
        guard names.count == 2 else { throw .notFound() }
        var chosen = files
        if let filter = visit.call.value("$filter") {
            guard switches.filtersColumn, filter == "fields/CheckoutUserLookupId ne null" else {
                throw .invalid("A provided field name is not recognized")
            }
            chosen = files.filter { checkOut($0) != nil }
        }
        let size = min(visit.call.value("$top").flatMap { Int($0) } ?? 200, 200)
        let start = visit.call.value("$skiptoken").flatMap { Int($0) } ?? 0
        let end = min(start + size, chosen.count)
        var body: JSON = ["value": .array(chosen[min(start, end)..<end].map { listItem($0) })]
        if end < chosen.count {
            body = body.adding([.init(key: "@odata.nextLink", value: .string(nextLink(visit, token: String(end))))])
        }
        return .graph(body)
    }
}
