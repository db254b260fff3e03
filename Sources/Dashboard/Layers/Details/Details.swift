// SPDX-License-Identifier: MIT
import Canvas

/// What is known of the item under the cursor: over the table, or beside it where there is room.
struct Details: TextPage {
    typealias Act = Never

    static let title = "DETAILS"
    static let hanging = 10

    static let scope = Keymap.Scope.details

    var top = 0
    /// The item that it tells of: another one is read from its beginning.
    private var item: RowKey?

    var layer: Layer { .details(self) }

    mutating func follow(_ model: Model) {
        guard item != model.selected else { return }
        item = model.selected
        top = 0
    }

    func area(_ model: Model) -> Rect { model.detailsArea }
}
