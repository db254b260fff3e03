// SPDX-License-Identifier: MIT
import HTTP

extension GraphDialect {
    /// The whole tree of a drive, flat, page by page; or what has changed since a token.
    func delta(_ drive: GraphDemoDrive, _ visit: GraphVisit) throws(GraphFailure) -> Response {
        let size = min(max(visit.call.value("$top").flatMap { Int($0) } ?? 200, 1), 200)
        switch visit.deltaToken {
        case nil, "": return tree(from: 0, size, drive, visit)
        case "latest": return last([], drive, visit)
        case let token?:
            if token.hasPrefix("at"), let start = Int(token.dropFirst(2)) {
                return tree(from: start, size, drive, visit)
            }
            if let before = snapshots[token] { return last(changes(since: before, drive, visit), drive, visit) }
            let moment = token.prefix(19)
            if token.hasSuffix("Z"), moment.count == 19 {
                let items = contents(of: drive, visit).filter { Self.time($0.modified) > token }
                return last(items.map { itemJSON($0, drive, visit, isListed: true, inTree: true) }, drive, visit)
            }
            throw GraphFailure(
                status: 410, code: "resyncRequired", message: "Resync required.",
                inner: "resyncChangesApplyDifferences",
                headers: ["Location": link(drive, "/root/delta", visit, token: "at0")])
        }
    }

    private func contents(of drive: GraphDemoDrive, _ visit: GraphVisit) -> [Item] {
        guard let root = drive.root else { return [] }
        func below(_ folder: Item) -> [Item] {
            children(of: folder, drive).filter { mayView(visit, $0) }.flatMap { [$0] + below($0) }
        }
        return [root] + below(root)
    }

    private func tree(from start: Int, _ size: Int, _ drive: GraphDemoDrive, _ visit: GraphVisit) -> Response {
        let items = contents(of: drive, visit)
        let end = min(start + size, items.count)
        let page = (min(start, end)..<end).map { itemJSON(items[$0], drive, visit, isListed: true, inTree: true) }
        guard end < items.count else { return last(page, drive, visit) }
        return .graph([
            "@odata.nextLink": .string(nextLink(visit, token: "at\(end)")), "value": .array(page),
        ])
    }

    private func last(_ page: [JSON], _ drive: GraphDemoDrive, _ visit: GraphVisit) -> Response {
        let token = "since" + String(random.next(), radix: 36)
        snapshots[token] = signatures(of: drive, visit)
        return .graph([
            "@odata.deltaLink": .string(link(drive, "/root/delta", visit, token: token)), "value": .array(page),
        ])
    }

    private func signatures(of drive: GraphDemoDrive, _ visit: GraphVisit) -> [String: String] {
        var result: [String: String] = [:]
        for item in contents(of: drive, visit) {
            var text = "\(name(item)) \(item.modified) \(item.parent.map { Self.id(of: $0) } ?? "")"
            if switches.deltaSeesCheckout { text += " " + (checkOut(item)?.creator ?? "") }
            result[Self.id(of: item)] = text
        }
        return result
    }

    private func changes(since before: [String: String], _ drive: GraphDemoDrive, _ visit: GraphVisit) -> [JSON] {
        let present = signatures(of: drive, visit)
        let changed = contents(of: drive, visit).filter { present[Self.id(of: $0)] != before[Self.id(of: $0)] }
            .map { itemJSON($0, drive, visit, isListed: true, inTree: true) }
        // What is gone has no name any more.
        let gone = before.keys.filter { present[$0] == nil }.sorted()
            .map {
                JSON.object([.init(key: "id", value: .string($0)), .init(key: "deleted", value: ["state": "deleted"])])
            }
        return changed + gone
    }
}

extension GraphVisit {
    // A function may be called with its brackets, and with its argument within them: `delta(token='latest')`.
    private var deltaArgument: Substring? {
        guard var name = call.segments.last?[...] else { return nil }
        if name.hasPrefix("microsoft.graph.") { name = name.dropFirst("microsoft.graph.".count) }
        if name == "delta" { return "" }
        guard name.hasPrefix("delta("), name.hasSuffix(")") else { return nil }
        return name.dropFirst("delta(".count).dropLast()
    }

    /// Whether changes are asked for.
    var isDelta: Bool { deltaArgument != nil }

    /// Since when, as the server has written it down.
    var deltaToken: String? {
        guard let argument = deltaArgument, argument.hasPrefix("token='"), argument.hasSuffix("'") else {
            return call.value("token")
        }
        return String(argument.dropFirst("token='".count).dropLast())
    }
}
