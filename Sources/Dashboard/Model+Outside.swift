// SPDX-License-Identifier: MIT
public import Locks

/// What the loop asks the model for when it carries out an effect.
extension Model {
    /// The path of an item that is watched, else its id.
    public func path(of ref: ItemRef) -> String { row(ref)?.item.path ?? ref.id }

    /// A row with its server's facts, whether it is stale, and what can be done about it now.
    public func fullRow(_ ref: ItemRef) -> (row: Row, facts: ServerFacts, isStale: Bool, operations: [Operation])? {
        guard let index = serverIndex(ref.server), let row = row(ref) else { return nil }
        let isStale = row.lock.map { staleness.isStale($0, at: now) } ?? false
        return (row, servers[index].facts, isStale, operations(on: ref))
    }
}

extension Model {
    /// Sets the filter that the program was started with.
    public mutating func setFilter(_ text: String) { if !text.isEmpty { setQuery(text) } }
}
