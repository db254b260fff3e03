// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// What was said in the message line, the newest first, each whole when the cursor is on it.
struct Messages: ListPage {
    typealias Act = Never

    static let title = "MESSAGES, newest first"
    static let tellsWhole = true

    var cursor = ListCursor<Int>()

    var layer: Layer { .messages(self) }

    func rows(_ model: Model) -> [Int] { model.messages.all.reversed().map(\.number) }
}
