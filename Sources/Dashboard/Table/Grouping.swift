// SPDX-License-Identifier: MIT

/// By what rows stand together under headings.
enum Grouping: String, Hashable, Sendable, CaseIterable {
    case holder, server, folder

    /// The words for them, and for none.
    static let words = allCases.map(\.rawValue) + ["none"]

    /// What `b` goes on to; none comes after the last.
    static func next(after grouping: Grouping?) -> Grouping? {
        guard let grouping else { return allCases.first }
        return allCases.firstIndex(of: grouping).flatMap { allCases.dropFirst($0 + 1).first }
    }
}

/// What tells the groups of one grouping apart, and puts them in order.
struct GroupKey: Hashable, Comparable, Sendable {
    let grouping: Grouping
    /// What comes first: mine before others', one server before the next.
    let rank: Int
    let text: String

    static func < (one: GroupKey, other: GroupKey) -> Bool { (one.rank, one.text) < (other.rank, other.text) }
}
