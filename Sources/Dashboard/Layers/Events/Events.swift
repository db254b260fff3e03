// SPDX-License-Identifier: MIT
import Canvas

/// All events since the start.
struct Events: TextPage {
    typealias Act = Never

    static let title = "EVENTS, newest first"
    static let hanging = 0

    var top = 0

    var layer: Layer { .events(self) }
}
