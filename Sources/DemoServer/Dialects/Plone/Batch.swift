// SPDX-License-Identifier: MIT

/// One page of a listing, and the addresses of the others.
struct Batch {
    let total: Int
    let start: Int
    let size: Int

    private static let defaultSize = 25
    private static let largest = 1 << 40
    private static let pageNames = ["b_start", "b_size"]
    private static let listNames = ["b_start", "b_size", "sort_on", "sort_order", "sort_limit"]

    /// Takes page and size from the query.
    init(_ visit: Visit, total: Int, _ book: LockBook) throws(PloneFailure) {
        try self.init(
            visit, total: total, start: Self.number("b_start", visit, book), size: Self.number("b_size", visit, book),
            book)
    }

    init(_ visit: Visit, total: Int, start: Int?, size: Int?, _ book: LockBook) throws(PloneFailure) {
        self.total = total
        self.start = min(start ?? 0, Self.largest)
        self.size = min(size ?? Self.defaultSize, Self.largest)
        guard self.start >= 0, self.size >= 0 else {
            throw .exception(500, "ValueError", "Batch size and start must not be negative", visit, book)
        }
    }

    private static func number(_ name: String, _ visit: Visit, _ book: LockBook) throws(PloneFailure) -> Int? {
        guard let text = visit.call.value(name) else { return nil }
        guard let number = Int(text) else {
            throw .exception(500, "ValueError", "invalid literal for int() with base 10: '\(text)'", visit, book)
        }
        return number
    }

    /// Which of all the items are on this page.
    var range: Range<Int> {
        let first = min(start, total)
        return first..<min(first + min(size, total), total)
    }

    /// The addresses of the other pages; `nil` when there is only this one.
    func links(_ visit: Visit) -> JSON? {
        guard total > size else { return nil }
        func page(_ start: Int) -> JSON {
            let rest = Self.query(visit, without: ["b_start"])
            return .string(visit.ownURL + "?b_start=\(start)" + (rest.isEmpty ? "" : "&" + rest))
        }
        let own = visit.call.rawQuery.map { visit.ownURL + "?" + $0 } ?? visit.ownURL
        var fields: [JSON.Field] = [
            .init(key: "@id", value: .string(own)),
            .init(key: "first", value: page(0)),
            .init(key: "last", value: page(size == 0 ? 0 : (total - 1) / size * size)),
        ]
        if start + size < total {
            fields.append(.init(key: "next", value: page(start + (size == 0 ? Self.defaultSize : size))))
        }
        if start > 0 {
            fields.append(.init(key: "prev", value: page(max(min(start, total) - size, 0))))
        }
        return .object(fields)
    }

    /// The address of the listing, whichever page of it is shown.
    static func listAddress(_ visit: Visit) -> String {
        let rest = query(visit, without: listNames)
        return rest.isEmpty ? visit.ownURL : visit.ownURL + "?" + rest
    }

    private static func query(_ visit: Visit, without names: [String]) -> String {
        visit.call.query.filter { !names.contains($0.name) }
            .map { Call.quoted($0.name) + "=" + Call.quoted($0.value) }.joined(separator: "&")
    }
}
