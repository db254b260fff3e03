// SPDX-License-Identifier: MIT
import Canvas

/// What is known of the item under the cursor: over the table, or beside it where there is room.
struct Details: TextPage {
    typealias Act = Never

    static let title = "DETAILS"
    static let hanging = 10

    static let scope = Keymap.Scope.details

    var top = 0

    var layer: Layer { .details(self) }

    func area(_ model: Model) -> Rect { model.detailsArea }
}
