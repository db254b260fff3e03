// SPDX-License-Identifier: MIT
public import Locks

/// What the loop asks the model for when it carries out an effect.
extension Model {
    /// The path of an item that is watched, else its id.
    public func path(of ref: ItemRef) -> String { row(ref)?.item.path ?? ref.id }
}

extension Model {
    /// Sets the filter that the program was started with.
    public mutating func setFilter(_ text: String) {
        guard !text.isEmpty else { return }
        setQuery(text)
        hasOwnOutlook = true
    }

    /// Sets the columns that the configuration names, and those that were chosen over them before. What is no column by
    /// now is left out.
    public mutating func setColumns(configured: [String]?, chosen: [String]?) {
        func fields(_ names: [String]?) -> [Field]? {
            let fields = names?.compactMap { name in Field.ofScreen.first { $0.name == name } } ?? []
            return fields.isEmpty ? nil : fields
        }
        configuredColumns = fields(configured)
        columns = fields(chosen) ?? configuredColumns
    }
}
