// SPDX-License-Identifier: MIT
import HTTP

/// The `If` header (RFC 4918, section 10.4), and what a lock keeps from being changed.
extension WebDAVDialect {
    private struct Condition {
        enum What {
            case token(String)
            case tag(String)
        }
        var what: What
        var isNot = false
    }

    private struct List {
        var resource: String?
        var conditions: [Condition]
    }

    /// The tokens that a header shows, whatever it says of them.
    static func tokens(in header: String) -> Set<String> {
        let lists = (try? lists(header)) ?? []
        return Set(
            lists.flatMap(\.conditions).compactMap { condition in
                if case .token(let token) = condition.what { token } else { nil }
            })
    }

    /// Refuses a request whose conditions do not hold.
    func checkConditions(_ call: Call, _ items: [Item]) throws(WebDAVFailure) {
        if switches.heedsConditions, let match = call.headers["If-Match"], match != "*",
            !items.contains(where: { match.contains(tag($0)) })
        {
            throw WebDAVFailure(412)
        }
        guard let header = call.headers["If"] else { return }
        let lists = try Self.lists(header)
        let applies = lists.filter { list in list.resource == nil || item(list.resource ?? "") != nil }
        guard !applies.isEmpty else { return }
        let isMet = applies.contains { list in
            let target = list.resource.flatMap { item($0) } ?? items.first
            return list.conditions.allSatisfy { holds($0, for: target) }
        }
        guard isMet else { throw WebDAVFailure(412) }
    }

    /// Refuses a change of these items while somebody has them, unless the request shows the locks' tokens.
    func check(_ call: Call, _ items: [Item], _ person: Person?) throws(WebDAVFailure) {
        try checkConditions(call, items)
        let shown = Self.tokens(in: call.headers["If"] ?? "")
        var missing: [String] = []
        for item in items {
            let locks = book.covering(item)
            // Of several shared ones the token of one's own is enough.
            guard !locks.isEmpty,
                !locks.contains(where: { shown.contains(Self.token($0.lock)) && $0.lock.creator == person?.id })
            else { continue }
            missing.append(address(locks[0].root))
        }
        guard missing.isEmpty else { throw WebDAVFailure(423, "lock-token-submitted", at: missing) }
    }

    private func item(_ address: String) -> Item? {
        var rest = address[...]
        if let slashes = rest.firstRange(of: "://") {
            rest = rest[slashes.upperBound...].drop { $0 != "/" }
        }
        let names = rest.split(separator: "/").map { WebAddress.decode($0) ?? String($0) }
        return book.item(at: "/" + names.joined(separator: "/"))
    }

    private func holds(_ condition: Condition, for item: Item?) -> Bool {
        let isSo: Bool =
            switch condition.what {
            case .token(let token): item.map { book.covering($0).contains { Self.token($0.lock) == token } } ?? false
            case .tag(let tag): item.map { !$0.type.isFolder && self.tag($0) == tag } ?? false
            }
        return isSo != condition.isNot
    }

    private static func lists(_ header: String) throws(WebDAVFailure) -> [List] {
        var lists: [List] = []
        var resource: String?
        var rest = header[...]
        func blanks() { rest = rest.drop { $0 == " " || $0 == "\t" } }
        func upTo(_ end: Character) throws(WebDAVFailure) -> String {
            guard let place = rest.firstIndex(of: end) else { throw WebDAVFailure(400) }
            defer { rest = rest[rest.index(after: place)...] }
            return String(rest[rest.index(after: rest.startIndex)..<place])
        }
        while true {
            blanks()
            guard let next = rest.first else { break }
            if next == "<" {
                resource = try upTo(">")
                continue
            }
            guard next == "(" else { throw WebDAVFailure(400) }
            rest = rest.dropFirst()
            var list = List(resource: resource, conditions: [])
            var isNot = false
            while true {
                blanks()
                guard let next = rest.first else { throw WebDAVFailure(400) }
                if next == ")" { break }
                switch next {
                case "<":
                    list.conditions.append(Condition(what: .token(try upTo(">")), isNot: isNot))
                    isNot = false
                case "[":
                    list.conditions.append(Condition(what: .tag(try upTo("]")), isNot: isNot))
                    isNot = false
                default:
                    guard rest.lowercased().hasPrefix("not") else { throw WebDAVFailure(400) }
                    rest = rest.dropFirst(3)
                    isNot = true
                }
            }
            rest = rest.dropFirst()
            guard !list.conditions.isEmpty else { throw WebDAVFailure(400) }
            lists.append(list)
        }
        guard !lists.isEmpty else { throw WebDAVFailure(400) }
        return lists
    }
}
