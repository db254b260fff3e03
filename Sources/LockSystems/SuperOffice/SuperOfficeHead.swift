// SPDX-License-Identifier: MIT

/// What a list began with that has what changed last first: by this a later look knows how much of it is new.
struct SuperOfficeHead: Sendable {
    private struct Line: Hashable {
        let number: Int?
        let updated: String?

        init(_ document: SuperOfficeDocument) {
            number = document.number?.number ?? document.key?.number
            updated = document.updated?.text
        }
    }

    private static let most = 100
    private var lines: [Line]

    init(_ documents: [SuperOfficeDocument]) { lines = documents.prefix(Self.most).map(Line.init) }

    /// The documents that stand before the first one that is as it was.
    /// - Parameter isAll: whether the list has no others.
    /// - Returns: `nil` where none is as it was, and more may have changed than these.
    func new(in documents: [SuperOfficeDocument], isAll: Bool) -> [SuperOfficeDocument]? {
        let known = Set(lines)
        if let place = documents.firstIndex(where: { known.contains(Line($0)) }) { return Array(documents[..<place]) }
        return isAll ? documents : nil
    }

    /// The head of the list with these before it.
    func after(_ documents: [SuperOfficeDocument]) -> SuperOfficeHead {
        var head = SuperOfficeHead(documents)
        head.lines += lines.prefix(Self.most - head.lines.count)
        return head
    }
}
