// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Settings

/// The order of the rows of a table: by any column, and by path where that leaves two equal.
struct Order: Sendable {
    var column = "item"
    var isDescending = false

    /// By path.
    init() {}

    /// The order of the dashboard as it opens.
    static let asOnScreen = Order(column: "state")

    private init(column: String) { self.column = column }

    /// What `--sort` asks for.
    /// - Throws: `Problem`
    init(_ text: String?) throws {
        guard let text else { return }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard Report.allColumns.contains(parts[0]) else {
            let hint = suggestion(for: parts[0], among: Report.allColumns).map { " Did you mean \($0)?" } ?? ""
            throw Problem.usage(
                "No column is called \(parts[0]). There is: \(Report.allColumns.joined(separator: " ")).\(hint)")
        }
        guard parts.count == 1 || parts.count == 2 && ["asc", "desc"].contains(parts[1]) else {
            throw Problem.usage("\(text): write \(parts[0]):asc or \(parts[0]):desc.")
        }
        column = parts[0]
        isDescending = parts.count == 2 && parts[1] == "desc"
    }

    func comesBefore(_ one: ListedRow, _ other: ListedRow) -> Bool {
        let (first, second) = isDescending ? (other, one) : (one, other)
        let (left, right) = (key(first), key(second))
        if left.number != right.number { return left.number < right.number }
        if left.text != right.text { return left.text < right.text }
        return (one.row.item.path, one.server) < (other.row.item.path, other.server)
    }

    // Numbers grow with what the column shows: a longer hold, a later time.
    private func key(_ listed: ListedRow) -> (number: Double, text: String) {
        let (item, lock) = (listed.row.item, listed.row.lock)
        return switch column {
        case "held": (-(lock?.since?.timeIntervalSince1970 ?? .greatestFiniteMagnitude), "")
        case "since": (lock?.since?.timeIntervalSince1970 ?? .greatestFiniteMagnitude, "")
        case "left", "expires": (lock?.expires?.timeIntervalSince1970 ?? .greatestFiniteMagnitude, "")
        case "modified": (item.modified?.timeIntervalSince1970 ?? 0, "")
        case "stale": (listed.isStale ? 0 : 1, "")
        case "state": (Self.rank(listed.row), "")
        case "holder": (lock == nil ? 1 : 0, lock?.holder.label ?? "")
        case "kind": (lock == nil ? 1 : 0, lock?.kind.rawValue ?? "")
        case "title": (0, item.title)
        case "type": (0, item.type)
        case "server": (0, listed.server)
        case "url": (0, listed.url)
        case "identity": (0, lock?.identity.digest ?? "")
        default: (0, item.path)
        }
    }

    // Mine, others', what could not be read, and the rest: as on the screen.
    private static func rank(_ row: Row) -> Double {
        switch row.reading.state {
        case .held: (row.lock?.holder.isMe ?? false) ? 0 : 1
        case .unknown: row.reading.error == nil ? 3 : 2
        case .free: 3
        }
    }
}
