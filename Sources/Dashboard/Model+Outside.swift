// SPDX-License-Identifier: MIT
public import Locks

/// What the loop asks the model for when it carries out an effect.
extension Model {
    /// The path of an item that is watched, else its id.
    public func path(of ref: ItemRef) -> String { row(ref)?.item.path ?? ref.id }
}

extension Model {
    /// Sets the filter that the program was started with.
    public mutating func setFilter(_ text: String) { if !text.isEmpty { setQuery(text) } }
}
