// SPDX-License-Identifier: MIT

/// One column of a table: its head and how much room it wants.
public struct Column: Hashable, Sendable {
    /// How wide a column is.
    public enum Width: Hashable, Sendable {
        /// Exactly so many columns.
        case fixed(Int)
        /// At least so many, and an equal share of what is left over.
        case flexible(Int)
        /// At least the first, at most the second number; grows before flexible columns do.
        case between(Int, Int)
    }

    /// The head, may be empty.
    public var title: String
    /// How wide it is.
    public var width: Width
    /// The side its cells stand at.
    public var align: Text.Align
    /// How much it matters: when not all fit, the column with the lowest number goes first, the right one of equals.
    public var priority: Int

    /// Makes a column.
    public init(title: String, width: Width, align: Text.Align = .left, priority: Int = 0) {
        self.title = title
        self.width = width
        self.align = align
        self.priority = priority
    }

    fileprivate var least: Int {
        switch width {
        case .fixed(let columns): max(1, columns)
        case .flexible(let columns): max(1, columns)
        case .between(let columns, _): max(1, columns)
        }
    }
}

/// Shares `width` terminal columns among table columns with `gap` blanks between; 0 for a column that is dropped.
///
/// Columns are dropped by `priority` until the rest fit; the last one is cut to `width`. The sum with its gaps never
/// is more than `width`, and is exactly `width` when a flexible column stays.
public func layout(_ columns: [Column], width: Int, gap: Int = 1) -> [Int] {
    var kept = Array(columns.indices)
    var widths = columns.map { _ in 0 }
    guard width > 0, !kept.isEmpty else { return widths }
    func needed() -> Int {
        kept.reduce(max(0, gap) * (kept.count - 1)) { $0.saturatingAdding(columns[$1].least) }
    }
    while kept.count > 1, needed() > width {
        var victim = 0
        for place in kept.indices where columns[kept[place]].priority <= columns[kept[victim]].priority {
            victim = place
        }
        kept.remove(at: victim)
    }
    for index in kept { widths[index] = min(width, columns[index].least) }
    var spare = max(0, width - needed())
    grow(&widths, kept, &spare) { if case .between(_, let most) = columns[$0].width { most } else { 0 } }
    grow(&widths, kept, &spare) { if case .flexible = columns[$0].width { width } else { 0 } }
    return widths
}

/// Shares `spare` evenly among the columns that are below what they want at most; the left ones take the remainder.
private func grow(_ widths: inout [Int], _ kept: [Int], _ spare: inout Int, most: (Int) -> Int) {
    while spare > 0 {
        let hungry = kept.filter { widths[$0] < most($0) }
        guard !hungry.isEmpty else { return }
        for index in hungry {
            let room = most(index) - widths[index]
            let share = min(room, max(1, spare / hungry.count), spare)
            widths[index] += share
            spare -= share
        }
    }
}
