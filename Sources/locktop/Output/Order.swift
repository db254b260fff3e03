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

    private struct Keyed {
        let number: UInt64
        let text: ArraySlice<UInt8>
        let row: ListedRow
    }

    /// The rows in their order.
    func sorted(_ rows: [ListedRow], _ wording: Wording) -> [ListedRow] {
        let servers = Set(rows.map(\.server)).sorted()
        let ranks = Dictionary(uniqueKeysWithValues: zip(servers, servers.indices))
        // The keys are the screen's, which has its rows in catalogs.
        var catalog = Catalog()
        let keyed = rows.map { row in
            let id = catalog.put(row.row)
            let origin = row.origin(rank: ranks[row.server] ?? 0)
            switch field.key {
            case .path: return Keyed(number: 0, text: [], row: row)
            case .number(let number): return Keyed(number: number(catalog, id, origin, wording), text: [], row: row)
            case .text(let text):
                let text = text(catalog, id, origin)
                return Keyed(number: text == nil ? 1 : 0, text: text ?? [], row: row)
            }
        }
        return keyed.sorted(by: comesBefore).map(\.row)
    }

    private func comesBefore(_ one: Keyed, _ other: Keyed) -> Bool {
        let (first, second) = isDescending ? (other, one) : (one, other)
        if first.number != second.number { return first.number < second.number }
        if first.text != second.text { return first.text.lexicographicallyPrecedes(second.text) }
        let isBackwards = isDescending && isByPath
        let (left, right) = isBackwards ? (other.row, one.row) : (one.row, other.row)
        return (left.row.item.path, left.server) < (right.row.item.path, right.server)
    }

    private var isByPath: Bool {
        if case .path = field.key { true } else { false }
    }
}
