// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// The order of the rows of a table: by any column, and by path where that leaves two equal.
struct Order: Sendable {
    private var field = Field.item
    private var isDescending = false

    /// By path.
    init() {}

    /// The order of the dashboard as it opens.
    static let asOnScreen = Order(by: .state)

    private init(by field: Field) { self.field = field }

    /// What `--sort` asks for.
    /// - Throws: `Problem`
    init(_ text: String?) throws {
        guard let text else { return }
        do {
            (field, isDescending) = try Field.order(text)
        } catch {
            throw Problem.usage(error.description)
        }
    }

    // Small, since sorting moves it about: the rows stay where they are.
    private struct Keyed {
        var number: UInt64 = 0
        var text: ArraySlice<UInt8> = []
        let path: String
        let index: Int
    }

    /// The rows in their order.
    func sorted(_ rows: [ListedRow], _ wording: Wording) -> [ListedRow] {
        let servers = Set(rows.map(\.server)).sorted()
        let ranks = Dictionary(uniqueKeysWithValues: zip(servers, servers.indices))
        // The keys are the screen's, which has its rows in catalogs.
        var catalog = Catalog()
        let keyed = rows.indices.map { index in
            let row = rows[index]
            var keyed = Keyed(path: row.row.item.path, index: index)
            let origin = row.origin(rank: ranks[row.server] ?? 0)
            switch field.key {
            case .path: break
            case .number(let number):
                let id = catalog.put(row.row)
                keyed.number = number(catalog, id, origin, wording)
            case .text(let text):
                let id = catalog.put(row.row)
                let text = text(catalog, id, origin)
                keyed.number = text == nil ? 1 : 0
                keyed.text = text ?? []
            }
            return keyed
        }
        let isBackwards = isDescending && isByPath
        return keyed.sorted { one, other in
            let (first, second) = isDescending ? (other, one) : (one, other)
            if first.number != second.number { return first.number < second.number }
            if first.text != second.text { return first.text.lexicographicallyPrecedes(second.text) }
            let (left, right) = isBackwards ? (other, one) : (one, other)
            return left.path == right.path
                ? rows[left.index].server < rows[right.index].server : left.path < right.path
        }.map { rows[$0.index] }
    }

    private var isByPath: Bool {
        if case .path = field.key { true } else { false }
    }
}
