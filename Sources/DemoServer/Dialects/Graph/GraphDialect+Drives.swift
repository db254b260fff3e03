// SPDX-License-Identifier: MIT
import HTTP

/// One drive of the demo: a part of the book's tree.
struct GraphDemoDrive {
    let id: String
    let name: String
    /// `documentLibrary`, `business` or `personal`.
    let type: String
    let webURL: String
    /// Whose it is; `nil` for the library of the site.
    let owner: String?
    /// Where it begins; `nil` for a drive with nothing in it.
    let root: Item?
    /// The id of the root of a drive with nothing in it.
    var emptyRootID: String { "01ROOT\(id.suffix(12))" }
}

extension GraphDialect {
    /// The library that holds the whole site but for the operator's own folder.
    var library: GraphDemoDrive {
        GraphDemoDrive(
            id: Self.driveID("library"), name: "Documents", type: "documentLibrary",
            webURL: "https://\(Self.siteHost)/\(Self.sitePath)/Documents", owner: nil, root: book.root)
    }

    private var teamFolder: Item? { book.root.child("team") }

    /// The OneDrive of a person. Only the operator's has anything in it.
    func ownDrive(of person: String) -> GraphDemoDrive {
        GraphDemoDrive(
            id: Self.driveID(person), name: "OneDrive", type: switches.isPersonal ? "personal" : "business",
            webURL: "https://harbour-my.sharepoint.example/personal/\(Call.quoted(person))", owner: person,
            root: person == switches.operatorName ? teamFolder : nil)
    }

    static func driveID(_ name: String) -> String {
        "b!" + Base64.url(Array("\(objectID(name))\(objectID("drive of " + name))".utf8.prefix(48)))
    }

    func drive(named id: String) throws(GraphFailure) -> GraphDemoDrive {
        if id == library.id { return library }
        guard let person = book.people.keys.first(where: { Self.driveID($0) == id }) else { throw .notFound() }
        return ownDrive(of: person)
    }

    func driveJSON(_ drive: GraphDemoDrive) -> JSON {
        let owner: JSON =
            drive.owner.map { ["user": identity($0)] } ?? ["group": ["displayName": .string(book.root.title)]]
        return [
            "id": .string(drive.id), "name": .string(drive.name), "driveType": .string(drive.type),
            "webUrl": .string(drive.webURL), "owner": owner,
        ]
    }

    func identity(_ person: String) -> JSON {
        let isGone = book.people[person]?.isDeleted ?? true
        return [
            "id": .string(Self.objectID(person)), "displayName": .string(isGone ? "" : book.displayName(person)),
            "email": .string(Self.principalName(person)),
        ]
    }

    /// Everything below `/drives/{id}`, however the drive was named.
    func drive(_ names: [String], of drive: GraphDemoDrive, _ visit: GraphVisit) throws(GraphFailure) -> Response {
        if let owner = drive.owner, let person = visit.grant.person, owner != person { throw .notFound() }
        switch names.first {
        case nil: return .graph(driveJSON(drive))
        case "list" where names.count == 1 && drive.owner == nil:
            return .graph([
                "id": .string(Self.listID), "parentReference": ["siteId": .string(Self.siteID)],
                "sharepointIds": ["listId": .string(Self.listID), "siteId": .string(Self.siteID)],
            ])
        case "items" where names.count > 1:
            if names[1] == "root" || (drive.root == nil && names[1] == drive.emptyRootID) {
                return try below(Array(names.dropFirst(2)), drive.root, drive, visit)
            }
            guard let item = item(names[1]), contains(drive, item) else { throw .notFound() }
            return try below(Array(names.dropFirst(2)), item, drive, visit)
        case "root": return try below(Array(names.dropFirst()), drive.root, drive, visit)
        case "root:":
            var path = Array(names.dropFirst())
            let end = path.firstIndex { $0.hasSuffix(":") }
            let rest = end.map { Array(path[($0 + 1)...]) } ?? []
            if let end { path = path[..<end] + [String(path[end].dropLast())] }
            guard let item = item(at: path, of: drive) else { throw .notFound() }
            return try below(rest, item, drive, visit)
        default: throw .unknownSegment(names[0])
        }
    }

    private func item(at path: [String], of drive: GraphDemoDrive) -> Item? {
        path.reduce(drive.root) { folder, name in
            // SharePoint's names have no case.
            folder.flatMap { folder in
                if switches.namesAreTitles, let item = folder.child(name) { return item }
                return children(of: folder, drive).first { self.name($0).lowercased() == name.lowercased() }
            }
        }
    }

    /// Whether an item lies on a drive, and is a thing of its own: working copies are another server's idea.
    func contains(_ drive: GraphDemoDrive, _ item: Item) -> Bool {
        guard let root = drive.root, item.original == nil else { return false }
        let chain = Array(sequence(first: item) { $0.parent })
        if drive.owner == nil, let team = teamFolder, chain.contains(where: { $0 === team }) { return false }
        return chain.contains { $0 === root }
    }

    func children(of folder: Item, _ drive: GraphDemoDrive) -> [Item] {
        folder.children.filter { $0.original == nil && !(drive.owner == nil && $0 === teamFolder) }
    }

    func mayView(_ visit: GraphVisit, _ item: Item) -> Bool {
        guard let person = visit.grant.person else { return true }
        return book.may(book.people[person], .view, item)
    }

    private func below(
        _ names: [String], _ item: Item?, _ drive: GraphDemoDrive, _ visit: GraphVisit
    ) throws(GraphFailure) -> Response {
        guard let item else { return try belowNothing(names, drive, visit) }
        guard mayView(visit, item) else { throw .notFound() }
        switch (visit.call.method, names.first, names.count) {
        case ("GET", nil, _): return .graph(itemJSON(item, drive, visit, isListed: false))
        case ("GET", "children", 1): return page(of: children(of: item, drive), drive, visit)
        case ("GET", _?, 1) where item === drive.root && visit.isDelta: return try delta(drive, visit)
        case ("POST", let action?, 1):
            return try act(String(action.split(separator: ".").last ?? ""), on: item, drive, visit)
        default: throw .unknownSegment(names.first ?? "")
        }
    }

    private func belowNothing(_ names: [String], _ drive: GraphDemoDrive, _ visit: GraphVisit) throws(GraphFailure)
        -> Response
    {
        switch names.first {
        case "children": return .graph(["value": []])
        case _ where visit.isDelta:
            return .graph(["value": [], "@odata.deltaLink": .string(link(drive, "/root/delta", visit, token: ""))])
        case nil:
            return .graph([
                "id": .string(drive.emptyRootID), "name": "root", "root": [:], "folder": ["childCount": 0],
            ])
        default: throw .unknownSegment(names[0])
        }
    }

    // MARK: Pages

    private func page(of items: [Item], _ drive: GraphDemoDrive, _ visit: GraphVisit) -> Response {
        let visible = items.filter { mayView(visit, $0) }
        let size = min(max(visit.call.value("$top").flatMap { Int($0) } ?? 200, 1), 200)
        let start = (visit.call.value("$skiptoken") ?? visit.call.value("$skipToken")).flatMap { Int($0) } ?? 0
        let end = min(start + size, visible.count)
        var body: JSON = [
            "value": .array((min(start, end)..<end).map { itemJSON(visible[$0], drive, visit, isListed: true) })
        ]
        if end < visible.count {
            body = body.adding([.init(key: "@odata.nextLink", value: .string(nextLink(visit, token: String(end))))])
        }
        return .graph(body)
    }

    /// The address of the next page: the request's own, with a token.
    func nextLink(_ visit: GraphVisit, token: String) -> String {
        var path = String(visit.call.target.split(separator: "?")[0])
        let pairs = visit.call.query.filter { $0.name.lowercased() != "$skiptoken" && $0.name != "token" }
            .map { "\($0.name)=\(Call.quoted($0.value))" }
        let name = visit.isDelta ? "token" : "$skiptoken"
        // The token of before is no part of the next address, however the function was written.
        if visit.isDelta { path = path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/delta" }
        return visit.call.origin + path + "?" + (pairs + ["\(name)=\(Call.quoted(token))"]).joined(separator: "&")
    }

    func link(_ drive: GraphDemoDrive, _ below: String, _ visit: GraphVisit, token: String) -> String {
        let selection = visit.call.value("$select").map { "$select=\($0)&" } ?? ""
        return
            "\(visit.call.origin)/\(visit.version)/drives/\(drive.id)\(below)?\(selection)token=\(Call.quoted(token))"
    }
}
